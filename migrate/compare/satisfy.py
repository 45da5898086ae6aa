"""From any call to one that passes the checks read from the source, or all of them but one.

One broken fact at a time is mended by changing an argument it is about; a change is kept unless it
breaks more than it mends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.candidates import Pools
from migrate.compare.facts import Evaluator, Term, evaluator, roots_of
from migrate.compare.manifest import Entry
from migrate.compare.mend import Mender

_MOST_STEPS = 120


def satisfy(call: Call, entry: Entry, pools: Pools, facts: Optional[tuple[Term, ...]] = None) -> Call:
    """The nearest call found that keeps all ``facts`` (the entry's, unless others are given)."""
    wanted = tuple(fact.holds for fact in entry.facts) if facts is None else facts
    rows = [(evaluator(term), roots_of(term)) for term in wanted]
    kept = _kept(call, entry, rows)
    best, most = call, sum(kept)
    for _ in range(_MOST_STEPS):
        if most == len(kept):
            return best
        broken = [term for term, good in zip(wanted, kept) if not good]
        changed = Mender(call, entry, pools).make(pools.rng.choice(broken), True)
        if changed is None or changed == call:
            continue
        still = _kept_after(call, changed, entry, rows, kept)
        # A step sideways, and now and then one back, leads out of dead ends.
        if sum(still) >= sum(kept) or pools.rng.random() < 0.15:
            call, kept = changed, still
            if sum(kept) > most:
                best, most = call, sum(kept)
    return best


def broken_facts(call: Call, entry: Entry, wanted: tuple[Term, ...]) -> list[Term]:
    reader = entry.reader(call)
    return [term for term in wanted if not reader.read(term)]


# What reads a term, and the parameters that it is about.
_Row = tuple[Evaluator, frozenset[str]]


def _kept(call: Call, entry: Entry, rows: list[_Row]) -> list[bool]:
    reader = entry.reader(call)
    return [bool(read(reader)) for read, _ in rows]


def _kept_after(
    before: Call, after: Call, entry: Entry, rows: list[_Row], kept: list[bool]
) -> list[bool]:
    """As ``_kept`` of ``after``, but only what is about a changed argument is read again."""
    if any(value.kind == "same" for value in after.values):
        return _kept(after, entry, rows)
    pairs = zip(entry.names, before.values, after.values)
    changed = frozenset(name for name, old, new in pairs if old is not new)
    reader = entry.reader(after)
    return [
        good if changed.isdisjoint(roots) else bool(read(reader)) for (read, roots), good in zip(rows, kept)
    ]


def broken_one_by_one(base: Call, entry: Entry, pools: Pools, kept: tuple[Term, ...] = ()) -> Iterator[Call]:
    """Calls that break exactly one fact each, where the other facts, and those ``kept``, allow it."""
    for fact in entry.facts:
        if fact.memory:
            continue  # nobody checks it
        others = tuple(other.holds for other in entry.facts if other != fact)
        wanted = (*others, *kept, ("not", fact.holds))
        changed = Mender(base, entry, pools).make(fact.holds, False)
        if changed is None:
            continue
        changed = satisfy(changed, entry, pools, wanted)
        if not broken_facts(changed, entry, wanted):
            yield changed.with_note(f"breaks {fact.text}")
