"""From any call to one that passes the checks read from the source, or all of them but one.

One broken fact at a time is mended by changing an argument it is about; a change is kept unless it
breaks more than it mends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.candidates import Pools
from migrate.compare.facts import Demand, Reader
from migrate.compare.manifest import Entry
from migrate.compare.mend import Mender

_MOST_STEPS = 120
# Nearly all facts that can be broken alone are so by then; of the others many steps tell nothing more.
_MOST_STEPS_TO_BREAK = 40


def satisfy(
    call: Call,
    entry: Entry,
    pools: Pools,
    wanted: Optional[Sequence[Demand]] = None,
    steps: int = _MOST_STEPS,
) -> Call:
    """The nearest call found that keeps all that is ``wanted`` (the entry's facts, unless given)."""
    demands = entry.demands if wanted is None else wanted
    reader = entry.reader(call)
    kept = _kept(reader, demands)
    best, most = call, sum(kept)
    mender: Optional[Mender] = None
    for _ in range(steps):
        if most == len(kept):
            return best
        broken = [demand.term for demand, good in zip(demands, kept) if not good]
        mender = mender or Mender(call, entry, pools, reader)
        changed = mender.make(pools.rng.choice(broken), True)
        if changed is None or changed == call:
            continue
        there = entry.reader(changed)
        still = _kept_after(reader, there, demands, kept)
        # A step sideways, and now and then one back, leads out of dead ends.
        if sum(still) >= sum(kept) or pools.rng.random() < 0.15:
            call, reader, kept, mender = changed, there, still, None
            if sum(kept) > most:
                best, most = call, sum(kept)
    return best


def _kept(reader: Reader, demands: Sequence[Demand]) -> list[bool]:
    return [bool(demand.read(reader)) for demand in demands]


def _kept_after(before: Reader, after: Reader, demands: Sequence[Demand], kept: list[bool]) -> list[bool]:
    """As ``_kept`` of ``after``, but only what is about a changed argument is read again."""
    old = before.values
    changed = {name for name, value in after.values.items() if value is not old[name]}
    return [
        good if roots.isdisjoint(changed) else bool(read(after))
        for (_, read, roots), good in zip(demands, kept)
    ]


def broken_one_by_one(
    base: Call, entry: Entry, pools: Pools, kept: tuple[Demand, ...] = ()
) -> Iterator[Call]:
    """Calls that break exactly one fact each, where the other facts, and those ``kept``, allow it."""
    reader = entry.reader(base)
    for fact, others, opposite in entry.breaking:
        wanted = (*others, *kept, opposite)
        changed = Mender(base, entry, pools, reader).make(fact.holds, False)
        if changed is None:
            continue
        changed = satisfy(changed, entry, pools, wanted, _MOST_STEPS_TO_BREAK)
        if all(_kept(entry.reader(changed), wanted)):
            yield changed.with_note(f"breaks {fact.text}")
