"""One argument changed so that a term read from the source becomes true, false or a given value."""

from __future__ import annotations

from typing import Any, Optional

from migrate.compare.arguments import Arguments
from migrate.compare.call import Call
from migrate.compare.candidates import Pools
from migrate.compare.facts import Reader, Term, items_of
from migrate.compare.fills import DTYPES
from migrate.compare.manifest import Entry
from migrate.compare.properties import PROPERTIES

_COMPARED = {"==", "!=", "<", "<=", ">", ">="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_STEPS = (0, 0, 0, 1, 2, 5)


class Mender:
    """Makes changes to one call. None: nothing can be done about it here."""

    def __init__(self, call: Call, entry: Entry, pools: Pools, reader: Reader) -> None:
        """``reader`` is that of ``call``."""
        self._rng = pools.rng
        self._reader = reader
        self._arguments = Arguments(call, entry, pools, reader)

    def make(self, term: Term, wanted: bool) -> Optional[Call]:
        """The call with ``term`` made true (or false) by one change."""
        if not isinstance(term, tuple):
            return None
        op, *rest = term
        if op == "not":
            return self.make(rest[0], not wanted)
        if op in ("and", "or"):
            wrong = [part for part in rest if bool(self._reader.read(part)) is not wanted]
            return self.make(self._rng.choice(wrong), wanted) if wrong else None
        if op == "all":
            value = self._reader.at(rest[0])
            items = items_of(rest[0], rest[1], value) if value is not None else []
            return self.make(self._rng.choice(items), wanted) if items else None
        if op == "in":
            return self._choose(rest[0], rest[1:], wanted)
        if op == "if":
            return self.make(rest[1] if self._reader.read(rest[0]) else rest[2], wanted)
        if op in _COMPARED:
            return self._compare(op if wanted else _OPPOSITE[op], rest[0], rest[1])
        return self.assign(term, wanted)

    def _choose(self, term: Term, options: list[Any], wanted: bool) -> Optional[Call]:
        if wanted:
            return self.assign(term, self._rng.choice(options))
        others = [dtype for dtype in DTYPES if dtype not in options]
        return self.assign(term, self._rng.choice(others if options[0] in DTYPES else [f"{options[0]}x"]))

    def _compare(self, op: str, left: Term, right: Term) -> Optional[Call]:
        if self._rng.random() < 0.5 or not isinstance(left, tuple):
            op, left, right = _MIRRORED[op], right, left
        changed = self._towards(op, left, self._reader.read(right))
        if changed is None:
            changed = self._towards(_MIRRORED[op], right, self._reader.read(left))
        return changed

    def _towards(self, op: str, term: Term, bound: Any) -> Optional[Call]:
        """``term`` changed so that ``term op bound`` holds."""
        if bound is None:
            path = _first_path(term)
            return self._arguments.give(path) if path else None
        if op == "==":
            return self.assign(term, bound)
        if isinstance(bound, (bool, str, tuple)):
            return self._unlike(term, bound) if op == "!=" else None
        step = self._rng.choice(_STEPS)
        if op == "!=":
            return self.assign(term, bound + self._rng.choice((1, -1, 1 + step)))
        by = {"<": -1 - step, "<=": -step, ">": 1 + step, ">=": step}[op]
        return self.assign(term, bound + by)

    def _unlike(self, term: Term, value: Any) -> Optional[Call]:
        if isinstance(value, bool):
            return self.assign(term, not value)
        if isinstance(value, tuple):
            sizes = list(value)
            if sizes and self._rng.random() < 0.7:
                sizes[self._rng.randrange(len(sizes))] += 1
                return self.assign(term, tuple(sizes))
            return self.assign(term, (*sizes, 2))
        if value in DTYPES:
            return self.assign(term, self._rng.choice([dtype for dtype in DTYPES if dtype != value]))
        return self.assign(term, f"{value}x"[:3])

    def assign(self, term: Term, value: Any) -> Optional[Call]:
        """The call with ``term`` equal to ``value``."""
        if not isinstance(term, tuple) or value is None:
            return None
        op, *rest = term
        if op == "if":
            return self.assign(rest[1] if self._reader.read(rest[0]) else rest[2], value)
        if op in ("+", "-", "*", "/", "%"):
            return self._solve(op, rest[0], rest[1], value)
        if op not in PROPERTIES:
            return None
        return self._arguments.set(op, rest[0], value, *(self._reader.read(part) for part in rest[1:]))

    def _solve(self, op: str, left: Term, right: Term, value: Any) -> Optional[Call]:
        """One side of an arithmetic term changed, the other as it is."""
        a, b = self._reader.read(left), self._reader.read(right)
        if isinstance(value, (bool, str, tuple)):
            return None
        if b is not None and isinstance(left, tuple):
            wanted = _left_of(op, a, b, value)
            return self.assign(left, wanted) if wanted is not None else None
        if a is None:
            return None
        inverse = {"+": value - a, "-": a - value, "*": value // a if a and value % a == 0 else None}
        return self.assign(right, inverse.get(op))


def _left_of(op: str, a: Any, b: Any, value: Any) -> Optional[int]:
    """What ``left`` must be for ``left op b`` to be ``value``."""
    if op == "+":
        return int(value - b)
    if op == "-":
        return int(value + b)
    if op == "*":
        return int(value // b) if b and value % b == 0 else None
    if op == "/":
        return int(value * b)
    return int(a - a % b + value) if b and a is not None else None


def _first_path(term: Term) -> Optional[str]:
    if not isinstance(term, tuple):
        return None
    if term[0] in PROPERTIES:
        return str(term[1])
    return next((path for part in term[1:] for path in [_first_path(part)] if path), None)
