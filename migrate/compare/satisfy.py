"""From any call to one that passes the checks read from the source, or all of them but one.

One broken fact at a time is mended by changing an argument it is about; a change is kept unless it
breaks more than it mends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.candidates import Pools
from migrate.compare.facts import Term
from migrate.compare.manifest import Entry
from migrate.compare.mend import Mender

_MOST_STEPS = 120


def satisfy(call: Call, entry: Entry, pools: Pools, facts: Optional[tuple[Term, ...]] = None) -> Call:
    """The nearest call found that keeps all ``facts`` (the entry's, unless others are given)."""
    wanted = tuple(fact.holds for fact in entry.facts) if facts is None else facts
    broken = broken_facts(call, entry, wanted)
    best, fewest = call, len(broken)
    for _ in range(_MOST_STEPS):
        if not broken:
            return call
        mender = Mender(call, entry, pools)
        changed = mender.make(pools.rng.choice(broken), True)
        if changed is None or changed == call:
            continue
        still = broken_facts(changed, entry, wanted)
        # A step sideways, and now and then one back, leads out of dead ends.
        if len(still) <= len(broken) or pools.rng.random() < 0.15:
            call, broken = changed, still
            if len(broken) < fewest:
                best, fewest = call, len(broken)
    return best


def broken_facts(call: Call, entry: Entry, wanted: tuple[Term, ...]) -> list[Term]:
    reader = entry.reader(call)
    return [term for term in wanted if not reader.read(term)]


def broken_one_by_one(base: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    """Calls that break exactly one fact each, where the other facts allow it."""
    for fact in entry.facts:
        others = tuple(other.holds for other in entry.facts if other != fact)
        wanted = (*others, ("not", fact.holds))
        changed = Mender(base, entry, pools).make(fact.holds, False)
        if changed is None:
            continue
        changed = satisfy(changed, entry, pools, wanted)
        if not broken_facts(changed, entry, wanted):
            yield changed.with_note(f"breaks {fact.text}")
