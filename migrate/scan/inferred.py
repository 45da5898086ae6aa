"""Modules that no build file names: found by their ``PYBIND11_MODULE``, sources by their folder."""

from __future__ import annotations

import posixpath
import re
from typing import Iterable, Mapping, Sequence

from migrate.model.project import Extension, SourceFile
from migrate.scan.backend import extension_backend
from migrate.scan.codes import finding
from migrate.scan.declared import Found
from migrate.text.noise import without_noise

_MODULE = re.compile(rb"^[ \t]*(?:PYBIND11_MODULE|NB_MODULE)\s*\(\s*(\w+)", re.M)
_LIBRARY = re.compile(
    rb"^[ \t]*(?:TORCH_LIBRARY(?:_FRAGMENT)?|STABLE_TORCH_LIBRARY(?:_FRAGMENT)?)\s*\(\s*(\w+)", re.M
)
_MAIN = re.compile(rb"^[ \t]*int\s+main\s*\(", re.M)
_PLACEHOLDERS = ("TORCH_EXTENSION_NAME", "MODULE_NAME", "EXTENSION_NAME")


class ModuleMarks:
    """Which sources define a Python module or a dispatcher library, read outside of comments."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self.modules: dict[str, tuple[str, int]] = {}
        self.libraries: dict[str, tuple[str, int]] = {}
        self.mains: set[str] = set()
        for file in files:
            if file.kind == "source":
                self._mark(file)

    def binds(self, path: str) -> bool:
        return path in self.modules or path in self.libraries

    def _mark(self, file: SourceFile) -> None:
        interesting = [mark for mark in (b"_MODULE", b"TORCH_LIBRARY", b" main") if mark in file.data]
        if not interesting:
            return
        text = without_noise(file.data)
        for pattern, found in ((_MODULE, self.modules), (_LIBRARY, self.libraries)):
            match = pattern.search(text)
            if match:
                line = text.count(b"\n", 0, match.start(1)) + 1
                found[file.path] = (match.group(1).decode("ascii", "replace"), line)
        if _MAIN.search(text):
            self.mains.add(file.path)


def infer_extensions(
    files: Sequence[SourceFile],
    declared: Iterable[Extension],
    marks: ModuleMarks,
    backend: str,
    elsewhere: Mapping[str, str],
) -> Found:
    """An extension per module definition that no declared extension contains.

    Its sources are the defining file and the sources at or below its folder that define no module,
    hold no ``main`` and belong to nobody else. A dispatcher library counts only where the tree
    declares nothing at all: elsewhere it may well be linked from somewhere else. ``elsewhere`` maps
    the sources that the build files take only for another backend to that backend.
    """
    declared = tuple(declared)
    taken = {path for extension in declared for path in extension.sources}
    other = {path: mark for path, mark in marks.modules.items() if path in elsewhere and path not in taken}
    taken |= set(elsewhere)
    roots = dict(marks.modules)
    if not declared and not roots:
        roots = dict(marks.libraries)
    orphans = {path: mark for path, mark in sorted(roots.items()) if path not in taken}
    free = [
        file.path
        for file in files
        if file.kind == "source"
        and file.path not in taken
        and file.path not in roots
        and file.path not in marks.mains
    ]
    extensions = tuple(_extension(path, name, line, _neighbours(path, free, orphans), backend)
                       for path, (name, line) in orphans.items())  # fmt: skip
    notes = tuple(
        finding(
            "MIG116",
            "note",
            path,
            f"{one.name} is in no build file; {len(one.sources)} sources assumed",
            line,
        )
        for one, (path, (_, line)) in zip(extensions, orphans.items())
    )
    skipped = tuple(
        finding(
            "MIG113", "note", path, f"the module in {path} is only built for backend {elsewhere[path]}", line
        )
        for path, (_, line) in sorted(other.items())
    )
    return Found(extensions, (*notes, *skipped))


def _neighbours(path: str, free: Iterable[str], orphans: Iterable[str]) -> tuple[str, ...]:
    folder = posixpath.dirname(path)
    if sum(1 for other in orphans if posixpath.dirname(other) == folder) > 1:
        return (path,)  # several modules in one folder: nothing says whose the other files are
    prefix = folder + "/" if folder else ""
    return (path, *(other for other in free if other.startswith(prefix)))


def _extension(path: str, name: str, line: int, sources: tuple[str, ...], backend: str) -> Extension:
    if name in _PLACEHOLDERS or name.isupper():
        name = posixpath.splitext(posixpath.basename(path))[0]
    return Extension(
        name=name,
        sources=sources,
        backend=extension_backend(backend, "", sources, ()),
        origin="inferred",
        declared=f"{path}:{line}",
    )
