"""Several pairs of processes, and what several threads get of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from migrate.compare.call import Call, Value
from migrate.compare.judge import Sides
from migrate.compare.lanes import Lanes, lanes_for
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.oracle import Oracle
from migrate.compare.process import FIRST_RUN, Worker
from migrate.compare.protocol import LoadedBy

LIBRARY = """
import os
pid = os.getpid()
asked = []
def half(n):
    asked.append(n)
    if n == 13:
        os._exit(3)
    if n % 2:
        raise ValueError(f"odd: {n}")
    return n // 2
def count():
    asked.append("count")
    return len(asked)
def stay():
    import time
    time.sleep(600)
"""


@pytest.fixture
def library(tmp_path: Path) -> LoadedBy:
    path = tmp_path / "library.py"
    path.write_text(LIBRARY)
    return LoadedBy("extension", "library", str(path))


@pytest.mark.parametrize(
    ("operators", "jobs", "lanes"), [(1, 2, 1), (9, 2, 1), (10, 2, 2), (500, 2, 2), (500, 64, 8), (0, 2, 1)]
)
def test_a_lane_is_started_where_it_pays_off(operators: int, jobs: int, lanes: int) -> None:
    assert lanes_for(operators, jobs) == lanes


def test_nobody_shares_a_pair(tmp_path: Path) -> None:
    lanes = Lanes(tmp_path, 2, {})
    gate, seen = threading.Barrier(2, timeout=20), []

    def take() -> None:
        with lanes.pair("cpu") as pair:
            gate.wait()
            seen.append(pair)
            gate.wait()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(take) for _ in range(4)]:
            future.result()
    assert len({id(worker) for pair in seen for worker in pair}) == 4
    with lanes.pair("cpu") as first, lanes.pair("cpu"), lanes.pair("cuda") as other:
        assert first != other


def test_a_second_library_is_loaded_while_the_first_one_ends(tmp_path: Path, library: LoadedBy) -> None:
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    try:
        seen = set()
        for _ in range(3):
            worker.begin_open(library)
            assert worker.end_open() == ""
            seen.add(worker.read("pid", 60).observations[0]["value"]["text"])
        assert len(seen) == 3
    finally:
        worker.stop()


def test_the_migrated_side_loads_while_the_original_is_asked(tmp_path: Path, library: LoadedBy) -> None:
    workers = [Worker("original", "cpu", tmp_path / f"worker {side}", {}) for side in range(2)]
    sides = Sides(*workers, library, library, "cpu", 60.0)

    def children() -> list[str]:
        return [worker.read("pid", 60).observations[0]["value"]["text"] for worker in workers]

    try:
        assert sides.reopen() == ""
        before = children()
        sides.begin_reopen_migrated()
        assert workers[0].read("pid", 60).observations[0]["value"]["text"] == before[0]
        assert sides.end_reopen() == ""
        assert len({*before, *children()}) == 4  # nobody has seen what was asked meanwhile
    finally:
        for worker in workers:
            worker.stop()


def test_a_stopped_worker_starts_no_more(tmp_path: Path, library: LoadedBy) -> None:
    """Else an operator that is being compared would bring back what an interrupt has ended."""
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    assert worker.open(library) == ""
    asked = threading.Thread(target=lambda: worker.call("stay", Call(()), (), [FIRST_RUN], 60))
    asked.start()
    worker.stop()
    asked.join(30)
    assert not asked.is_alive()
    assert worker.call("stay", Call(()), (), [FIRST_RUN], 60).died
    assert worker.open(library).startswith("loading it ended the process")
    assert worker._process is None


def test_what_is_asked_ahead_has_the_outcome_that_it_has_alone(tmp_path: Path, library: LoadedBy) -> None:
    entry = Entry("half", "half", "function", "raw", "", (Parameter("n", ArgType("int")),), path="half")
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    sides = Sides(worker, worker, library, library, "cpu", 60.0)
    calls = [Call((number(n),)) for n in (2, 3, 8)]
    fatal = Call((number(13),))
    try:
        assert worker.open(library) == ""
        alone = [Oracle(sides, entry).ask(call) for call in calls]
        assert [outcome.kind for outcome in alone] == ["answer", "error", "answer"]
        oracle = Oracle(sides, entry)
        before = asked(worker)
        oracle.foresee(calls)
        after = asked(worker)
        assert [oracle.ask(call) for call in calls] == alone
        assert asked(worker) == after > before  # it was asked at once, and no second time
        oracle.foresee([*calls, fatal])
        assert [oracle.ask(call) for call in calls] == alone
        assert oracle.ask(fatal).kind == "died"
    finally:
        worker.stop()


def test_a_counter_answers_though_it_never_does_so_twice(tmp_path: Path, library: LoadedBy) -> None:
    """What differs between two runs is its state: it has no memory to read that is not its own."""
    entry = Entry("count", "count", "function", "raw", "", path="count")
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    sides = Sides(worker, worker, library, library, "cpu", 60.0)
    try:
        assert worker.open(library) == ""
        assert Oracle(sides, entry).ask(Call(())).kind == "answer"
    finally:
        worker.stop()


def asked(worker: Worker) -> int:
    return len(worker.read("asked", 60).observations[0]["value"]["items"])


def number(value: int) -> Value:
    return Value("int", scalar=value)
