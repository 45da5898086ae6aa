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

import pytest

from migrate.errors import TreeError, WriteError
from migrate.model.plan import FileSet
from migrate.write import edited_by_hand, tree, write

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


def test_hand_edit_is_refused_and_kept(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(source, FILES, out)
    (out / "csrc/norm.cu").write_bytes(b"mine\n")
    assert edited_by_hand(out) == ("csrc/norm.cu",)
    for _ in range(2):
        result = write(source, FileSet({**FILES.write, "csrc/norm.cu": b"new\n"}, FILES.delete), out)
        assert (out / "csrc/norm.cu").read_bytes() == b"mine\n"
        assert [(item.id, item.file, item.severity) for item in result.diagnostics] == [
            ("MIG450", "csrc/norm.cu", "manual")
        ]
    (out / "csrc/norm.cu").unlink()
    assert not write(source, FILES, out).diagnostics
    assert (out / "csrc/norm.cu").read_bytes() == b"ffi f();\r\n"


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
    monkeypatch.setattr(tree.shutil, "copyfile", full_disk)
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
        patch.setattr(tree.shutil, "copyfile", full_disk)
        with pytest.raises(WriteError):
            write(source, FileSet({"csrc/norm.cu": b"v2\n"}), out)
    after = contents(out)
    after.pop(".migrate/journal.json")
    assert after == before
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
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 8, 11, 14, 17, 20, 22, 24, 26, 28, 30, 33, 36, 40])
def test_killed_at_any_step_the_next_run_repairs(
    source: Path, tmp_path: Path, steps: int, again: bool
) -> None:
    out, clean = tmp_path / "out", tmp_path / "clean"
    if again:
        write(source, FILES, out)
    run = subprocess.run([sys.executable, "-c", KILLED, str(source), str(out), str(steps)])
    assert run.returncode in (0, 9)
    whole = {b"torch::Tensor f();\r\n", b"ffi f();\r\n", b"v2\n"}
    if (out / "csrc/norm.cu").exists():
        assert (out / "csrc/norm.cu").read_bytes() in whole
    final = FileSet({"csrc/norm.cu": b"v3\n"})
    assert not write(source, final, out).diagnostics
    write(source, final, clean)
    assert contents(out) == contents(clean)


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
