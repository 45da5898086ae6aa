"""From any call to one that passes the checks read from the source, or all of them but one.

One broken fact at a time is mended by changing an argument it is about; a change is kept unless it
breaks more than it mends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.candidates import Pools
from migrate.compare.facts import Demand, Term
from migrate.compare.manifest import Entry
from migrate.compare.mend import Mender

_MOST_STEPS = 120


def satisfy(call: Call, entry: Entry, pools: Pools, wanted: Optional[Sequence[Demand]] = None) -> Call:
    """The nearest call found that keeps all that is ``wanted`` (the entry's facts, unless given)."""
    demands = entry.demands if wanted is None else wanted
    kept = _kept(call, entry, demands)
    best, most = call, sum(kept)
    mender: Optional[Mender] = None
    for _ in range(_MOST_STEPS):
        if most == len(kept):
            return best
        broken = [demand.term for demand, good in zip(demands, kept) if not good]
        mender = mender or Mender(call, entry, pools)
        changed = mender.make(pools.rng.choice(broken), True)
        if changed is None or changed == call:
            continue
        still = _kept_after(call, changed, entry, demands, kept)
        # A step sideways, and now and then one back, leads out of dead ends.
        if sum(still) >= sum(kept) or pools.rng.random() < 0.15:
            call, kept, mender = changed, still, None
            if sum(kept) > most:
                best, most = call, sum(kept)
    return best


def broken_facts(call: Call, entry: Entry, wanted: Sequence[Demand]) -> list[Term]:
    return [demand.term for demand, good in zip(wanted, _kept(call, entry, wanted)) if not good]


def _kept(call: Call, entry: Entry, demands: Sequence[Demand]) -> list[bool]:
    reader = entry.reader(call)
    return [bool(demand.read(reader)) for demand in demands]


def _kept_after(
    before: Call, after: Call, entry: Entry, demands: Sequence[Demand], kept: list[bool]
) -> list[bool]:
    """As ``_kept`` of ``after``, but only what is about a changed argument is read again."""
    if any(value.kind == "same" for value in after.values):
        return _kept(after, entry, demands)
    pairs = zip(entry.names, before.values, after.values)
    changed = frozenset(name for name, old, new in pairs if old is not new)
    reader = entry.reader(after)
    return [
        good if changed.isdisjoint(roots) else bool(read(reader))
        for (_, read, roots), good in zip(demands, kept)
    ]


def broken_one_by_one(
    base: Call, entry: Entry, pools: Pools, kept: tuple[Demand, ...] = ()
) -> Iterator[Call]:
    """Calls that break exactly one fact each, where the other facts, and those ``kept``, allow it."""
    for fact, others, opposite in entry.breaking:
        wanted = (*others, *kept, opposite)
        changed = Mender(base, entry, pools).make(fact.holds, False)
        if changed is None:
            continue
        changed = satisfy(changed, entry, pools, wanted)
        if not broken_facts(changed, entry, wanted):
            yield changed.with_note(f"breaks {fact.text}")
