"""The includes of a rewritten file: torch's make way for the carried ones, the others stay put."""

from __future__ import annotations

import re
from typing import Optional, Sequence

from migrate.render.device_includes import conditional_place, is_device_header
from migrate.render.overloads import needed_overloads
from migrate.tables.compute import FUNCTIONS
from migrate.tables.lookup import BUILTIN, Tables
from migrate.tables.std_headers import (
    C_NAMES,
    DISPATCHED_TYPES,
    RUNTIME_PREFIXES,
    RUNTIME_TYPES,
    STD_NAMES,
    STRING_FUNCTIONS,
    STRING_MEMBERS,
)
from migrate.text.directives import (
    IncludeLine,
    after_last_plain,
    emptied_conditionals,
    include_lines,
)
from migrate.text.lexer import Token, code_tokens, tokenize

_PRAGMA_ONCE = re.compile(r"^[ \t]*#[ \t]*pragma[ \t]+once[^\n]*\n", re.MULTILINE)
# Under it a name of the standard library stands alone.
_USING_STD = re.compile(r"^[ \t]*using\s+namespace\s+std\s*;", re.MULTILINE)
_STREAMS = ("<string>", "<iostream>", "<ostream>")
# Words to tools about the include itself: they leave with it.
_TOOL_COMMENT = re.compile(r"//\s*(NOLINT|IWYU pragma)")


def with_includes(
    text: str,
    headers: set[str],
    dropped: Sequence[str],
    backend: str,
    tables: Tables = BUILTIN,
    own: Sequence[str] = (),
    overloads: str = "",
) -> str:
    """``text`` without torch's includes and those of ``dropped`` in-tree headers, with ``headers``.
    ``own`` are includes of in-tree headers that only look like torch's; for ``overloads`` see
    ``visible_overloads``.

    The new block takes the place of the first include that leaves and stands in no conditional. What only
    a GPU build has stays under the condition that the original had for it.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = include_lines(text)
    gone = [line for line in lines if _leaves(line.path, dropped, tables, own)]
    kept = {line.path for line in lines if line not in gone}
    needed = {*headers, *implied(text, backend, overloads)}
    needed |= {tables.swaps[line.path] for line in gone if line.path in tables.swaps}
    if {"ffi_port/cuda.h", "ffi_port/cuda_stream.h"} & (needed | kept):
        needed.discard("<cuda_runtime.h>")  # cuda.h brings it, or HIP's where the build is for ROCm
    needed = {header for header in needed if header.strip("<>") not in kept}
    inner = conditional_place(text, lines, gone, tables)
    device = set() if inner is None else {header for header in needed if is_device_header(header)}
    blocks = {} if inner is None or not device else {inner: _block(device, newline)}
    if needed - device:
        anchor = next((line.start for line in gone if line.depth <= 0), None)
        if anchor is None:
            anchor = _new_place(text, [line for line in lines if line not in gone])
        blocks[anchor] = _block(needed - device, newline)
    return _edited(text, gone, blocks, newline)


def _block(headers: set[str], newline: str) -> str:
    standard = sorted(h for h in headers if h.startswith("<"))
    carried = sorted(h for h in headers if not h.startswith("<"))
    rows = [f"#include {h}" for h in standard] + [f'#include "{h}"' for h in carried]
    return "".join(row + newline for row in rows)


def _edited(text: str, gone: Sequence[IncludeLine], blocks: dict[int, str], newline: str) -> str:
    """``text`` without the lines of ``gone``, with ``blocks`` by the place they are put at."""
    comments = {line.start: _comment(line, newline) for line in gone}
    cuts = [(line.start, line.end) for line in gone if not comments[line.start]]
    empty = emptied_conditionals(text, [cut for cut in cuts if cut[0] not in blocks])
    inner = [s for s in cuts if any(a <= s[0] and s[1] <= b for a, b in empty)]
    spans = {(line.start, line.end) for line in gone} - set(inner) | set(empty)
    out, position = "", 0
    for start, end in sorted({*spans, *((place, place) for place in blocks)}):
        out += text[position:start]
        position = start
        if start == end:
            out += _separator(out, newline) + blocks[start]
        else:
            out += comments.get(start, "")
            position = _past_blank_line(out, text, end, newline)
    return out + text[position:]


def _separator(before: str, newline: str) -> str:
    """A newline where the block would go on behind a last line that has none."""
    return newline if before and not before.endswith("\n") else ""


def _comment(line: IncludeLine, newline: str) -> str:
    if not line.comment or _TOOL_COMMENT.match(line.comment):
        return ""
    return line.comment + newline


def _past_blank_line(before: str, text: str, position: int, newline: str) -> int:
    """A line cut out between two blank lines, or from the top, takes one blank line with it."""
    blank_before = not before or before.endswith(newline * 2)
    if blank_before and text.startswith(newline, position):
        return position + len(newline)
    return position


def _leaves(spelling: str, dropped: Sequence[str], tables: Tables, own: Sequence[str]) -> bool:
    if spelling in tables.gone or (spelling not in own and tables.leaves(spelling)):
        return True
    return any(path == spelling or path.endswith("/" + spelling) for path in dropped)


def _new_place(text: str, kept: Sequence[IncludeLine]) -> int:
    """After the last include outside conditionals, else after ``#pragma once`` or the opening
    comment, else on top."""
    position = after_last_plain(kept)
    if position is not None:
        return position
    pragma = _PRAGMA_ONCE.search(text)
    if pragma is not None:
        return pragma.end()
    tokens = tokenize(text)
    guard = [t for t in tokens if t.directive in ("ifndef", "define")]
    if len(guard) > 5 and tokens[0].directive == "ifndef":
        return min(text.find("\n", guard[-1].end) + 1 or len(text), len(text))
    if tokens and tokens[0].kind == "comment":
        end = next((a.end for a, b in zip(tokens, tokens[1:]) if b.kind != "comment"), 0)
        return min(text.find("\n", end) + 1 or len(text), len(text))
    return 0


def implied(text: str, backend: str, overloads: str = "") -> set[str]:
    """Headers that torch's used to bring: the names in the text that need one."""
    tokens = code_tokens(text)
    found = needed_overloads(text, overloads)
    opened = _USING_STD.search(text) is not None
    if any(token.text == "Tensor" for token in tokens):
        found |= {"ffi_port/compute.h" for index in range(len(tokens)) if _computes(tokens, index)}
    for index, token in enumerate(tokens):
        if token.kind != "name" or token.directive == "include":
            continue
        header = _header_of(tokens, index, backend) or (_opened_name(tokens, index) if opened else None)
        if header == "<cmath>" and "<math.h>" in found and tokens[index - 1].text != "::":
            continue  # <math.h> declares it too
        if header is not None:
            found.add(header)
    return found


