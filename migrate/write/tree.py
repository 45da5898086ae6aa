"""Bring a folder to what a FileSet says: decide first, per file, then exchange all files at once.

A file that nobody edited is replaced. One edited by hand is merged with the new output; where that
cannot be, it stays as it is, and a diagnostic says so.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Optional

from migrate.codes import CODES
from migrate.entries import ORIGINAL, STATE_FOLDER, Entry, entry_at, entry_of_bytes, read_folder
from migrate.errors import SourceError, TreeError, WriteError
from migrate.model.plan import FileSet
from migrate.model.source import Diagnostic
from migrate.write.exchange import Exchange, apply, recover
from migrate.write.merge import conflict_lines, merge
from migrate.write.state import BASES, JOURNAL, STATE, as_json, is_ours, load, locked


@dataclass(frozen=True)
class Tree:
    """A migrated tree. ``written`` and ``removed`` are what this run changed in it, ``edited`` the files
    that a hand edit keeps different from what migrate wrote."""

    root: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    diagnostics: tuple[Diagnostic, ...]
    edited: tuple[str, ...] = ()


@dataclass
class _Changes:
    """What has to be done, decided before anything is done."""

    write: dict[str, Entry] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    keep: int = 0
    state: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    said: list[Diagnostic] = field(default_factory=list)

    def say(self, code: str, path: str, line: int = 1, why: str = "") -> None:
        row = CODES[code]
        message = f"{row.title}: {why}" if why else row.title
        self.said.append(Diagnostic(code, row.severity, path, line, 1, message, row.hint))

    def tree(self, out: Path) -> Tree:
        written, removed = (
            tuple(sorted(path for path in paths if not path.startswith(STATE_FOLDER + "/")))
            for paths in (self.write, self.remove)
        )
        return Tree(out, written, removed, self.keep, tuple(self.said), tuple(self.edited))


def write(source: Path, files: FileSet, out: Path) -> Tree:
    """The migrated tree of ``source`` at ``out``; the untouched original at ``out/.migrate/original``."""
    check_place(source, out)
    originals = _read(source)
    wanted = _wanted(originals, files)
    try:
        changes = _bring(wanted, originals, out)
    except OSError as error:
        raise WriteError(
            f"cannot write {error.filename or out}: {error.strerror or error}",
            "Make room or fix the permissions, then run again: nothing is half written",
        ) from error
    return changes.tree(out)


def snapshot(source: Path, files: FileSet) -> dict[str, Entry]:
    """All files of the tree that ``write`` makes in an empty folder, migrate's own included."""
    originals = _read(source)
    wanted = _wanted(originals, files)
    twins = {entry.digest: entry for entry in originals.values()}
    bases = {
        f"{BASES}/{entry.digest}": twins.get(entry.digest, replace(entry, mode=0o644))
        for path, entry in wanted.items()
        if entry.link is None and not path.startswith(STATE_FOLDER + "/")
    }
    copies = {f"{ORIGINAL}/{path}": entry for path, entry in originals.items()}
    state = as_json({path: entry.digest for path, entry in wanted.items()})
    return {**wanted, **copies, **bases, STATE: entry_of_bytes(state)}


def pending(source: Path, files: FileSet, out: Path) -> Tree:
    """What ``write`` would do now; nothing is touched."""
    if (out / JOURNAL).exists():
        raise TreeError(f"a run into {out} was interrupted", "Run `migrate run` again")
    originals = _read(source)
    return _decide(_wanted(originals, files), originals, out).tree(out)


def _read(source: Path) -> dict[str, Entry]:
    try:
        return read_folder(source)
    except OSError as error:
        raise SourceError(
            f"cannot read {error.filename or source}: {error.strerror}", "Fix its permissions and run again"
        ) from error


