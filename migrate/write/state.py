"""What ``write`` remembers in ``DIR/.migrate/``: digests of its files, a journal, a lock.

The journal lies there while files are being exchanged. It lists every digest that this run may put
at a path, so that after a kill the next run knows its own files from those edited by hand.
"""

from __future__ import annotations

import fcntl
import json
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Optional

from migrate import __version__
from migrate.entries import STATE_FOLDER, entry_at
from migrate.errors import TreeError, WriteError

STATE = f"{STATE_FOLDER}/state.json"
JOURNAL = f"{STATE_FOLDER}/journal.json"
LOCK = f"{STATE_FOLDER}/lock"
STAGE = f"{STATE_FOLDER}/stage"
ORIGINAL = f"{STATE_FOLDER}/original"

Digests = dict[str, tuple[str, ...]]


def load(path: Path) -> Digests:
    """The digests by path of a state or journal file; none if there is no such file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): tuple(digests) for name, digests in value["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TreeError(
            f"{path} is damaged", "Move your edits out of this folder, delete it and run again"
        ) from error


def store(path: Path, digests: Mapping[str, tuple[str, ...]]) -> None:
    """Write a state or journal file in one step, and only if it changes."""
    value = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "files": {name: list(digests[name]) for name in sorted(digests)},
    }
    data = (json.dumps(value, indent=1) + "\n").encode()
    if path.exists() and path.read_bytes() == data:
        return
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


def is_ours(out: Path) -> bool:
    """Whether an existing folder may be written to: empty, or begun by an earlier run."""
    names = _names(out)
    if not names or (out / STATE).exists() or (out / JOURNAL).exists():
        return True
    # Killed before the journal was complete: nothing but our folder can be there.
    begun = {Path(LOCK).name, Path(STAGE).name, "journal.part"}
    return names == {STATE_FOLDER} and _names(out / STATE_FOLDER) <= begun


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def edited_by_hand(out: Path) -> tuple[str, ...]:
    """Files that are not as the last run left them, deleted ones included."""
    edited = []
    for name, digests in load(out / STATE).items():
        entry = entry_at(out / name)
        if entry is None or entry.digest not in digests:
            edited.append(name)
    return tuple(sorted(edited))


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Two runs into one folder would undo each other."""
    with (out / LOCK).open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WriteError(f"another migrate is writing to {out}", "Wait for it to end") from error
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
