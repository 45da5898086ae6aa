"""What the original makes of calls: which of them are cases."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from migrate.compare.call import Call, tensors
from migrate.compare.cases import Cases, Outcome, find_cases
from migrate.compare.difference import depends_on_memory, differences
from migrate.compare.judge import Sides, overran
from migrate.compare.manifest import Entry
from migrate.compare.process import Reply


def generate(sides: Sides, entry: Entry, seed: int, wanted: int) -> Cases:
    """Cases that the original itself has tried. It must be open."""
    oracle = Oracle(sides, entry)
    return find_cases(entry, oracle.ask, Random(seed), wanted, oracle.foresee)


class Oracle:
    """What the original makes of calls."""

    def __init__(self, sides: Sides, entry: Entry) -> None:
        self._sides = sides
        self._entry = entry
        self._foreseen: dict[Call, Outcome] = {}
        # What was raised is looked at on other memory when it is compared.
        first, other = sides.runs[1:]
        self._runs = (first, {**other, "after": "value"})

    def foresee(self, calls: Sequence[Call]) -> None:
        """Ask several at once: most of a small call's time is the way there and back. Where one of them
        ends the process, each is asked when its turn comes."""
        self._foreseen.clear()
        sides, entry = self._sides, self._entry
        if sides.device == "cpu" and len(calls) > 1:
            sides.original.begin_all(entry.path, calls, entry.names, self._runs)
            replies = sides.original.end_all(sides.limit)
            self._foreseen.update((call, self._outcome(call, reply)) for call, reply in zip(calls, replies))

    def ask(self, call: Call) -> Outcome:
        if call in self._foreseen:
            return self._foreseen[call]
        return self._outcome(call, self._answer(call, self._runs))

    def _answer(self, call: Call, runs: Sequence[dict[str, Any]]) -> Reply:
        sides, entry = self._sides, self._entry
        return sides.original.call(entry.path, call, entry.names, runs, sides.limit)

    def _outcome(self, call: Call, reply: Reply) -> Outcome:
        if reply.died:
            return Outcome("died", reply.died)
        if reply.failed:
            return Outcome("unusable", reply.failed)
        one, *others = reply.observations
        on_cpu = self._sides.device == "cpu"
        if overran(reply):
            return Outcome("undefined")
        if on_cpu and any(depends_on_memory(one, other) for other in others) and not self._counts(call):
            return Outcome("undefined")
        if one["outcome"] == "value":
            return Outcome("answer")
        return Outcome("error", f"{one['error']['type']}: {one['error']['text']}")

    def _counts(self, call: Call) -> bool:
        """Whether what differs is not the memory but the operator's own state, as a counter's: it has no
        tensor to read outside of, and differs on equal memory too."""
        if next(tensors(call), None) is not None:
            return False
        seen = self._answer(call, self._runs[:1] * 2).observations
        return len(seen) == 2 and next(differences(*seen), None) is not None
