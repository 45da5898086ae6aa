"""Long C++ lines, broken at commas as a formatter would."""

from __future__ import annotations

from typing import Sequence

WIDTH = 100


def wrapped(head: str, parts: Sequence[str], tail: str, indent: int = 0) -> str:
    """``head`` + parts + ``tail``: aligned below the bracket when longer than a line, and indented
    by four where even that has no room."""
    flat = head + ", ".join(parts) + tail
    if len(flat) + indent <= WIDTH or not parts:
        return flat
    column = len(head)
    aligned = column + indent + max(len(part) for part in parts) + len(tail) <= WIDTH
    margin = " " * (indent + column if aligned else indent + 4)
    lines = [] if aligned else [head]
    # The first line is placed by the caller: its indent counts, but is not written here.
    line, width = (head, indent + column) if aligned else (margin, len(margin))
    for index, part in enumerate(parts):
        piece = part + ("," if index < len(parts) - 1 else tail)
        gap = "" if line in (head, margin) else " "
        if gap and width + len(gap) + len(piece) > WIDTH:
            lines.append(line)
            line, width, gap = margin, len(margin), ""
        line += gap + piece
        width += len(gap) + len(piece)
    return "\n".join([*lines, line])
