"""The same call in other surroundings: again, from threads, under other defaults, captured in a graph.

A row says what is done (`perform.py` does it in the worker). What the original itself cannot do, or
does differently each time, is not asked of the migrated side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Optional

from migrate.compare.call import Call
from migrate.compare.difference import Difference, Observation, differences
from migrate.compare.manifest import Entry
from migrate.compare.process import FIRST_RUN, Reply, Worker

Run = dict[str, Any]


@dataclass(frozen=True)
class Situation:
    """``devices``: where it exists. ``plain``: the original is called as ever, for what the situation
    changes is the border alone. ``repro`` are the lines of a repro script that bring it about."""

    name: str
    words: str
    devices: tuple[str, ...] = ("cpu", "cuda")
    plain: bool = False
    most: int = 4


SITUATIONS = (
    Situation("again", "called again on the same tensors with other numbers"),
    Situation("threads", "called from four threads at once"),
    Situation("default dtype", "while float64 is the default dtype"),
    Situation("default device", "while meta is the default device"),
    Situation("inference mode", "in inference mode"),
    Situation("byte offset", "with tensors that DLPack describes by a byte offset", plain=True),
    Situation("busy device", "on a side stream, while the default stream is busy", ("cuda",)),
    Situation("second device", "on the second device, while the first is current", ("cuda",)),
    Situation("graph", "captured in a CUDA graph and replayed", ("cuda",)),
    # The last one: how many calls it makes depends on how long they take.
    Situation("many calls", "called many times", ("cpu",), most=1),
)
_BY_NAME = {row.name: row for row in SITUATIONS}


@dataclass(frozen=True)
class Pair:
    """Both workers, open, with the device and the time limit of a call."""

    original: Worker
    migrated: Worker
    device: str
    limit: float


@dataclass(frozen=True)
class Found:
    """What differed, on which call and in which situation; or how the migrated side died."""

    call: Call
    situation: str
    difference: Optional[Difference] = None
    crash: str = ""


def compare_situations(pair: Pair, entry: Entry, calls: list[Call]) -> tuple[int, Optional[Found]]:
    """How many calls were compared, and the first that differs. ``calls`` the original answers."""
    count = 0
    for situation in SITUATIONS:
        if pair.device not in situation.devices:
            continue
        chosen = calls[: situation.most]
        count += len(chosen)
        for call, original, migrated in _answers(pair, entry, chosen, situation):
            found = _found(call, situation, original, migrated)
            if found is not None:
                return count, found
    return count, None


def _answers(
    pair: Pair, entry: Entry, calls: list[Call], situation: Situation
) -> Iterator[tuple[Call, Reply, Reply]]:
    if pair.device == "cpu" and calls:
        original, migrated = _runs(situation)
        pair.original.begin_all(entry.path, calls, entry.names, original)
        pair.migrated.begin_all(entry.path, calls, entry.names, migrated)
        replies = list(zip(calls, pair.original.end_all(pair.limit), pair.migrated.end_all(pair.limit)))
        if replies:
            yield from replies
            return
    for call in calls:
        yield (call, *_ask_both(pair, entry, call, situation))


def _runs(situation: Situation) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    run = {**FIRST_RUN, "situation": situation.name}
    return (FIRST_RUN, FIRST_RUN if situation.plain else run), (run,)


def _ask_both(pair: Pair, entry: Entry, call: Call, situation: Situation) -> tuple[Reply, Reply]:
    original, migrated = _runs(situation)
    pair.original.begin(entry.path, call, entry.names, original)
    pair.migrated.begin(entry.path, call, entry.names, migrated)
    return pair.original.end(pair.limit), pair.migrated.end(pair.limit)


def differs_in(pair: Pair, entry: Entry, call: Call, name: str) -> Optional[Found]:
    situation = _BY_NAME[name]
    return _found(call, situation, *_ask_both(pair, entry, call, situation))


def _found(call: Call, situation: Situation, original: Reply, migrated: Reply) -> Optional[Found]:
    name = situation.name
    if not _says_something(original, name):
        return None
    if migrated.died:
        return Found(call, name, crash=f"{migrated.died} {situation.words}")
    if migrated.failed:
        return Found(call, name, Difference("call", f"{migrated.failed} {situation.words}"))
    found = next(differences(original.observations[1], migrated.observations[0]), None)
    if found is None:
        return None
    return Found(call, name, replace(found, where=f"{found.where}, {situation.words}"))


def _says_something(original: Reply, name: str) -> bool:
    if original.died or original.failed:
        return False
    plain, seen = original.observations
    if plain["outcome"] != "value" or seen["outcome"] != "value":
        return False
    return name != "threads" or _alike(plain, seen)


def _alike(one: Observation, other: Observation) -> bool:
    return next(differences(one, other), None) is None
