"""The values a build script can have when it is read without being run.

Plain Python values where they are known, ``UNKNOWN`` where they are not, ``Choice`` where several
are possible, ``Symbol`` for a dotted name of a library, ``Path`` objects as ``PurePosixPath``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Callable, Iterator, Optional, Sequence

Value = Any  # any Python value, or one of the classes below
MAX_TEXT = 20_000
MAX_ITEMS = 20_000
_MAX_CHOICES = 24


class Unknown:
    """A value that only running the script would tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown)

    def __hash__(self) -> int:
        return 0


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Choice:
    """One of several values, depending on a condition nobody can decide without running."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class Symbol:
    """A name of an imported module or a builtin: ``os.path.join``."""

    dotted: str

    @property
    def leaf(self) -> str:
        return self.dotted.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class Method:
    """A bound method of a known value."""

    owner: Value
    name: str


@dataclass(frozen=True)
class UserFunction:
    node: ast.FunctionDef


@dataclass(frozen=True)
class UserClass:
    """A class of the script itself; ``bases`` are the values of its bases."""

    node: ast.ClassDef
    bases: tuple[Value, ...] = ()


@dataclass(frozen=True)
class ExtensionCall:
    """A call that declares an extension, with evaluated arguments."""

    constructor: str
    line: int
    args: tuple[Value, ...]
    keywords: dict[str, Value] = field(hash=False)

    def argument(self, name: str, position: Optional[int] = None) -> Value:
        """The argument by keyword, or by position; None where it is absent."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.args):
            return self.args[position]
        return None


def alternatives(value: Value) -> tuple[Value, ...]:
    return value.values if isinstance(value, Choice) else (value,)


def join(*values: Value) -> Value:
    """One value that may be any of these; equal ones collapse."""
    kept: list[Value] = []
    for value in values:
        for one in alternatives(value):
            if not any(one is other or (type(one) is type(other) and one == other) for other in kept):
                kept.append(one)
    if not kept:
        return UNKNOWN
    return kept[0] if len(kept) == 1 else Choice(tuple(kept[:_MAX_CHOICES]))


def lift(function: Callable[..., Value], *arguments: Value) -> Value:
    """Apply ``function`` to every combination of alternatives; what fails is unknown."""
    results: list[Value] = []
    for number, combination in enumerate(product(*map(alternatives, arguments))):
        if number >= _MAX_CHOICES:
            break
        if any(isinstance(argument, (Unknown, Symbol)) for argument in combination):
            results.append(UNKNOWN)
            continue
        try:
            results.append(_bounded(function(*combination)))
        except Exception:  # the script's own mistake: its value is then simply not known
            results.append(UNKNOWN)
    return join(*results)


def _bounded(value: Value) -> Value:
    """A hostile script must not fill the memory."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return UNKNOWN
    if isinstance(value, (list, tuple)) and len(value) > MAX_ITEMS:
        return UNKNOWN
    if isinstance(value, int) and abs(value) > 2**64:
        return UNKNOWN
    return value


def flatten(value: Value, of_list: Callable[[Sequence[Value]], Sequence[Value]] = tuple) -> Iterator[Value]:
    """All leaves of nested lists, tuples, sets and choices, in order; ``of_list`` may change a list first."""
    stack = [value]
    budget = MAX_ITEMS
    while stack and budget:
        budget -= 1
        top = stack.pop()
        if isinstance(top, Choice):
            stack.extend(reversed(top.values))
        elif isinstance(top, (list, tuple)):
            stack.extend(reversed(of_list(top)))
        elif isinstance(top, (set, frozenset)):
            stack.extend(sorted(top, key=repr, reverse=True))
        else:
            yield top
