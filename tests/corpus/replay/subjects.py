"""The trees whose own tests are recorded: fixtures, and the open-source trees that have some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from sweep.trees import ROOT, select_trees

FIXTURES = ("conv1d", "dispatcher", "norm", "registry")


@dataclass(frozen=True)
class Subject:
    """``commit`` is empty for a fixture, which is this repository's own."""

    name: str
    source: Path
    tests: tuple[str, ...]
    commit: str = ""


def subjects(names: Sequence[str], corpus: Optional[Path]) -> tuple[Subject, ...]:
    """Those named, or all; without ``corpus`` the fixtures alone."""
    trees = [tree for tree in select_trees(()) if tree.tests and corpus is not None]
    found = [Subject(tree.name, Path(corpus or "") / tree.name, tree.tests, tree.commit) for tree in trees]
    found += [Subject(name, ROOT / "fixtures" / name, ("tests",)) for name in FIXTURES]
    unknown = sorted(set(names) - {subject.name for subject in found})
    if unknown:
        raise SystemExit(f"no tests to record: {', '.join(unknown)}")
    return tuple(subject for subject in found if not names or subject.name in names)
