"""The statements of a host function, and which of them the shim can run.

A statement can run in the shim when it names nothing but locals, torch's own API and the standard
library: checks, metadata, allocation, early returns. Everything else (guards, dispatch, launches,
the tree's own functions and types) belongs to the launcher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Optional, Sequence

from migrate.model.cpp import Function, Node
from migrate.tables.names import NAMES
from migrate.text.lexer import Token, code_tokens

_SAFE_TYPES = re.compile(
    r"(?:const )?(?:bool|(?:unsigned |signed )?(?:char|short|int|long|long long)|unsigned|float|"
    r"double|at::Tensor|std::optional<(?:const )?at::Tensor>|c10::ScalarType|c10::TensorOptions|"
    r"c10::ArrayRef<long>|c10::Device|std::vector<(?:long|int|at::Tensor)>|"
    r"std::basic_string<char>|std::string)(?: const)?(?: ?&)?"
)
_C_TYPES = re.compile(r"(?:u?int(?:8|16|32|64)_t|size_t|ssize_t|ptrdiff_t)")
_TORCH_OWNER = re.compile(r"(?:at|c10|torch)(?:::|$)")
_DEVICE_HEADERS = tuple(
    f"ffi_port/{name}.h" for name in "cuda cuda_stream hip hip_stream parallel".split()
)
_DEVICE_OWNER = re.compile(r"(?:at|c10)::(?:cuda|hip)(?:::|$)")


@dataclass(frozen=True)
class Statement:
    """One top-level statement: bytes ``start`` to ``end`` without trailing comments, its nodes, and
    why it cannot run in the shim ("" when it can)."""

    start: int
    end: int
    nodes: tuple[Node, ...]
    reason: str

    def walk(self) -> Iterator[Node]:
        for node in self.nodes:
            yield from node.walk()


def split_statements(function: Function, text: str) -> Optional[list[Statement]]:
    """The body's statements in order; None when the body cannot be cut apart."""
    body, span = function.body, function.body_span
    if body is None or span is None:
        return None
    tokens = code_tokens(text[span.start : span.end])
    if any(token.directive for token in tokens):
        return None
    groups = _by_start(body.children)
    starts = sorted(groups)
    if any(not span.start < start < span.end for start in starts):
        return None
    rows = []
    for index, start in enumerate(starts):
        limit = starts[index + 1] if index + 1 < len(starts) else span.end - 1
        end = _last_token_end(tokens, span.start, start, limit)
        nodes = tuple(groups[start])
        rows.append(Statement(start, end, nodes, _reason(nodes, function)))
    return rows


def _by_start(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    """Nodes by the place they start at; the stray ``;`` after a macro joins the macro."""
    groups: dict[int, list[Node]] = {}
    last = -1
    for node in nodes:
        if node.kind == "NULL_STMT" and last >= 0:
            continue
        last = node.start
        groups.setdefault(node.start, []).append(node)
    return groups


def _last_token_end(tokens: Sequence[Token], base: int, start: int, limit: int) -> int:
    end = start
    for token in tokens:
        if start <= base + token.start < limit:
            end = base + token.end
    return end


def _reason(nodes: Sequence[Node], function: Function) -> str:
    for root in nodes:
        for node in root.walk():
            why = _node_reason(node, function)
            if why:
                return why
    return ""


def _node_reason(node: Node, function: Function) -> str:
    if node.kind == "LAMBDA_EXPR":
        return "a lambda"
    if node.kind == "VAR_DECL":
        return "" if _SAFE_TYPES.fullmatch(node.type) else f"a {node.type}"
    if node.kind == "TYPE_REF":
        return _type_reason(node)
    if node.kind in ("DECL_REF_EXPR", "OVERLOADED_DECL_REF"):
        return _reference_reason(node, function)
    if node.kind in ("CALL_EXPR", "MEMBER_REF_EXPR") and _DEVICE_OWNER.match(node.owner):
        return f"`{node.spelling}`"
    if node.kind in ("GOTO_STMT", "INDIRECT_GOTO_STMT", "LABEL_STMT", "MS_ASM_STMT", "ASM_STMT"):
        return "a jump or assembly"
    return ""


def _type_reason(node: Node) -> str:
    name = node.spelling.split(" ")[-1]
    if _DEVICE_OWNER.match(node.owner):
        return f"type `{name}`"
    if _TORCH_OWNER.match(node.owner) or node.owner.startswith(("std", "migrate_sysroot")):
        return ""
    return "" if _C_TYPES.fullmatch(name) else f"type `{name}`"


def _reference_reason(node: Node, function: Function) -> str:
    if node.owner == function.qualified or not node.ref:
        return "" if node.ref else f"`{node.spelling}`"
    if node.owner.startswith(("std", "migrate_sysroot")):
        return ""
    if _TORCH_OWNER.match(node.owner):
        row = NAMES.get(node.spelling)
        header = row.header if row is not None else ""
        device = header in _DEVICE_HEADERS or _DEVICE_OWNER.match(node.owner)
        return f"`{node.spelling}`" if device else ""
    return f"`{node.spelling}`"
