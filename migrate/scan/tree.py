"""``scan``: read a tree, choose its backend, collect its extensions."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path
from typing import Iterable, Optional, Sequence

from migrate.model.project import BACKENDS, Extension, Project, SourceFile
from migrate.model.source import Diagnostic
from migrate.scan.backend import choose_backend, refine
from migrate.scan.cmake import read_cmake
from migrate.scan.codes import finding
from migrate.scan.declared import Found, is_candidate, read_declarations
from migrate.scan.inferred import ModuleMarks, infer_extensions
from migrate.scan.settings import read_settings
from migrate.scan.tables import read_table
from migrate.scan.walk import read_tree
from migrate.scan.world import World, all_folders


def scan(root: Path, backend: Optional[str] = None, defines: Sequence[str] = ()) -> Project:
    """Everything a tree says about its extensions, without running any of it.

    ``defines`` (``USE_X`` or ``USE_X=1``) are added to every extension. A wrong ``backend`` or a
    ``root`` that is no folder raises ``ValueError``; a settings file that is wrong, ``UsageError``.
    """
    if not root.is_dir():
        raise ValueError(f"{root} is not a folder")
    settings = read_settings(root)
    backend, defines = backend or settings.backend or None, (*settings.defines, *defines)
    files, diagnostics = read_tree(root)
    chosen, why = choose_backend(files, backend)
    marks = ModuleMarks(files)
    found = _Extensions(marks)
    paths = frozenset(file.path for file in files)
    folders = all_folders(paths)
    elsewhere: dict[str, str] = {}
    for file in sorted(files, key=_priority):
        folder, script = posixpath.split(file.path)
        world = World(chosen, folder, script, paths, folders)
        found.take(_read(file, world, marks))
        elsewhere.update(_other_backends(file, world))
    found.take(infer_extensions(files, found.extensions, marks, chosen, elsewhere))
    by_path = {file.path: file for file in files}
    extensions = tuple(
        replace(refine(one, by_path), defines=tuple(dict.fromkeys((*one.defines, *defines))))
        for one in found.extensions
    )
    if not extensions:
        found.diagnostics.append(finding("MIG122", "note", ".", "no extension found"))
    everything = sorted({why, *diagnostics, *found.diagnostics}, key=_order)
    return Project(root, chosen, files, extensions, tuple(everything), defines, settings.rules)


def _other_backends(file: SourceFile, world: World) -> dict[str, str]:
    """The sources that a setup script compiles for the backends that are not being scanned."""
    sources: dict[str, str] = {}
    for backend in reversed(BACKENDS):  # a source that several take is said to be for the plainest
        if backend != world.backend and posixpath.basename(file.path) == "setup.py" and is_candidate(file):
            for extension in read_declarations(file, replace(world, backend=backend)).extensions:
                sources.update(dict.fromkeys(extension.sources, backend))
    return sources


def _order(one: Diagnostic) -> tuple[str, int, str, str]:
    return (one.file, one.line, one.id, one.message)


def _priority(file: SourceFile) -> tuple[int, int, str]:
    """The order in which declarations count: setup.py, other scripts, tables, CMake; then depth."""
    name = posixpath.basename(file.path)
    rank = 0 if name == "setup.py" else 1 if name.endswith(".py") else 2 if name.endswith(".json") else 3
    return (rank, file.path.count("/"), file.path)


def _read(file: SourceFile, world: World, marks: ModuleMarks) -> Found:
    if file.path.endswith(".py"):
        return read_declarations(file, world) if is_candidate(file) else Found()
    if file.path.endswith(".json"):
        return read_table(file, world)
    if file.path.endswith((".cmake", "CMakeLists.txt")):
        return read_cmake(file, world, marks.binds)
    return Found()


class _Extensions:
    """The extensions so far; a later declaration of the same thing is noted and left out."""

    def __init__(self, marks: ModuleMarks) -> None:
        self.marks = marks
        self.extensions: list[Extension] = []
        self.diagnostics: list[Diagnostic] = []
        self.parents: list[str] = []

    def take(self, found: Found) -> None:
        self.diagnostics.extend(found.diagnostics)
        self.parents.extend(found.parents)
        for extension in found.extensions:
            self._add(replace(extension, name=self._import_name(extension)))

    def _import_name(self, extension: Extension) -> str:
        """A CMake target's name is a leaf; a ``CMakeExtension`` in setup.py may give it a package."""
        if extension.origin != "cmake":
            return extension.name
        longer = [name for name in self.parents if name.rsplit(".", 1)[-1] == extension.name]
        return longer[0] if longer else extension.name

    def _add(self, extension: Extension) -> None:
        related = [one for one in self.extensions if self._related(one, extension)]
        if not related:
            self.extensions.append(extension)
            return
        file, line = extension.declared.rsplit(":", 1)
        twin = next((one for one in related if _same_build(one, extension)), None)
        if twin is None:
            self.extensions.append(extension)
            sources = ", ".join((*extension.sources[:1], *related[0].sources[:1]))
            message = (
                f"{extension.name} is another extension than the one at {related[0].declared} ({sources})"
            )
            # One import name for two modules of the tree: only a person knows which is meant.
            clash = related[0].name == extension.name and self._binding(extension.sources)
            severity = "manual" if clash and self._binding(related[0].sources) else "note"
            self.diagnostics.append(finding("MIG117", severity, file, message, int(line)))
            return
        message = f"{extension.name} is declared here and at {twin.declared}"
        self.diagnostics.append(finding("MIG115", "note", file, message, int(line)))

    def _related(self, one: Extension, other: Extension) -> bool:
        if one.name == other.name:
            return True
        if other.origin != "cmake" or one.declared.rsplit(":", 1)[0] == other.declared.rsplit(":", 1)[0]:
            return False
        return bool(self._binding(one.sources) & self._binding(other.sources))

    def _binding(self, sources: Iterable[str]) -> set[str]:
        return {path for path in sources if self.marks.binds(path)}


def _same_build(one: Extension, other: Extension) -> bool:
    if not one.sources or not other.sources:
        return posixpath.dirname(one.declared) == posixpath.dirname(other.declared)
    return bool(set(one.sources) & set(other.sources))
