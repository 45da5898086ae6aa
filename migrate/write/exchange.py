"""The moment in which a tree changes, and its repair after a kill.

Every new file is first staged under ``.migrate/stage/``: a full disk strikes here, and nothing has
changed yet. Then the journal names all staged files, and each is renamed into place in one step. A
killed exchange is not undone: of each file in the journal it is known whether it moved, since it has
left the stage, and the next run starts from there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from migrate.entries import ORIGINAL, STATE_FOLDER, Entry
from migrate.write.state import BASES, JOURNAL, STAGE, STATE, as_json, load, store, uninterrupted


@dataclass(frozen=True)
class Exchange:
    """``write`` and ``remove`` by path. ``state`` is what migrate itself made, as digests by path;
    ``bases`` holds the bytes of these, and ``originals`` names those that the original's copy has too."""

    write: Mapping[str, Entry]
    remove: Sequence[str]
    state: Mapping[str, str]
    bases: Mapping[str, Entry]
    originals: Mapping[str, str]


def apply(exchange: Exchange, out: Path) -> None:
    """Bring ``out`` to what ``exchange`` says, or leave it as it is."""
    text = as_json(exchange.state)
    bases, unused = _bases(exchange, out)
    known = (out / STATE).exists() and (out / STATE).read_bytes() == text
    if known and not (exchange.write or exchange.remove or bases or unused):
        return
    moves = [*exchange.write, *bases, STATE]
    try:
        _stage(exchange.write, out)
        for path, entry in bases.items():
            _stage_base(path, entry, exchange.originals.get(entry.digest), out)
        _place(out / STAGE / STATE).write_bytes(text)
        store(out / JOURNAL, {path: exchange.state.get(path, "") for path in moves})
    except BaseException:
        (out / JOURNAL).unlink(missing_ok=True)
        _delete_folder(out / STAGE)
        raise
    with uninterrupted():
        # Bases first: a file that has moved can always be merged. Then what goes: a folder may become a file.
        for path in bases:
            _move(path, out)
        for path in exchange.remove:
            (out / path).unlink()
            _prune((out / path).parent, out)
        for path in (*exchange.write, STATE):
            _move(path, out)
        for path in unused:
            (out / path).unlink()
        (out / JOURNAL).unlink()
        _delete_folder(out / STAGE)


def recover(out: Path) -> None:
    """Make the state true after a kill: files that had moved are migrate's new ones."""
    moves = load(out / JOURNAL)
    if moves:
        state = load(out / STATE)
        moved = {path: digest for path, digest in moves.items() if not os.path.lexists(out / STAGE / path)}
        state.update({path: digest for path, digest in moved.items() if digest})
        store(out / STATE, state)
        (out / JOURNAL).unlink()
    _delete_folder(out / STAGE)


def _bases(exchange: Exchange, out: Path) -> tuple[dict[str, Entry], list[str]]:
    """The base files to be made, and those that no digest needs any more."""
    folder = out / BASES
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    wanted = {
        digest
        for path, digest in exchange.state.items()
        if not path.startswith(STATE_FOLDER + "/") and not digest.startswith("link:")
    }
    missing = sorted(digest for digest in wanted - present if digest in exchange.bases)
    return (
        {f"{BASES}/{digest}": exchange.bases[digest] for digest in missing},
        [f"{BASES}/{digest}" for digest in sorted(present - wanted)],
    )


def _stage(entries: Mapping[str, Entry], out: Path) -> None:
    for path, entry in entries.items():
        place = _place(out / STAGE / path)
        if entry.link is not None:
            place.symlink_to(entry.link)
            continue
        _fill(place, entry)
        place.chmod(entry.mode)


def _stage_base(path: str, entry: Entry, original: Optional[str], out: Path) -> None:
    """Most bases are also files of the original's copy: there, a second name costs no room. Both are
    migrate's alone, and only ever replaced as a whole."""
    place = _place(out / STAGE / path)
    copies = [folder / original for folder in (out / STAGE / ORIGINAL, out / ORIGINAL)] if original else []
    twin = next((copy for copy in copies if copy.is_file()), None)
    if twin is not None:
        try:
            os.link(twin, place)
        except OSError:  # a file system without hard links
            twin = None
    if twin is None:
        _fill(place, entry)


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _fill(place: Path, entry: Entry) -> None:
    if entry.source is not None:
        shutil.copyfile(entry.source, place)
    else:
        place.write_bytes(entry.data or b"")


def _move(path: str, out: Path) -> None:
    _place(out / path)
    (out / STAGE / path).replace(out / path)


def _prune(folder: Path, out: Path) -> None:
    """Remove folders that a removal left empty."""
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _delete_folder(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
