"""Where an operator stands in the files of its migration: line ranges, found in the text alone.

The report shows what one reviewer has to read for one operator. A range that is not found costs
comfort, never truth: the page then shows the whole file.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

from migrate.report.rows import OperatorRow

Lines = tuple[int, int]  # first and last, from 1


@dataclass(frozen=True)
class Source:
    """One file before and after; None: there is no such side."""

    before: Optional[str]
    after: Optional[str]


@dataclass(frozen=True)
class Place:
    """Ranges of one side (``before`` or ``after``) of one file; none: all of it."""

    path: str
    side: str
    lines: tuple[Lines, ...]


@dataclass(frozen=True)
class Sheet:
    """One thing to read side by side. ``kind``: source, binding, header, shim or adaptor."""

    kind: str
    before: tuple[Place, ...]
    after: tuple[Place, ...]


_ORDER = ("source", "header", "shim", "adaptor", "binding")
# Brackets that count, and what must not be taken for one.
_PIECES = re.compile(r'[(){};]|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
_LONGEST = 200_000  # characters of one function; what goes on longer was read wrongly


def sheets_of(row: OperatorRow, sources: Mapping[str, Source]) -> tuple[Sheet, ...]:
    """What to show for ``row``, in reading order."""
    name = _cpp_name(row)
    found = [sheet for path in row.files if (sheet := _sheet(row, name, path, sources)) is not None]
    shown = {place.path for sheet in found for place in sheet.before}
    binding = _registration(row, sources)
    if binding and row.file not in shown:
        found.append(Sheet("binding", binding, ()))
    return tuple(sorted(found, key=lambda sheet: _ORDER.index(sheet.kind)))


def original_of(path: str, sources: Mapping[str, Source]) -> Optional[str]:
    """The original that a migrated file came from: the same path, or a copy's without its folder."""
    for candidate in (path, path.partition("/")[2]):
        source = sources.get(candidate)
        if source is not None and source.before is not None:
            return candidate
    return None


def _sheet(row: OperatorRow, name: str, path: str, sources: Mapping[str, Source]) -> Optional[Sheet]:
    source = sources.get(path)
    if source is None or source.after is None:
        return None
    original = original_of(path, sources)
    if original is not None:
        old = Place(original, "before", definitions(sources[original].before or "", name))
        return Sheet("source", (old,), (Place(path, "after", definitions(source.after, name)),))
    if path.endswith(".py"):
        return Sheet("adaptor", (), (Place(path, "after", python_lines(source.after, row.name)),))
    if path.endswith("_ffi.cc"):
        lines = _shim_lines(source.after, row.name, name)
        # Where the shim took the host code over, its original stands beside it.
        moved = _originals(row, name, sources) if definitions(source.after, name) else ()
        return Sheet("shim", (*_registration(row, sources), *moved), (Place(path, "after", lines),))
    return Sheet("header", (), (Place(path, "after", definitions(source.after, name)),))


def _cpp_name(row: OperatorRow) -> str:
    """``torch::Tensor ns::f(...)`` -> ``f``; the Python name where the signature has none."""
    match = re.search(r"([A-Za-z_]\w*)\s*\(", row.signature)
    return match.group(1) if match else row.name


def _registration(row: OperatorRow, sources: Mapping[str, Source]) -> tuple[Place, ...]:
    source = sources.get(row.file)
    if source is None or source.before is None:
        return ()
    lines = {statement_lines(source.before, row.line), *definitions(source.before, _cpp_name(row))}
    return (Place(row.file, "before", tuple(sorted(lines))),)


def _originals(row: OperatorRow, name: str, sources: Mapping[str, Source]) -> Iterator[Place]:
    """The original definitions of ``name``, in the files of the operator but its registration's."""
    for path in row.files:
        original = original_of(path, sources)
        if original is not None and original != row.file:
            lines = definitions(sources[original].before or "", name)
            if lines:
                yield Place(original, "before", lines)


