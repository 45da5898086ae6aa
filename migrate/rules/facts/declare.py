"""Declarations of locals, told from expressions by their form: ``const auto m = a.size(0), k = 2;``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from migrate.rules.facts.sources import Tok, close, split, split_list

_SPECIFIERS = frozenset({"const", "static", "constexpr", "volatile", "thread_local", "unsigned", "signed"})
_POINTERS = frozenset({"*", "&", "&&", "const", "__restrict__"})
_STOPS = frozenset({"return", "throw", "delete", "new", "goto", "else", "case"})
_ASSIGNS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "++", "--"})

Declared = list[tuple[list[str], list[Tok]]]


def declaration(tokens: Sequence[Tok]) -> Optional[Declared]:
    """The declared names, each with the tokens of its value; None for anything else.

    Several names with one value are a structured binding.
    """
    at = _after_type(tokens)
    if at is None or at >= len(tokens):
        return None
    if tokens[at][1] == "[":
        end = close(tokens, at)
        names = [text for kind, text in tokens[at + 1 : end] if kind == "name"]
        return [(names, _value(tokens[end + 1 :]))]
    if tokens[at][0] != "name":
        return None
    after = tokens[at + 1][1] if at + 1 < len(tokens) else ";"
    if after not in ("=", "(", "{", ",", ";", "["):
        return None
    parts = split_list(tokens[at:])
    if any(not part or (part[0][0] != "name" and part[0][1] not in _POINTERS) for part in parts):
        return None
    return [([_name(part)], _value(part[1:])) for part in parts]


def _name(part: Sequence[Tok]) -> str:
    return next(text for kind, text in part if kind == "name")


def _after_type(tokens: Sequence[Tok]) -> Optional[int]:
    """Index behind the type at the start; None where none stands there."""
    at = 0
    arithmetic = False
    while at < len(tokens) and tokens[at][1] in _SPECIFIERS:
        arithmetic = arithmetic or tokens[at][1] in ("unsigned", "signed")
        at += 1
    while at < len(tokens) and tokens[at][0] == "name" and tokens[at][1] not in _STOPS:
        at += 1
        at = _after_arguments(tokens, at)
        if at < len(tokens) and tokens[at][1] == "::":
            at += 1
            continue
        # `long long n`, `unsigned int n`: another type word, not yet the name.
        if at < len(tokens) and tokens[at][1] in ("long", "int", "char", "short"):
            continue
        arithmetic = True
        break
    if not arithmetic:
        return None
    start = at
    while at < len(tokens) and tokens[at][1] in _POINTERS:
        at += 1
    named = at < len(tokens) and (tokens[at][0] == "name" or tokens[at][1] == "[")
    # `a * b` alone is no statement anybody writes; `x[0] = 1` is.
    return at if named and (at > start or tokens[at][1] != "[" or tokens[start - 1][1] == "auto") else None


def _after_arguments(tokens: Sequence[Tok], at: int) -> int:
    """Behind the template arguments at ``at``, if any stand there."""
    if at >= len(tokens) or tokens[at][1] != "<":
        return at
    depth = 0
    for index in range(at, len(tokens)):
        kind, text = tokens[index]
        depth += (text == "<") - (text == ">")
        if depth == 0:
            return index + 1
        if kind == "punct" and text in (";", "{", "&&", "||"):
            return at
    return at


def _value(tokens: Sequence[Tok]) -> list[Tok]:
    """The initialiser behind a name: ``= value``, ``(value)`` or ``{value}``."""
    if not tokens:
        return []
    if tokens[0][1] == "=":
        return list(tokens[1:])
    if tokens[0][1] in ("(", "{") and close(tokens, 0) == len(tokens) - 1:
        inside = list(tokens[1:-1])
        return inside if len(split(inside)) == 1 else []
    return []


_GROWS = frozenset({"push_back", "emplace_back", "resize", "clear"})


def assigned_names(tokens: Sequence[Tok]) -> set[str]:
    """Names that some statement among ``tokens`` may change."""
    names = set()
    for before, token in zip(tokens, tokens[1:]):
        if token[1] in _ASSIGNS and before[0] == "name":
            names.add(before[1])
        if before[1] in ("++", "--") and token[0] == "name":
            names.add(token[1])
    for name, access, method in zip(tokens, tokens[1:], tokens[2:]):
        if name[0] == "name" and access[1] in (".", "->") and method[1] in _GROWS:
            names.add(name[1])
    return names
