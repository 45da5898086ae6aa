"""Python's operators as rows, guarded where a short line could fill the memory."""

from __future__ import annotations

import ast
import operator
from typing import Callable

from migrate.scan.values import UNKNOWN, Value


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, list) and isinstance(right, (list, tuple)):
        return [*left, *right]
    return left + right


def _times(left: Value, right: Value) -> Value:
    size = right if isinstance(right, int) else left
    if not isinstance(size, int) or size > 1_000:
        return UNKNOWN
    return left * right


def _modulo(left: Value, right: Value) -> Value:
    # A width in a format would let one short line fill the memory.
    if isinstance(left, str) and any(char.isdigit() or char == "*" for char in left.split("%", 1)[-1]):
        return UNKNOWN
    return left % right


BINARY: dict[type, Callable[[Value, Value], Value]] = {
    ast.Add: _plus,
    ast.Sub: operator.sub,
    ast.Mult: _times,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
}
COMPARE: dict[type, Callable[[Value, Value], Value]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
