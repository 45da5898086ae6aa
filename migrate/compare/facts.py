"""Constraints read from the source, checked on described calls: no operator is asked.

    ("==", ("size", "weight", 0), ("size", "input", 1))

An argument is named by its path: ``x``, ``pair.0``, and ``xs.*`` inside ``("all", "xs", ...)``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Optional

from migrate.compare.call import Call, Value, value_from_json
from migrate.compare.properties import PROPERTIES

Term = Any


@dataclass(frozen=True)
class Fact:
    """``text`` says it for people; ``holds`` is true of the arguments that pass the check. ``memory``:
    there is no check, but with other arguments the original reads what is not its own."""

    text: str
    holds: Term
    memory: bool = False

    @cached_property
    def demand(self) -> Demand:
        return demanded(self.holds)


def read_facts(rows: Sequence[dict[str, Any]]) -> tuple[Fact, ...]:
    return tuple(Fact(str(row["text"]), _tuples(row["holds"]), bool(row.get("memory"))) for row in rows)


def _tuples(data: Any) -> Term:
    return tuple(_tuples(part) for part in data) if isinstance(data, list) else data


class Reader:
    """Evaluates terms on one call. A property that an argument does not have is None, and so is
    every comparison with it: neither true nor false."""

    def __init__(self, call: Call, names: Sequence[str], defaults: Sequence[Optional[Value]]) -> None:
        self.values: dict[str, Value] = {}
        for name, value, default in zip(names, call.values, defaults):
            if value.kind == "same":
                value = call.values[int(value.scalar or 0)]
            elif value.kind == "absent" and default is not None:
                value = default
            self.values[name] = value

    def at(self, path: str) -> Optional[Value]:
        value = self.values.get(path)
        if value is not None or "." not in path:
            return value
        root, *steps = path.split(".")
        value = self.values.get(root)
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
        return _property(PROPERTIES[op], rest[0], rest[1:])
    if op == "all":
        return _all(rest[0], rest[1])
    parts = [evaluator(part) for part in rest]
    if op in ("and", "or"):
        return _joined(parts, op == "or")
    if op == "if":
        return _if(*parts)
    if op == "in":
        return _in(parts[0], rest[1:])
    operation = _list if op == "list" else _OPERATORS.get(op, _nothing)
    return _binary(operation, *parts) if len(parts) == 2 else _operation(operation, parts)


def _property(known: Callable[..., Any], path: str, rest: list[Term]) -> Evaluator:
    def bare(reader: Reader) -> Any:
        value = reader.values.get(path) or reader.at(path)
        return None if value is None else known(value)

    def detailed(reader: Reader) -> Any:
        value = reader.values.get(path) or reader.at(path)
        return None if value is None else known(value, detail)

    def read(reader: Reader) -> Any:
        value = reader.values.get(path) or reader.at(path)
        return None if value is None else known(value, *[part(reader) for part in parts])

    parts = [evaluator(part) for part in rest]
    if not rest:
        return bare
    detail = rest[0]
    return read if len(rest) > 1 or isinstance(detail, tuple) else detailed


def _binary(operation: Callable[..., Any], left: Evaluator, right: Evaluator) -> Evaluator:
    """As ``_operation``: nearly all have two sides."""

    def read(reader: Reader) -> Any:
        one = left(reader)
        if one is None:
            return None
        other = right(reader)
        if other is None:
            return None
        try:
            return operation(one, other)
        except (TypeError, ZeroDivisionError):
            return None

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


class Demand(NamedTuple):
    """A term that is to hold, what reads it, and the parameters that it is about."""

    term: Term
    read: Evaluator
    roots: frozenset[str]


def demanded(term: Term) -> Demand:
    return Demand(term, evaluator(term), roots_of(term))


@lru_cache(maxsize=4096)
def default_of(text: Optional[str]) -> Optional[Value]:
    """The value that a left-out argument has, where its spelling says so."""
    if text is None:
        return None
    try:
        return value_from_json(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return None


def _quotient(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return left / right


_OPERATORS: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient,
    "%": lambda left, right: left - _quotient(left, right) * right, "not": operator.not_,
}  # fmt: skip
