"""What is pinned in ``fixtures/corpus.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib

ROOT = Path(__file__).resolve().parents[3]
PINNED = ROOT / "fixtures" / "corpus.toml"


@dataclass(frozen=True)
class Tree:
    """One open-source tree, and what it holds: bound functions, modules, classes, enums, and dead
    registrations. ``tests`` are files and folders of its own tests that a CPU can run, ``gpu_tests``
    those that need a CUDA device."""

    name: str
    repository: str
    commit: str
    functions: int
    modules: int
    classes: int = 0
    enums: int = 0
    dead: int = 0
    tests: tuple[str, ...] = ()
    gpu_tests: tuple[str, ...] = ()


def read_trees(path: Path = PINNED) -> tuple[Tree, ...]:
    """All pinned trees, small ones first."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Tree(name, **{**row, **_tests(row)}) for name, row in table.items())


def _tests(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(row[key]) for key in ("tests", "gpu_tests") if key in row}


def select_trees(names: Sequence[str]) -> tuple[Tree, ...]:
    """The trees of these names, in the table's order; all for none."""
    known = read_trees()
    unknown = sorted(set(names) - {tree.name for tree in known})
    if unknown:
        raise SystemExit(f"not in {PINNED.name}: {', '.join(unknown)}")
    return tuple(tree for tree in known if not names or tree.name in names)
