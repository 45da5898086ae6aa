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
        value = self._values.get(path)
        if value is not None or "." not in path:
            return value
        root, *steps = path.split(".")
        value = self._values.get(root)
        for step in steps:
            if value is None or not step.isdigit() or int(step) >= len(value.items):
                return None
            value = value.items[int(step)]
        return value

    def read(self, term: Term) -> Any:
        return evaluator(term)(self)


Evaluator = Callable[[Reader], Any]


@lru_cache(maxsize=1 << 16)
def evaluator(term: Term) -> Evaluator:
    """What reads ``term``: each is read on thousands of calls."""
    if not isinstance(term, tuple):
        return lambda _: term
    op, *rest = term
    if op in PROPERTIES:
        return _property(PROPERTIES[op], rest[0], [evaluator(part) for part in rest[1:]])
    if op == "all":
        return _all(rest[0], rest[1])
    parts = [evaluator(part) for part in rest]
    if op in ("and", "or"):
        return _joined(parts, op == "or")
    if op == "if":
        return _if(*parts)
    if op == "in":
        return _in(parts[0], rest[1:])
    return _operation(_list if op == "list" else _OPERATORS.get(op, _nothing), parts)


def _property(known: Callable[..., Any], path: str, parts: list[Evaluator]) -> Evaluator:
    def read(reader: Reader) -> Any:
        value = reader.at(path)
        return None if value is None else known(value, *[part(reader) for part in parts])

    return read


def _operation(operation: Callable[..., Any], parts: list[Evaluator]) -> Evaluator:
    def read(reader: Reader) -> Any:
        values = [part(reader) for part in parts]
        if None in values:
            return None
        try:
            return operation(*values)
        except (TypeError, ZeroDivisionError):
            return None

    return read


def _list(*values: Any) -> tuple[Any, ...]:
    return values


def _nothing(*_: Any) -> None:
    return None


def _joined(parts: list[Evaluator], decides: bool) -> Evaluator:
    def read(reader: Reader) -> Optional[bool]:
        known = True
        for part in parts:
            truth = part(reader)
            if truth is not None and bool(truth) is decides:
                return decides
            known = known and truth is not None
        return (not decides) if known else None

    return read


def _if(condition: Evaluator, true: Evaluator, false: Evaluator) -> Evaluator:
    def read(reader: Reader) -> Any:
        truth = condition(reader)
        return None if truth is None else (true if truth else false)(reader)

    return read


def _in(part: Evaluator, options: Sequence[Any]) -> Evaluator:
    def read(reader: Reader) -> Optional[bool]:
        value = part(reader)
        return None if value is None else value in options

    return read


def _all(path: str, term: Term) -> Evaluator:
    def read(reader: Reader) -> Optional[bool]:
        value = reader.at(path)
        if value is None:
            return None
        items = [evaluator(item) for item in items_of(path, term, value)]
        every: Optional[bool] = _joined(items, False)(reader)
        return every

    return read


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


def _quotient(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return left / right


_OPERATORS: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient,
    "%": lambda left, right: left - _quotient(left, right) * right, "not": operator.not_,
}  # fmt: skip
