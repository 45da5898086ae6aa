"""``verified: compiled`` lasts as long as the tree that was compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.build.record import compiled_operators, keep
from migrate.model.verdicts import Artifact, Artifacts
from migrate.pipeline import Request, migrate
from migrate.state import load_report

SOURCE = """\
#include <torch/extension.h>
static int width(const torch::Tensor &x) { return x.size(0); }
torch::Tensor twice(torch::Tensor x) { return torch::empty({width(x)}, x.options()); }
PYBIND11_MODULE(ext, m) { m.def("twice", &twice); }
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "ext.cpp").write_text(SOURCE, encoding="utf-8")
    migrate(Request(tmp_path / "src", backend="cpu"), tmp_path / "out")
    return tmp_path / "out"


def built(ok: bool) -> Artifacts:
    return Artifacts((Artifact("ext", "original", True), Artifact("ext", "migrated", ok)))


def verified(tree: Path) -> list[str]:
    return [row.verified for row in load_report(tree).operators]


def test_a_built_library_verifies_its_operators(tree: Path) -> None:
    assert verified(tree) == ["syntax"]
    keep(tree, built(ok=True))
    assert verified(tree) == ["compiled"]


def test_a_library_that_fails_later_no_longer_does(tree: Path) -> None:
    keep(tree, built(ok=True))
    keep(tree, built(ok=False))
    assert verified(tree) == ["syntax"]


def test_a_changed_tree_is_not_compiled(tree: Path) -> None:
    keep(tree, built(ok=True))
    manifest = tree / ".migrate" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert compiled_operators(tree) == frozenset()
