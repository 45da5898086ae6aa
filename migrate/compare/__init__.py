"""Artifacts -> Verdicts: original and migrated, side by side, operator by operator.

Each side has a process of its own. The original decides which calls are cases (`cases.py`); both
sides then make the same calls in fresh processes, and everything Python can see is compared bit for
bit (`observe.py`, `difference.py`). A crash or a hang is a verdict; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrate.compare.session import Session, Source
from migrate.model.verdicts import Artifacts, Verdicts
from migrate.progress import SILENT, Progress

__all__ = ["Session", "Source", "compare"]


def compare(
    tree: Path,
    artifacts: Artifacts,
    operators: Sequence[str] = (),
    seed: int = 0,
    cases: int = 100,
    progress: Progress = SILENT,
    time_limit: float = 20.0,
) -> Verdicts:
    """Compare ``operators`` (all for none) on at least ``cases`` calls each, where possible.

    ``time_limit`` is in seconds and for one call: beyond it, the call counts as a crash.
    """
    with Session(tree, Source(seed, cases), time_limit) as session:
        return session.compare(artifacts, operators, progress)
