"""A git branch in the migrated tree: the original sources, then one commit per step."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from migrate.entries import Entry, read_folder
from migrate.errors import ToolchainError, WriteError

_NOBODY = "migrate <migrate@localhost>"
Files = dict[str, Entry]


def check_branch(out: Path, branch: str) -> None:
    """Refuse before the work is done what could not be written after it."""
    if shutil.which("git") is None:
        raise ToolchainError("--commits needs git", "Install git, or leave --commits away")
    if not (out / ".git").exists():
        return
    if _git(out, "show-ref", "--verify", "-q", f"refs/heads/{branch}").returncode == 0:
        raise WriteError(
            f"{out} has a branch {branch} already", f"Rename it: git -C {out} branch -m {branch} OTHER"
        )


def write_branch(source: Path, commits: Iterable[tuple[str, Files]], out: Path, branch: str) -> int:
    """Write ``branch`` of a commit per message and its files, and point HEAD at it; the files of ``out``
    are left alone. The number of commits after that of the original sources."""
    if not (out / ".git").exists():
        _done(_git(out, "init", "-q"))
    count, before = 0, read_folder(source)
    with _Importer(out) as importer:
        importer.take(_commit(branch, "Original sources\n", {}, before))
        for message, after in commits:
            importer.take(_commit(branch, message, before, after))
            count, before = count + 1, after
    _done(_git(out, "symbolic-ref", "HEAD", f"refs/heads/{branch}"))
    _done(_git(out, "reset", "-q"))
    return count


class _Importer:
    """``git fast-import`` while it runs: a branch can be larger than memory. It writes all or nothing."""

    def __init__(self, folder: Path) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        command = ["git", "-C", str(folder), "fast-import", "--quiet"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=self._said)

    def __enter__(self) -> _Importer:
        return self

    def take(self, stream: Iterable[bytes]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # its exit code says so too
            self._process.stdin.writelines(stream)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._process.kill()  # no half of a branch
        with suppress(BrokenPipeError):
            self._process.communicate()
        self._said.seek(0)
        said = self._said.read()
        self._said.close()
        if kind is None:
            _done(subprocess.CompletedProcess(self._process.args, self._process.returncode, b"", said))


def _commit(branch: str, message: str, before: Files, after: Files) -> Iterator[bytes]:
    """One commit for fast-import: what changed since the one before it."""
    who = f"{_author()} {int(os.environ.get('SOURCE_DATE_EPOCH', time.time()))} +0000"
    yield f"commit refs/heads/{branch}\ncommitter {who}\n".encode()
    yield _data(message.encode())
    for path in sorted(before.keys() - after.keys()):
        yield b"D " + _quoted(path) + b"\n"
    for path, entry in sorted(after.items()):
        old = before.get(path)
        if old is None or old.digest != entry.digest or _mode(old) != _mode(entry):
            yield b"M " + _mode(entry) + b" inline " + _quoted(path) + b"\n" + _data(entry.read())
    yield b"\n"


def _data(data: bytes) -> bytes:
    return b"data %d\n" % len(data) + data + b"\n"


def _mode(entry: Entry) -> bytes:
    return b"120000" if entry.link is not None else b"100755" if entry.mode & 0o100 else b"100644"


def _quoted(path: str) -> bytes:
    raw = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + raw + b'"'


def _author() -> str:
    run = subprocess.run(["git", "var", "GIT_COMMITTER_IDENT"], capture_output=True, text=True, check=False)
    return run.stdout.rsplit(">", 1)[0] + ">" if run.returncode == 0 and ">" in run.stdout else _NOBODY


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=False)


def _done(run: subprocess.CompletedProcess[bytes]) -> None:
    if run.returncode != 0:
        error = run.stderr.decode(errors="replace").strip()
        raise ToolchainError(f"git failed: {error}", "Check the git installation, or leave --commits away")
