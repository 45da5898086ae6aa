"""Where the includes of a file stand, and which conditionals the removal of some leaves empty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Optional, Sequence

from migrate.text.lexer import line_end, tokenize

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<open>[<"])(?P<path>[^>"\n]+)[>"]', re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)[^\n]*", re.MULTILINE)
_OPENS = frozenset({"if", "ifdef", "ifndef"})
_BRANCHES = _OPENS | {"elif", "else", "endif"}


@dataclass(frozen=True)
class IncludeLine:
    """One ``#include``; ``end`` lies behind its newline, ``comment`` is what stands after it.

    ``depth`` counts the conditionals around it, an include guard not among them.
    """

    path: str
    quoted: bool
    start: int
    end: int
    comment: str
    depth: int


def include_lines(text: str) -> list[IncludeLine]:
    """The includes of ``text`` outside comments and raw strings."""
    spans = [(t.start, t.end) for t in tokenize(text) if t.kind in ("comment", "string")]
    directives = _directives(text, spans)
    guard = _guard(text, directives)
    rows, depth = [], 0
    for match in directives:
        word = match.group(1)
        depth += word in _OPENS
        depth -= word == "endif"
        found = _INCLUDE.match(text, match.start())
        if found is not None:
            stop = _comment_end(spans, found.end(), line_end(text, found.end()))
            end = min(stop + 1, len(text))
            comment = text[found.end() : stop].strip()
            quoted = found.group("open") == '"'
            path = found.group("path").strip()
            rows.append(IncludeLine(path, quoted, found.start(), end, comment, depth - guard))
    return rows


def _directives(text: str, spans: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    """Preprocessor lines that do not start inside a comment or a string."""
    rows, index = [], 0
    for match in _DIRECTIVE.finditer(text):
        while index < len(spans) and spans[index][1] <= match.start():
            index += 1
        if index == len(spans) or not spans[index][0] <= match.start():
            rows.append(match)
    return rows


def _comment_end(spans: Sequence[tuple[int, int]], start: int, stop: int) -> int:
    """``stop``, or where the comment ends that begins on the line and goes on below it."""
    return max([stop, *(end for begin, end in spans if start <= begin < stop)])


def _guard(text: str, directives: Sequence[re.Match[str]]) -> int:
    """1 when the whole file stands in an include guard."""
    plain = [m for m in directives if m.group(1) != "pragma"]
    if len(plain) < 3 or plain[0].group(1) != "ifndef" or plain[1].group(1) != "define":
        return 0
    same = plain[0].group().split()[-1] in plain[1].group().split()[1:3]
    return int(same and plain[-1].group(1) == "endif" and not _code_after(text, plain[-1].end()))


def _code_after(text: str, offset: int) -> bool:
    return any(t.kind != "comment" for t in tokenize(text[offset:]))


def emptied_conditionals(text: str, removed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """``#if ... #endif`` groups in which only ``removed`` lines and blanks stand, outermost first.

    A group that was empty before is the author's and stays.
    """
    spans = [(t.start, t.end) for t in tokenize(text) if t.kind in ("comment", "string")]
    starts: list[int] = []
    empty: list[bool] = []
    rows: list[tuple[int, int]] = []
    position = 0
    for match in _directives(text, spans):
        word = match.group(1)
        if word not in _BRANCHES:
            continue
        if empty and _has_text(text, position, match.start(), removed):
            empty[-1] = False
        position = min(line_end(text, match.start()) + 1, len(text))
        if word in _OPENS:
            starts.append(match.start())
            empty.append(True)
        elif word == "endif" and starts:
            start, is_empty = starts.pop(), empty.pop()
            if is_empty and any(start <= a and b <= position for a, b in removed):
                rows = [row for row in rows if row[0] < start] + [(start, position)]
            elif empty:
                empty[-1] = False
    return rows


def _has_text(text: str, start: int, end: int, gone: Iterable[tuple[int, int]]) -> bool:
    """True when something but white space and ``gone`` stands in the range."""
    position = start
    for first, last in sorted(gone):
        if last <= position or first >= end:
            continue
        if text[position : max(position, first)].strip():
            return True
        position = max(position, last)
    return bool(text[position:end].strip()) if position < end else False


def conditionals(text: str) -> list[tuple[int, int, bool]]:
    """The outermost ``#if ... #endif`` groups, the include guard not among them, and whether each has but
    one branch."""
    spans = [(t.start, t.end) for t in tokenize(text) if t.kind in ("comment", "string")]
    found = _directives(text, spans)
    directives = [match for match in found if match.group(1) in _BRANCHES]
    if _guard(text, found):
        directives = directives[1:-1]
    rows: list[tuple[int, int, bool]] = []
    depth, start, plain = 0, 0, True
    for match in directives:
        word = match.group(1)
        if word in _OPENS and not depth:
            start, plain = match.start(), True
        plain = plain and (word in _OPENS or word == "endif" or depth > 1)
        depth += (word in _OPENS) - (word == "endif")
        if word == "endif" and not depth:
            rows.append((start, match.end(), plain))
    return rows


def after_last_plain(lines: Sequence[IncludeLine]) -> Optional[int]:
    """The end of the last include that stands in no conditional."""
    return max((line.end for line in lines if line.depth <= 0), default=None)
