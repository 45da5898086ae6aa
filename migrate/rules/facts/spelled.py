"""A condition in one line for people: ``weight.size(0) == input.size(1)``."""

from __future__ import annotations

from typing import Any

from migrate.rules.facts.terms import PROPERTIES, Term

_CALLS = {"ndim": "dim", "shape": "sizes", "contiguous": "is_contiguous", "given": "has_value"}


def spelled(term: Term, nested: bool = False) -> str:
    if not isinstance(term, tuple):
        return _literal(term)
    op, rest = term[0], term[1:]
    if op in PROPERTIES:
        return _property(op, rest)
    if op == "list":
        return f"{{{', '.join(spelled(part) for part in rest)}}}"
    if op == "if":
        text = f"{spelled(rest[0], True)} ? {spelled(rest[1], True)} : {spelled(rest[2], True)}"
    elif op == "not":
        return f"not {spelled(rest[0], True)}"
    elif op == "all":
        return f"{spelled(rest[1])} for every item of {rest[0]}"
    elif op == "in":
        text = f"{spelled(rest[0])} in {{{', '.join(_literal(part) for part in rest[1:])}}}"
    else:
        text = f" {op} ".join(spelled(part, True) for part in rest)
    return f"({text})" if nested else text


def _property(op: str, rest: tuple[Any, ...]) -> str:
    path = rest[0]
    if op == "value":
        return str(path)
    if op == "at":
        return f"{path}[{rest[1]}]"
    more = ", ".join(spelled(part) for part in rest[1:])
    return f"{path}.{_CALLS.get(op, op)}({more})"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else f"`{value}`"
