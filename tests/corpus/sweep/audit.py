"""What must not happen to a file, checked from its bytes before and after, without the tool's word.

The two texts are compared line by line, and token by token inside the lines that differ:

- a comment of the original stands in the migrated file, or in another written file: it moved with its
  code; or the run's report lists it. One whose text changed was edited inside. The copies that
  legacy and bridge libraries are compiled from count for code that left for them, not for code that
  was migrated;
- between two tokens that stayed neighbours, the white space stayed too: no line changes outside an
  edit. A line that only gained or lost blanks before a continuation's backslash is such an edit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Optional

from migrate.text.lexer import Token, tokenize
from sweep.results import Audit, Finding

_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".cu", ".cuh", ".h", ".hh", ".hpp", ".hip", ".inl", ".inc")
_ALIGNED = re.compile(r"[ \t]+(?=\\\r?\n)")
_LIKE = 0.6  # two texts this alike are one text, edited


@dataclass(frozen=True)
class Change:
    """One changed file; ``after`` is None when it was deleted.

    Byte ranges that leave by plan: ``removed`` are functions that stay with the legacy module, ``bound``
    registrations, whose strings live on as names in the adaptor, ``rewritten`` what of a host function
    went to the shim.
    """

    path: str
    before: str
    after: str | None
    removed: tuple[tuple[int, int], ...] = ()
    bound: tuple[tuple[int, int], ...] = ()
    rewritten: tuple[tuple[int, int], ...] = ()

    def leaves(self, token: Token) -> bool:
        """True for what stands inside code that leaves for the legacy module, above it without a
        blank line between, or behind it on its last line."""
        return any(self._belongs(token, start, end) for start, end in self.removed)

    def _belongs(self, token: Token, start: int, end: int) -> bool:
        if start <= token.start < end:
            return True
        above = self.before[token.end : start] if token.end <= start else "x"
        if all(t.kind == "comment" for t in tokenize(above)):
            return "\n\n" not in above.replace("\r", "")
        behind = self.before[end : token.start] if end <= token.start else "\n"
        return "\n" not in behind and not behind.strip(" \t;")


@dataclass
class _Elsewhere:
    """Texts of comments and strings in all written files, original paths or new ones."""

    texts: Counter[str] = field(default_factory=Counter)
    lines: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        for token in tokenize(text):
            if token.kind in ("comment", "string"):
                self.texts[token.text] += 1
        self.lines.update(line.strip() for line in text.splitlines())

    def holds(self, token: Token) -> bool:
        return token.text in self.texts or all(
            line.strip() in self.lines for line in token.text.splitlines() if line.strip()
        )


def audit(
    changes: Sequence[Change],
    written: Sequence[str],
    copied: Sequence[str],
    listed: Collection[tuple[str, int]] = (),
) -> Audit:
    """``written`` are the texts of all files that the tool wrote but the copies of originals; ``listed``
    the files and lines of comments that it says left with their code."""
    elsewhere, copies = _Elsewhere(), _Elsewhere()
    for store, texts in ((elsewhere, written), (copies, copied)):
        for text in texts:
            store.add(text)
    findings: list[Finding] = []
    comments = strings = moved = reported = 0
    for change in changes:
        tokens = tokenize(change.before)
        comments += sum(token.kind == "comment" for token in tokens)
        strings += sum(token.kind == "string" for token in tokens)
        found, gone = _compare(change)
        findings += found
        for token, other in gone:
            if elsewhere.holds(token) or (change.leaves(token) and copies.holds(token)):
                moved += token.kind == "comment"
            elif token.kind == "comment" and (change.path, _line(change, token.start)) in listed:
                reported += 1
            elif token.kind == "comment" or not _inside(token, change.bound):
                findings.append(_lost(change, token, other))
    return Audit(len(changes), comments, moved, reported, strings, tuple(findings))


def _lost(change: Change, token: Token, other: str) -> Finding:
    edited = other and SequenceMatcher(None, token.text, other).ratio() >= _LIKE
    kind = f"{token.kind} edited" if edited else f"{token.kind} lost"
    return _finding(kind, change, token.start, token.text)


def _finding(kind: str, change: Change, offset: int, text: str) -> Finding:
    return Finding(kind, change.path, _line(change, offset), " ".join(text.split())[:120])


def _line(change: Change, offset: int) -> int:
    return change.before.count("\n", 0, offset) + 1


def _inside(token: Token, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in ranges)


def _is_text(token: Token) -> bool:
    return token.kind in ("comment", "string") and token.directive != "include"


def _compare(change: Change) -> tuple[list[Finding], list[tuple[Token, str]]]:
    """Findings about white space; comments and strings that left the file, each with the token of
    its kind that stands in its place, if there is one."""
    if change.after is None:
        return [], [(t, "") for t in tokenize(change.before) if _is_text(t)]
    findings: list[Finding] = []
    gone: list[tuple[Token, str]] = []
    for old, new in _hunks(change.before, change.after):
        matcher = SequenceMatcher(None, [t.text for t in old], [t.text for t in new], autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag == "equal":
                findings += _spaces(change, old[i1:i2], new[j1:j2])
                continue
            rest = [t for t in new[j1:j2] if _is_text(t)]
            for token in old[i1:i2]:
                if _is_text(token):
                    gone.append((token, next((t.text for t in rest if t.kind == token.kind), "")))
    return findings, gone


def _spaces(change: Change, old: Sequence[Token], new: Sequence[Token]) -> Iterator[Finding]:
    assert change.after is not None
    ranges = (*change.removed, *change.bound, *change.rewritten)
    for index, token in enumerate(old):
        if _inside(token, ranges) or (index and _inside(old[index - 1], ranges)):
            continue
        before: Optional[str]
        after: Optional[str]
        if index:
            before = change.before[old[index - 1].end : token.start]
            after = change.after[new[index - 1].end : new[index].start]
        else:
            before, after = _indent(change.before, token), _indent(change.after, new[0])
            if before is None or after is None:
                continue  # an edit stands in front of it
        if before != after and _ALIGNED.sub("", before) != _ALIGNED.sub("", after):
            yield _finding("line changed outside an edit", change, token.start, token.text)


def _indent(text: str, token: Token) -> str | None:
    """The white space in front of a line's first token; None for a later one."""
    indent = text[text.rfind("\n", 0, token.start) + 1 : token.start]
    return None if indent.strip() else indent