def _bring(wanted: dict[str, Entry], originals: dict[str, Entry], out: Path) -> _Changes:
    made = _missing_folders(out / STATE_FOLDER)
    try:
        (out / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError:
        _forget(out, made)
        raise
    with locked(out):
        try:
            recover(out)
            changes = _decide(wanted, originals, out)
            bases = {entry.digest: entry for entry in wanted.values() if entry.link is None}
            twins = {entry.digest: path for path, entry in originals.items() if entry.link is None}
            apply(Exchange(changes.write, changes.remove, changes.state, bases, twins), out)
        except BaseException:
            _forget(out, made)
            raise
    return changes


def check_place(source: Path, out: Path) -> None:
    """Refuse a folder that a run may not write to; best asked before the work is done."""
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
    recorded = load(out / STATE)
    changes = _Changes()
    _decide_removals(wanted, recorded, out, changes)
    leaving = set(changes.remove)
    links = {path for path, entry in wanted.items() if entry.link is not None}
    for path, entry in wanted.items():
        current, base = _current(path, leaving, out), recorded.get(path)
        if _leaves(path, links, leaving, out):
            changes.say("MIG452", path)
            changes.state.update({path: base} if base is not None else {})
        elif _same(current, entry):
            changes.keep += 1
            changes.state[path] = entry.digest
        elif (
            current is None
            or current.digest in (base, entry.digest)
            or path.startswith(STATE_FOLDER + "/")
        ):
            changes.write[path] = entry
            changes.state[path] = entry.digest
        else:
            _keep_edit(path, current, base, entry, out, changes)
    _decide_originals(originals, out, changes)
    return changes


def _keep_edit(
    path: str, current: Entry, base: Optional[str], entry: Entry, out: Path, changes: _Changes
) -> None:
    """A file that is not as migrate left it. Its base stays until a merge has taken the new output in."""
    changes.edited.append(path)
    if base is None:
        changes.say("MIG450", path, why="migrate did not write it")
        return
    changes.state[path] = base
    if current.link is not None or current.source is None:
        changes.say("MIG450", path, why="it was replaced by something else than a file")
        return
    ours = current.read()
    open_conflicts = conflict_lines(ours)
    for line in open_conflicts:
        changes.say("MIG453", path, line)
    if open_conflicts or base == entry.digest:
        return
    before = _base(base, out)
    merged = merge(ours, before, entry.read()) if before is not None and entry.link is None else None
    if merged is None:
        changes.say("MIG450", path, why="there is no git, or it cannot merge such a file")
        return
    if merged.data != ours:
        changes.write[path] = entry_of_bytes(merged.data, current.mode)
    changes.state[path] = entry.digest
    for line in merged.conflicts:
        changes.say("MIG453", path, line)
    if not merged.conflicts:
        changes.say("MIG454", path)


def _base(digest: str, out: Path) -> Optional[bytes]:
    """The bytes that migrate wrote, None if they are not kept as they were."""
    try:
        data = (out / BASES / digest).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def _decide_removals(
    wanted: dict[str, Entry], recorded: dict[str, str], out: Path, changes: _Changes
) -> None:
    for path in sorted(set(recorded) - set(wanted)):
        current = entry_at(out / path)
        if current is None:
            continue
        if current.digest == recorded[path]:
            changes.remove.append(path)
        else:
            changes.edited.append(path)
            changes.say("MIG451", path)
            changes.state[path] = recorded[path]


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


def _current(path: str, leaving: set[str], out: Path) -> Optional[Entry]:
    """What will be at ``path`` once the files of ``leaving`` are gone."""
    place = out / path
    if place.is_dir() and not place.is_symlink():
        below = [file.relative_to(out).as_posix() for file in place.rglob("*") if not file.is_dir()]
        if below and leaving.issuperset(below):
            return None
    return entry_at(place)


def _leaves(path: str, links: set[str], leaving: set[str], out: Path) -> bool:
    """Whether a folder on the way to ``path`` is a link, whose target is not ours to change, or a file."""
    for parent in (parent for parent in PurePosixPath(path).parents if parent.name):
        place = out / parent
        if str(parent) in links or (str(parent) not in leaving and place.is_symlink()):
            return True
        if str(parent) not in leaving and place.exists() and not place.is_dir():
            return True
    return False


def _missing_folders(folder: Path) -> list[Path]:
    return [place for place in (folder, *folder.parents) if not place.exists()]


def _forget(out: Path, made: list[Path]) -> None:
    """After a failed first run: leave no trace. Files that are already in place stay, with the journal
    that lets the next run repair them."""
    try:
        if made and not any(name.name != STATE_FOLDER for name in out.iterdir()):
            shutil.rmtree(out / STATE_FOLDER)
            for folder in made[1:]:
                folder.rmdir()
    except OSError:
        pass  # the first failure is the one to report
