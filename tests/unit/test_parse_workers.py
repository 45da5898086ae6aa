"""Parsing in other processes: a crash costs one file, Ctrl-C costs no time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate.parse.workers import run_all


@dataclass(frozen=True)
class Item:
    path: str


def shout(item: Item) -> str:
    if item.path == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if item.path == "sleep":
        time.sleep(60)
    if item.path == "raise":
        raise ValueError("a bug, not a crash")
    return item.path.upper()


def lost(item: Item) -> str:
    return f"{item.path} is lost"


def items(text: str) -> list[Item]:
    return [Item(word) for word in text.split()]


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert run_all(shout, items("a b c d e f"), workers, lost) == ["A", "B", "C", "D", "E", "F"]
    assert run_all(shout, [], workers, lost) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_crash_costs_its_own_item(workers: int) -> None:
    found = run_all(shout, items("a crash b c crash d"), workers, lost)
    assert found == ["A", "crash is lost", "B", "C", "crash is lost", "D"]


def test_an_exception_of_the_task_is_ours() -> None:
    with pytest.raises(ValueError, match="a bug"):
        run_all(shout, items("a raise b"), 2, lost)


_INTERRUPTED = """
import multiprocessing, os, signal, threading, time
from tests.unit.test_parse_workers import items, lost, run_all, shout


def gone(pid):
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


if __name__ == "__main__":
    # A runner in the background of a shell hands down an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    try:
        run_all(shout, items("sleep " * 20), 2, lost)
    except KeyboardInterrupt:
        assert time.monotonic() - start < 5, "it waited"
        # The pool's own thread may collect a worker first, so ask the system, not the Process object.
        pids = [process.pid for process in multiprocessing.active_children()]
        while any(not gone(pid) for pid in pids):
            assert time.monotonic() - start < 20, "a worker goes on"
            time.sleep(0.05)
        print("left at once")
"""


def test_an_interrupt_does_not_wait(tmp_path: Path) -> None:
    """In a process of its own: a stray SIGINT must never reach the test runner."""
    root = Path(__file__).resolve().parents[2]
    script = tmp_path / "interrupted.py"
    script.write_text(_INTERRUPTED)
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    assert run.stdout == "left at once\n", run.stderr


def test_ctrl_c_of_a_scan_is_one_line(tmp_path: Path) -> None:
    body = "".join(f"int64_t f{i}(torch::Tensor x) {{ return x.size({i}); }}\n" for i in range(3000))
    for name in "abcdefgh":
        (tmp_path / f"{name}.cpp").write_text("#include <torch/extension.h>\n" + body)
    command = [sys.executable, "-m", "migrate", "scan", str(tmp_path)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        time.sleep(1.5)
        start = time.monotonic()
        os.killpg(run.pid, signal.SIGINT)  # what a terminal does
        _, said = run.communicate(timeout=20)
    assert time.monotonic() - start < 5
    assert run.returncode == 130
    assert said.strip().splitlines() == ["migrate: interrupted; nothing is half written"]