def _shim_lines(text: str, export: str, name: str) -> tuple[Lines, ...]:
    """The host function, the function that tvm-ffi calls, and the export."""
    match = re.search(rf"TVM_FFI_DLL_EXPORT_TYPED_FUNC\(\s*{re.escape(export)}\s*,\s*(\w+)", text)
    if match is None:
        return definitions(text, name)
    found = {*definitions(text, name), *definitions(text, match.group(1))}
    found.add((_line_at(text, match.start()), _line_at(text, match.end())))
    return tuple(sorted(found))


def definitions(text: str, name: str) -> tuple[Lines, ...]:
    """Where ``name(...) {...}`` is defined; where it is only declared, that."""
    bodies: list[Lines] = []
    heads: list[Lines] = []
    for start, opening in _calls(text).get(name, ()):
        end = _end_of(text, opening) if _starts_a_declaration(text, start) else None
        if end is None:
            continue
        lines = (_first_line(text, start), _line_at(text, end))
        (bodies if text[end] == "}" else heads).append(lines)
    return tuple(sorted(set(bodies or heads)))


# One file holds many operators, so what depends on the text alone is found once.
@lru_cache(maxsize=64)
def _calls(text: str) -> dict[str, list[tuple[int, int]]]:
    """name -> offsets of each ``name (`` and of its bracket."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in re.finditer(r"([A-Za-z_]\w*)\s*\(", text):
        found.setdefault(match.group(1), []).append((match.start(), match.end() - 1))
    return found


@lru_cache(maxsize=64)
def _starts(text: str) -> list[int]:
    """The offset at which each line starts."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _starts_a_declaration(text: str, position: int) -> bool:
    """True where a type stands before the name: ``Tensor f(``, ``int* ns::f(``, not ``return f(``."""
    if text[_starts(text)[_line_at(text, position) - 1] : position].lstrip().startswith("#"):
        return False
    before = text[max(0, position - 400) : position].rstrip()
    before = re.sub(r"(?:\w+::)+$", "", before).rstrip()
    return re.search(r"(?:(?<!\breturn)(?<!\bthrow)(?<!\belse)(?<=\w)|[>*&])$", before) is not None


def _end_of(text: str, opening: int) -> Optional[int]:
    """Offset of the ``}`` or ``;`` that ends the function whose parameters open at ``opening``."""
    depth = 0
    for match in _PIECES.finditer(text, opening, opening + _LONGEST):
        piece = match.group()
        if piece in ("(", "{"):
            depth += 1
        elif piece in (")", "}"):
            depth -= 1
            if depth < 0:
                return None
            if depth == 0 and piece == "}":
                return match.start()
        elif piece == ";" and depth == 0:
            return match.start()
    return None


def _first_line(text: str, position: int) -> int:
    """The line where the declaration starts, with the comment above it."""
    starts, first = _starts(text), _line_at(text, position)
    while first > 1:
        above = text[starts[first - 2] : starts[first - 1]].strip()
        if not above or above.endswith((";", "}", "{", "\\")) or above.startswith("#"):
            break
        first -= 1
    return first


def _line_at(text: str, position: int) -> int:
    return bisect_right(_starts(text), position)


def statement_lines(text: str, line: int) -> Lines:
    """The statement that starts on ``line``: until its brackets are closed and ``;`` comes."""
    starts, depth = _starts(text), 0
    start = starts[min(line, len(starts)) - 1]
    for match in _PIECES.finditer(text, start, start + _LONGEST):
        piece = match.group()
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(piece, 0)
        if depth < 0 or (depth == 0 and piece == ";"):
            return line, max(line, _line_at(text, match.start()))
    return line, line


def python_lines(text: str, name: str) -> tuple[Lines, ...]:
    """The assignments, functions and classes called ``name`` or ``_name``."""
    return tuple(lines for known, lines in _top_level(text) if known in (name, f"_{name}"))


@lru_cache(maxsize=8)
def _top_level(text: str) -> tuple[tuple[str, Lines], ...]:
    try:
        return tuple(_named(ast.parse(text)))
    except (SyntaxError, ValueError):
        return ()


def _named(module: ast.Module) -> Iterator[tuple[str, Lines]]:
    for node in module.body:
        names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        for name in names:
            yield name, (node.lineno, node.end_lineno or node.lineno)
