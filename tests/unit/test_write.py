"""The tree on disk: original kept, only changes written, hand edits never lost, no harm by a kill."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Optional

import pytest

from migrate.errors import TreeError, WriteError
from migrate.model.plan import FileSet
from migrate.write import edited_by_hand, exchange, write
from migrate.write.state import locked

STATE = ".migrate/state.json"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "csrc").mkdir(parents=True)
    (root / "csrc" / "norm.cu").write_bytes(b"torch::Tensor f();\r\n")
    (root / "csrc" / "old_pybind.cu").write_bytes(b"PYBIND11_MODULE\n")
    (root / "build.sh").write_bytes(b"#!/bin/sh\n")
    (root / "build.sh").chmod(0o755)
    (root / "latin1.h").write_bytes(b"// \xe9\xff no newline")
    (root / "link.h").symlink_to("csrc/norm.cu")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_bytes(b"x")
    return root


FILES = FileSet({"csrc/norm.cu": b"ffi f();\r\n", "csrc/ffi/norm_ffi.cc": b"shim\n"}, ("csrc/old_pybind.cu",))


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): (
            b"-> " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        )
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_writes_the_tree_and_keeps_the_original(source: Path, tmp_path: Path) -> None:
    before = contents(source)
    out = tmp_path / "out"
    result = write(source, FILES, out)
    assert contents(source) == before
    found = contents(out)
    assert found["csrc/norm.cu"] == b"ffi f();\r\n"
    assert found["csrc/ffi/norm_ffi.cc"] == b"shim\n"
    assert found["latin1.h"] == b"// \xe9\xff no newline"
    assert found["link.h"] == b"-> csrc/norm.cu"
    assert "csrc/old_pybind.cu" not in found
    assert found[".migrate/original/csrc/old_pybind.cu"] == b"PYBIND11_MODULE\n"
    assert not any(".git/" in path for path in found)
    assert stat.S_IMODE((out / "build.sh").stat().st_mode) == 0o755
    assert not result.diagnostics
    assert not (out / ".migrate/stage").exists()
    assert not (out / ".migrate/journal.json").exists()


def test_second_run_touches_nothing(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    times = {path: path.lstat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    result = write(source, FILES, out)
    assert result.written == result.removed == ()
    assert {path: path.lstat().st_mtime_ns for path in times} == times


def test_two_trees_are_byte_identical(source: Path, tmp_path: Path) -> None:
    write(source, FILES, tmp_path / "one")
    write(source, FILES, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert str(tmp_path).encode() not in (tmp_path / "one" / STATE).read_bytes()


def test_rewrites_only_what_changed_and_removes_what_went(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    (source / "latin1.h").unlink()
    result = write(source, FileSet({"csrc/norm.cu": b"ffi g();\n"}, FILES.delete), out)
    assert result.written == ("csrc/norm.cu",)
    assert result.removed == ("csrc/ffi/norm_ffi.cc", "latin1.h")
    assert not (out / "csrc/ffi").exists()
    assert not (out / ".migrate/original/latin1.h").exists()


LINES = [b"line %d\r\n" % number for number in range(20)]


def lines(**changed: bytes) -> FileSet:
    """``FILES`` with twenty lines in csrc/norm.cu, some of them replaced: ``l3=b"..."``."""
    text = b"".join(changed.get(f"l{number}", line) for number, line in enumerate(LINES))
    return FileSet({**FILES.write, "csrc/norm.cu": text}, FILES.delete)


def edit(path: Path, before: bytes, after: bytes) -> None:
    data = path.read_bytes()
    assert before in data
    path.write_bytes(data.replace(before, after))


def test_hand_edit_is_merged_with_the_new_output(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, lines(), out)
    edit(out / "csrc/norm.cu", LINES[3], b"mine\r\n")
    assert edited_by_hand(out) == ("csrc/norm.cu",)
    same = write(source, lines(), out)
    assert (same.written, same.edited, same.diagnostics) == ((), ("csrc/norm.cu",), ())
    result = write(source, lines(l15=b"new\r\n"), out)
    both = lines(l3=b"mine\r\n", l15=b"new\r\n").write["csrc/norm.cu"]
    assert (out / "csrc/norm.cu").read_bytes() == both
    assert [(item.id, item.severity) for item in result.diagnostics] == [("MIG454", "note")]
    # The next output is merged against what this run wrote, not against the merged file.
    write(source, lines(l17=b"newer\r\n"), out)
    both = lines(l3=b"mine\r\n", l17=b"newer\r\n").write["csrc/norm.cu"]
    assert (out / "csrc/norm.cu").read_bytes() == both
    edit(out / "csrc/norm.cu", b"mine\r\n", LINES[3])
    assert edited_by_hand(out) == ()


def test_conflict_is_marked_reported_and_left_until_resolved(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, lines(), out)
    edit(out / "csrc/norm.cu", LINES[3], b"mine\r\n")
    for _ in range(2):
        result = write(source, lines(l3=b"new\r\n"), out)
        assert [(item.id, item.file, item.line) for item in result.diagnostics] == [
            ("MIG453", "csrc/norm.cu", 4)
        ]
    marked = (out / "csrc/norm.cu").read_bytes()
    assert all(part in marked for part in (b"mine\r\n", b"new\r\n", LINES[3]))
    result = write(source, lines(l3=b"newer\r\n"), out)
    assert [item.id for item in result.diagnostics] == ["MIG453"]
    assert (out / "csrc/norm.cu").read_bytes() == marked
    (out / "csrc/norm.cu").write_bytes(lines(l3=b"both\r\n").write["csrc/norm.cu"])
    result = write(source, lines(l3=b"new\r\n", l15=b"more\r\n"), out)
    assert [item.id for item in result.diagnostics] == ["MIG454"]
    assert (out / "csrc/norm.cu").read_bytes() == lines(l3=b"both\r\n", l15=b"more\r\n").write["csrc/norm.cu"]


def test_edit_of_a_copied_file_is_merged_when_upstream_moves_on(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (source / "notes.h").write_bytes(b"".join(LINES))
    write(source, FILES, out)
    edit(out / "notes.h", LINES[3], b"mine\r\n")
    edit(source / "notes.h", LINES[15], b"upstream\r\n")
    write(source, FILES, out)
    assert b"mine" in (out / "notes.h").read_bytes()
    assert b"upstream" in (out / "notes.h").read_bytes()
    assert (out / ".migrate/original/notes.h").read_bytes() == (source / "notes.h").read_bytes()


@pytest.mark.parametrize("mine", [b"mi\0ne", None], ids=["binary", "link"])
def test_what_git_cannot_merge_is_refused_and_kept(
    source: Path, tmp_path: Path, mine: Optional[bytes]
) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    place = out / "csrc/norm.cu"
    place.unlink()
    if mine is None:
        place.symlink_to("elsewhere")
    else:
        place.write_bytes(mine)
    for _ in range(2):
        result = write(source, FileSet({**FILES.write, "csrc/norm.cu": b"new\n"}, FILES.delete), out)
        assert [(item.id, item.severity) for item in result.diagnostics] == [("MIG450", "manual")]
        assert place.is_symlink() if mine is None else place.read_bytes() == mine
    place.unlink()
    assert not write(source, FILES, out).diagnostics
    assert place.read_bytes() == b"ffi f();\r\n"


def test_without_git_the_edit_stays(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write(source, lines(), out)
    edit(out / "csrc/norm.cu", LINES[3], b"mine\r\n")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert [row.id for row in write(source, lines(l15=b"new\r\n"), out).diagnostics] == ["MIG450"]
    assert (out / "csrc/norm.cu").read_bytes() == lines(l3=b"mine\r\n").write["csrc/norm.cu"]
    monkeypatch.undo()
    write(source, lines(l15=b"new\r\n"), out)
    assert b"new" in (out / "csrc/norm.cu").read_bytes()


def test_a_file_becomes_a_folder_and_a_folder_a_file(source: Path, tmp_path: Path) -> None:
    out, clean = tmp_path / "out", tmp_path / "clean"
    write(source, FileSet({"gen/a/b": b"1", "gen/c": b"2"}), out)
    final = FileSet({"gen/a": b"3", "gen/c/d": b"4"})
    assert not write(source, final, out).diagnostics
    write(source, final, clean)
    assert contents(out) == contents(clean)
    (out / "gen/c/d").unlink()
    (out / "gen/c").rmdir()
    (out / "gen/c").write_bytes(b"mine")
    assert [row.id for row in write(source, FileSet({"gen/c/d": b"5"}), out).diagnostics] == ["MIG452"]
    assert (out / "gen/c").read_bytes() == b"mine"


def test_a_second_run_at_once_is_told_and_harms_nothing(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".migrate").mkdir(parents=True)
    with locked(out), pytest.raises(WriteError, match="another migrate"):
        write(source, FILES, out)
    assert (out / ".migrate/lock").exists()
    assert not write(source, FILES, out).diagnostics


def test_hand_edited_file_is_not_removed(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    (out / "csrc/ffi/norm_ffi.cc").write_bytes(b"mine\n")
    result = write(source, FileSet({}, FILES.delete), out)
    assert [item.id for item in result.diagnostics] == ["MIG451"]
    assert (out / "csrc/ffi/norm_ffi.cc").read_bytes() == b"mine\n"


def test_files_of_the_user_stay(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    (out / "notes.txt").write_text("mine")
    write(source, FILES, out)
    assert (out / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("place", ["source", "source/sub/out", "."])
def test_refuses_an_overlapping_place(source: Path, tmp_path: Path, place: str) -> None:
    before = contents(source)
    with pytest.raises(WriteError):
        write(source, FILES, tmp_path / place)
    assert contents(source) == before


def test_refuses_a_folder_that_is_not_ours(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    with pytest.raises(WriteError, match="not empty"):
        write(source, FILES, out)
    assert contents(out) == {"thesis.tex": b"years of work"}


def test_does_not_write_through_a_link_to_the_outside(source: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.h").write_bytes(b"outside\n")
    (source / "third").symlink_to(outside)
    result = write(source, FileSet({"third/a.h": b"new\n"}), tmp_path / "out")
    assert [item.id for item in result.diagnostics] == ["MIG452"]
    assert (outside / "a.h").read_bytes() == b"outside\n"


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "a//b"])
def test_refuses_paths_outside_the_folder(source: Path, tmp_path: Path, path: str) -> None:
    with pytest.raises(WriteError):
        write(source, FileSet({path: b""}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_full_disk_leaves_nothing_on_a_first_run(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.shutil, "copyfile", full_disk)
    with pytest.raises(WriteError, match="No space left"):
        write(source, FILES, tmp_path / "new" / "out")
    assert not (tmp_path / "new").exists()


def test_full_disk_changes_nothing_on_a_later_run(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    before = contents(out)
    (source / "latin1.h").write_bytes(b"changed")
    with monkeypatch.context() as patch:
        patch.setattr(exchange.shutil, "copyfile", full_disk)
        with pytest.raises(WriteError):
            write(source, FileSet({"csrc/norm.cu": b"v2\n"}), out)
    assert contents(out) == before
    assert not write(source, FILES, out).diagnostics


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "somewhere")


def test_damaged_state_is_one_error(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    (out / STATE).write_text("{")
    with pytest.raises(TreeError):
        write(source, FILES, out)


# Ends the process at the n-th file operation, as a kill would: no cleanup code runs.
KILLED = """
import os, pathlib, shutil, sys
from migrate.model.plan import FileSet
from migrate.write import write
left = int(sys.argv[3])
def deadly(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return function(*args, **kwargs)
    return call
for owner, name in ((pathlib.Path, "replace"), (pathlib.Path, "unlink"), (pathlib.Path, "write_bytes"),
                    (pathlib.Path, "mkdir"), (shutil, "copyfile"), (shutil, "rmtree")):
    setattr(owner, name, deadly(getattr(owner, name)))
files = FileSet({"csrc/norm.cu": b"v2\\n", "new.h": b"v2\\n"})
write(pathlib.Path(sys.argv[1]), files, pathlib.Path(sys.argv[2]))
"""


@pytest.mark.parametrize("again", [False, True], ids=["first-run", "re-run"])
@pytest.mark.parametrize("steps", [*range(0, 30, 2), 33, 36, 40, 45])
def test_killed_at_any_step_the_next_run_repairs(
    source: Path, tmp_path: Path, steps: int, again: bool
) -> None:
    out, clean = tmp_path / "out", tmp_path / "clean"
    if again:
        write(source, FILES, out)
        (out / "build.sh").write_bytes(b"#!/bin/sh\nmine\n")
    run = subprocess.run([sys.executable, "-c", KILLED, str(source), str(out), str(steps)])
    assert run.returncode in (0, 9)
    whole = {b"torch::Tensor f();\r\n", b"ffi f();\r\n", b"v2\n"}
    if (out / "csrc/norm.cu").exists():
        assert (out / "csrc/norm.cu").read_bytes() in whole
    final = FileSet({"csrc/norm.cu": b"v3\n"})
    assert not write(source, final, out).diagnostics
    write(source, final, clean)
    if again:
        assert edited_by_hand(out) == ("build.sh",)
        (clean / "build.sh").write_bytes(b"#!/bin/sh\nmine\n")
    assert contents(out) == contents(clean)


@pytest.mark.parametrize("steps", range(8, 32, 2))
def test_an_edit_after_a_kill_is_merged_against_what_lay_there(
    source: Path, tmp_path: Path, steps: int
) -> None:
    """Undoing by hand what a killed run brought is an edit, too: it must not look like an old file."""
    out = tmp_path / "out"
    write(source, lines(), out)
    program = KILLED.replace('b"v2\\n", "new.h"', 'b"".join(map(str.encode, sys.argv[4:])), "new.h"')
    new = [line.decode() for line in LINES]
    new[15] = "new\r\n"
    run = subprocess.run([sys.executable, "-c", program, str(source), str(out), str(steps), *new])
    assert run.returncode in (0, 9)
    moved = b"new" in (out / "csrc/norm.cu").read_bytes()
    edit(out / "csrc/norm.cu", LINES[3], b"mine\r\n")
    if moved:
        edit(out / "csrc/norm.cu", b"new\r\n", LINES[15])
    write(source, lines(l15=b"new\r\n"), out)
    expected = lines(l3=b"mine\r\n") if moved else lines(l3=b"mine\r\n", l15=b"new\r\n")
    assert (out / "csrc/norm.cu").read_bytes() == expected.write["csrc/norm.cu"]


def test_readonly_files_can_be_rewritten(source: Path, tmp_path: Path) -> None:
    (source / "csrc/norm.cu").chmod(0o444)
    out = tmp_path / "out"
    write(source, FILES, out)
    write(source, FileSet({"csrc/norm.cu": b"v2\n"}), out)
    assert (out / "csrc/norm.cu").read_bytes() == b"v2\n"
    assert stat.S_IMODE((out / "csrc/norm.cu").stat().st_mode) == 0o444


def test_state_is_plain_json(source: Path, tmp_path: Path) -> None:
    write(source, FILES, tmp_path / "out")
    state = json.loads((tmp_path / "out" / STATE).read_text())
    assert state["schema_version"] == 1
    assert list(state["files"]) == sorted(state["files"])


def test_a_moved_tree_is_still_ours(source: Path, tmp_path: Path) -> None:
    write(source, FILES, tmp_path / "out")
    shutil.move(str(tmp_path / "out"), str(tmp_path / "moved"))
    assert write(source, FILES, tmp_path / "moved").written == ()
