"""How an unknown name is written: its chain of scopes, its template arguments, the call it makes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Optional

from migrate.text.lexer import Token, closing, code_tokens

SHOUTED = re.compile(r"[A-Z][A-Z0-9_]*\Z")
KEYWORDS = frozenset(
    "alignas alignof auto bool break case catch char class const constexpr const_cast continue decltype "
    "default delete do double dynamic_cast else enum explicit extern false float for friend goto if inline "
    "int long mutable namespace new noexcept nullptr operator private protected public reinterpret_cast "
    "requires return short signed sizeof static static_assert static_cast struct switch template this throw "
    "true try typedef typename union unsigned using virtual void volatile while".split()
)
_NO_TYPE = frozenset("return else case new throw delete goto do and or not co_return co_yield".split())
_BEGINS_VALUE = frozenset("true false - ! sizeof ~".split())
_ARITHMETIC = frozenset("+ - / % == != <= >= && || << ?".split())


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[tuple[Token, ...], dict[int, int]]:
    tokens = code_tokens(text)
    return tokens, {token.start: index for index, token in enumerate(tokens)}


def text_at(tokens: tuple[Token, ...], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) else ""


@lru_cache(maxsize=64)
def declared_variables(text: str) -> frozenset[str]:
    """Names that stand where a variable or function is declared: after a type, before `=`, `(`, ..."""
    tokens, _ = tokens_of(text)
    return frozenset(
        token.text
        for before, token, after in zip(tokens, tokens[1:], tokens[2:])
        if token.kind == "name"
        and after.text in ("=", "(", "{", ";")
        and (before.text == ">" or (before.kind == "name" and before.text not in _NO_TYPE))
    )


Part = tuple[str, Optional[tuple[bool, ...]]]


def read_chain(tokens: tuple[Token, ...], index: int, text: str) -> tuple[list[Part], int]:
    """``a::b<int>::c`` at ``index``: its names with their template arguments, and the index after."""
    parts: list[Part] = []
    while True:
        name, index = tokens[index].text, index + 1
        arguments = None
        if text_at(tokens, index) == "<":
            ranges = angle_ranges(tokens, index)
            if ranges is not None:
                arguments = tuple(_is_value(tokens, start, end, text) for start, end in ranges[0])
                index = ranges[1]
        parts.append((name, arguments))
        following = index + 2 if text_at(tokens, index + 1) == "template" else index + 1
        if text_at(tokens, index) != "::" or following >= len(tokens) or tokens[following].kind != "name":
            return parts, index
        index = following


def chain_start(tokens: tuple[Token, ...], index: int) -> int:
    """Index of the first token of the qualified name whose last name is at ``index``."""
    while text_at(tokens, index - 1) == "::":
        is_name = index > 1 and tokens[index - 2].kind == "name"
        index -= 2 if is_name else 1
    return index


def angle_ranges(tokens: tuple[Token, ...], opening: int) -> Optional[tuple[list[tuple[int, int]], int]]:
    """Index ranges of the arguments in angle brackets, and the index after them; None for a comparison."""
    depth, start, index = 0, opening + 1, opening
    ranges: list[tuple[int, int]] = []
    while index < len(tokens):
        word = tokens[index].text
        if word in ("(", "[", "{"):
            end = closing(tokens, index)
            if end is None:
                return None
            index = end
        elif word in (")", "]", "}", ";", "&&", "||"):
            return None
        elif word == "<":
            depth += 1
        elif word in (">", ">>>"):
            depth -= len(word)
            if depth <= 0:
                return ([*ranges, (start, index)] if index > start else ranges), index + 1
        elif word == "," and depth == 1:
            ranges.append((start, index))
            start = index + 1
        index += 1
    return None


def _is_value(tokens: tuple[Token, ...], start: int, end: int, text: str) -> bool:
    """Whether a template argument is a value and not a type."""
    first = tokens[start]
    if first.kind in ("number", "char", "string") or first.text in _BEGINS_VALUE:
        return True
    depth = 0
    for token in tokens[start:end]:
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text in _ARITHMETIC:
            return True
    return end == start + 1 and _names_value(first.text, text)


@lru_cache(maxsize=1024)
def _names_value(name: str, text: str) -> bool:
    """Whether a name is that of a constant: declared as one in this file, or spelled like one."""
    if re.search(rf"\b(?:int|bool|unsigned|long|char|auto|size_t|u?int\d+_t)\s+{name}\b", text):
        return True
    return SHOUTED.match(name) is not None and "_" in name


def looks_constant(name: str) -> bool:
    return SHOUTED.match(name) is not None and "_" in name


def is_inside_angles(tokens: tuple[Token, ...], index: int) -> bool:
    return angle_position(tokens, index)[1] >= 0


def angle_position(tokens: tuple[Token, ...], index: int) -> tuple[int, int]:
    """Which argument in angle brackets the token at ``index`` begins or ends, and the index of the
    opening one, or -1."""
    depth = commas = 0
    for position in range(index - 1, max(index - 200, -1), -1):
        word = tokens[position].text
        if word in (")", "]"):
            depth += 1
        elif depth and word in ("(", "["):
            depth -= 1
        elif word in (";", "{", "}", "(", "&&", "||"):
            break
        elif word in (">", ">>>"):
            depth += len(word)
        elif word == "<" and depth == 0:
            return commas, position
        elif word == "<":
            depth -= 1
        elif word == "," and depth == 0:
            commas += 1
    return commas, -1


def braced_arguments(tokens: tuple[Token, ...], opening: int, kind: str) -> int:
    """How many arguments a call has, where one of them is a braced list; else 0."""
    if kind not in ("function", "value") or text_at(tokens, opening) != "(":
        return 0
    end = closing(tokens, opening)
    if end is None:
        return 0
    count, depth, is_braced = 1, 0, False
    for position in range(opening + 1, end):
        word = tokens[position].text
        if word == "{" and depth == 0 and tokens[position - 1].text in ("(", ","):
            is_braced = True
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        count += word == "," and depth == 0
    return count if is_braced else 0
