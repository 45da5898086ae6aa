"""Expressions of a host function in terms of its arguments, and what evaluating them already demands.

``x.size(2)`` demands a third dimension, ``x.data_ptr<float>()`` a type, ``opt->...`` that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Optional

from migrate.model.cpp import CppType
from migrate.rules.facts.dtypes import element_dtype, named_dtype
from migrate.rules.facts.expressions import Expr
from migrate.rules.facts.sources import Sources
from migrate.rules.facts.terms import (
    Term, binary, both, choose, conjuncts, implied, item, negate, prop, scalar,
)  # fmt: skip

_PLAIN = {
    "dim": "ndim", "ndimension": "ndim", "numel": "numel", "scalar_type": "dtype", "dtype": "dtype",
    "sizes": "shape", "is_contiguous": "contiguous",
}  # fmt: skip
_DATA = frozenset({"data_ptr", "const_data_ptr", "mutable_data_ptr", "data"})
_ACCESSORS = frozenset({"accessor", "packed_accessor32", "packed_accessor64", "packed_accessor"})
_THROUGH = frozenset(
    "static_cast move forward as_const int64_t int32_t int size_t long bool uint32_t IntArrayRef vector "
    "ArrayRef array const_cast initializer_list unsigned uint64_t ptrdiff_t".split()
)
_LIKE = frozenset({"empty_like", "zeros_like", "ones_like", "full_like", "clone"})
_WORDS = {"true": True, "false": False, "npos": -1, "nullopt": ("nothing",)}
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@dataclass
class State:
    """What is known at one place: locals, type names, and the conditions under which it is reached.

    ``known`` is False where these conditions are not understood: nothing is demanded from there.
    """

    names: dict[str, Term]
    types: dict[str, Term] = field(default_factory=dict)
    path: tuple[Term, ...] = ()
    known: bool = True

    def under(self, condition: Term) -> State:
        """The state of a branch; its locals are its own."""
        branch = replace(self, names=dict(self.names), types=dict(self.types))
        if condition is None:
            branch.known = False
        elif condition is not True:
            branch.path = (*self.path, *conjuncts(condition))
        return branch


Inline = Callable[[str, tuple[Term, ...], tuple[Term, ...], State], Term]


class Evaluator:
    """Evaluates for one operator. ``found`` collects the demands, ``inline`` enters functions."""

    def __init__(self, sources: Sources, params: dict[str, CppType]) -> None:
        self.sources = sources
        self.params = params
        self.found: dict[Term, None] = {}
        self.inline: Inline = lambda _name, _arguments, _types, _state: None
        self.file = ""

    def require(self, term: Term, state: State) -> None:
        if not state.known:
            return
        for part in conjuncts(scalar(term)):
            fact = implied(state.path, part)
            if fact is not None and not self._known(part, state.path):
                self.found.setdefault(fact)

    def _known(self, term: Term, path: tuple[Term, ...]) -> bool:
        """Whether an earlier demand, without conditions or under the same, already says so."""
        if term in self.found:
            return True
        if not isinstance(term, tuple) or term[0] != ">=" or term[1][0] != "ndim":
            return False
        equal = [("==", term[1], rank) for rank in range(term[2], 9)]
        return any(row in self.found or implied(path, row) in self.found for row in equal)

    def check(self, expr: Expr, state: State, holds: bool = True) -> None:
        """Demand that a condition holds (or does not); parts that are not understood demand nothing."""
        if expr.op == "u!":
            self.check(expr.args[0], state, not holds)
        elif expr.op == ("&&" if holds else "||"):
            for part in expr.args:
                self.check(part, state, holds)
        elif expr.op == "==" and holds:
            for term in self._equal(expr, state):
                self.require(term, state)
        else:
            truth = self.truth(expr, state)
            self.require(truth if holds else negate(truth), state)

    def truth(self, expr: Expr, state: State) -> Term:
        value = self.value(expr, state)
        if isinstance(value, tuple) and value[0] == "param" and self.kind(value[1]) == "optional":
            return ("given", value[1])
        return scalar(value)

    def value(self, expr: Expr, state: State) -> Term:
        handler = _HANDLERS.get(expr.op)
        if handler is not None:
            return handler(self, expr, state)
        left, right = (self.value(part, state) for part in expr.args) if len(expr.args) == 2 else (None, None)
        return binary(expr.op, left, right)

    def kind(self, path: str) -> str:
        type_ = self.type_of(path)
        return type_.kind if type_ is not None else ""

    def type_of(self, path: str) -> Optional[CppType]:
        root, *steps = path.split(".")
        type_ = self.params.get(root)
        for step in steps:
            if type_ is not None and type_.kind == "optional":
                type_ = type_.args[0] if type_.args else None
            args = type_.args if type_ is not None else ()
            index = int(step) if step.isdigit() and type_ is not None and type_.kind in ("pair", "tuple") else 0
            type_ = args[index] if index < len(args) else None
        return type_

    def _equal(self, expr: Expr, state: State) -> list[Term]:
        """The demands of ``==``; of a shape that is spelled out, one per dimension."""
        sides = [self.value(part, state) for part in expr.args]
        for one, other in (sides, sides[::-1]):
            spelled = isinstance(other, tuple) and other[0] == "list"
            if isinstance(one, tuple) and one[0] == "shape" and spelled:
                sizes = [binary("==", ("size", one[1], i), size) for i, size in enumerate(other[1:])]
                return [binary("==", ("ndim", one[1]), len(other) - 1), *sizes]
        return [self._truth_of_sides(sides)]

    def _truth_of_sides(self, sides: list[Term]) -> Term:
        return binary("==", sides[0], sides[1])

    def comparison(self, expr: Expr, state: State) -> Term:
        if expr.op == "==":
            result: Term = True
            for term in self._equal(expr, state):
                result = both("and", result, term)
            return result
        left, right = (self.value(part, state) for part in expr.args)
        return binary(expr.op, left, right)

    def number(self, expr: Expr, _state: State) -> Term:
        text = expr.text.replace("'", "").lower().rstrip("ulz")
        try:
            return int(text, 0) if text != "0" and not text.startswith("0") or text[:2] == "0x" else int(text, 8)
        except ValueError:
            pass
        try:
            return float(text.rstrip("f"))
        except ValueError:
            return None

    def name(self, expr: Expr, state: State) -> Term:
        if expr.text in state.names:
            return state.names[expr.text]
        last = expr.text.rpartition("::")[2]
        if last in _WORDS:
            return _WORDS[last]
        return named_dtype(expr.text) or self.sources.constant(last, self.file)

    def logical(self, expr: Expr, state: State) -> Term:
        word = "and" if expr.op == "&&" else "or"
        left = self.truth(expr.args[0], state)
        # What the second part demands, it demands only where the first has not decided.
        reached = left if word == "and" else negate(left)
        return both(word, left, self.truth(expr.args[1], state.under(reached)))

    def conditional(self, expr: Expr, state: State) -> Term:
        condition = self.truth(expr.args[0], state)
        yes = self.value(expr.args[1], state.under(condition))
        no = self.value(expr.args[2], state.under(negate(condition)))
        return choose(condition, yes, no)

    def negation(self, expr: Expr, state: State) -> Term:
        return negate(self.truth(expr.args[0], state))

    def minus(self, expr: Expr, state: State) -> Term:
        return binary("-", 0, self.value(expr.args[0], state))

    def through(self, expr: Expr, state: State) -> Term:
        return self._held(self.value(expr.args[0], state), state) if expr.args else None

    def braces(self, expr: Expr, state: State) -> Term:
        items = tuple(scalar(self.value(part, state)) for part in expr.args)
        return items[0] if len(items) == 1 and _is_list(items[0]) else ("list", *items)

    def index(self, expr: Expr, state: State) -> Term:
        thing, at = self.value(expr.args[0], state), scalar(self.value(expr.args[1], state))
        if not isinstance(at, int) or at < 0 or not isinstance(thing, tuple):
            return None
        if thing[0] == "param" and self.kind(thing[1]) == "string":
            return ("at", thing[1], at)
        if thing[0] == "param" and self.kind(thing[1]) not in ("list", "array", "optional"):
            return None
        if thing[0] == "shape":
            self.require(("<", at, ("ndim", thing[1])), state)
        return item(thing, at)

    def member(self, expr: Expr, state: State) -> Term:
        thing = self._held(self.value(expr.args[0], state), state)
        return item(thing, {"first": 0, "second": 1}[expr.text]) if expr.text in ("first", "second") else None

    def call(self, expr: Expr, state: State) -> Term:
        target = expr.args[0]
        if target.op == "member":
            return self._method(target, expr.args[1:], state)
        last = target.text.rpartition("::")[2]
        arguments = tuple(self.value(part, state) for part in expr.args[1:])
        if target.op != "name":
            return None
        if last == "get" and target.types and target.types[0].isdigit() and len(arguments) == 1:
            return item(self._held(arguments[0], state), int(target.types[0]))
        if last in _THROUGH and len(arguments) == 1:
            return arguments[0]
        if last in ("min", "max") and len(arguments) == 2:
            order = binary("<" if last == "min" else ">", *arguments)
            return choose(order, scalar(arguments[0]), scalar(arguments[1]))
        if last in _LIKE and arguments:
            return _dense(arguments[0])
        types = tuple(self.element(text, state) for text in target.types)
        return self.inline(last, arguments, types, state)

    def element(self, type_: str, state: State) -> Term:
        return state.types.get(type_) or element_dtype(type_)

    def _held(self, thing: Term, state: State) -> Term:
        """What an optional holds, which demands that it is given."""
        if isinstance(thing, tuple) and thing[0] == "param" and self.kind(thing[1]) == "optional":
            self.require(("given", thing[1]), state)
        return thing

    def _method(self, target: Expr, given: tuple[Expr, ...], state: State) -> Term:
        thing, name = self.value(target.args[0], state), target.text
        if name in ("has_value", "defined"):
            optional = isinstance(thing, tuple) and thing[0] == "param" and self.kind(thing[1]) == "optional"
            return prop("given", thing) if optional or not isinstance(thing, tuple) or thing[0] != "param" else True
        if name == "value_or" and given:
            return choose(prop("given", thing), thing, self.value(given[0], state))
        arguments = tuple(self.value(part, state) for part in given)
        if not isinstance(thing, tuple):
            return None
        self._held(thing, state)
        if name in _PLAIN and not arguments:
            return prop(_PLAIN[name], thing)
        special = _METHODS.get(name)
        if special is not None:
            return special(self, thing, arguments, state)
        if name in _DATA or name in _ACCESSORS:
            self._typed(thing, target.types, state)
        return None

    def _typed(self, thing: Term, types: tuple[str, ...], state: State) -> None:
        if types:
            self.require(binary("==", prop("dtype", thing), self.element(types[0], state)), state)
        if len(types) > 1 and types[1].isdigit():
            self.require(binary("==", prop("ndim", thing), int(types[1])), state)

    def size(self, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
        if not arguments:
            if thing[0] == "shape":
                return ("ndim", thing[1])
            return ("len", thing[1]) if thing[0] == "param" else len(thing) - 1 if thing[0] == "list" else None
        return self.axis("size", thing, arguments, state)

    def axis(self, kind: str, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
        at = scalar(arguments[0]) if arguments else None
        if not isinstance(at, int) or isinstance(at, bool):
            return None
        least = at + 1 if at >= 0 else -at
        self.require(binary(">=", prop("ndim", thing), least), state)
        return prop(kind, thing, at)

    def transpose(self, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
        if arguments and not all(isinstance(axis, int) for axis in arguments):
            return None
        if not arguments:
            self.require(binary("<=", prop("ndim", thing), 2), state)
        first, second = arguments[:2] if len(arguments) > 1 else (0, 1)
        return ("swap", first, second, thing) if min(first, second) >= 0 else None

    def converted(self, thing: Term, arguments: tuple[Term, ...], _state: State) -> Term:
        kind = arguments[0] if arguments else None
        named = kind if isinstance(kind, str) else None
        return ("made", thing, (("dtype", named), ("contiguous", None), ("stride", None)))

    def one_element(self, thing: Term, _arguments: tuple[Term, ...], state: State) -> Term:
        self.require(binary("==", prop("numel", thing), 1), state)
        return None

    def outside(self, thing: Term, arguments: tuple[Term, ...], _state: State) -> Term:
        chars = arguments[0] if arguments else None
        return ("outside", thing[1], chars) if thing[0] == "param" and isinstance(chars, str) else None


def _is_list(term: Term) -> bool:
    return isinstance(term, tuple) and term[0] in ("list", "shape")


def _dense(thing: Term) -> Term:
    return ("made", thing, (("contiguous", None), ("stride", None))) if isinstance(thing, tuple) else None


def _contiguous(thing: Term) -> Term:
    return ("made", thing, (("contiguous", True), ("stride", None)))


_HANDLERS: dict[str, Callable[[Evaluator, Expr, State], Term]] = {
    "number": Evaluator.number, "name": Evaluator.name, "member": Evaluator.member,
    "string": lambda _, e, __: e.text, "char": lambda _, e, __: e.text.strip("'"),
    "call": Evaluator.call, "index": Evaluator.index, "list": Evaluator.braces,
    "&&": Evaluator.logical, "||": Evaluator.logical, "?": Evaluator.conditional,
    "u!": Evaluator.negation, "u-": Evaluator.minus, "u*": Evaluator.through, "u+": Evaluator.through,
    "u&": Evaluator.through, "lambda": lambda _, __, ___: None, "tokens": lambda _, __, ___: None,
    **dict.fromkeys(_COMPARISONS, Evaluator.comparison),
}  # fmt: skip
_METHODS: dict[str, Callable[[Evaluator, Term, tuple[Term, ...], State], Term]] = {
    "size": Evaluator.size,
    "stride": lambda e, t, a, s: e.axis("stride", t, a, s),
    "value": lambda _, t, __, ___: t,
    "t": Evaluator.transpose,
    "transpose": Evaluator.transpose,
    "contiguous": lambda _, t, __, ___: _contiguous(t),
    "clone": lambda _, t, __, ___: _dense(t),
    "to": Evaluator.converted,
    "item": Evaluator.one_element,
    "empty": lambda e, t, a, s: binary("==", e.size(t, a, s), 0),
    "length": Evaluator.size,
    "find_first_not_of": Evaluator.outside,
}
