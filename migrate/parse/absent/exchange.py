"""What a function knows of absent names: which it uses, and whether a framework type passes through one.

Code that nobody sees and that takes a tensor cannot be given something else in its place; code that
takes pointers, sizes and streams can stay as it is.
"""

from __future__ import annotations

import re
from typing import Iterator, Optional

from migrate.model.cpp import Opaque
from migrate.parse import clang
from migrate.parse.absent.names import NAMESPACE
from migrate.parse.absent.uses import uses_at
from migrate.parse.clang import Cursor
from migrate.parse.source import AbsentNames, Source
from migrate.text.lexer import code_tokens

_FRAMEWORK = re.compile(r"\b(?:at|c10|torch|caffe2|pybind11)::\w[\w:]*")
# A stream becomes the runtime's own by itself, in migrated code too.
_STREAM = re.compile(r"c10::(?:cuda|hip)::(?:CUDA|HIP)Stream\w*")
_REFERENCES = frozenset({"DECL_REF_EXPR", "OVERLOADED_DECL_REF", "MEMBER_REF_EXPR"})


def opaque_names(
    result: str, source: Source, start: int, end: int, body: Optional[Cursor]
) -> tuple[Opaque, ...]:
    """The absent names in a function's text from ``start`` to ``end``. ``result`` is its type, ``body``
    what is read of it."""
    absent = source.absent
    if absent is None:
        return ()
    if body is None:  # not read, so nothing was declared for it: what the parser complains of
        problems = [error for error in source.errors if start <= error.offset < end]
        uses = [use for problem in problems for use in uses_at(problem, source.text)]
        names = {use.path[-1] for use in uses if use.kind not in ("namespace", "member")}
        return tuple(Opaque(name, absent.headers) for name in sorted(names))
    tokens = code_tokens(source.text[start:end])
    places = [(start + t.start, t.text) for t in tokens if t.kind == "name" and t.text in absent.names]
    if not places:
        return ()
    exchanged = _exchanges(result, body, source, absent, places)
    return tuple(
        Opaque(name, absent.headers, exchanged.get(name, "")) for name in sorted({name for _, name in places})
    )


def _exchanges(
    result: str, body: Cursor, source: Source, absent: AbsentNames, places: list[tuple[int, str]]
) -> dict[str, str]:
    """The first exchange of each name."""
    found: dict[str, str] = {}
    rows = [*_in_tree(_framework(result), body, absent), *_in_macros(body, absent, places)]
    for offset, type_ in sorted(rows):
        name = next((name for place, name in reversed(places) if place <= offset), places[0][1])
        where = source.span(offset, offset)
        found.setdefault(name, f"`{type_}` at {where.file}:{where.line}")
    return found


def _in_tree(result: str, body: Cursor, absent: AbsentNames) -> Iterator[tuple[int, str]]:
    for cursor in clang.walk(body):
        kind = clang.kind_name(cursor)
        if kind == "CALL_EXPR":
            types = _call_types(cursor, absent)
            yield from ((clang.extent(cursor)[0], type_) for type_ in types if type_)
        elif kind == "INIT_LIST_EXPR" and _is_absent_type(cursor):
            types = [_framework(clang.canonical(part)) for part in clang.children(cursor)]
            yield from ((clang.extent(cursor)[0], type_) for type_ in types if type_)
        elif kind == "RETURN_STMT" and result and _is_absent_value(cursor, absent):
            yield clang.extent(cursor)[1] - 1, result


def _call_types(call: Cursor, absent: AbsentNames) -> list[str]:
    """Framework types that a call passes to, or takes from, absent code."""
    target = call.referenced
    arguments = list(call.get_arguments()) or clang.children(call)[1:]
    types = [clang.canonical(argument) for argument in arguments]
    if target is None:
        return [_framework(t) for t in types] if _is_absent_value(call, absent) else []
    if _is_declared_here(target):
        converts = clang.spelling(target).startswith("operator ")
        return [_framework(t) for t in (*types, clang.canonical(call) if converts else "")]
    takes = any(_is_absent_type(argument) for argument in arguments)
    return [_framework(clang.canonical(call))] if takes else []


def _is_declared_here(target: Cursor) -> bool:
    return clang.file_of(target).endswith(("/absent.h", "/absent_names.h"))


def _is_absent_type(cursor: Cursor) -> bool:
    if f"{NAMESPACE}::" in clang.canonical(cursor):
        return True
    return _is_declared_here(cursor.type.get_canonical().get_declaration())


def _is_absent_value(cursor: Cursor, absent: AbsentNames) -> bool:
    """Whether a statement or call of a template is about an absent name: its type is not known yet."""
    parts = clang.children(cursor)[:1]
    while parts:
        part = parts.pop()
        kind = clang.kind_name(part)
        if kind in _REFERENCES and clang.spelling(part):
            return clang.spelling(part) in absent.names
        # A reference to a variable template has no name, but one below it.
        if kind in _REFERENCES or kind in ("UNEXPOSED_EXPR", "PAREN_EXPR", "CALL_EXPR"):
            parts = clang.children(part)[:1]
    return False


def _in_macros(body: Cursor, absent: AbsentNames, places: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Macros leave nothing in the tree: what they make is known by what stands around them."""
    for offset, name in places:
        if name not in absent.macros:
            continue
        innermost = body
        while True:
            below = [c for c in clang.children(innermost) if _spans(c, offset)]
            if not below:
                break
            innermost = below[-1]
        type_ = _framework(clang.canonical(innermost))
        if type_:
            yield offset, type_


def _spans(cursor: Cursor, offset: int) -> bool:
    start, end = clang.extent(cursor)
    return start <= offset < end


def _framework(type_: str) -> str:
    """The framework's type that a type mentions, or nothing."""
    match = _FRAMEWORK.search(_STREAM.sub("", type_))
    return match.group() if match is not None else ""
