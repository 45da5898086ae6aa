"""Whatever the bytes, ``git apply`` of the patch turns the original into the migrated tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Optional

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.diff import Patch, diff
from migrate.errors import ToolchainError, TreeError

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="not run: no git to apply the patch with")
both_ways = pytest.mark.parametrize("git", ["git", None], ids=["git", "difflib"])

BEFORE = {
    "csrc/norm.cu": b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n",
    "crlf.h": b"a\r\nb\r\nc\r\n",
    "latin1.h": b"// \xe9\xff\nint x;",
    "gone.cu": b"PYBIND11_MODULE\n",
    "gone_empty.h": b"",
    "with space.h": b"a\n",
    'quote".h': b"a\n",
    "\u00fcml\u00e4ut.h": b"a\n",
    "same.h": b"same\n",
    "lone\rcr.h": b"a\rdiff --git b/x b/x\rb\n",
    "run.sh": b"#!/bin/sh\n",
}
AFTER = {
    "csrc/norm.cu": b"one\n2\nthree\nfour\nfive\nsix\nseven\neight\nNINE",
    "crlf.h": b"a\r\nB\r\nc\r\nd\r\n",
    "latin1.h": b"// \xe9\xff\xfe\nint y;",
    "with space.h": b"b\n",
    'quote".h': b"b\n",
    "\u00fcml\u00e4ut.h": b"b\n",
    "same.h": b"same\n",
    "lone\rcr.h": b"a\rdiff --git b/x b/x\rc\n",
    "run.sh": b"#!/bin/sh\n",
    "csrc/ffi/norm_ffi.cc": b"shim\n",
    "empty_new.py": b"",
    "new no newline.h": b"x",
}


def lay(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def migrated(root: Path, before: dict[str, bytes], after: dict[str, bytes]) -> Path:
    (root / ".migrate/original").mkdir(parents=True)
    lay(root / ".migrate/original", before)
    return lay(root, after)


def applied(patch: Patch, before: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    target = lay(folder, before)
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)
    if patch.text:
        apply = ["git", "-c", "core.autocrlf=false", "apply", "-"]
        run = subprocess.run(apply, cwd=target, input=patch.text, capture_output=True)
        assert run.returncode == 0, run.stderr.decode()
    shutil.rmtree(target / ".git")
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()
    }


@needs_git
@both_ways
def test_applies(tmp_path: Path, git: Optional[str]) -> None:
    patch = diff(migrated(tmp_path / "tree", BEFORE, AFTER), git=git)
    assert applied(patch, BEFORE, tmp_path / "target") == AFTER
    assert "same.h" not in patch.files
    assert b".migrate" not in patch.text
    assert b"\x1b" not in patch.text


@needs_git
@both_ways
def test_modes_and_links(tmp_path: Path, git: Optional[str]) -> None:
    tree = migrated(tmp_path / "tree", BEFORE, BEFORE)
    (tree / "run.sh").chmod(0o755)
    (tree / "link.h").symlink_to("same.h")
    (tree / "crlf.h").unlink()
    (tree / "crlf.h").symlink_to("same.h")
    patch = diff(tree, git=git)
    applied(patch, BEFORE, tmp_path / "target")
    assert (tmp_path / "target/run.sh").stat().st_mode & 0o100
    assert (tmp_path / "target/link.h").is_symlink()
    assert (tmp_path / "target/crlf.h").is_symlink()


@needs_git
def test_binary_files_need_git(tmp_path: Path) -> None:
    before, after = {"table.bin": b"\0\1\2" * 50}, {"table.bin": b"\0\1\3" * 50, "new.bin": b"\0"}
    tree = migrated(tmp_path / "tree", before, after)
    assert applied(diff(tree), before, tmp_path / "target") == after
    with pytest.raises(ToolchainError):
        diff(tree, git=None)


def test_only_some_files(tmp_path: Path) -> None:
    tree = migrated(tmp_path / "tree", BEFORE, AFTER)
    only = {"crlf.h", "csrc/ffi/norm_ffi.cc", "same.h"}
    assert diff(tree, only).files == ("crlf.h", "csrc/ffi/norm_ffi.cc")


def test_no_change_no_patch(tmp_path: Path) -> None:
    assert diff(migrated(tmp_path / "tree", BEFORE, BEFORE)) == Patch(b"", ())


def test_products_of_a_build_are_left_out(tmp_path: Path) -> None:
    tree = migrated(tmp_path / "tree", BEFORE, BEFORE)
    lay(tree, {"pkg/_C.so": b"\0elf", "pkg/__pycache__/a.pyc": b"\0", "x.egg-info/PKG-INFO": b"x\n"})
    assert diff(tree).files == ()


def test_the_users_git_configuration_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = migrated(tmp_path / "tree", BEFORE, AFTER)
    plain = diff(tree)
    config = tmp_path / "config"
    config.write_text("[diff]\n\tmnemonicPrefix = true\n\texternal = false\n[color]\n\tui = always\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert diff(tree) == plain


def test_not_a_migrated_tree(tmp_path: Path) -> None:
    with pytest.raises(TreeError):
        diff(tmp_path)


LINE = st.sampled_from([b"a\n", b"b\n", b"\n", b"x\r\n", b"\xff\n", b"-- \n", b"+++ q\n"])
LINES = st.lists(LINE, max_size=12)
TAIL = st.sampled_from([b"", b"end", b"\r", b"\\ no"])


@needs_git
@both_ways
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=LINES, old_tail=TAIL, new=LINES, new_tail=TAIL)
def test_any_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    git: Optional[str],
    old: list[bytes],
    old_tail: bytes,
    new: list[bytes],
    new_tail: bytes,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    before, after = {"f": b"".join(old) + old_tail}, {"f": b"".join(new) + new_tail}
    patch = diff(migrated(folder / "tree", before, after), git=git)
    assert applied(patch, before, folder / "target") == after
