"""Bring a folder to what a FileSet says, in two steps.

First every new file is staged under ``.migrate/stage/``: a full disk strikes here, and nothing has
changed yet. Then the staged files are renamed into place, each in one step.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Optional

from migrate.codes import CODES
from migrate.entries import STATE_FOLDER, Entry, entry_at, entry_of_bytes, read_folder
from migrate.errors import SourceError, WriteError
from migrate.model.plan import FileSet
from migrate.model.source import Diagnostic
from migrate.write.state import JOURNAL, ORIGINAL, STAGE, STATE, is_ours, load, locked, store, uninterrupted


@dataclass(frozen=True)
class Tree:
    """A migrated tree. ``written`` and ``removed`` are what this run changed in it."""

    root: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class _Changes:
    """What has to be done, decided before anything is done."""

    write: dict[str, Entry] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    keep: int = 0
    state: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: list[Diagnostic] = field(default_factory=list)

    def refuse(self, code: str, path: str) -> None:
        row = CODES[code]
        self.refused.append(Diagnostic(code, row.severity, path, 1, 1, row.title, row.hint))


def write(source: Path, files: FileSet, out: Path) -> Tree:
    """The migrated tree of ``source`` at ``out``; the untouched original at ``out/.migrate/original``."""
    _check_place(source, out)
    try:
        originals = read_folder(source)
    except OSError as error:
        raise SourceError(
            f"cannot read {error.filename or source}: {error.strerror}", "Fix its permissions and run again"
        ) from error
    wanted = _wanted(originals, files)
    made = _missing_folders(out / STATE_FOLDER)
    try:
        (out / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
        with locked(out):
            changes = _decide(wanted, originals, out)
            _apply(changes, out)
    except BaseException as error:
        _forget(out, made)
        if isinstance(error, OSError):
            raise WriteError(
                f"cannot write {error.filename or out}: {error.strerror or error}",
                "Make room or fix the permissions, then run again: nothing is half written",
            ) from error
        raise
    return Tree(
        out,
        tuple(sorted(path for path in changes.write if not path.startswith(STATE_FOLDER + "/"))),
        tuple(sorted(path for path in changes.remove if not path.startswith(STATE_FOLDER + "/"))),
        changes.keep,
        tuple(changes.refused),
    )


def _check_place(source: Path, out: Path) -> None:
    here, there = source.resolve(), out.resolve()
    if here == there or here in there.parents:
        raise WriteError(f"--out {out} lies inside the source tree", "Name a folder outside it")
    if there in here.parents:
        raise WriteError(f"the source tree lies inside --out {out}", "Name another folder")
    if out.exists() and not out.is_dir():
        raise WriteError(f"--out {out} is not a folder", "Name a new or an empty folder")
    try:
        ours = not out.exists() or is_ours(out)
    except OSError as error:
        raise WriteError(f"cannot read {out}: {error.strerror}", "Fix its permissions") from error
    if not ours:
        raise WriteError(
            f"{out} is not empty and was not written by migrate", "Name a new or an empty folder"
        )


def _wanted(originals: dict[str, Entry], files: FileSet) -> dict[str, Entry]:
    wanted = {path: entry for path, entry in originals.items() if path not in files.delete}
    for path, data in files.write.items():
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or str(pure) != path:
            raise WriteError(f"{path!r} is no path inside the output folder", "This is a bug in migrate")
        before = originals.get(path)
        # A link that is rewritten becomes a file: writing through it would change its target too.
        mode = before.mode if before is not None and before.link is None else 0o644
        wanted[path] = entry_of_bytes(data, mode)
    return dict(sorted(wanted.items()))


def _decide(wanted: dict[str, Entry], originals: dict[str, Entry], out: Path) -> _Changes:
    recorded, journal = load(out / STATE), load(out / JOURNAL)
    changes = _Changes()
    links = {path for path, entry in wanted.items() if entry.link is not None}
    for path, entry in wanted.items():
        ours = recorded.get(path, ()) + journal.get(path, ())
        if _leaves(path, links, out):
            changes.refuse("MIG452", path)
        elif _same(current := entry_at(out / path), entry):
            changes.keep += 1
            changes.state[path] = (entry.digest,)
        elif (
            current is None
            or current.digest in (*ours, entry.digest)
            or path.startswith(STATE_FOLDER + "/")
        ):
            changes.write[path] = entry
            changes.state[path] = (entry.digest,)
        else:
            changes.refuse("MIG450", path)
            changes.state[path] = ours
    _decide_removals(wanted, {**journal, **recorded}, journal, out, changes)
    _decide_originals(originals, out, changes)
    return changes


def _decide_removals(
    wanted: dict[str, Entry],
    known: dict[str, tuple[str, ...]],
    journal: dict[str, tuple[str, ...]],
    out: Path,
    changes: _Changes,
) -> None:
    for path in sorted(set(known) - set(wanted)):
        current = entry_at(out / path)
        if current is None:
            continue
        ours = known[path] + journal.get(path, ())
        if current.digest in ours:
            changes.remove.append(path)
        else:
            changes.refuse("MIG451", path)
            changes.state[path] = ours


def _decide_originals(originals: dict[str, Entry], out: Path, changes: _Changes) -> None:
    """The copy of the original is ours alone: it is simply brought up to date."""
    copy = out / ORIGINAL
    present = read_folder(copy, everything=True) if copy.is_dir() else {}
    for path, entry in originals.items():
        if not _same(entry_at(copy / path), entry):
            changes.write[f"{ORIGINAL}/{path}"] = entry
    changes.remove += [f"{ORIGINAL}/{path}" for path in present if path not in originals]


def _same(current: Optional[Entry], entry: Entry) -> bool:
    return current is not None and current.digest == entry.digest and current.mode == entry.mode


def _leaves(path: str, links: set[str], out: Path) -> bool:
    """Whether a folder on the way to ``path`` is a link: writing there could change the original."""
    parents = [parent for parent in PurePosixPath(path).parents if parent.name]
    return any(str(parent) in links or (out / parent).is_symlink() for parent in parents)


def _apply(changes: _Changes, out: Path) -> None:
    if changes.write or changes.remove:
        journal = load(out / JOURNAL)
        for path, digests in {**load(out / STATE), **changes.state}.items():
            journal[path] = tuple(sorted({*journal.get(path, ()), *digests}))
        store(out / JOURNAL, journal)
        _stage(changes.write, out)
        with uninterrupted():
            _exchange(changes, out)
            _finish(changes, out)
    else:
        _finish(changes, out)


def _stage(entries: dict[str, Entry], out: Path) -> None:
    stage = out / STAGE
    _delete_folder(stage)
    try:
        for path, entry in entries.items():
            place = stage / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if entry.link is not None:
                place.symlink_to(entry.link)
                continue
            if entry.source is not None:
                shutil.copyfile(entry.source, place)
            else:
                place.write_bytes(entry.data or b"")
            place.chmod(entry.mode)
    except BaseException:
        _delete_folder(stage)
        raise


def _exchange(changes: _Changes, out: Path) -> None:
    for path in changes.remove:
        (out / path).unlink()
        _prune((out / path).parent, out)
    for path in changes.write:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / STAGE / path).replace(out / path)


def _finish(changes: _Changes, out: Path) -> None:
    store(out / STATE, changes.state)
    (out / JOURNAL).unlink(missing_ok=True)
    _delete_folder(out / STAGE)


def _prune(folder: Path, out: Path) -> None:
    """Remove folders that a removal left empty."""
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _missing_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _forget(out: Path, made: list[Path]) -> None:
    """After a failed first run: leave no trace. Files that are already in place stay, with the journal
    that lets the next run repair them."""
    try:
        if made and not any(name.name != STATE_FOLDER for name in out.iterdir()):
            _delete_folder(out / STATE_FOLDER)
            for folder in made[1:]:
                folder.rmdir()
    except OSError:
        pass  # the first failure is the one to report


def _delete_folder(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
