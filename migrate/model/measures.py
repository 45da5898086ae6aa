"""What ``bench`` measured: the original and the migrated side of one thing in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

# What `bench` measures: `headers` is a row of `build`, without the builds.
PARTS = ("build", "call")
HEADERS = "headers"


@dataclass(frozen=True)
class Spread:
    """A median, with the smallest and the largest of ``count`` values."""

    median: float
    low: float
    high: float
    count: int = 1


@dataclass(frozen=True)
class Measure:
    """One row. ``subject`` is a module, a file of it or an operator; ``what`` names the row, ``unit`` is
    s, us, bytes or "" (a count). A side that was not measured has ``reason``: ``not run: ..``.

    ``detail`` says what exactly was measured, where the name cannot; ``operator`` is an operator's id.
    """

    module: str
    subject: str
    what: str
    unit: str
    original: Optional[Spread] = None
    migrated: Optional[Spread] = None
    reason: str = ""
    detail: str = ""
    operator: str = ""

    @property
    def ratio(self) -> Optional[float]:
        """How many times smaller the migrated side is."""
        if self.original is None or self.migrated is None or self.migrated.median <= 0:
            return None
        return self.original.median / self.migrated.median


@dataclass(frozen=True)
class Measures:
    """All rows of a run, and what ran it: names and values for people."""

    items: tuple[Measure, ...] = ()
    machine: tuple[tuple[str, str], ...] = ()

    def rows(self, module: str, what: str) -> tuple[Measure, ...]:
        return tuple(item for item in self.items if (item.module, item.what) == (module, what))

    @property
    def modules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.module for item in self.items))


def spread(values: Iterable[float]) -> Optional[Spread]:
    """None of no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Spread(median, ordered[0], ordered[-1], len(ordered))
