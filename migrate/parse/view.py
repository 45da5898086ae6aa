"""One reading of a translation unit: its errors and its declarations, at their places in the tree."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, Optional, Sequence

from migrate.parse import clang
from migrate.parse.clang import Cursor, Problem
from migrate.parse.functions import FUNCTION_KINDS, is_device_only, uses_torch
from migrate.parse.inclusions import inclusions
from migrate.parse.source import AbsentNames, Source
from migrate.tables.declared_headers import is_declared

_SCOPES = ("NAMESPACE", "LINKAGE_SPEC", "UNEXPOSED_DECL", "CLASS_DECL", "STRUCT_DECL")
_OTHER_CODE = ("CLASS_TEMPLATE", "CLASS_TEMPLATE_PARTIAL_SPECIALIZATION", "CONSTRUCTOR", "DESTRUCTOR")
_KEPT = frozenset((*FUNCTION_KINDS, *_OTHER_CODE, "VAR_DECL"))


class Declared(NamedTuple):
    """A function or variable of the tree, or code that is neither read nor may keep one from it."""

    cursor: Cursor
    kind: str
    path: str
    start: int
    end: int


@dataclass
class View:
    """``problems`` are errors in files of the tree; ``load`` gives the text of one, without errors."""

    unit: Any
    root: Path
    load: Callable[[str], Source]
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    absent: Optional[AbsentNames] = None

    def __post_init__(self) -> None:
        self._prefix = str(self.root) + os.sep
        for problem in clang.problems(self.unit):
            path = self.relative(problem.file)
            if path is not None:
                named = replace(problem, file=path)
                self.problems.append(named)
                self.source(path).errors.append(named)
        self.declared = list(self._declarations())
        self.blocking = self._blocking()

    def relative(self, name: str) -> Optional[str]:
        if not name.startswith(self._prefix):
            return None
        return os.path.normpath(name[len(self._prefix) :]).replace(os.sep, "/")

    def source(self, path: str) -> Source:
        source = self.sources.get(path)
        if source is None:
            source = self.sources[path] = self.load(path)
            source.absent = self.absent
        return source

    def know(self, absent: AbsentNames, first: Sequence[Problem] = ()) -> None:
        """Tell the sources what was declared for them, and the errors of the ``first`` reading."""
        self.absent = absent
        for path, source in self.sources.items():
            source.absent = absent
            source.first_errors = [problem for problem in first if problem.file == path]

    def _blocking(self) -> list[Problem]:
        """Errors in host functions that use torch, and those that stand outside of all functions."""
        wanted = {(row.path, row.start) for row in self._blocked()}
        if not wanted:
            return []
        code = [row for row in self.declared if row.kind != "VAR_DECL"]
        others = [row for row in code if (row.path, row.start) not in wanted]
        return [problem for problem in self.problems if not _lies_in(problem, others)]

    def absent_headers(self, folders: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
        """Headers that files of the tree include from ``folders`` of stand-ins, and of which not every
        name is declared: spelling, including file and line."""
        rows = []
        for included, including, line in inclusions(self.unit):
            path = self.relative(including)
            rank = next((i for i, folder in enumerate(folders) if included.startswith(folder + os.sep)), -1)
            if path is not None and rank >= 0:
                spelling = included[len(folders[rank]) + 1 :].replace(os.sep, "/")
                rows += [] if is_declared(spelling) else [(rank, spelling, path, line)]
        # The folders in their order: of a header in the last ones, much is declared.
        return tuple(dict.fromkeys((spelling, path, line) for _, spelling, path, line in sorted(rows)))

    def headers(self) -> tuple[str, ...]:
        """The files of the tree that the unit includes."""
        found = {self.relative(included) for included, _, _ in inclusions(self.unit)}
        return tuple(sorted(path for path in found if path is not None))

    def _blocked(self) -> list[Declared]:
        """Host functions that are not read whole: with an error, and with torch in their text."""
        broken = {problem.file for problem in self.problems}
        return [
            row
            for row in self.declared
            if row.path in broken
            and row.kind in FUNCTION_KINDS
            and any(row.start <= error.offset < row.end for error in self.source(row.path).errors)
            and uses_torch(row.cursor, self.source(row.path).text[row.start : row.end])
            and not is_device_only(row.cursor)
        ]

    def _declarations(self) -> Iterator[Declared]:
        stack: list[Cursor] = clang.children(self.unit.cursor)[::-1]
        while stack:
            cursor = stack.pop()
            path = self.relative(clang.file_of(cursor))
            if path is None:
                continue
            kind = clang.kind_name(cursor)
            if kind in _SCOPES:
                stack.extend(reversed(clang.children(cursor)))
            elif kind in _KEPT and not (kind in FUNCTION_KINDS and clang.is_instantiation(cursor)):
                yield Declared(cursor, kind, path, *clang.extent(cursor))


def _lies_in(problem: Problem, rows: list[Declared]) -> bool:
    return any(row.path == problem.file and row.start <= problem.offset < row.end for row in rows)
