"""One fixture per diagnostic: the smallest tree that raises it, under ``fixtures/diagnostics/<id>``.

What no tree alone can raise (a machine's, a hand's or our own fault) is staged here, by a function each.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrate import codes, pipeline
from migrate.model.plan import UnitSyntax, Unparsed
from migrate.model.source import Diagnostic
from migrate.parse.clang import ParserCrash

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "diagnostics"
PLAIN = FIXTURES / "MIG120"
TREES = sorted(FIXTURES.iterdir())
NEW = "import setup  # new"


def migrated(source: Path, out: Path) -> tuple[Diagnostic, ...]:
    return pipeline.migrate(pipeline.Request(source), out).report.diagnostics


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_tree(tree: Path, tmp_path: Path) -> None:
    if tree.name.startswith(("MIG15", "MIG455")):  # only a run comes to build files and left comments
        everything = migrated(tree, tmp_path / "out")
    else:
        everything = pipeline.analyse(pipeline.Request(tree)).report.diagnostics
    said = [item for item in everything if item.id == tree.name]
    assert said, f"{tree.name} is not raised by its own fixture"
    usual = codes.catalogue()[tree.name].severity
    # An id may be said more mildly than usual, or more gravely, but its usual way must be shown.
    assert usual in {item.severity for item in said}
    assert all(item.message and item.line >= 1 for item in said)


Stage = Callable[[pytest.MonkeyPatch, Path], tuple[Diagnostic, ...]]
STAGED: dict[str, Stage] = {}


def stages(id_: str) -> Callable[[Stage], Stage]:
    def keep(stage: Stage) -> Stage:
        STAGED[id_] = stage
        return stage

    return keep


@pytest.mark.parametrize("id_", ["MIG104", "MIG201", "MIG302", "MIG399", *(f"MIG45{n}" for n in range(5))])
def test_staged(id_: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = [item for item in STAGED[id_](monkeypatch, tmp_path) if item.id == id_]
    assert said
    assert said[0].severity == codes.catalogue()[id_].severity


def test_every_id_is_raised_here() -> None:
    assert {tree.name for tree in TREES} | set(STAGED) == set(codes.catalogue())


@stages("MIG104")
def a_folder_that_may_not_be_listed(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    """Root may list every folder, so permissions alone would not do."""
    shutil.copytree(PLAIN, tmp / "tree")
    (tmp / "tree" / "secret").mkdir()
    listing = os.scandir

    def scandir(path: Any = ".") -> Any:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return pipeline.analyse(pipeline.Request(tmp / "tree")).report.diagnostics


@stages("MIG201")
def a_parser_that_crashes(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def crash(path: Path, *_rest: object) -> object:
        raise ParserCrash(str(path))

    monkeypatch.setattr("migrate.parse.clang.open_unit", crash)
    return pipeline.analyse(pipeline.Request(PLAIN)).report.diagnostics


@stages("MIG302")
def a_shim_that_does_not_parse(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def broken(_project: object, plan: Any, *_rest: object) -> tuple[UnitSyntax, ...]:
        module = plan.modules[0]
        shim = next(path for path in module.migrated.sources if path.endswith("_ffi.cc"))
        return (UnitSyntax(module.name, shim, (Unparsed(shim, 3, "expected ';'"),)),)

    monkeypatch.setattr(pipeline, "check_syntax", broken)
    return migrated(PLAIN, tmp / "out")


@stages("MIG399")
def an_operator_that_is_lost(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    planned = pipeline.plan

    def forgetful(*arguments: Any) -> Any:
        plan = planned(*arguments)
        return replace(plan, modules=tuple(replace(module, operators=()) for module in plan.modules))

    monkeypatch.setattr(pipeline, "plan", forgetful)
    return pipeline.analyse(pipeline.Request(PLAIN)).report.diagnostics


def run_edit_run(tmp: Path, edit: Callable[[Path], None], change: Callable[[Path], None]) -> Any:
    """What the second run says, after a hand edit of the output and a change of the source."""
    shutil.copytree(PLAIN, tmp / "tree")
    migrated(tmp / "tree", tmp / "out")
    edit(tmp / "out")
    change(tmp / "tree")
    return migrated(tmp / "tree", tmp / "out")


def in_file(name: str, before: str, after: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        text = (folder / name).read_text()
        assert before in text
        (folder / name).write_text(text.replace(before, after))

    return apply


def unregistered(tree: Path) -> None:
    (tree / "ops.cpp").write_text("int nothing_bound;\n")


@stages("MIG450")
def an_edit_that_is_not_text(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def edit(out: Path) -> None:
        (out / "setup.py").write_bytes(b"mine\0")

    found: tuple[Diagnostic, ...] = run_edit_run(tmp, edit, in_file("setup.py", "import setup", NEW))
    return found


@stages("MIG451")
def an_edit_of_what_is_no_longer_made(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def edit(out: Path) -> None:
        shim = next(out.rglob("*_ffi.cc"))
        shim.write_text("// mine\n" + shim.read_text())

    found: tuple[Diagnostic, ...] = run_edit_run(tmp, edit, unregistered)
    return found


@stages("MIG452")
def a_link_that_leaves_the_tree(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def edit(out: Path) -> None:
        shim = next(out.rglob("*_ffi.cc"))
        shutil.move(shim.parent, tmp / "elsewhere")
        shim.parent.symlink_to(tmp / "elsewhere")

    found: tuple[Diagnostic, ...] = run_edit_run(tmp, edit, lambda tree: None)
    return found


@stages("MIG453")
def two_edits_of_one_line(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    mine = in_file("setup.py", "import setup", "import setup  # mine")
    found: tuple[Diagnostic, ...] = run_edit_run(tmp, mine, in_file("setup.py", "import setup", NEW))
    return found


@stages("MIG454")
def two_edits_far_apart(monkeypatch: pytest.MonkeyPatch, tmp: Path) -> tuple[Diagnostic, ...]:
    def mine(out: Path) -> None:
        (out / "setup.py").write_text((out / "setup.py").read_text() + "# mine\n")

    found: tuple[Diagnostic, ...] = run_edit_run(tmp, mine, in_file("setup.py", "import setup", NEW))
    return found
