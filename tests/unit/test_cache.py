"""The cache: what it gives is what a cold call gives, whatever happened to the tree or to the cache."""

from __future__ import annotations

import pickle
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import pytest

from migrate import cache as caching
from migrate import pipeline
from migrate.cache import NO_CACHE, Cache, chosen_folder, key_of
from migrate.model.bindings import Model
from migrate.model.source import Span
from migrate.parse import memory, parse
from migrate.report import report_to_json
from migrate.scan import scan

HEADER = """\
#pragma once
#include <torch/extension.h>
inline torch::Tensor twice(torch::Tensor x) { return x.mul(FACTOR); }
"""
UNIT = """\
#include <torch/extension.h>
#define FACTOR 2
#include "twice.h"
torch::Tensor {name}(torch::Tensor x) {{ return twice(x); }}
PYBIND11_MODULE({name}_ext, m) {{ m.def("{name}", &{name}); m.def("twice", &twice); }}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "twice.h").write_text(HEADER)
    for name in ("one", "two", "three"):
        (root / f"{name}.cpp").write_text(UNIT.format(name=name))
    return root


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the units that were read, and not remembered."""
    seen: list[str] = []

    def counted(task: Any, jobs: Any, *more: Any) -> Any:
        seen.extend(job.path for job in jobs)
        return run_all(task, jobs, *more)

    run_all = memory.run_all
    monkeypatch.setattr(memory, "run_all", counted)
    return seen


def read(tree: Path, cache: Cache = NO_CACHE) -> Model:
    return parse(scan(tree, "cpu"), 1, cache=cache)


def test_a_unit_is_read_again_only_if_it_or_a_header_changed(
    tree: Path, tmp_path: Path, parsed: list[str]
) -> None:
    def units() -> list[str]:
        parsed.clear()
        assert read(tree, Cache(tmp_path / "cache")) == cold(tree)
        return sorted(path for path in parsed)

    def cold(tree: Path) -> Model:
        before = list(parsed)
        model = read(tree)
        parsed[:] = before
        return model

    assert units() == ["one.cpp", "three.cpp", "two.cpp"]
    assert units() == []
    (tree / "two.cpp").write_text(UNIT.format(name="two") + "// more\n")
    assert units() == ["two.cpp"]
    (tree / "twice.h").write_text(HEADER + "// more\n")
    assert units() == ["one.cpp", "three.cpp", "two.cpp"]
    (tree / "README.md").write_text("more\n")
    assert units() == []


def test_a_function_left_out_beside_another_unit_is_not_lost(tree: Path, tmp_path: Path) -> None:
    """The first unit that reads a header has its functions; when it no longer includes it, another must."""
    read(tree, Cache(tmp_path / "cache"))
    for name in ("three", "one"):
        plain = UNIT.format(name=name).replace('#include "twice.h"', "").replace("twice(x)", "x")
        (tree / f"{name}.cpp").write_text(plain.replace(' m.def("twice", &twice);', ""))
        assert read(tree, Cache(tmp_path / "cache")) == read(tree)


def test_a_file_that_the_scan_does_not_list_spoils_no_result(tree: Path, tmp_path: Path) -> None:
    (tree / "one.cpp").write_text(UNIT.format(name="one").replace("twice.h", "twice.tcc"))
    for text in (None, HEADER, HEADER.replace("mul", "add"), None):
        if text is None:
            (tree / "twice.tcc").unlink(missing_ok=True)
        else:
            (tree / "twice.tcc").write_text(text)
        assert read(tree, Cache(tmp_path / "cache")) == read(tree)
        request = pipeline.Request(tree, "cpu", cache=tmp_path / "cache")
        assert report_to_json(pipeline.survey(request)) == report_to_json(pipeline.analyse(request).report)


def test_a_question_for_a_file_is_part_of_the_key(tree: Path, tmp_path: Path) -> None:
    text = UNIT.format(name="one")
    asking = '#if __has_include("fast.h")\n#include "fast.h"\n#define one fast\n#endif\n'
    (tree / "one.cpp").write_text(asking + text)
    read(tree, Cache(tmp_path / "cache"))
    (tree / "fast.h").write_text("#pragma once\n")
    assert read(tree, Cache(tmp_path / "cache")) == read(tree)


