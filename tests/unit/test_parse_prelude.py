"""The precompiled prelude is only a faster way to the same facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import migrate.parse
from migrate.model.bindings import Model
from migrate.parse import parse
from migrate.parse.clang import ParserCrash
from migrate.parse.prelude import Prelude, precompiled_prelude, text_prelude
from migrate.resources import sysroot
from migrate.scan import scan

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ALLOCATES = """\
#include <torch/extension.h>
struct Base { virtual ~Base(); };
struct Plan : Base { ~Plan(); int n; };
int64_t run(torch::Tensor x) {
  auto* plan = new Plan;
  auto* sizes = new int64_t[4];
  std::unique_ptr<char[]> scratch(new char[16]);
  new (scratch.get()) int(1);
  delete plan;
  delete[] sizes;
  return x.size(0);
}
PYBIND11_MODULE(ext, m) { m.def("run", &run); }
"""


def _model(monkeypatch: pytest.MonkeyPatch, tree: Path, make: Any, backend: str) -> Model:
    """``make`` for any number of files, however the program chooses."""
    monkeypatch.setattr(migrate.parse, "precompiled_prelude", make)
    monkeypatch.setattr(migrate.parse, "text_prelude", make)
    return parse(scan(tree, backend), 2)


@pytest.mark.parametrize("backend", ["cpu", "cuda", "hip"])
@pytest.mark.parametrize("fixture", ["norm", "conv1d", "registry"])
def test_fixtures_read_the_same(monkeypatch: pytest.MonkeyPatch, fixture: str, backend: str) -> None:
    tree = FIXTURES / fixture
    fast = _model(monkeypatch, tree, precompiled_prelude, backend)
    plain = _model(monkeypatch, tree, text_prelude, backend)
    assert fast.operators
    assert fast == plain


def test_allocation_reads_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a precompiled prelude breaks in clang unless the allocation functions are declared after it."""
    (tmp_path / "ext.cpp").write_text(ALLOCATES)
    fast = _model(monkeypatch, tmp_path, precompiled_prelude, "cuda")
    assert fast == _model(monkeypatch, tmp_path, text_prelude, "cuda")
    (operator,) = fast.operators
    assert operator.function is not None
    assert operator.function.errors == ()


def test_a_define_that_the_prelude_uses_reads_its_text(tmp_path: Path) -> None:
    prelude = precompiled_prelude(sysroot(), "cuda", tmp_path)
    assert "-include-pch" in prelude.flags(["MY_OWN=1"])
    assert "-include-pch" not in prelude.flags(["MIGRATE_SYSROOT_NO_CUDA"])
    assert prelude.flags(["MIGRATE_SYSROOT_NO_CUDA"]) == prelude.text_flags()


def test_a_prelude_that_fails_to_load_is_read_as_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(root: Path, backend: str, folder: Path) -> Prelude:
        (folder / "prelude.pch").write_bytes(b"not a precompiled header")
        return Prelude(root, backend, folder / "prelude.pch")

    (tmp_path / "ext.cpp").write_text(ALLOCATES)
    model = _model(monkeypatch, tmp_path, broken, "cpu")
    assert [operator.registration.name for operator in model.operators] == ["run"]
    assert {row.severity for row in model.diagnostics} == {"note"}


def test_a_file_that_no_way_can_load_is_one_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def crash(path: Path, *_rest: object) -> object:
        raise ParserCrash(str(path))

    (tmp_path / "ext.cpp").write_text(ALLOCATES)
    monkeypatch.setattr("migrate.parse.clang.open_unit", crash)
    rows = [row for row in parse(scan(tmp_path), 1).diagnostics if row.severity == "error"]
    assert [(row.id, row.file) for row in rows] == [("MIG201", "ext.cpp")]


def test_a_second_parse_in_one_process_forgets_the_first(tmp_path: Path) -> None:
    for name in ("one", "two"):
        tree = tmp_path / name
        tree.mkdir()
        (tree / "op.h").write_text(
            f"inline int64_t op(torch::Tensor x) {{ return x.size({len(name)}) + {name == 'two':d}; }}\n"
        )
        (tree / "ext.cpp").write_text(
            '#include <torch/extension.h>\n#include "op.h"\nPYBIND11_MODULE(ext, m) { m.def("op", &op); }\n'
        )
        (operator,) = parse(scan(tree), 1).operators
        assert operator.function is not None
        assert operator.function.body is not None
