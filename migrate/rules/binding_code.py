"""Where a file only binds: module definitions, register helpers, registration macros.

These ranges leave every migrated file. A file with nothing else in it is deleted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Iterable, Sequence

from migrate.model.bindings import Model
from migrate.model.project import Project
from migrate.text.lexer import Token, code_tokens

_REGISTERS = re.compile(r"\.\s*def\s*\(")
_ALIAS = re.compile(r"^[ \t]*namespace\s+\w+\s*=\s*(?:::)?pybind11\b[^;]*;", re.MULTILINE)
_USING = re.compile(r"^[ \t]*using\s+namespace\s+pybind11[^;]*;", re.MULTILINE)


def binding_ranges(
    project: Project, model: Model, libraries: bool = True
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Byte ranges per file; without ``libraries`` what registers with torch's dispatcher is none."""
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for path, start, end in model.binding_functions:
        found[path].add((start, end))
    for path, start, end in model.library_blocks if libraries else ():
        found[path].add((start, end))
    for macro in model.macros:
        if _REGISTERS.search(macro.body):
            found[macro.span.file].add((macro.span.start, macro.span.end))
    for file in project.files:
        if file.kind not in ("source", "header") or b"pybind11" not in file.data:
            continue
        text = file.data.decode("latin-1")
        for pattern in (_ALIAS, _USING):
            for match in pattern.finditer(text):
                found[file.path].add((match.start(), match.end()))
    return {path: tuple(sorted(ranges)) for path, ranges in found.items()}


def has_code_outside(text: str, ranges: Iterable[tuple[int, int]]) -> bool:
    """True when a definition or a macro stands outside ``ranges``: a brace that opens no namespace,
    or a ``#define`` that is not an include guard."""
    tokens = _outside(code_tokens(text), sorted(ranges))
    guards = {t.text for before, t in zip(tokens, tokens[1:]) if before.text == "ifndef"}
    for index, token in enumerate(tokens):
        if token.directive == "define":
            named = tokens[index + 1 : index + 2]
            if token.text == "define" and named and named[0].text not in guards:
                return True
        elif (token.text == "=" and not token.directive) or (
            token.text == "{" and not token.directive and not _opens_namespace(tokens, index)
        ):
            return True
    return False


def _outside(tokens: Sequence[Token], spans: Sequence[tuple[int, int]]) -> list[Token]:
    """Tokens in none of the sorted ``spans``: one pass over both."""
    kept, index = [], 0
    end = 0
    for token in tokens:
        while index < len(spans) and spans[index][0] <= token.start:
            end = max(end, spans[index][1])
            index += 1
        if token.start >= end:
            kept.append(token)
    return kept


def _opens_namespace(tokens: Sequence[Token], index: int) -> bool:
    for token in reversed(tokens[max(0, index - 16) : index]):
        if token.text in ("namespace", "extern"):
            return True
        if token.text != "::" and token.kind not in ("name", "string"):
            return False
    return False
