"""Find each ``#include`` in the tree itself, so that no build system is needed to parse.

An include resolves to the file next to the including one (in quotes only), then to an include
folder of an extension, then to the nearest file whose path ends in the spelling; ``<math.h>`` is the
system's wherever no build file puts the tree's own in its place. Everything else becomes an empty
stand-in: the sysroot's prelude already declares what those headers would.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from migrate.model.project import Project

_INCLUDE = re.compile(rb'^(?:\xef\xbb\xbf)?[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


_C_HEADERS = frozenset(
    "assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h limits.h locale.h math.h memory.h "
    "setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h "
    "string.h strings.h tgmath.h threads.h time.h uchar.h unistd.h wchar.h wctype.h".split()
)


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

    def brings(self, path: str, prefixes: tuple[str, ...]) -> bool:
        """Whether ``path`` itself includes a header outside the tree whose spelling begins so."""
        rows = self.by_file.get(path, ())
        return any(row.target is None and row.spelling.startswith(prefixes) for row in rows)

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
                    found.setdefault(include.target[: -len(suffix)] or ".")
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
            quoted = match.group(1) == b'"'
            target = _beside(file.path, spelling, known) if quoted else None
            if target is None:
                target = _in_folders(spelling, known, folders)
            if target is None and (quoted or not _is_standard(spelling)):
                target = _nearest(file.path, spelling, by_name)
            if target == file.path:
                target = None
            if target is None:
                missing.add(spelling)
            rows.append(Include(spelling, quoted, match.start(), target))
        by_file[file.path] = tuple(rows)
    return Includes(by_file, tuple(sorted(missing)))


def _beside(source: str, spelling: str, known: set[str]) -> str | None:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), spelling))
    return path if path in known else None


def _in_folders(spelling: str, known: set[str], folders: list[str]) -> str | None:
    candidates = (posixpath.normpath(posixpath.join(folder, spelling)) for folder in folders)
    return next((path for path in candidates if path in known), None)


def _is_standard(spelling: str) -> bool:
    """True for a header of the C or C++ library: ``math.h``, ``vector``."""
    return spelling in _C_HEADERS or ("." not in spelling and "/" not in spelling)


def _nearest(source: str, spelling: str, by_name: dict[str, list[str]]) -> str | None:
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
