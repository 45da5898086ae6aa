"""Operators side by side: each lane is a pair of processes, one per side, that has one operator at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue

from migrate.compare.loading import two_workers
from migrate.compare.process import Worker

Pair = tuple[Worker, Worker]
# Each process holds torch, and two of a pair keep two cores busy for much of the time.
_MOST = 8
# A pair takes as long to start as this many operators to compare.
_WORTH_A_LANE = 5


def lanes_for(operators: int, jobs: int) -> int:
    """How many pay off, on ``jobs`` cores."""
    return max(1, min(operators // _WORTH_A_LANE, jobs, _MOST))


def cores() -> int:
    return len(os.sched_getaffinity(0))  # not cpu_count: containers are often given fewer


class Lanes:
    """As many as there are ``jobs``, on the CPU; one on a device, which two would only keep waiting. A
    process is started when it is first needed."""

    def __init__(self, tree: Path, jobs: int, environment: Mapping[str, str]) -> None:
        self._jobs = jobs
        self._pairs: dict[str, list[Pair]] = {}
        self._idle: dict[str, LifoQueue[Pair]] = {}
        for device, count in (("cpu", min(jobs, _MOST)), ("cuda", 1)):
            self._pairs[device] = [two_workers(tree, device, environment=environment) for _ in range(count)]
            self._idle[device] = LifoQueue()
            for pair in reversed(self._pairs[device]):  # so that the first is taken first
                self._idle[device].put(pair)

    def start(self, operators: Mapping[str, int]) -> int:
        """Start what so many operators per device take, and wait for it. How many lanes that are at most."""
        counts = {device: lanes_for(number, self._jobs) for device, number in operators.items() if number}
        pairs = [pair for device, count in counts.items() for pair in self._pairs[device][:count]]
        started = [worker for pair in pairs for worker in pair]
        for worker in started:
            worker.begin_start()
        for worker in started:
            worker.end_start()
        return max(counts.values(), default=1)

    @contextmanager
    def pair(self, device: str) -> Iterator[Pair]:
        """A pair that nobody else has meanwhile."""
        pair = self._idle[device].get()
        try:
            yield pair
        finally:
            self._idle[device].put(pair)

    def stop(self) -> None:
        for pairs in self._pairs.values():
            for pair in pairs:
                for worker in pair:
                    worker.stop()
