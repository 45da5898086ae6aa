"""The shape of the program, enforced: who may import whom, and how long a file or function may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "migrate"
FILES = sorted(PACKAGE.rglob("*.py"))

ROOMS = {"scan", "parse", "plan", "render", "write", "build", "record", "compare", "diff", "report"}
# What every room may use: nouns, tables of rows, text, and the ways to fail and to report progress.
SHARED = {"", "model", "tables", "text", "errors", "progress", "resources", "entries", "cache"}
# Rules are the planner's and the renderer's knowledge, one construct a file.
EXTRA = {
    "plan": {"rules"},
    "render": {"rules"},
    "rules": set(),
    "write": {"codes"},
    "report": {"codes"},
}
CAP_FILE, CAP_FUNCTION, CAP_P90 = 300, 80, 40


def part_of(path: Path) -> str:
    """The room or top-level module a file belongs to: ``migrate/parse/clang.py`` -> ``parse``."""
    first = path.relative_to(PACKAGE).parts[0]
    return first[:-3] if first.endswith(".py") else first


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_used(path: Path) -> set[str]:
    known = {part_of(file) for file in FILES}
    names = {name.split(".")[1] for name in imported(path) if name.startswith("migrate.")}
    return names & known


def label(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").glob("*.py")), ids=label)
def test_the_model_imports_nothing_above_it(path: Path) -> None:
    assert parts_used(path) <= {"model"}


@pytest.mark.parametrize(
    "path", [file for file in FILES if part_of(file) in ROOMS | {"rules", "tables", "text"}], ids=label
)
def test_rooms_do_not_know_each_other(path: Path) -> None:
    part = part_of(path)
    assert parts_used(path) <= SHARED | EXTRA.get(part, set()) | {part}


def test_only_the_pipeline_sees_every_room() -> None:
    present = {part_of(file) for file in FILES} & ROOMS
    assert parts_used(PACKAGE / "pipeline.py") >= present
    for path in FILES:
        if part_of(path) not in ROOMS | {"pipeline"}:
            # The edge renders reports and takes the recorder's bounds, the state reads what rooms kept, the
            # catalogue joins tables, the shadow compares each call that the recorder sees. Audit and
            # doctor look at built files and processes, not at trees: they have pages of their own.
            allowed = {
                "audit": {"report"},
                "loaded": {"report"},
                # `wheel` builds and needs no other room; `check` takes what was written.
                "cli": {"report", "record", "write", "build"},
                "shadow": {"record", "compare"},
                "doctor": {"report"},
                "state": {"report", "build", "write"},
                # Each commit of a migration in steps is a plan of its own, rendered.
                "steps": {"plan", "render"},
                "codes": ROOMS - {"build", "compare"},
                # What generated tests call: one session of comparisons for all tests of a file.
                "equivalence": {"compare"},
            }
            assert parts_used(path) & ROOMS <= allowed.get(part_of(path), set()), label(path)


def test_libclang_is_imported_in_one_file() -> None:
    users = [label(path) for path in FILES if any(name.split(".")[0] == "clang" for name in imported(path))]
    assert users == ["parse/clang.py"]


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "common", "manager", "consts", "misc"])
def test_no_file_without_a_subject(name: str) -> None:
    assert not [label(path) for path in FILES if name in path.parts or path.stem == name]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= CAP_FILE


def test_functions_stay_short() -> None:
    lengths = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert node.end_lineno is not None
                lengths[f"{label(path)}::{node.name}:{node.lineno}"] = node.end_lineno - node.lineno + 1
    longest = {name: length for name, length in lengths.items() if length > CAP_FUNCTION}
    assert not longest
    ordered = sorted(lengths.values())
    assert ordered[len(ordered) * 9 // 10] <= CAP_P90


@pytest.mark.parametrize("heavy", ["torch", "numpy", "tvm_ffi"])
def test_scan_needs_no_framework(heavy: str, tmp_path: Path) -> None:
    """In a fresh process where the framework cannot be imported at all."""
    program = (
        f"import sys; sys.modules[{heavy!r}] = None\n"
        "from pathlib import Path\n"
        "from migrate import pipeline, cli, doctor\n"
        f"pipeline.analyse(pipeline.Request(Path({str(tmp_path)!r})))\n"
    )
    (tmp_path / "empty.cpp").write_text("int x;\n")
    run = subprocess.run([sys.executable, "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
