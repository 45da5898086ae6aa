"""The report as a value: one row per registration, and totals that always close.

``found == raw + view + bridge + manual + ignored`` counts functions; ``other`` counts classes,
enums, attributes and dead registrations. The totals are computed here from the rows, never passed
in, so that they cannot disagree with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Optional

from migrate.errors import OperatorError
from migrate.model.plan import TIERS
from migrate.model.source import Diagnostic


@dataclass(frozen=True)
class OperatorRow:
    """One operator. ``diagnostics`` are the ids of those that name it."""

    id: str
    kind: str
    name: str
    module: str
    file: str
    line: int
    signature: str
    tier: str
    verified: str
    reason: str
    files: tuple[str, ...]
    diagnostics: tuple[str, ...]

    def answers_to(self, name: str) -> bool:
        """True for the operator's id, its name, its module, or a shell pattern over its id."""
        return name in (self.id, self.name, self.module) or fnmatchcase(self.id, name)


@dataclass(frozen=True)
class DeadRow:
    """A registration that no module reaches."""

    kind: str
    name: str
    module: str
    file: str
    line: int


@dataclass(frozen=True)
class Report:
    operators: tuple[OperatorRow, ...]
    dead: tuple[DeadRow, ...]
    diagnostics: tuple[Diagnostic, ...]
    order: tuple[str, ...]
    accepted: frozenset[str] = frozenset()  # manual operators that a baseline knows

    @property
    def totals(self) -> dict[str, int]:
        functions = [row for row in self.operators if row.kind == "function"]
        totals = {"found": len(functions)}
        for tier in TIERS:
            totals[tier] = sum(row.tier == tier for row in functions)
        totals["other"] = len(self.operators) - len(functions) + len(self.dead)
        return totals

    @property
    def exit_code(self) -> int:
        """2: a file could not be processed; 1: something needs a human; 0: neither."""
        severities = {diagnostic.severity for diagnostic in self.diagnostics}
        if "error" in severities:
            return 2
        if "manual" in severities or any(row.id not in self.accepted for row in self.manual()):
            return 1
        return 0

    def manual(self) -> tuple[OperatorRow, ...]:
        return tuple(row for row in self.operators if row.tier == "manual")

    def select(self, names: Sequence[str]) -> tuple[OperatorRow, ...]:
        """The rows that the names mean; all rows for no names."""
        if not names:
            return self.operators
        for name in names:
            if not any(row.answers_to(name) for row in self.operators):
                raise OperatorError(f"there is no operator {name!r} in this tree", self._advice(name))
        return tuple(row for row in self.operators if any(row.answers_to(name) for name in names))

    def _advice(self, name: str) -> str:
        nearest = nearest_name(name, [row.name for row in self.operators])
        if nearest is not None:
            return f"Did you mean {nearest!r}? `migrate status` lists them all"
        return "`migrate status` lists them all"


def nearest_name(name: str, known: Sequence[str]) -> Optional[str]:
    import difflib  # only on the way to an error message

    matches = difflib.get_close_matches(name, sorted(set(known)), n=1)
    return matches[0] if matches else None


def diagnostic_key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str]:
    """The order of diagnostics in every output. (``operator`` may be None, which does not sort.)"""
    return (
        diagnostic.file,
        diagnostic.line,
        diagnostic.column,
        diagnostic.id,
        diagnostic.operator or "",
        diagnostic.message,
    )
