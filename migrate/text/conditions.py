"""The preprocessor conditions around a place, as a person would say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from migrate.text.lexer import line_end, tokenize

_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(ifdef|ifndef|if|elif|else|endif|define)\b[ \t]*")
_COMMENT = re.compile(r"//.*|/\*.*?\*/|\\\s*\n")
_NAME = re.compile(r"!?\s*(?:defined\s*\(?\s*)?([A-Za-z_]\w*)\s*\)?")


@dataclass(frozen=True)
class Condition:
    """One level: ``text`` as in "registered only where ...", ``define`` the macro that makes it
    true, empty where no single one does."""

    text: str
    define: str


@dataclass
class _Level:
    """An open ``#if``: its condition so far, and the macro a first line tests, for include guards."""

    condition: Condition
    tested: str = ""
    is_guard: bool = False


def conditions_at(text: str, offset: int) -> tuple[Condition, ...]:
    """The conditions around ``offset``, outermost first, an include guard not among them."""
    levels: list[_Level] = []
    for start, word, rest in _directives(text):
        if start >= offset:
            break
        if word in ("if", "ifdef", "ifndef"):
            levels.append(_Level(_condition(word, rest), rest if word == "ifndef" else ""))
        elif word == "define":
            if levels and levels[-1].tested and levels[-1].tested == rest.split(" ")[0]:
                levels[-1].is_guard = True
        elif not levels:
            continue
        elif word == "endif":
            levels.pop()
        elif word == "elif":
            levels[-1].condition = _condition("if", rest)
        else:
            levels[-1].condition = _opposite(levels[-1].condition)
    return tuple(level.condition for level in levels if not level.is_guard)


@lru_cache(maxsize=64)
def _directives(text: str) -> tuple[tuple[int, str, str], ...]:
    """Offset and first word of each directive, and the rest of its line without comments."""
    rows: list[tuple[int, str, str]] = []
    last = -1
    for token in tokenize(text):
        if not token.directive or token.start < last:
            continue
        match = _DIRECTIVE.match(text, text.rfind("\n", 0, token.start) + 1)
        last = line_end(text, token.start)
        if match is not None:
            rest = _COMMENT.sub(" ", text[match.end() : last])
            rows.append((token.start, match.group(1), " ".join(rest.split())))
    return tuple(rows)


def _condition(word: str, rest: str) -> Condition:
    name = _NAME.fullmatch(rest)
    if word == "ifndef" or (name is not None and rest.startswith("!")):
        shown = name.group(1) if name is not None else rest
        return Condition(f"{shown} is not {_state(word, rest)}", "")
    if name is not None:
        return Condition(f"{name.group(1)} is {_state(word, rest)}", name.group(1))
    return Condition(f"`{rest}` holds", "")


def _state(word: str, rest: str) -> str:
    return "defined" if word != "if" or "defined" in rest else "true"


def _opposite(condition: Condition) -> Condition:
    text = condition.text
    if " is not " in text:
        return Condition(text.replace(" is not ", " is "), text.split(" is not ")[0])
    if " is " in text:
        return Condition(text.replace(" is ", " is not "), "")
    return Condition(f"{text.removesuffix(' holds')} does not hold", "")
