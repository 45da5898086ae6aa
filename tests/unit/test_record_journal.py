"""Recorded calls on disk: bounded, whole, merged from several processes."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.model.recorded import Argument, RecordedCall
from migrate.pipeline import Request, migrate
from migrate.record.journal import CALLS, Bounds, Journal, forget, read_recording
from migrate.record.stage import STAGE


def call(number: int, operator: str = "m:op") -> RecordedCall:
    return RecordedCall(operator, (Argument("int", number),), outcome="result", digest=f"{operator} {number}")


def put(journal: Journal, *calls: RecordedCall, form: str = "") -> int:
    """How many of them the journal took."""
    taken = 0
    for one in calls:
        name = form or one.digest
        if journal.wants(one, name):
            journal.keep(one, name)
            taken += 1
    return taken


def journal(tree: Path, bounds: Bounds = Bounds()) -> Journal:  # noqa: B008  frozen
    return Journal(tree / CALLS, bounds)


def test_what_one_process_wrote_another_reads(tmp_path: Path) -> None:
    written = journal(tmp_path)
    assert put(written, call(2), call(1), call(2), call(1, "m:other")) == 3
    written.leave_out("m:op", "made under a dispatch mode")
    written.flush()
    found = read_recording(tmp_path)
    assert found.calls == (call(1), call(2), call(1, "m:other"))
    assert found.rows() == [("m:op", 4, 2, {"made under a dispatch mode": 1}), ("m:other", 1, 1, {})]
    only = read_recording(tmp_path, lambda operator: operator == "m:other")
    assert only.rows() == [("m:other", 1, 1, {})]


def test_processes_have_files_of_their_own_and_are_merged(tmp_path: Path) -> None:
    one, other = journal(tmp_path), journal(tmp_path)
    put(one, call(1), call(2))
    put(other, call(2), call(3))
    one.flush()
    other.flush()
    assert len(list((tmp_path / CALLS).glob("*.calls"))) == 2
    assert [item.digest for item in read_recording(tmp_path).calls] == ["m:op 1", "m:op 2", "m:op 3"]


def test_a_second_run_adds_what_is_new(tmp_path: Path) -> None:
    first = journal(tmp_path, Bounds(calls=3))
    put(first, call(1), call(2))
    first.flush()
    second = journal(tmp_path, Bounds(calls=3))
    assert put(second, call(1), call(2), call(3), call(4)) == 1
    second.flush()
    assert len(read_recording(tmp_path).calls) == 3
    forget(tmp_path)
    assert read_recording(tmp_path).calls == ()


@pytest.mark.parametrize(
    ("bounds", "form", "reason"),
    [
        (Bounds(calls=2), "", "enough calls of this operator"),
        (Bounds(alike=2), "one", "enough calls that differ in the contents of tensors only"),
    ],
)
def test_bounds_are_kept_and_what_they_cost_is_counted(
    tmp_path: Path, bounds: Bounds, form: str, reason: str
) -> None:
    written = journal(tmp_path, bounds)
    assert put(written, *map(call, range(5)), form=form) == 2
    written.flush()
    assert read_recording(tmp_path).rows() == [("m:op", 5, 2, {reason: 3})]


def test_the_size_on_disk_is_bounded(tmp_path: Path) -> None:
    written = journal(tmp_path, Bounds(total=1))
    assert put(written, call(1)) == 1
    written.flush()
    assert put(written, call(2)) == 0


def test_a_torn_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = journal(tmp_path)
    put(written, call(1))
    written.flush()
    put(written, call(2))

    def torn(path: Path, data: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(data[: len(data) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", torn)
    with pytest.raises(KeyboardInterrupt):
        written.flush()
    assert read_recording(tmp_path).calls == (call(1),)


def test_a_forked_child_writes_its_own_calls_at_once(tmp_path: Path) -> None:
    written = journal(tmp_path)
    put(written, call(1))
    child = os.fork()
    if child == 0:
        put(written, call(2))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert read_recording(tmp_path).calls == (call(2),)
    written.flush()
    assert read_recording(tmp_path).calls == (call(1), call(2))


def test_the_first_recording_of_a_call_stays(tmp_path: Path) -> None:
    for test in ("a", "b"):
        written = journal(tmp_path)
        written.keep(replace(call(1), test=test), "form")
        written.flush()
    assert [item.test for item in read_recording(tmp_path).calls] == ["a"]


def test_a_run_leaves_the_recorder_s_copy_of_the_original(tmp_path: Path) -> None:
    """Both keep something below ``.migrate``; a run clears what it staged itself."""
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    (source / "ops.cpp").write_text("int x;\n")
    migrate(Request(source, "cpu"), out)
    copy = out / STAGE / "ops.cpp"
    copy.parent.mkdir(parents=True)
    copy.write_text("int x;\n")
    (source / "ops.cpp").write_text("int y;\n")
    migrate(Request(source, "cpu"), out)
    assert copy.is_file()
