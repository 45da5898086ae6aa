"""A file under the parser's eye."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Optional, Sequence

from migrate.model.source import Span
from migrate.parse import clang


@dataclass(frozen=True)
class AbsentNames:
    """What a unit takes from headers outside the tree: ``names`` that were declared for the parser, of
    these the ``macros`` it sees nothing of, and the ``headers`` (spelling, including file, line)."""

    names: frozenset[str]
    macros: frozenset[str]
    headers: tuple[tuple[str, str, int], ...]


@dataclass
class Source:
    """A file's text as one unit sees it: latin-1, so that indexes are byte offsets, with the unit's
    ``errors``. What follows from the text alone is shared by all units of a process.

    ``absent`` are names declared to read the unit, None where it includes no header outside the tree;
    ``first_errors`` are those without these declarations.
    """

    path: str
    text: str
    lines: list[int]
    balanced: dict[tuple[int, int], bool]
    errors: list[clang.Problem] = field(default_factory=list)
    absent: Optional[AbsentNames] = None
    first_errors: Sequence[clang.Problem] = ()

    def span(self, start: int, end: int) -> Span:
        line = bisect_right(self.lines, start)
        return Span(self.path, start, end, line, start - self.lines[line - 1] + 1)

    def is_balanced(self, start: int, end: int) -> bool:
        """Whether the brackets of a range come in pairs: a range that a macro cut does not."""
        known = self.balanced.get((start, end))
        if known is None:
            part = self.text[start:end]
            known = all(part.count(left) == part.count(right) for left, right in ("()", "[]", "{}"))
            self.balanced[start, end] = known
        return known

    def for_next_unit(self) -> Source:
        return Source(self.path, self.text, self.lines, self.balanced)


def source_of(path: str, raw: bytes) -> Source:
    text = raw.decode("latin-1")
    return Source(path, text, [0, *(match.end() for match in re.finditer("\n", text))], {})
