"""What ``scan`` finds in a folder, before any C++ is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from migrate.model.rules import NO_RULES, UserRules
from migrate.model.source import Diagnostic

BACKENDS = ("cpu", "cuda", "hip")


@dataclass(frozen=True)
class SourceFile:
    """One file of the tree. ``kind``: source, header, python, build or data."""

    path: str
    kind: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Extension:
    """One compiled Python module as a build file declares it.

    ``name`` is the import name (``pkg._C``); ``sources`` and ``include_dirs`` are relative to the
    tree; ``declared`` says where (``setup.py:31``); ``origin`` how it was found: ``setup.py``,
    ``cmake``, ``jit`` (a build table or ``load(...)`` call) or ``inferred`` (no build file names it).
    """

    name: str
    sources: tuple[str, ...]
    backend: str
    origin: str
    declared: str
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    cxx_flags: tuple[str, ...] = ()
    device_flags: tuple[str, ...] = ()
    link_flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coexistence:
    """Every module keeps its old extension beside the new library, and a switch between them, but for
    the operators, by id, that are ``retired``."""

    retired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """A tree as read from disk. ``root`` is used only to talk to the machine, never printed.

    ``defines`` are the user's, from the command line or a file; each extension's hold them too.
    ``rules`` are the rows the user adds to our tables. ``coexistence`` is set where old and new are
    to live side by side.
    """

    root: Path = field(repr=False)
    backend: str
    files: tuple[SourceFile, ...]
    extensions: tuple[Extension, ...]
    diagnostics: tuple[Diagnostic, ...]
    defines: tuple[str, ...] = ()
    rules: UserRules = NO_RULES
    coexistence: Optional[Coexistence] = None

    def file(self, path: str) -> Optional[SourceFile]:
        return self._by_path().get(path)

    def _by_path(self) -> dict[str, SourceFile]:
        cached: Optional[dict[str, SourceFile]] = self.__dict__.get("_index")
        if cached is None:
            cached = {file.path: file for file in self.files}
            object.__setattr__(self, "_index", cached)
        return cached
