"""Take torch out of one file: rename, remove what binds, swap the includes. Nothing else moves."""

from __future__ import annotations

import re
from typing import Iterable, Optional, Sequence

from migrate.model.plan import FilePlan
from migrate.model.source import Edit
from migrate.rules.rename import rename
from migrate.tables.names import TORCH_HEADERS
from migrate.tables.std_headers import C_NAMES, RUNTIME_PREFIXES, STD_NAMES
from migrate.text.edits import apply_edits
from migrate.text.lexer import Token, code_tokens, line_end

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
_PRAGMA_ONCE = re.compile(r"^[ \t]*#[ \t]*pragma[ \t]+once[^\n]*\n", re.MULTILINE)


def strip(
    text: str,
    plan: FilePlan,
    backend: str,
    extra_edits: Sequence[Edit] = (),
    extra_headers: Iterable[str] = (),
) -> str:
    """``text`` (latin-1) of ``plan.path`` without torch and pybind11.

    ``extra_edits`` replace whole ranges (a removed module by its entry points, a host function by
    its launcher) and win over everything inside them.
    """
    replaced = [(edit.start, edit.end) for edit in extra_edits]
    removed = [span for span in plan.removed if span not in replaced]
    gone = [*replaced, *removed]
    renames = rename(plan.path, text, gone)
    edits = [*extra_edits, *(_removal(plan.path, text, span) for span in _outermost(removed))]
    edits += renames.edits
    body = apply_edits(text, _aligned(text, edits))
    headers = {*renames.headers, *extra_headers, *plan.inherited_includes}
    return _with_includes(body, headers, plan.dropped_includes, backend)


def _outermost(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if rows and start < rows[-1][1]:
            continue
        rows.append((start, end))
    return rows


def _removal(path: str, text: str, span: tuple[int, int]) -> Edit:
    """Delete ``span`` with the rest of its line and the comment block that stands right above."""
    start, end = span
    tail = text[end : line_end(text, end)]
    if not tail.strip(" \t\r;"):
        end = min(line_end(text, end) + 1, len(text))
    line_start = text.rfind("\n", 0, start) + 1
    if not text[line_start:start].strip():
        start = _comment_above(text, line_start)
        # Two blank lines left behind by the cut become one.
        if text[:start].endswith("\n\n") and text[end : end + 1] == "\n":
            end += 1
    return Edit(path, start, end, "")


def _comment_above(text: str, line_start: int) -> int:
    start = line_start
    while start > 0:
        previous = text.rfind("\n", 0, start - 1) + 1
        line = text[previous : start - 1].strip()
        if not line.startswith("//") or previous == 0:
            return start
        start = previous
    return start


def _aligned(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Keep the trailing backslashes of a macro in their column where there is room."""
    rows = []
    for edit in edits:
        growth = len(edit.text) - (edit.end - edit.start)
        line_stop = text.find("\n", edit.end)
        line = text[edit.end : line_stop if line_stop >= 0 else len(text)]
        match = re.search(r"[ \t]{2,}\\\r?$", line)
        rows.append(edit)
        if match is None or growth <= 0 or "\n" in edit.text or "\n" in text[edit.start : edit.end]:
            continue
        room = len(match.group().rstrip("\r")) - 2
        cut = min(growth, room)
        if cut > 0:
            stop = edit.end + match.start()
            rows.append(Edit(edit.file, stop, stop + cut, ""))
    return _merged(rows)


def _merged(edits: Sequence[Edit]) -> list[Edit]:
    """Several edits of one macro line each take some of its padding: join the cuts."""
    cuts: dict[tuple[str, int], int] = {}
    rows = []
    for edit in edits:
        if edit.text == "" and edit.end - edit.start < 200:
            key = (edit.file, edit.start)
            cuts[key] = cuts.get(key, 0) + edit.end - edit.start
        else:
            rows.append(edit)
    return rows + [Edit(file, start, start + size, "") for (file, start), size in cuts.items()]


def _with_includes(
    text: str, headers: set[str], dropped: Sequence[str], backend: str
) -> str:
    """Torch's includes make way for the carried ones, in the place of the first."""
    gone = [m for m in _INCLUDE.finditer(text) if _leaves(m.group(1), dropped)]
    kept = {m.group(1) for m in _INCLUDE.finditer(text) if not _leaves(m.group(1), dropped)}
    needed = {*headers, *implied_headers(text, backend)}
    wanted = sorted(h for h in needed if h.strip("<>") not in kept)
    carried = [f'#include "{h}"' for h in wanted if not h.startswith("<")]
    standard = [f"#include {h}" for h in wanted if h.startswith("<")]
    newline = "\r\n" if "\r\n" in text else "\n"
    block = newline.join([*standard, *carried])
    if not gone:
        return _insert(text, block, newline) if block else text
    first = gone[0]
    pieces, position = [], 0
    for match in gone:
        end = min(line_end(text, match.end()) + 1, len(text))
        pieces.append(text[position : match.start()])
        if match is first and block:
            pieces.append(block + newline)
        elif pieces[-1].endswith(newline * 2) or (not pieces[-1] and len(pieces) > 1):
            # The include stood between blank lines (or right below one that went): keep one.
            if text.startswith(newline, end):
                end += len(newline)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _leaves(spelling: str, dropped: Sequence[str]) -> bool:
    if spelling.startswith(TORCH_HEADERS):
        return True
    return any(path == spelling or path.endswith("/" + spelling) for path in dropped)


def _insert(text: str, block: str, newline: str) -> str:
    """After the last include outside conditionals, else after ``#pragma once``, else on top."""
    position = _last_plain_include(text)
    if position is None:
        pragma = _PRAGMA_ONCE.search(text)
        position = pragma.end() if pragma is not None else 0
    return text[:position] + block + newline + text[position:]


def _last_plain_include(text: str) -> Optional[int]:
    depth, found = 0, None
    for match in re.finditer(r"^[ \t]*#[ \t]*(include|if|ifdef|ifndef|endif)\b", text, re.MULTILINE):
        word = match.group(1)
        if word == "endif":
            depth -= 1
        elif word != "include":
            depth += 1
        elif depth <= 1:
            found = min(line_end(text, match.end()) + 1, len(text))
    return found


def implied_headers(text: str, backend: str) -> set[str]:
    """Headers that torch's used to bring: the names in the text that need one."""
    tokens = code_tokens(text)
    found: set[str] = set()
    for index, token in enumerate(tokens):
        if token.kind != "name" or token.directive == "include":
            continue
        header = _header_of(tokens, index, backend)
        if header is not None:
            found.add(header)
    return found


def _header_of(tokens: Sequence[Token], index: int, backend: str) -> Optional[str]:
    name = tokens[index].text
    before = tokens[index - 1].text if index else ""
    if before in (".", "->"):
        return None
    if before == "::":
        qualifier = tokens[index - 2].text if index > 1 else ""
        return STD_NAMES.get(name) or C_NAMES.get(name) if qualifier == "std" else None
    if name in C_NAMES:
        return C_NAMES[name]
    for prefix, header in RUNTIME_PREFIXES[backend]:
        if name.startswith(prefix) and name != prefix.rstrip("_"):
            rest = name[len(prefix) : len(prefix) + 1]
            if rest in ("", "_") or rest.isupper() or rest.isdigit() or prefix.startswith("_"):
                return header
    return None
