"""Keep the backslashes that continue a macro in their column when a line grows or shrinks."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Sequence

from migrate.model.source import Edit

_CONTINUED = re.compile(r"^(?P<code>.*?)(?P<pad> +)\\\r?$")


def aligned(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """``edits`` and, for each macro line they change, one of the blanks before its backslash.

    A line with no room left keeps one blank and a backslash further right.
    """
    growth: dict[int, int] = defaultdict(int)
    whole: set[int] = set()
    for edit in edits:
        start = _line_start(text, edit.start)
        growth[start] += len(edit.text) - (edit.end - edit.start)
        if "\n" in edit.text or "\n" in text[edit.start : edit.end]:
            whole |= {start, _line_start(text, edit.end)}
    rows = list(edits)
    for start, grown in growth.items():
        match = _CONTINUED.match(_line(text, start))
        if match is None or start in whole or not grown or not _in_block(text, start, match.end("pad")):
            continue
        pad = len(match.group("pad"))
        wanted = max(1, pad - grown)
        if wanted != pad:
            at = start + match.start("pad")
            rows.append(Edit(edits[0].file, at, at + pad, " " * wanted))
    return rows


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _in_block(text: str, start: int, column: int) -> bool:
    """True when the line above or below has its backslash in the same column."""
    above = _line(text, _line_start(text, start - 1)) if start else ""
    below = _line(text, min(text.find("\n", start) + 1 or len(text), len(text)))
    return any(line.rstrip("\r")[column:] == "\\" for line in (above, below))
