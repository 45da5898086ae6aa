"""Places in source text, edits of it, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

SEVERITIES = ("note", "manual", "error")


@dataclass(frozen=True, order=True)
class Span:
    """Bytes ``start`` (inclusive) to ``end`` (exclusive) of ``file``, a path relative to the tree.

    ``line`` and ``column`` are those of ``start``, counted from 1.
    """

    file: str
    start: int
    end: int
    line: int
    column: int

    def contains(self, other: Span) -> bool:
        return self.file == other.file and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, order=True)
class Edit:
    """Replace ``file[start:end]`` by ``text``. Edits are keyed by all four values and applied once."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One finding about the user's source.

    ``severity``: ``note`` (for information), ``manual`` (this operator needs a human, the rest goes
    on) or ``error`` (a file could not be processed: the exit code is 2). ``fix`` are edits of the
    source that answer it, where these are known.
    """

    id: str
    severity: str
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    operator: Optional[str] = None
    fix: tuple[Edit, ...] = ()


def line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte offset, both from 1."""
    line = data.count(b"\n", 0, offset) + 1
    return line, offset - (data.rfind(b"\n", 0, offset) + 1) + 1


def span_at(file: str, data: bytes, start: int, end: int) -> Span:
    line, column = line_and_column(data, start)
    return Span(file, start, end, line, column)