def _computes(tokens: Sequence[Token], index: int) -> bool:
    """Whether the name stands alone before its arguments: a tensor among them finds torch's function."""
    if tokens[index].text not in FUNCTIONS or index + 1 == len(tokens) or tokens[index + 1].text != "(":
        return False
    before = tokens[index - 1] if index else tokens[index]
    return before.text == "return" or (before.text not in (".", "->", "::") and before.kind != "name")


def _opened_name(tokens: Sequence[Token], index: int) -> Optional[str]:
    """The header of a name of ``std`` that stands alone, as far as its surroundings say that it is one."""
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1] if index + 1 < len(tokens) else tokens[index]
    named = after.text in ("<", "(", "::", "&", "*") or after.kind == "name"
    header = STD_NAMES.get(tokens[index].text)
    return header if before not in (".", "->", "::") and (named or header in _STREAMS) else None


def _header_of(tokens: Sequence[Token], index: int, backend: str) -> Optional[str]:
    name = tokens[index].text
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if before in (".", "->"):
        return "<string>" if name in STRING_MEMBERS and after == "(" else None
    if name in STRING_FUNCTIONS:
        return "<string>"
    for words, header in DISPATCHED_TYPES:
        if words.fullmatch(name):
            return header
    if before == "::":
        qualifier = tokens[index - 2].text if index > 1 else ""
        return STD_NAMES.get(name) or C_NAMES.get(name) if qualifier == "std" else None
    if name in C_NAMES:
        return C_NAMES[name]
    if name in RUNTIME_TYPES.get(backend, {}) and (before == "<" or after == "*"):
        return RUNTIME_TYPES[backend][name]
    for prefix, header in RUNTIME_PREFIXES[backend]:
        if name.startswith(prefix) and _is_runtime_name(prefix, name[len(prefix) :]):
            return header
    return None


def _is_runtime_name(prefix: str, rest: str) -> bool:
    """``cudaMalloc`` and ``__half2`` are the runtime's; ``cuda`` and ``cudagraph`` anyone's."""
    if prefix.startswith("_"):
        return True
    if not rest:
        return not prefix.isalpha()
    return rest[0] == "_" or rest[0].isupper() or rest[0].isdigit()
