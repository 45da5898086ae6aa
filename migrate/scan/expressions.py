"""Evaluate Python expressions of a build script without running it.

>>> ``os.path.join("csrc", f"{name}.cu")`` with ``name = "norm"`` gives ``"csrc/norm.cu"``.
"""

from __future__ import annotations

import ast
import builtins
import operator
from pathlib import PurePosixPath
from typing import Callable, Iterator, Optional

from migrate.scan.operators import BINARY, COMPARE
from migrate.scan.values import (
    UNKNOWN,
    Method,
    Symbol,
    Unknown,
    Value,
    alternatives,
    join,
    lift,
)
from migrate.scan.world import World

_MAX_ROUNDS = 2_000


class OutOfBudget(Exception):
    """The script is too long-winded to follow."""


class Expressions:
    """Expression evaluation; ``call`` is supplied by the class that knows functions."""

    def __init__(self, world: World, steps: int = 200_000) -> None:
        self.world = world
        self.names: dict[str, Value] = {}
        self.steps = steps
        self._handlers: dict[type, Callable[..., Value]] = {
            ast.Constant: lambda node: node.value,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self.call,
            ast.List: self._list,
            ast.Tuple: lambda node: tuple(self._list(node)),
            ast.Set: lambda node: list(self._list(node)),
            ast.Dict: self._dict,
            ast.BinOp: self._binary,
            ast.BoolOp: self._bool,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.IfExp: self._conditional,
            ast.JoinedStr: self._joined,
            ast.Subscript: self._subscript,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.NamedExpr: self._walrus,
        }

    def call(self, node: ast.Call) -> Value:
        raise NotImplementedError

    def evaluate(self, node: Optional[ast.expr]) -> Value:
        self.steps -= 1
        if self.steps < 0:
            raise OutOfBudget
        handler = self._handlers.get(type(node))
        return handler(node) if handler is not None else UNKNOWN

    def truth(self, value: Value) -> Optional[bool]:
        """True or False where every alternative agrees, else None."""
        answers = {self._truth_of_one(one) for one in alternatives(value)}
        return answers.pop() if len(answers) == 1 else None

    @staticmethod
    def _truth_of_one(value: Value) -> Optional[bool]:
        if isinstance(value, (Unknown, Symbol, Method)):
            return None
        if isinstance(value, (list, tuple)) and value and all(isinstance(one, Unknown) for one in value):
            return None
        return bool(value)

    def rounds(self, value: Value) -> Iterator[Value]:
        """What a loop over ``value`` binds, round by round; one unknown round where it is unknown."""
        for one in alternatives(value):
            if isinstance(one, (list, tuple, str, range, dict)):
                yield from list(one)[:_MAX_ROUNDS]
            else:
                yield UNKNOWN

    def _name(self, node: ast.Name) -> Value:
        if node.id in self.names:
            return self.names[node.id]
        if node.id == "__file__":
            return self.world.absolute(self.world.script)
        if node.id == "__name__":
            return "__main__"
        return Symbol("builtins." + node.id) if hasattr(builtins, node.id) else UNKNOWN

    def _attribute(self, node: ast.Attribute) -> Value:
        return join(*(self._attribute_of(one, node.attr) for one in alternatives(self.evaluate(node.value))))

    def _attribute_of(self, owner: Value, name: str) -> Value:
        if isinstance(owner, Symbol):
            fact = self.world.fact(f"{owner.dotted}.{name}")
            return Symbol(f"{owner.dotted}.{name}") if fact is UNKNOWN else fact
        if isinstance(owner, PurePosixPath) and name in (
            "parent",
            "name",
            "stem",
            "suffix",
            "parts",
            "parents",
        ):
            return getattr(owner, name)
        if isinstance(owner, (str, list, tuple, dict, set, PurePosixPath)):
            return Method(owner, name)
        return UNKNOWN

    def _list(self, node: ast.expr) -> list[Value]:
        items: list[Value] = []
        for element in getattr(node, "elts", ()):
            if isinstance(element, ast.Starred):
                value = self.evaluate(element.value)
                items.extend(value if isinstance(value, (list, tuple)) else [value])
            else:
                items.append(self.evaluate(element))
        return items

    def _dict(self, node: ast.Dict) -> Value:
        made: dict[Value, Value] = {}
        for key, value in zip(node.keys, node.values):
            evaluated = self.evaluate(value)
            if key is None:
                made.update(evaluated if isinstance(evaluated, dict) else {})
                continue
            name = self.evaluate(key)
            if isinstance(name, (str, int)):
                made[name] = evaluated
        return made

    def _binary(self, node: ast.BinOp) -> Value:
        return self.combine(type(node.op), self.evaluate(node.left), self.evaluate(node.right))

    def combine(self, kind: type, left: Value, right: Value) -> Value:
        """``left <op> right``; adding something unknown to a list keeps the known part."""
        function = BINARY.get(kind)
        if function is None:
            return UNKNOWN
        if kind is ast.Add:
            if isinstance(left, list) and not isinstance(right, (list, tuple)):
                return [*left, right]
            if isinstance(right, list) and not isinstance(left, (list, tuple)):
                return [left, *right]
        return lift(function, left, right)

    def _bool(self, node: ast.BoolOp) -> Value:
        stops = isinstance(node.op, ast.Or)
        undecided: list[Value] = []
        value: Value = UNKNOWN
        for part in node.values:
            value = self.evaluate(part)
            answer = self.truth(value)
            if answer is stops:
                # ``unknown and False`` is False whatever the unknown part says.
                return value if not undecided or not stops else join(*undecided, value)
            if answer is None:
                undecided.append(value)
        return join(*undecided) if undecided else value

    def _unary(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            answer = self.truth(value)
            return UNKNOWN if answer is None else not answer
        if isinstance(node.op, ast.USub):
            return lift(operator.neg, value)
        return UNKNOWN

    def _compare(self, node: ast.Compare) -> Value:
        left = self.evaluate(node.left)
        for kind, comparator in zip(node.ops, node.comparators):
            right = self.evaluate(comparator)
            answer = self.truth(lift(COMPARE[type(kind)], left, right))
            if not answer:
                return UNKNOWN if answer is None else False
            left = right
        return True

    def _conditional(self, node: ast.IfExp) -> Value:
        answer = self.truth(self.evaluate(node.test))
        if answer is None:
            return join(self.evaluate(node.body), self.evaluate(node.orelse))
        return self.evaluate(node.body if answer else node.orelse)

    def _joined(self, node: ast.JoinedStr) -> Value:
        # A part that stands twice has one value, whichever it is.
        places = [ast.dump(part) for part in node.values]
        parts = {place: self._joined_part(part) for place, part in zip(places, node.values)}

        def text(*known: str) -> str:
            chosen = dict(zip(parts, known))
            return "".join(chosen[place] for place in places)

        return lift(text, *parts.values())

    def _joined_part(self, part: ast.expr) -> Value:
        if not isinstance(part, ast.FormattedValue):
            return self.evaluate(part)
        if part.format_spec is not None or part.conversion not in (-1, 115):
            return UNKNOWN
        value = self.evaluate(part.value)
        return lift(str, value)

    def _subscript(self, node: ast.Subscript) -> Value:
        owner = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [self.evaluate(one) if one else None for one in (node.slice.lower, node.slice.upper)]
            return lift(lambda value, low, high: value[low:high], owner, *bounds)
        return lift(lambda value, key: value[key], owner, self.evaluate(node.slice))

    def _comprehension(self, node: ast.expr) -> Value:
        made: list[Value] = []
        outer = dict(self.names)
        self._generate(node, 0, made)
        self.names = outer
        return made

    def _generate(self, node: ast.expr, depth: int, made: list[Value]) -> None:
        generators: list[ast.comprehension] = getattr(node, "generators", [])
        if depth == len(generators):
            made.append(self.evaluate(node.elt))  # type: ignore[attr-defined]
            return
        generator = generators[depth]
        for value in self.rounds(self.evaluate(generator.iter)):
            self.bind(generator.target, value)
            if all(self.truth(self.evaluate(test)) is not False for test in generator.ifs):
                self._generate(node, depth + 1, made)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.bind(node.target, value)
        return value

    def bind(self, target: ast.expr, value: Value) -> None:
        """Assign to a name, a tuple of names or a known container's key."""
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._bind_many(target.elts, value)
        elif isinstance(target, ast.Subscript):
            owner, key = self.evaluate(target.value), self.evaluate(target.slice)
            if isinstance(owner, dict) and isinstance(key, (str, int)):
                owner[key] = value

    def _bind_many(self, targets: list[ast.expr], value: Value) -> None:
        known = list(value) if isinstance(value, (list, tuple)) else []
        starred = next((i for i, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        for index, target in enumerate(targets):
            if isinstance(target, ast.Starred):
                after = len(targets) - index - 1
                self.bind(target.value, known[index : len(known) - after])
            elif starred is not None and index > starred:
                back = index - len(targets)
                self.bind(target, known[back] if -back <= len(known) else UNKNOWN)
            else:
                self.bind(target, known[index] if index < len(known) else UNKNOWN)
