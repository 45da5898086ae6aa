"""Constraints read from the source, checked on described calls: no operator is asked.

    ("==", ("size", "weight", 0), ("size", "input", 1))

An argument is named by its path: ``x``, ``pair.0``, and ``xs.*`` inside ``("all", "xs", ...)``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

from migrate.compare.call import NONE, Call, Value, value_from_json
from migrate.compare.fills import BOUNDED, layouts

Term = Any


@dataclass(frozen=True)
class Fact:
    """``text`` says it for people; ``holds`` is true of the arguments that pass the check. ``memory``:
    there is no check, but with other arguments the original reads what is not its own."""

    text: str
    holds: Term
    memory: bool = False


def read_facts(rows: Sequence[dict[str, Any]]) -> tuple[Fact, ...]:
    return tuple(Fact(str(row["text"]), _tuples(row["holds"]), bool(row.get("memory"))) for row in rows)


def _tuples(data: Any) -> Term:
    return tuple(_tuples(part) for part in data) if isinstance(data, list) else data


class Reader:
    """Evaluates terms on one call. A property that an argument does not have is None, and so is
    every comparison with it: neither true nor false."""

    def __init__(self, call: Call, names: Sequence[str], defaults: Sequence[Optional[Value]]) -> None:
        self._values: dict[str, Value] = {}
        for name, value, default in zip(names, call.values, defaults):
            if value.kind == "same":
                value = call.values[int(value.scalar or 0)]
            elif value.kind == "absent" and default is not None:
                value = default
            self._values[name] = value

    def at(self, path: str) -> Optional[Value]:
        root, *steps = path.split(".")
        value = self._values.get(root)
        for step in steps:
            if value is None or not step.isdigit() or int(step) >= len(value.items):
                return None
            value = value.items[int(step)]
        return value

    def read(self, term: Term) -> Any:
        if not isinstance(term, tuple):
            return term
        op, *rest = term
        known = PROPERTIES.get(op)
        if known is not None:
            value = self.at(rest[0])
            return None if value is None else known(value, *(self.read(part) for part in rest[1:]))
        if op in _SPECIAL:
            return _SPECIAL[op](self, rest)
        parts = [self.read(part) for part in rest]
        if None in parts:
            return None
        if op == "list":
            return tuple(parts)
        try:
            return _OPERATORS[op](*parts)
        except (TypeError, ZeroDivisionError, KeyError):
            return None

    def _and(self, parts: Sequence[Term]) -> Optional[bool]:
        return self._joined(parts, False)

    def _or(self, parts: Sequence[Term]) -> Optional[bool]:
        return self._joined(parts, True)

    def _joined(self, parts: Sequence[Term], decides: bool) -> Optional[bool]:
        known = True
        for part in parts:
            truth = self.read(part)
            if truth is not None and bool(truth) is decides:
                return decides
            known = known and truth is not None
        return (not decides) if known else None

    def _if(self, parts: Sequence[Term]) -> Any:
        truth = self.read(parts[0])
        return None if truth is None else self.read(parts[1] if truth else parts[2])

    def _in(self, parts: Sequence[Term]) -> Optional[bool]:
        value = self.read(parts[0])
        return None if value is None else value in parts[1:]

    def _all(self, parts: Sequence[Term]) -> Optional[bool]:
        value = self.at(parts[0])
        return self._and(items_of(parts[0], parts[1], value)) if value is not None else None


def items_of(path: str, term: Term, value: Value) -> list[Term]:
    """``term`` about every item of a list, once per item."""
    return [_about(term, f"{path}.*", f"{path}.{index}") for index in range(len(value.items))]


def _about(term: Term, old: str, new: str) -> Term:
    if isinstance(term, tuple):
        return tuple(_about(part, old, new) for part in term)
    return new if term == old else term


@lru_cache(maxsize=4096)
def roots_of(term: Term) -> frozenset[str]:
    """The parameters that a term is about."""
    if not isinstance(term, tuple):
        return frozenset()
    if term[0] in PROPERTIES or term[0] == "all":
        return frozenset({term[1].partition(".")[0]}).union(*map(roots_of, term[2:]))
    return frozenset().union(*map(roots_of, term[1:]))


@lru_cache(maxsize=4096)
def default_of(text: Optional[str]) -> Optional[Value]:
    """The value that a left-out argument has, where its spelling says so."""
    if text is None:
        return None
    try:
        return value_from_json(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return None


def strides(value: Value) -> tuple[int, ...]:
    """In elements, as the layouts of ``fills`` make them."""
    shape = list(value.shape)
    if value.layout not in layouts(len(shape)):
        return _dense(shape)
    if value.layout == "transposed":
        dense = _dense([*shape[:-2], shape[-1], shape[-2]])
        return (*dense[:-2], dense[-1], dense[-2])
    if value.layout == "sliced":
        return _dense([shape[0] + 2, *shape[1:-1], shape[-1] + 8])
    if value.layout == "strided":
        dense = _dense([*shape[:-1], shape[-1] * 2])
        return (*dense[:-1], 2)
    if value.layout == "expanded":
        return (0, *_dense(shape)[1:])
    if value.layout == "channels_last":
        dense = _dense([shape[0], *shape[2:], shape[1]])
        return (dense[0], dense[-1], *dense[1:-1])
    if value.layout == "reversed":
        return _dense(shape[::-1])[::-1]
    if value.layout == "inner":
        return _dense([size + 3 for size in shape])
    return _dense(shape)


def _dense(shape: Sequence[int]) -> tuple[int, ...]:
    steps = [1]
    for size in reversed(shape[1:]):
        steps.append(steps[-1] * max(size, 1))
    return tuple(reversed(steps[: len(shape)]))


def is_contiguous(value: Value) -> bool:
    expected = 1
    for size, step in zip(reversed(value.shape), reversed(strides(value))):
        if size != 1 and step != expected:
            return value.numel == 0
        expected *= size
    return True


# The numbers that a fill can make are below this one.
_LIMITS = {"zeros": 1, "ones": 2, "binary": 2, "uniform": 1, "whole": 5, "signed": 101}


def limit_of(value: Value) -> Optional[int]:
    """What all elements are below, where that is known."""
    if value.numel == 0:
        return 0
    if value.fill == "index":
        return value.numel
    return value.limit if value.fill in BOUNDED else _LIMITS.get(value.fill)


def _tensor(read: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *rest: read(value, *rest) if value.kind == "tensor" else None


def _axis(sizes: Sequence[int], axis: Any) -> Optional[int]:
    return sizes[axis] if isinstance(axis, int) and -len(sizes) <= axis < len(sizes) else None


def _outside(value: Value, chars: str) -> Optional[int]:
    if value.kind != "string":
        return None
    return next((index for index, char in enumerate(str(value.scalar)) if char not in chars), -1)


def _length(value: Value) -> Optional[int]:
    if value.kind == "string":
        return len(str(value.scalar))
    return len(value.items) if value.kind in ("list", "tuple") else None


_SCALARS = frozenset({"bool", "int", "float", "string", "dtype"})
PROPERTIES: dict[str, Callable[..., Any]] = {
    "ndim": _tensor(lambda value: len(value.shape)),
    "size": _tensor(lambda value, axis: _axis(value.shape, axis)),
    "stride": _tensor(lambda value, axis: _axis(strides(value), axis)),
    "numel": _tensor(lambda value: value.numel),
    "dtype": _tensor(lambda value: value.dtype),
    "shape": _tensor(lambda value: value.shape),
    "contiguous": _tensor(is_contiguous),
    "limit": _tensor(limit_of),
    "given": lambda value: value.kind != NONE.kind,
    "value": lambda value: value.scalar if value.kind in _SCALARS else None,
    "len": _length,
    "at": lambda value, index: str(value.scalar)[index : index + 1] if value.kind == "string" else None,
    "outside": _outside,
}
_SPECIAL: dict[str, Callable[[Reader, Sequence[Term]], Any]] = {
    "and": Reader._and, "or": Reader._or, "if": Reader._if, "in": Reader._in, "all": Reader._all,
}  # fmt: skip


def _quotient(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return left / right


_OPERATORS: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient,
    "%": lambda left, right: left - _quotient(left, right) * right, "not": operator.not_,
}  # fmt: skip
