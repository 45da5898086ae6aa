"""A parameter list that keeps the comments of the original's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Sequence

from migrate.model.cpp import Function
from migrate.render.lines import wrapped
from migrate.text.lexer import tokenize

_MARGIN = "    "


@dataclass
class _Remarks:
    """The comments of one parameter: on lines of their own above it, and behind it."""

    above: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


def declared(head: str, parts: Sequence[str], function: Function, text: str) -> str:
    """``head(part, part)``. With comments in the original's list each parameter has lines of its own,
    and its comments stand where they stood: above it or behind it, a comment to a line."""
    remarks = _remarks(function, text)
    if not any(remark.above or remark.behind for remark in remarks):
        return wrapped(head, parts, ")")
    lines = [head]
    for index, part in enumerate(parts):
        own = remarks[index] if index < len(function.params) else _Remarks()
        declaration = _MARGIN + part + ("," if index < len(parts) - 1 else "")
        lines += [_MARGIN + comment for comment in own.above]
        lines.append("  ".join([declaration, *own.behind[:1]]))
        lines += [" " * (len(declaration) + 2) + comment for comment in own.behind[1:]]
    # A line comment must not swallow the bracket.
    return "\n".join([*lines, *(_MARGIN + comment for comment in remarks[-1].above), ")"])


def _remarks(function: Function, text: str) -> list[_Remarks]:
    """Those of each parameter, and last those that belong to none."""
    assert function.body_span is not None
    found = [_Remarks() for _ in range(len(function.params) + 1)]
    start = function.span.start
    below: tuple[int, int] | None = None  # the parameter and the column of the comment above
    for token in tokenize(text[start : function.body_span.start]):
        if token.kind != "comment":
            continue
        offset = start + token.start
        column = offset - text.rfind("\n", 0, offset)
        index = _behind(function, text, offset)
        if index is None and below is not None and below[1] == column:
            index = below[0]  # it goes on with what the comment above it says
        if index is not None:
            found[index].behind.append(token.text)
            below = (index, column)
        else:
            found[_next(function, offset)].above.append(token.text)
            below = None
    return found


def _behind(function: Function, text: str, offset: int) -> int | None:
    """The parameter that ends on the comment's line, before it."""
    ended = [index for index, param in enumerate(function.params) if param.span.end <= offset]
    if ended and "\n" not in text[function.params[ended[-1]].span.end : offset]:
        return ended[-1]
    return None


def _next(function: Function, offset: int) -> int:
    """The parameter that follows the comment or holds it; one past the last where none does."""
    ends = [param.span.end for param in function.params]
    return next((index for index, end in enumerate(ends) if end > offset), len(ends))
