"""Find each ``#include`` in the tree itself, so that no build system is needed to parse.

An include resolves to the file next to the including one, then to an include folder of an
extension, then to the nearest file whose path ends in the spelling. Everything else becomes an
empty stand-in: the sysroot's prelude already declares what those headers would.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from migrate.model.project import Project

_INCLUDE = re.compile(rb'^(?:\xef\xbb\xbf)?[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


@dataclass(frozen=True)
class Include:
    """One ``#include``: its spelling, whether in quotes, its offset, and the in-tree file or None."""

    spelling: str
    quoted: bool
    offset: int
    target: str | None


@dataclass(frozen=True)
class Includes:
    """All includes by file; ``folders`` resolve the in-tree ones, ``missing`` need a stand-in."""

    by_file: dict[str, tuple[Include, ...]]
    missing: tuple[str, ...]
    _closures: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def closure(self, path: str) -> tuple[str, ...]:
        """``path`` and every in-tree file it includes, directly or not."""
        if path not in self._closures:
            self._closures[path] = self._close(path)
        return self._closures[path]

    def _close(self, path: str) -> tuple[str, ...]:
        seen, queue = {path}, [path]
        while queue:
            for include in self.by_file.get(queue.pop(), ()):
                if include.target is not None and include.target not in seen:
                    seen.add(include.target)
                    queue.append(include.target)
        return tuple(sorted(seen))

    def folders(self, path: str) -> tuple[str, ...]:
        """Include folders (relative) that make every in-tree include of ``path`` resolve."""
        found: dict[str, None] = {}
        for file in self.closure(path):
            for include in self.by_file.get(file, ()):
                if include.target is None:
                    continue
                beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), include.spelling))
                suffix = "/" + include.spelling
                if include.quoted and beside == include.target:
                    continue
                if ("/" + include.target).endswith(suffix):
                    found.setdefault(include.target[: len(include.target) - len(suffix) + 1] or ".")
        return tuple(found)


def find_includes(project: Project) -> Includes:
    """Resolve every include of every C++ file of ``project``."""
    cpp = [file for file in project.files if file.kind in ("source", "header")]
    known = {file.path for file in cpp}
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in sorted(known):
        by_name[posixpath.basename(path)].append(path)
    folders = sorted({folder for ext in project.extensions for folder in ext.include_dirs})
    by_file: dict[str, tuple[Include, ...]] = {}
    missing: set[str] = set()
    for file in cpp:
        rows = []
        for match in _INCLUDE.finditer(file.data):
            spelling = match.group(2).decode("utf-8", "replace").strip()
            target = _resolve(file.path, spelling, known, by_name, folders)
            if target == file.path:
                target = None
            if target is None:
                missing.add(spelling)
            rows.append(Include(spelling, match.group(1) == b'"', match.start(), target))
        by_file[file.path] = tuple(rows)
    return Includes(by_file, tuple(sorted(missing)))


def _resolve(
    source: str, spelling: str, known: set[str], by_name: dict[str, list[str]], folders: list[str]
) -> str | None:
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(source), spelling))
    if beside in known:
        return beside
    for folder in folders:
        candidate = posixpath.normpath(posixpath.join(folder, spelling))
        if candidate in known:
            return candidate
    suffix = "/" + posixpath.normpath(spelling).lstrip("./")
    matches = [p for p in by_name[posixpath.basename(spelling)] if ("/" + p).endswith(suffix)]
    return min(matches, key=lambda path: (-shared_folders(source, path), len(path), path), default=None)


def shared_folders(first: str, second: str) -> int:
    """How many leading folders two paths share."""
    count = 0
    for left, right in zip(first.split("/"), second.split("/")):
        if left != right:
            break
        count += 1
    return count


def write_stand_ins(missing: tuple[str, ...], sysroot: Path, folder: Path) -> None:
    """Create an empty file for every missing include that the sysroot has no stand-in for."""
    for spelling in missing:
        relative = posixpath.normpath(spelling)
        if relative.startswith(("/", "..")) or (sysroot / "thirdparty" / relative).is_file():
            continue
        path = folder / relative
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch()
        except OSError:
            # A stand-in `a/b` next to a missing header `a`: the parser will name the header.
            continue
