"""The verdict on one operator: the same calls on both sides, and what they showed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from migrate.compare.call import Call, describe
from migrate.compare.casefile import Tolerance, Written, case_file
from migrate.compare.difference import Difference, depends_on_memory, differences, spread
from migrate.compare.manifest import Entry
from migrate.compare.mutate import substitute_dtype
from migrate.compare.process import FIRST_RUN, OTHER_MEMORY_RUN, SIDE_STREAM_RUN, Reply, Worker
from migrate.compare.protocol import LoadedBy
from migrate.compare.recorded import went_as_recorded
from migrate.compare.situations import Pair, compare_situations, differs_in
from migrate.compare.tolerance import Allowance
from migrate.model.verdicts import Verdict

_MORE_RUNS = 10
_BATCH = 16


@dataclass(frozen=True)
class Sides:
    """Both workers and what they load. ``limit`` is the time for one call, in seconds."""

    original: Worker
    migrated: Worker
    original_library: LoadedBy
    migrated_library: LoadedBy
    device: str
    limit: float

    @property
    def runs(self) -> tuple[dict[str, Any], ...]:
        """Three runs of the same call: twice alike, then on other memory or on a side stream."""
        other = OTHER_MEMORY_RUN if self.device == "cpu" else SIDE_STREAM_RUN
        return (FIRST_RUN, FIRST_RUN, other)

    @property
    def pair(self) -> Pair:
        return Pair(self.original, self.migrated, self.device, self.limit)

    def reopen(self) -> str:
        """Fresh children, so that both sides have seen nothing but the compared calls."""
        self.begin_reopen_migrated()
        return self.end_reopen()

    def begin_reopen_migrated(self) -> None:
        """Before the original is, whose child may still be of use; ``end_reopen`` answers for both."""
        self.migrated.begin_open(self.migrated_library)

    def end_reopen(self) -> str:
        self.original.begin_open(self.original_library)
        failures = self.original.end_open(), self.migrated.end_open()
        if failures[0]:
            return f"the original cannot be loaded: {failures[0]}"
        return f"the migrated module cannot be imported: {failures[1]}" if failures[1] else ""

    def reopen_original(self) -> str:
        failure = self.original.open(self.original_library)
        return f"the original cannot be loaded: {failure}" if failure else ""

    def reopen_migrated(self) -> str:
        failure = self.migrated.open(self.migrated_library)
        return f"the migrated module cannot be imported: {failure}" if failure else ""


@dataclass
class Tally:
    """What the comparison of one operator has shown so far."""

    ran: int = 0
    raised_both: int = 0
    otherwise: int = 0
    nondeterministic: int = 0
    close: int = 0
    worst_size: float = 0.0
    worst_ulps: int = 0
    discarded: Counter[str] = field(default_factory=Counter)
    difference: Optional[Difference] = None
    call: Optional[Call] = None
    crash: str = ""
    answered: list[Call] = field(default_factory=list)
    situation: str = ""


def compare_calls(sides: Sides, entry: Entry, calls: list[Call], written: Written) -> Tally:
    """Every call on both sides, until the first difference or crash of the migrated one; a few calls
    once more in each situation."""
    tally = Tally()
    for call, original, migrated in _answers(sides, entry, calls):
        _compare_replies(sides, entry, call, written.tolerance, tally, (original, migrated))
        if tally.difference is not None or tally.crash:
            tally.call = call
            return tally
    if tally.nondeterministic or written.tolerance is not None:
        return tally  # what is no bit-for-bit copy of itself says nothing in a situation
    count, found = compare_situations(sides.pair, entry, tally.answered)
    tally.ran += count
    if found is not None:
        tally.call, tally.situation = found.call, found.situation
        tally.difference, tally.crash = found.difference, found.crash
    return tally


def compare_call(
    sides: Sides, entry: Entry, call: Call, tolerance: Optional[Tolerance], tally: Tally
) -> None:
    _compare_replies(sides, entry, call, tolerance, tally, _ask_both(sides, entry, call))


def _ask_both(sides: Sides, entry: Entry, call: Call) -> tuple[Reply, Reply]:
    sides.original.begin(entry.path, call, entry.names, sides.runs)
    sides.migrated.begin(entry.path, call, entry.names, sides.runs)
    return sides.original.end(sides.limit), sides.migrated.end(sides.limit)


def _answers(sides: Sides, entry: Entry, calls: list[Call]) -> Iterator[tuple[Call, Reply, Reply]]:
    """What both sides make of every call. A batch in which a side dies is asked again one by one, in
    fresh processes: which call it was, and what the others do, must be known."""
    # After an illegal access on a device every later answer of its process is worthless.
    size = _BATCH if sides.device == "cpu" else 1
    for start in range(0, len(calls), size):
        batch = calls[start : start + size]
        pairs: list[tuple[Reply, Reply]] = []
        if len(batch) > 1:
            sides.original.begin_all(entry.path, batch, entry.names, sides.runs)
            sides.migrated.begin_all(entry.path, batch, entry.names, sides.runs)
            pairs = list(zip(sides.original.end_all(sides.limit), sides.migrated.end_all(sides.limit)))
        for index, call in enumerate(batch):
            yield (call, *(pairs[index] if pairs else _ask_both(sides, entry, call)))


def _compare_replies(
    sides: Sides,
    entry: Entry,
    call: Call,
    tolerance: Optional[Tolerance],
    tally: Tally,
    replies: tuple[Reply, Reply],
) -> None:
    original, migrated = replies
    reason = _unusable(original, sides.device)
    if reason:
        tally.discarded[reason] += 1
        return
    if migrated.died:
        tally.crash = migrated.died
        return
    if migrated.failed:
        tally.difference = Difference("call", migrated.failed)
        return
    tally.ran += 1
    first, second, third = original.observations
    if first["outcome"] == "value":
        tally.answered.append(call)
    tally.otherwise += not went_as_recorded(call, first)
    tally.raised_both += first["outcome"] == migrated.observations[0]["outcome"] == "raise"
    if not _same(first, second):
        tally.nondeterministic += 1
        tally.difference = _beyond_spread(sides, entry, call, original, migrated)
        return
    allowance = Allowance(tolerance, lambda: _reference(sides, entry, call))
    for seen, other in zip((first, second, third), migrated.observations):
        for difference in differences(seen, other):
            if allowance.covers(difference, seen, other):
                tally.close += 1
                tally.worst_size = max(tally.worst_size, difference.size or 0.0)
                tally.worst_ulps = max(tally.worst_ulps, difference.ulps or 0)
                continue
            tally.difference = difference
            return


def judge_again(
    sides: Sides, entry: Entry, call: Call, tolerance: Optional[Tolerance], situation: str
) -> Tally:
    """One call alone, in the situation that showed a difference."""
    tally = Tally()
    if not situation:
        compare_call(sides, entry, call, tolerance, tally)
        return tally
    found = differs_in(sides.pair, entry, call, situation)
    if found is not None:
        tally.difference, tally.crash = found.difference, found.crash
    return tally


def _unusable(original: Reply, device: str) -> str:
    """Why a call says nothing about the migrated side: the original has no defined answer to it."""
    if original.died:
        return f"the original died: {original.died}"
    if original.failed:
        return original.failed
    if overran(original):
        return "the original writes outside of its arguments"
    first, second, third = original.observations
    if device == "cpu" and _same(first, second) and depends_on_memory(second, third):
        return "the original's result depends on memory it was not given"
    return ""


def overran(reply: Reply) -> bool:
    return any(seen["overrun"] for seen in reply.observations)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return next(differences(one, other), None) is None


def _reference(sides: Sides, entry: Entry, call: Call) -> Optional[dict[str, Any]]:
    """What the original makes of the call in float64, if it takes that."""
    exact = substitute_dtype(call, None, "float64")
    reply = sides.original.call(entry.path, exact, entry.names, (FIRST_RUN,), sides.limit)
    return reply.observations[0] if reply.observations else None


def _beyond_spread(
    sides: Sides, entry: Entry, call: Call, original: Reply, migrated: Reply
) -> Optional[Difference]:
    """A difference larger than those of the original from itself, or nothing."""
    seen = list(original.observations)
    found = _outside(seen, migrated)
    if found is None:
        return None
    # Three runs can understate the spread; a difference must survive many more.
    more = sides.original.call(entry.path, call, entry.names, (FIRST_RUN,) * _MORE_RUNS, sides.limit)
    return _outside([*seen, *more.observations], migrated)


def _outside(seen: list[dict[str, Any]], migrated: Reply) -> Optional[Difference]:
    bound: dict[str, float] = {}
    for other in seen[1:]:
        for where, size in spread(seen[0], other).items():
            bound[where] = max(bound.get(where, 0.0), size)
    for observation in migrated.observations:
        for difference in differences(seen[0], observation):
            size = math.inf if difference.size is None else difference.size
            if size > 2 * bound.get(difference.where, 0.0):
                return difference
    return None


def verdict_of(entry: Entry, module: str, calls: int, tally: Tally, notes: Counter[str]) -> Verdict:
    """The tally in one word and a reason."""
    base = Verdict(entry.id, entry.name, module, "NotRun", calls, tally.ran, tally.raised_both)
    reason = _notes(notes + tally.discarded)
    if tally.otherwise:
        words = f"the original answered {tally.otherwise} calls otherwise than when recorded"
        reason = _joined(reason, words)
    where = f"on {describe(tally.call, entry.names)}" if tally.call is not None else ""
    if tally.crash:
        return replace(base, verdict="Crashed", reason=_joined(f"{tally.crash} {where}", reason))
    if tally.difference is not None:
        return replace(base, verdict="Different", worst=str(tally.difference), reason=_joined(where, reason))
    if tally.ran == tally.raised_both:
        asked = f"no input is known that the original answers; write some into {case_file(module)}"
        return replace(base, reason=_joined(asked, reason))
    if tally.nondeterministic:
        why = f"nondeterministic original ({tally.nondeterministic} cases)"
        return replace(base, verdict="Close", reason=_joined(why, reason))
    if tally.close:
        worst = f"largest absolute difference {tally.worst_size:g}, {tally.worst_ulps} ULP"
        reason = _joined("within the tolerance of the case file", reason)
        return replace(base, verdict="Close", worst=worst, reason=reason)
    return replace(base, verdict="Equal", reason=reason)


def _notes(counts: Counter[str]) -> str:
    return "; ".join(f"{count} inputs discarded: {why}" for why, count in sorted(counts.items()))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
