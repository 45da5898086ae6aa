"""The figures as one JSON file and one page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from sweep.pages import where

from reach.rows import TORCH_FREE, WANTED, Asked, Planned

_ABOUT = """\
Written by `make cases` on {date} at commit {commit} ({machine}).

Cases are made from the source alone, without a case file. A case *gets past the checks* when the original
answers it with a result that is a function of its arguments; the others are those that it refuses.
"""
_FIXTURES = """\
Of {functions} functions, {full} have {wanted} cases or more of which at least half get past the checks.
Most of the others take no tensor, and have no more different arguments."""
_TREES = """\
Functions whose original could be built on this machine's CPU, and those that answered at least once."""
_PLANNED = """\
Most operators of these trees need a device, so that no original could be asked. This counts the torch-free
ones with a case that satisfies everything that was read of their source; it says nothing about checks that
were not understood."""


@dataclass(frozen=True)
class TreeRow:
    """One tree: what its originals answered, or what was planned; ``reason`` where nothing was done."""

    name: str
    asked: tuple[Asked, ...] = ()
    planned: tuple[Planned, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Figures:
    fixtures: tuple[TreeRow, ...] = ()
    trees: tuple[TreeRow, ...] = ()
    planned: tuple[TreeRow, ...] = field(default_factory=tuple)


def to_json(figures: Figures) -> str:
    return json.dumps({"schema_version": 1, "where": where(), **asdict(figures)}, indent=1) + "\n"


def to_page(figures: Figures) -> str:
    rows = [row for tree in figures.fixtures for row in tree.asked]
    full = sum(row.cases >= WANTED and 2 * row.answers >= row.cases for row in rows)
    parts = ["# Cases from the source", _ABOUT.format(**where())]
    parts += ["## Fixtures", _FIXTURES.format(functions=len(rows), full=full, wanted=WANTED)]
    head = ("operator", "tier", "facts", "cases", "past the checks", "refused", "tried", "discarded")
    parts.append(_table(head, (_asked(row) for row in rows)))
    parts += ["## Open trees on the CPU", _TREES, _reached(figures.trees), *_unreached(figures.trees)]
    parts += ["## Read, not run", _PLANNED, _satisfied(figures.planned), *_unsatisfied(figures.planned)]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _asked(row: Asked) -> tuple[str, ...]:
    discarded = ", ".join(f"{count} {why}" for why, count in sorted(row.discarded.items()))
    numbers = (row.facts, row.cases, row.answers, row.errors, row.tries)
    return (f"`{row.id}`", row.tier, *map(str, numbers), discarded)


def _reached(trees: Sequence[TreeRow]) -> str:
    head = ("tree", "functions", "reached", "torch-free", "torch-free reached", "share")
    rows = [(tree.name, *_shares(tree.asked, tree.reason)) for tree in trees]
    every = [row for tree in trees for row in tree.asked]
    return _table(head, [*rows, ("**all**", *_shares(every, ""))])


def _shares(rows: Sequence[Asked], reason: str) -> tuple[str, ...]:
    if reason:
        return (f"not run: {reason}", "", "", "", "")
    free = [row for row in rows if row.tier in TORCH_FREE]
    done = [sum(row.answers > 0 for row in some) for some in (rows, free)]
    share = f"{done[1] / len(free):.0%}" if free else ""
    return (str(len(rows)), str(done[0]), str(len(free)), str(done[1]), share)


def _unreached(trees: Sequence[TreeRow]) -> list[str]:
    rows = [row for tree in trees for row in tree.asked if not row.answers]
    head = ("not reached", "tier", "facts", "tried", "what the original said last, or why nothing counts")
    lines = [(f"`{r.id}`", r.tier, str(r.facts), str(r.tries), _why(r)) for r in rows]
    return [_table(head, lines)] if rows else []


def _why(row: Asked) -> str:
    discarded = ", ".join(f"{count} {why}" for why, count in sorted(row.discarded.items()))
    return row.last or discarded or "nothing"


def _satisfied(trees: Sequence[TreeRow]) -> str:
    rows = []
    for tree in trees:
        good = [row for row in tree.planned if not row.broken]
        known = [row for row in tree.planned if row.facts]
        facts = sum(row.facts for row in tree.planned)
        rows.append((tree.name, *map(str, (len(tree.planned), len(known), facts, len(good)))))
    head = ("tree", "torch-free functions", "with facts", "facts", "with a case that satisfies all")
    totals = (str(sum(int(row[at]) for row in rows)) for at in range(1, len(head)))
    return _table(head, [*rows, ("**all**", *totals)])


def _unsatisfied(trees: Sequence[TreeRow]) -> list[str]:
    rows = [row for tree in trees for row in tree.planned if row.broken]
    head = ("no case satisfies all", "facts", "broken in the best")
    lines = [(f"`{r.id}`", str(r.facts), "; ".join(r.broken)[:200]) for r in rows]
    return [_table(head, lines)] if rows else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
