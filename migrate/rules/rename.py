"""torch names -> carried names, token by token, outside comments and strings.

Before: ``TORCH_CHECK(x.scalar_type() == at::kFloat, "x must be float");``
After:  ``FFI_CHECK(x.scalar_type() == ffi_port::kFloat, "x must be float");``

Method names do not change: the carried types have torch's. A torch name without a row is reported,
never guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional, Sequence

from migrate.model.source import Edit
from migrate.tables.names import CHECK_MACROS, MACROS, NAMES, NAMESPACES
from migrate.text.lexer import Token, code_tokens, split_arguments

_ROOTS = frozenset({"at", "torch", "c10", "caffe2", "pybind11", "py"})
_TORCH_MACRO = re.compile(r"(TORCH|AT|C10|PYBIND11|CAFFE2)_[A-Z0-9_]+")
# Conditions on torch's or pybind11's own versions: plain undefined macros in a migrated file.
_CONDITION = frozenset({"if", "elif", "ifdef", "ifndef", "undef"})


@dataclass(frozen=True)
class Unknown:
    """A torch name that has no row, and where it stands."""

    name: str
    offset: int


@dataclass(frozen=True)
class Renames:
    """Edits of one text, the headers the new names need, and names nothing is known of."""

    edits: tuple[Edit, ...]
    headers: frozenset[str]
    unknown: tuple[Unknown, ...]


def rename(
    file: str,
    text: str,
    skip: Sequence[tuple[int, int]] = (),
    touched: Sequence[tuple[int, int]] = (),
) -> Renames:
    """Rename every torch name in ``text``, but in the byte ranges of ``skip``.

    ``touched`` are ranges that another rule rewrites: a check whose condition holds one prints the
    condition as it was spelled.
    """
    return _Renamer(file, text, skip, touched).run()


class _Renamer:
    def __init__(
        self,
        file: str,
        text: str,
        skip: Sequence[tuple[int, int]],
        touched: Sequence[tuple[int, int]],
    ) -> None:
        self.file, self.text, self.touched = file, text, touched
        self.skip = sorted(skip)
        self.tokens = code_tokens(text)
        self.edits: list[Edit] = []
        self.headers: set[str] = set()
        self.unknown: list[Unknown] = []
        self.checks: list[int] = []

    def run(self) -> Renames:
        index = 0
        while index < len(self.tokens):
            index = self._visit(index)
        for check in self.checks:
            self._keep_condition_text(check)
        return Renames(
            tuple(sorted(set(self.edits))), frozenset(self.headers), tuple(self.unknown)
        )

    def _visit(self, index: int) -> int:
        """Handle the token at ``index``; the index to go on at."""
        token = self.tokens[index]
        if token.kind != "name" or token.directive == "include" or self._is_skipped(token.start):
            return index + 1
        if index and self.tokens[index - 1].text in (".", "->"):
            return index + 1
        if token.text in MACROS:
            self._macro(index)
            return index + 1
        if _TORCH_MACRO.fullmatch(token.text):
            if token.directive not in _CONDITION and not self._is_being_defined(index):
                self.unknown.append(Unknown(token.text, token.start))
            return index + 1
        if token.text in _ROOTS and self._is_qualifier(index):
            return self._qualified(index)
        return index + 1

    def _is_skipped(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self.skip)

    def _is_being_defined(self, index: int) -> bool:
        return bool(index) and self.tokens[index - 1].text == "define"

    def _is_qualifier(self, index: int) -> bool:
        """True where ``at`` starts a qualified name (and is no member, variable or inner name)."""
        after = self.tokens[index + 1].text if index + 1 < len(self.tokens) else ""
        before = self.tokens[index - 1].text if index else ""
        if before == "namespace" and after in (";", "::", "="):
            return True
        if before == "::" and index > 1 and self.tokens[index - 2].kind == "name":
            return False
        return after == "::"

    def _macro(self, index: int) -> None:
        token = self.tokens[index]
        if self._is_being_defined(index):
            return
        row = MACROS[token.text]
        self._replace(token.start, token.end, row.target, row.header)
        if token.text in CHECK_MACROS:
            self.checks.append(index)

    def _replace(self, start: int, end: int, target: str, header: str) -> None:
        self.edits.append(Edit(self.file, start, end, target))
        self.headers.add(header)

    def _qualified(self, index: int) -> int:
        chain = self._chain(index)
        parts = [self.tokens[i].text for i in chain]
        first = self.tokens[index]
        start = first.start
        if index and self.tokens[index - 1].text == "::":
            start = self.tokens[index - 1].start
        if len(parts) == 1:
            return self._using_namespace(index)
        found = _lookup(parts)
        if found is None:
            self.unknown.append(Unknown("::".join(parts), first.start))
            return chain[-1] + 1
        count, target, header = found
        self._replace(start, self.tokens[chain[count - 1]].end, target, header)
        return chain[count - 1] + 1

    def _chain(self, index: int) -> list[int]:
        """Token indexes of the names of ``a::b::c``."""
        chain = [index]
        while (
            index + 2 < len(self.tokens)
            and self.tokens[index + 1].text == "::"
            and self.tokens[index + 2].kind == "name"
        ):
            index += 2
            chain.append(index)
        return chain

    def _using_namespace(self, index: int) -> int:
        """``using namespace at;``: the carried names live in one namespace."""
        token = self.tokens[index]
        if token.text in ("at", "torch", "c10") and index > 1:
            if [t.text for t in self.tokens[index - 2 : index]] == ["using", "namespace"]:
                self._replace(token.start, token.end, "ffi_port", "ffi_port/all.h")
                return index + 1
        self.unknown.append(Unknown(token.text, token.start))
        return index + 1

    def _keep_condition_text(self, index: int) -> None:
        """A check without a message prints its condition: keep the text as it was spelled."""
        if index + 1 >= len(self.tokens) or self.tokens[index + 1].text != "(":
            return
        arguments = split_arguments(self.tokens, index + 1)
        if arguments is None or len(arguments) != 1:
            return
        start, end = arguments[0]
        inner = self.tokens[start:end]
        changed = [edit.start for edit in self.edits] + [begin for begin, _ in self.touched]
        if not inner or not any(inner[0].start <= place < inner[-1].end for place in changed):
            return
        name = self.tokens[index]
        old = Edit(self.file, name.start, name.end, MACROS[name.text].target)
        self.edits.remove(old)
        self.edits.append(
            Edit(self.file, name.start, name.end, MACROS[name.text].target + "_AS")
        )
        opening = self.tokens[index + 1]
        text = _stringified(self.text, inner)
        self.edits.append(Edit(self.file, opening.end, opening.end, f"{text}, "))


def _lookup(parts: Sequence[str]) -> Optional[tuple[int, str, str]]:
    """How many names of ``parts`` a row covers, its target and header."""
    for namespace in NAMESPACES:
        prefix = namespace.split("::")
        size = len(prefix)
        if list(parts[:size]) != prefix:
            continue
        for count in range(len(parts), size, -1):
            row = NAMES.get("::".join(parts[size:count]))
            if row is not None:
                return count, row.target, row.header
    return None


def _stringified(text: str, tokens: Sequence[Token]) -> str:
    """What the preprocessor's ``#`` makes of ``tokens``, as a C++ string literal."""
    pieces = [tokens[0].text]
    for before, token in zip(tokens, tokens[1:]):
        if text[before.end : token.start]:
            pieces.append(" ")
        pieces.append(token.text)
    spelled = "".join(pieces).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{spelled}"'