def _hunks(before: str, after: str) -> Iterator[tuple[list[Token], list[Token]]]:
    """Tokens of the line ranges that differ. A token that reaches over such a range counts to it."""
    left, right = before.split("\n"), after.split("\n")
    starts = [_starts(lines) for lines in (left, right)]
    tokens = [tokenize(before), tokenize(after)]
    ends = [[token.end for token in side] for side in tokens]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right).get_opcodes():
        if tag == "equal":
            continue
        ranges = ((starts[0][i1], starts[0][i2]), (starts[1][j1], starts[1][j2]))
        yield tuple(
            _between(tokens[side], ends[side], *ranges[side]) for side in (0, 1)
        )  # type: ignore[misc]


def _between(tokens: Sequence[Token], ends: Sequence[int], start: int, end: int) -> list[Token]:
    index, found = bisect_left(ends, start + 1), []
    while index < len(tokens) and tokens[index].start < end:
        found.append(tokens[index])
        index += 1
    return found


def _starts(lines: Sequence[str]) -> list[int]:
    offsets, position = [], 0
    for line in lines:
        offsets.append(position)
        position += len(line) + 1
    return [*offsets, position]


def changed_lines(change: Change) -> int:
    """Lines of the original that were replaced or removed."""
    left = change.before.split("\n")
    right = change.after.split("\n") if change.after is not None else []
    opcodes = SequenceMatcher(None, left, right).get_opcodes()
    return sum(i2 - i1 for tag, i1, i2, _, _ in opcodes if tag in ("replace", "delete"))


Ranges = dict[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Leaving:
    """What leaves by plan, per file: see ``Change``."""

    removed: Ranges
    bound: Ranges
    rewritten: Ranges


def read_changes(original: Path, out: Path, paths: Sequence[str], leaving: Leaving) -> list[Change]:
    """The C++ files among ``paths`` that differ; latin-1 maps every byte to one character and back."""
    rows = []
    for path in paths:
        if not path.endswith(_SOURCES) or not (original / path).is_file():
            continue
        before = (original / path).read_bytes()
        after = (out / path).read_bytes() if (out / path).is_file() else None
        if before != after:
            text = after.decode("latin-1") if after is not None else None
            ranges = (leaving.removed, leaving.bound, leaving.rewritten)
            rows.append(Change(path, before.decode("latin-1"), text, *(r.get(path, ()) for r in ranges)))
    return rows
