"""What ``write`` remembers in ``DIR/.migrate/``: the digest of each file as it was written, and a lock.

A file whose contents differ from its digest was edited by hand. The bytes behind every digest lie in
``base/``, since they are what a hand edit is merged against.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Optional

from migrate import __version__
from migrate.entries import CACHE, STATE_FOLDER, entry_at
from migrate.errors import TreeError, WriteError

STATE = f"{STATE_FOLDER}/state.json"
JOURNAL = f"{STATE_FOLDER}/journal.json"
LOCK = f"{STATE_FOLDER}/lock"
STAGE = f"{STATE_FOLDER}/stage"
BASES = f"{STATE_FOLDER}/base"


def load(path: Path) -> dict[str, str]:
    """The digests by path of a state or journal file; none if there is no such file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): _digest(row) for name, row in value["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise TreeError(
            f"{path} is damaged", "Move your edits out of this folder, delete it and run again"
        ) from error


def _digest(row: Any) -> str:
    return str(row if isinstance(row, str) else row[-1])  # a list: written by version 0.2 or before


def as_json(digests: Mapping[str, str]) -> bytes:
    """The text of a state or journal file."""
    value = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "files": {name: digests[name] for name in sorted(digests)},
    }
    return (json.dumps(value, indent=1) + "\n").encode()


def store(path: Path, digests: Mapping[str, str]) -> None:
    """Write a state or journal file in one step."""
    part = path.with_suffix(".part")
    part.write_bytes(as_json(digests))
    part.replace(path)


def is_ours(out: Path) -> bool:
    """Whether an existing folder may be written to: empty, or begun by an earlier run."""
    names = _names(out)
    if not names or (out / STATE).exists() or (out / JOURNAL).exists():
        return True
    # Killed before the journal was complete: nothing but our folder can be there.
    begun = {Path(LOCK).name, Path(STAGE).name, Path(CACHE).name, "journal.part"}
    return names == {STATE_FOLDER} and _names(out / STATE_FOLDER) <= begun


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def edited_by_hand(out: Path) -> tuple[str, ...]:
    """Files that are not as the last run left them, deleted ones included."""
    edited = []
    for name, digest in load(out / STATE).items():
        entry = entry_at(out / name)
        if entry is None or entry.digest != digest:
            edited.append(name)
    return tuple(sorted(edited))


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Two runs into one folder would undo each other."""
    lock = out / LOCK
    with lock.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A first run that failed takes its lock file away: this may be the one that went.
            held = lock.exists() and os.path.samestat(os.fstat(stream.fileno()), lock.stat())
        except BlockingIOError:
            held = False
        if not held:
            raise WriteError(f"another migrate is writing to {out}", "Wait for it to end, then run again")
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back for the moment in which staged files are exchanged."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []

    def remember(number: int, _frame: Optional[FrameType]) -> None:
        pending.append(number)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pending:
        raise KeyboardInterrupt
