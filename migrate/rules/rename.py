"""torch names -> carried names, token by token, outside comments and strings.

Before: ``TORCH_CHECK(x.scalar_type() == at::kFloat, "x must be float");``
After:  ``FFI_CHECK(x.scalar_type() == ffi_port::kFloat, "x must be float");``

Method names do not change: the carried types have torch's. A torch name without a row is reported,
never guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from migrate.model.source import Edit
from migrate.rules.conditions import keep_text
from migrate.tables.lookup import BUILTIN, Tables
from migrate.tables.names import DEVICE_HEADERS, GLOBAL_NAMES, HEADERS, NAMESPACES, OPENED_BY_HEADERS
from migrate.text.lexer import code_tokens

_ROOTS = frozenset({"at", "torch", "c10", "caffe2", "pybind11", "py"})
_OPENED = frozenset({"at", "torch", "c10"})
_INDEXES = "index"
_GLOBAL_ROOTS = frozenset(parts[0] for parts in GLOBAL_NAMES)
_TORCH_MACRO = re.compile(
    r"(TORCH|AT|C10|PYBIND11|CAFFE2|STD_TORCH|STD_CUDA)_[A-Z0-9_]+"
    r"|RECORD_(FUNCTION|USER_SCOPE|PARAM_COMMS)\w*|THCudaCheck\w*"
)
# Asking whether torch defines a macro: it does not in a migrated file. Asking for the value of one
# of these would quietly take the other branch.
_CONDITION = frozenset({"if", "elif", "ifdef", "ifndef", "undef"})
_VALUED = re.compile(r"AT_PARALLEL_\w+|TORCH_HIP_VERSION|PYBIND11_VERSION_\w+")


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
    tables: Tables = BUILTIN,
) -> Renames:
    """Rename every torch name in ``text``, but in the byte ranges of ``skip``.

    ``touched`` are ranges that another rule rewrites: a check whose condition holds one prints the
    condition as it was spelled (the raw tier relies on it). ``tables`` hold the user's rows, too.
    """
    return _Renamer(file, text, skip, tables).run(touched)


class _Renamer:
    def __init__(self, file: str, text: str, skip: Sequence[tuple[int, int]], tables: Tables) -> None:
        self.file, self.text, self.tables = file, text, tables
        self.skip = sorted(skip)
        self.tokens = code_tokens(text)
        self.edits: list[Edit] = []
        self.headers: set[str] = set()
        self.unknown: list[Unknown] = []
        self.checks: list[int] = []
        # A file that defines a macro of torch's name means its own.
        self.own = {
            after.text
            for token, after in zip(self.tokens, self.tokens[1:])
            if token.directive == "define" and token.text == "define"
        }
        self.opened = self._opened_namespaces()

    def run(self, touched: Sequence[tuple[int, int]] = ()) -> Renames:
        # Few of a file's words are torch's: the others are looked up once.
        words = {word for word in {token.text for token in self.tokens} if self._may_be_torch(word)}
        index = 0
        while index < len(self.tokens):
            index = self._visit(index) if self.tokens[index].text in words else index + 1
        starts = sorted([*(edit.start for edit in self.edits), *(begin for begin, _ in touched)])
        for check in self.checks:
            self._keep_condition_text(check, starts)
        return Renames(tuple(sorted(set(self.edits))), frozenset(self.headers), tuple(self.unknown))

    def _text(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _may_be_torch(self, word: str) -> bool:
        tables = self.tables
        return (
            word in tables.macros
            or word == _INDEXES
            or word in _ROOTS
            or word in _GLOBAL_ROOTS
            or word in tables.own_roots
            or (self.opened and word in tables.names)
            or _TORCH_MACRO.fullmatch(word) is not None
        )

    def _visit(self, index: int) -> int:
        """Handle the token at ``index``; the index to go on at."""
        token = self.tokens[index]
        if token.kind != "name" or token.directive == "include" or self._is_skipped(token.start):
            return index + 1
        if self._text(index - 1) in (".", "->") or token.text in self.own:
            self._indexes(index)
            return index + 1
        if token.text in self.tables.macros:
            self._macro(index)
        elif _TORCH_MACRO.fullmatch(token.text):
            self._other_macro(index)
        elif token.text in _ROOTS and self._names_torch(index):
            return self._qualified(index)
        elif token.text in _GLOBAL_ROOTS and self._is_global(index):
            return self._global(index)
        elif token.text in self.tables.own_roots and self._starts_chain(index):
            return self._own(index)
        elif self.opened and token.text in self.tables.names:
            self._bare(index)
        return index + 1

    def _indexes(self, index: int) -> None:
        """``x.index({i})`` makes indices and names none."""
        texts = [self._text(at) for at in range(index - 1, index + 3)]
        if texts[0] in (".", "->") and texts[1:] == [_INDEXES, "(", "{"]:
            self.headers.add(self.tables.names["TensorIndex"].header)

    def _is_skipped(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self.skip)

    def _names_torch(self, index: int) -> bool:
        """True where ``at`` is the namespace, not a member, a variable or an inner namespace."""
        before, after = self._text(index - 1), self._text(index + 1)
        if before == "::" and index > 1 and self.tokens[index - 2].kind == "name":
            # `const ::at::Tensor` starts at the top, `mine::at::Tensor` does not.
            return self.tokens[index - 2].end < self.tokens[index - 1].start
        return after == "::" or before == "namespace" or self._is_alias(index)

    def _is_alias(self, index: int) -> bool:
        """``namespace mine = at``."""
        return self._text(index - 1) == "=" and self._text(index - 3) == "namespace"

    def _macro(self, index: int) -> None:
        token = self.tokens[index]
        row = self.tables.macros[token.text]
        self._replace(token.start, token.end, row.target, row.header)
        if self.tables.printed_as(token.text):
            self.checks.append(index)

    def _other_macro(self, index: int) -> None:
        token = self.tokens[index]
        if token.directive not in _CONDITION or (
            _VALUED.fullmatch(token.text) and token.directive in ("if", "elif")
        ):
            self.unknown.append(Unknown(token.text, token.start))

    def _replace(self, start: int, end: int, target: str, header: str) -> None:
        self.edits.append(Edit(self.file, start, end, target))
        if header:
            self.headers.add(header)

    def _qualified(self, index: int) -> int:
        chain = self._chain(index)
        parts = [self.tokens[i].text for i in chain]
        first, last = self.tokens[index], self.tokens[chain[-1]]
        start = self.tokens[index - 1].start if self._text(index - 1) == "::" else first.start
        if self._is_opening(index) and "::".join(parts) in NAMESPACES:
            self._replace(start, last.end, "ffi_port", "")
            if self.file.endswith(HEADERS):
                # Whoever includes this header names what it opens without its namespace.
                self.headers.update(OPENED_BY_HEADERS)
            return chain[-1] + 1
        if self._is_made_by_macro(chain[-1]) and "::".join(parts[:-1]) in NAMESPACES:
            self._replace(start, self.tokens[chain[-2]].end, "ffi_port", "ffi_port/scalar_type.h")
            return chain[-1] + 1
        found = self.tables.torch_name(parts)
        if found is None or self._text(index - 1) == "namespace" or self._is_alias(index):
            self.unknown.append(Unknown("::".join(parts), first.start))
            return chain[-1] + 1
        count, row = found
        self._replace(start, self.tokens[chain[count - 1]].end, row.target, row.header)
        return chain[count - 1] + 1

    def _starts_chain(self, index: int) -> bool:
        """True for the first name of ``mine::rows`` where it is used, not where it is opened."""
        before = self._text(index - 1)
        if before == "::" and index > 1 and self.tokens[index - 2].kind == "name":
            return self.tokens[index - 2].end < self.tokens[index - 1].start
        return before != "namespace"

    def _own(self, index: int) -> int:
        """A name that the user's rows carry."""
        chain = self._chain(index)
        found = self.tables.own_name([self.tokens[i].text for i in chain])
        if found is None:
            return index + 1
        count, row = found
        self._replace(self.tokens[index].start, self.tokens[chain[count - 1]].end, row.target, row.header)
        return chain[count - 1] + 1

    def _is_global(self, index: int) -> bool:
        """True for ``detail`` in ``::detail::scalar_type``: without the colons it may be the file's own."""
        before = self.tokens[index - 2] if index > 1 else None
        top = before is None or before.kind != "name" or before.end < self.tokens[index - 1].start
        parts = tuple(self.tokens[i].text for i in self._chain(index))
        return self._text(index - 1) == "::" and top and parts in GLOBAL_NAMES

    def _global(self, index: int) -> int:
        chain = self._chain(index)
        row = GLOBAL_NAMES[tuple(self.tokens[i].text for i in chain)]
        self._replace(self.tokens[index - 1].start, self.tokens[chain[-1]].end, row.target, row.header)
        return chain[-1] + 1

    def _chain(self, index: int) -> list[int]:
        """Token indexes of the names of ``a::b::c``."""
        chain = [index]
        while self._text(index + 1) == "::" and index + 2 < len(self.tokens):
            if self.tokens[index + 2].kind != "name":
                break
            index += 2
            chain.append(index)
        return chain

    def _is_made_by_macro(self, index: int) -> bool:
        """``torch::DTYPE`` and ``torch::k##NAME`` of a macro's body: whoever uses it names a constant."""
        if self.tokens[index].directive != "define":
            return False
        if self._text(index + 1) == "##":
            return True
        at = index
        while self._text(at) != "define" or self._text(at - 1) != "#":
            at -= 1
        name, *head = self.tokens[at + 1 : index]
        if not head or head[0].text != "(" or head[0].start != name.end:
            return False  # no parameters
        texts = [token.text for token in head]
        return self._text(index) in texts[: texts.index(")")]

    def _is_opening(self, index: int) -> bool:
        """``using namespace at;``: the carried names live in one namespace. An alias could name
        anything of a root namespace, so only that of an inner one is followed."""
        at = index - 1 if self._text(index - 1) == "::" else index
        if [self._text(at - 2), self._text(at - 1)] == ["using", "namespace"]:
            return True
        inner = self._text(index + 1) == "::" and self._text(index + 2) == "indexing"
        return inner and self._is_alias(at)

    def _opened_namespaces(self) -> frozenset[str]:
        """Torch namespaces of the file's using-directives, but for ``torch::indexing``."""
        rows = set()
        for index, token in enumerate(self.tokens):
            if token.text in _OPENED and self._is_opening(index) and self._text(index - 1) != "=":
                rows.add("::".join(self.tokens[i].text for i in self._chain(index)))
        return frozenset(rows)

    def _bare(self, index: int) -> None:
        """A name that a using-directive makes visible: its header, and no edit unless it left."""
        token, row = self.tokens[index], self.tables.names[self._text(index)]
        after = self._text(index + 1)
        if self._text(index - 1) == "::":
            return
        device = any(name.endswith(("cuda", "hip")) for name in self.opened)
        if row.header in DEVICE_HEADERS and not device:
            return
        if not row.target.startswith("ffi_port::"):
            if after in ("<", "(") or token.text.startswith("nullopt"):
                self._replace(token.start, token.end, row.target, row.header)
        elif not token.text.islower() or after in ("(", "<"):
            self.headers.add(row.header)

    def _keep_condition_text(self, index: int, starts: Sequence[int]) -> None:
        token = self.tokens[index]
        row = self.tables.macros[token.text]
        printed = self.tables.printed_as(token.text)
        found = keep_text(self.file, self.text, self.tokens, index, starts, printed)
        if found is None:
            self.unknown.append(Unknown(token.text, token.start))
        elif found:
            self.edits.remove(Edit(self.file, token.start, token.end, row.target))
            self.edits += found
