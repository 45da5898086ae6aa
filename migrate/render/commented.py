"""A parameter list that keeps the comments of the original's."""

from __future__ import annotations

from typing import Sequence

from migrate.model.cpp import Function
from migrate.render.lines import wrapped
from migrate.text.lexer import tokenize


def declared(head: str, parts: Sequence[str], function: Function, text: str) -> str:
    """``head(part, part)``. With comments in the original's list each parameter has a line, and the
    comments that stood behind it, or before it on lines of their own."""
    comments = _comments(function, text)
    if not any(comments):
        return wrapped(head, parts, ")")
    lines = [head]
    for index, part in enumerate(parts):
        own = comments[index] if index < len(function.params) else []
        comma = "," if index < len(parts) - 1 else ""
        lines.append("    " + "  ".join([part + comma, *own]))
    # A line comment must not swallow the bracket.
    rest = comments[-1]
    return "\n".join([*lines, *(f"    {comment}" for comment in rest), ")"])


def _comments(function: Function, text: str) -> list[list[str]]:
    """The comments per parameter, and those that belong to none of them."""
    assert function.body_span is not None
    found: list[list[str]] = [[] for _ in range(len(function.params) + 1)]
    start = function.span.start
    for token in tokenize(text[start : function.body_span.start]):
        if token.kind == "comment":
            found[_owner(function, text, start + token.start)].append(token.text)
    return found


def _owner(function: Function, text: str, offset: int) -> int:
    """The parameter before the comment if it ends on the comment's line, else the one after it."""
    for index in reversed(range(len(function.params))):
        end = function.params[index].span.end
        if end <= offset:
            behind = "\n" not in text[end:offset] or index == len(function.params) - 1
            return index if behind else index + 1
    return 0