EDITS: list[Callable[[Path], Any]] = [
    lambda tree: (tree / "one.cpp").write_text(UNIT.format(name="first")),
    lambda tree: (tree / "two.cpp").unlink(),
    lambda tree: (tree / "twice.h").write_text(HEADER.replace("FACTOR", "at::ones({2})")),
    lambda tree: (tree / "migrate.toml").write_text('defines = ["FACTOR=3"]\n'),
    lambda tree: (tree / "setup.py").write_text(
        "from setuptools import setup\nfrom torch.utils.cpp_extension import CppExtension\n"
        'setup(ext_modules=[CppExtension("pkg._C", ["three.cpp"], define_macros=[("X", "1")])])\n'
    ),
    lambda tree: (tree / "sub").mkdir(),
    lambda tree: shutil.move(str(tree / "twice.h"), str(tree / "sub" / "twice.h")),
]


def test_warm_scans_and_runs_give_the_bytes_of_cold_ones(tree: Path, tmp_path: Path) -> None:
    for step, change in enumerate((lambda _: None, *EDITS)):
        change(tree)
        cold = pipeline.Request(tree)
        warm = pipeline.Request(tree, cache=tmp_path / "cache")
        fresh = pipeline.prepare(cold)
        for _ in range(2):
            assert report_to_json(pipeline.survey(warm)) == report_to_json(pipeline.survey(cold)), step
            assert pipeline.prepare(warm) == fresh, step


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "folder", "garbage"])
def test_a_damaged_entry_is_worked_out_again(tree: Path, tmp_path: Path, damage: str) -> None:
    request = pipeline.Request(tree, "cpu", cache=tmp_path / "cache")
    expected = pipeline.survey(request)
    for path in (tmp_path / "cache").glob("*/*"):
        data = path.read_bytes()
        path.unlink()
        if damage == "folder":
            path.mkdir()
            continue
        half = len(data) // 2
        path.write_bytes(
            {
                "truncated": data[:half],
                "flipped": data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :],
                "empty": b"",
                "garbage": b"\xff" * 100,
            }[damage]
        )
    assert pipeline.survey(request) == expected
    assert pipeline.survey(request) == expected


def test_another_program_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("x")
    assert key_of("x") == before
    monkeypatch.setattr(caching, "_program", lambda: "another version")
    assert key_of("x") != before


class Evil:
    def __reduce__(self) -> Any:
        return exec, ("raise SystemExit('ran')",)


@dataclass(frozen=True)
class Foreign:
    x: int = 1


@pytest.mark.parametrize("value", [Evil(), Foreign(), Path("x")], ids=["code", "foreign class", "path"])
def test_an_entry_holds_values_of_ours_and_never_code(tmp_path: Path, value: object) -> None:
    kept = Cache(tmp_path)
    kept.store(key_of("x"), Span("a", 1, 2, 3, 4))
    assert kept.load(key_of("x"), Span) == Span("a", 1, 2, 3, 4)
    assert kept.load(key_of("x"), Model) is None
    payload = zlib.compress(pickle.dumps(value))
    (path,) = tmp_path.glob("*/*")
    path.write_bytes(caching.hashlib.sha256(payload).digest() + payload)
    assert kept.load(key_of("x"), object) is None


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = Cache(tmp_path / "file")
    assert kept.remembered(lambda: "k" * 64, Span, lambda: Span("a", 1, 2, 3, 4)).file == "a"


def test_the_oldest_entries_go_first(tmp_path: Path) -> None:
    import os

    kept = Cache(tmp_path)
    for age, name in enumerate(("new", "used", "old")):
        kept.store(key_of(name), Span(name, 1, 2, 3, 4))
        os.utime(kept._place(tmp_path, key_of(name)), (1_000_000 - age, 1_000_000 - age))
    assert kept.load(key_of("used"), Span)
    size = kept._place(tmp_path, key_of("used")).stat().st_size
    kept.trim(size + size // 2)
    found = [name for name in ("new", "used", "old") if kept.load(key_of(name), Span)]
    assert found == ["used"]


def test_where_the_cache_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Path("usual")
    assert chosen_folder("named", usual) == Path("named")
    assert chosen_folder("", usual) is None
    assert chosen_folder(None, usual) is None  # as in all tests
    monkeypatch.setenv("MIGRATE_CACHE", "elsewhere")
    assert chosen_folder(None, usual) == Path("elsewhere")
    monkeypatch.delenv("MIGRATE_CACHE")
    assert chosen_folder(None, usual) == usual
