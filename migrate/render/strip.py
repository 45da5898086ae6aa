"""Take torch out of one file: rename, remove what binds, swap the includes. Nothing else moves."""

from __future__ import annotations

from typing import Iterable, Sequence

from migrate.model.plan import FilePlan
from migrate.model.source import Edit
from migrate.render.includes import with_includes
from migrate.rules.rename import rename
from migrate.tables.lookup import BUILTIN, Tables
from migrate.text.backslashes import aligned
from migrate.text.edits import apply_edits
from migrate.text.lexer import line_end, tokenize


def strip(
    text: str,
    plan: FilePlan,
    backend: str,
    extra_edits: Sequence[Edit] = (),
    extra_headers: Iterable[str] = (),
    tables: Tables = BUILTIN,
    overloads: str = "",
) -> str:
    """``text`` (latin-1) of ``plan.path`` without torch and pybind11.

    ``extra_edits`` replace whole ranges (a removed module by its entry points, a host function by
    its launcher) and win over everything inside them.
    """
    replaced = [(edit.start, edit.end) for edit in extra_edits]
    removed = [(a, b) for a, b in plan.removed if not any(x <= a and b <= y for x, y in replaced)]
    renames = rename(plan.path, text, [*replaced, *removed], tables=tables)
    edits = [*extra_edits, *removals(plan.path, text, removed)]
    edits += aligned(text, renames.edits)
    body = apply_edits(text, edits)
    headers = {*renames.headers, *extra_headers, *plan.inherited_includes}
    return with_includes(body, headers, plan.dropped_includes, backend, tables, plan.own_includes, overloads)


def removals(path: str, text: str, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """One deletion per range; ranges that touch once their white space is counted become one."""
    rows: list[tuple[int, int]] = []
    for start, end in sorted(_widened(text, span) for span in spans):
        if rows and not text[rows[-1][1] : start].strip():
            rows[-1] = (rows[-1][0], max(rows[-1][1], end))
        elif not rows or start >= rows[-1][1]:
            rows.append((start, end))
        else:
            rows[-1] = (rows[-1][0], max(rows[-1][1], end))
    return [Edit(path, *_with_blank_line(text, start, end), "") for start, end in rows]


def _widened(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """``span`` with the rest of its last line and the comments that stand right above it."""
    start, end = span
    stop = line_end(text, end)
    if _is_idle(text[end:stop]):
        end = min(stop + 1, len(text))
    line_start = text.rfind("\n", 0, start) + 1
    if not text[line_start:start].strip():
        start = comment_above(text, line_start)
    return start, end


def _is_idle(tail: str) -> bool:
    """Nothing but a semicolon and a comment that closes on the line."""
    return all(t.kind == "comment" or t.text == ";" for t in tokenize(tail)) and (
        "/*" not in tail or tail.rstrip().endswith("*/")
    )


def comment_above(text: str, line_start: int) -> int:
    """Where the comments start that stand on the lines right above, without a blank line between.

    A comment that opens the file is about the file: it stays.
    """
    start = line_start
    for token in reversed([t for t in tokenize(text) if t.end <= line_start]):
        above = text.rfind("\n", 0, token.start) + 1
        gap = text[token.end : start]
        if token.kind != "comment" or gap.count("\n") > 1 or text[above : token.start].strip():
            return start
        if not text[:above].strip():
            return line_start
        start = above
    return start


def _with_blank_line(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with one of the blank lines that the cut would leave side by side."""
    head, tail = text[:start], text[end:]
    if not tail.strip():
        kept = head.rstrip()
        if not kept:
            return 0, len(text)
        newline = line_end(text, len(kept))
        return min(newline + 1, start), len(text)
    blank_above = not head or head.endswith(("\n\n", "\r\n\r\n"))
    if blank_above and tail.startswith(("\n", "\r\n")):
        return start, end + tail.index("\n") + 1
    return start, end
