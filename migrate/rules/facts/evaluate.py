"""Expressions of a host function in terms of its arguments, and what evaluating them already demands.

``x.size(2)`` demands a third dimension, ``x.data_ptr<float>()`` a type, ``opt->...`` that it is given.
"""

from __future__ import annotations

from collections.abc import Callable

from migrate.model.cpp import CppType
from migrate.rules.facts.demands import Demands, State
from migrate.rules.facts.dtypes import element_dtype, named_dtype
from migrate.rules.facts.expressions import Expr
from migrate.rules.facts.methods import METHODS, fresh
from migrate.rules.facts.ranges import ANY_RANK, arithmetic, counter, element, held_by, is_below, is_memory
from migrate.rules.facts.sources import Sources
from migrate.rules.facts.terms import Term, binary, both, choose, item, negate, prop, scalar

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
_ON_DEVICE = {"is_cuda": True, "is_hip": True, "is_cpu": False}
_CONVERTS = frozenset({"to", "toInt", "toLong"})
_LIKE = frozenset({"empty_like", "zeros_like", "ones_like", "full_like"})
_WORDS = {"true": True, "false": False, "npos": -1, "nullopt": ("nothing",)}
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


Inline = Callable[[str, tuple[Term, ...], tuple[Term, ...], State], Term]


class Evaluator(Demands):
    """Evaluates for one operator; ``inline`` enters functions of the tree."""

    def __init__(self, sources: Sources, params: dict[str, CppType], backend: str = "") -> None:
        super().__init__(params)
        self.sources = sources
        self.on_device = None if not backend else backend != "cpu"
        self.inline: Inline = lambda _name, _arguments, _types, _state: None
        self.file = ""

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
        return arithmetic(expr.op, left, right)

    def _equal(self, expr: Expr, state: State) -> list[Term]:
        """The demands of ``==``; of a shape that is spelled out, one per dimension."""
        sides = [self.value(part, state) for part in expr.args]
        for one, other in (sides, sides[::-1]):
            spelled = isinstance(other, tuple) and other[0] == "list"
            if isinstance(one, tuple) and one[0] == "shape" and spelled:
                sizes = [binary("==", ("size", one[1], i), size) for i, size in enumerate(other[1:])]
                return [binary("==", ("ndim", one[1]), len(other) - 1), *sizes]
        return [binary("==", sides[0], sides[1])]

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
        octal = text.isdigit() and text.startswith("0")
        for read in (lambda: int(text, 8 if octal else 0), lambda: float(text.rstrip("f"))):
            try:
                return read()
            except ValueError:
                continue
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
        return both(word, left, self.truth(expr.args[1], state.guarded(reached)))

    def conditional(self, expr: Expr, state: State) -> Term:
        condition = self.truth(expr.args[0], state)
        yes = self.value(expr.args[1], state.guarded(condition))
        no = self.value(expr.args[2], state.guarded(negate(condition)))
        return choose(condition, yes, no)

    def negation(self, expr: Expr, state: State) -> Term:
        return negate(self.truth(expr.args[0], state))

    def minus(self, expr: Expr, state: State) -> Term:
        return binary("-", 0, self.value(expr.args[0], state))

    def through(self, expr: Expr, state: State) -> Term:
        return self.held(self.value(expr.args[0], state), state) if expr.args else None

    def braces(self, expr: Expr, state: State) -> Term:
        items = tuple(scalar(self.value(part, state)) for part in expr.args)
        return items[0] if len(items) == 1 and _is_list(items[0]) else ("list", *items)

    def index(self, expr: Expr, state: State) -> Term:
        thing, at = (self.value(part, state) for part in expr.args)
        if isinstance(thing, tuple) and thing[0] == "param" and self.kind(thing[1]) == "tensor":
            thing = ("accessor", thing, 0, ANY_RANK)
        if is_memory(thing):
            return element(self, thing, at, state)
        at = scalar(at)
        if not isinstance(at, int) or at < 0 or not isinstance(thing, tuple):
            return None
        if thing[0] == "param" and self.kind(thing[1]) == "string":
            return ("at", thing[1], at)
        if thing[0] == "param" and self.kind(thing[1]) not in ("list", "array", "optional"):
            return None
        if thing[0] == "shape":
            self.require((">=", ("ndim", thing[1]), at + 1), state)
        return item(thing, at)

    def member(self, expr: Expr, state: State) -> Term:
        thing = self.held(self.value(expr.args[0], state), state)
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
            return item(self.held(arguments[0], state), int(target.types[0]))
        if last in _THROUGH and len(arguments) == 1:
            return arguments[0]
        if last == "irange" and arguments:
            return counter(arguments[-1])
        if last in ("min", "max") and any(is_below(argument) for argument in arguments):
            return None
        if last in ("min", "max") and len(arguments) == 2:
            order = binary("<" if last == "min" else ">", *arguments)
            return choose(order, scalar(arguments[0]), scalar(arguments[1]))
        if last in _LIKE and arguments:
            return fresh(arguments[0])
        types = tuple(self.element(text, state) for text in target.types)
        return self.inline(last, arguments, types, state)

    def element(self, type_: str, state: State) -> Term:
        return state.types.get(type_) or element_dtype(type_)

    def _method(self, target: Expr, given: tuple[Expr, ...], state: State) -> Term:
        thing, name = self.value(target.args[0], state), target.text
        if name in ("has_value", "defined"):
            plain = isinstance(thing, tuple) and thing[0] == "param" and self.kind(thing[1]) != "optional"
            return True if plain else prop("given", thing)
        if name == "value_or" and given:
            return choose(prop("given", thing), thing, self.value(given[0], state))
        arguments = tuple(self.value(part, state) for part in given)
        if name in _ON_DEVICE and self.on_device is not None:
            return self.on_device == _ON_DEVICE[name]
        if not isinstance(thing, tuple) or is_below(thing):
            return thing if is_below(thing) and name in _CONVERTS else None
        if name == "item" and is_memory(thing):
            return held_by(thing)
        self.held(thing, state)
        if name in _PLAIN and not arguments:
            return prop(_PLAIN[name], thing)
        special = METHODS.get(name)
        if special is not None:
            return special(self, thing, arguments, state)
        if name in _DATA:
            self._typed(thing, target.types, state)
            return ("pointer", thing, 0)
        if name in _ACCESSORS:
            rank = self._typed(thing, target.types, state)
            return ("accessor", thing, 0, rank) if rank else None
        return None

    def _typed(self, thing: Term, types: tuple[str, ...], state: State) -> int:
        """The rank, where ``types`` says so."""
        if types:
            self.require(binary("==", prop("dtype", thing), self.element(types[0], state)), state)
        rank = int(types[1]) if len(types) > 1 and types[1].isdigit() else 0
        if rank:
            self.require(binary("==", prop("ndim", thing), rank), state)
        return rank


def _is_list(term: Term) -> bool:
    return isinstance(term, tuple) and term[0] in ("list", "shape")


_HANDLERS: dict[str, Callable[[Evaluator, Expr, State], Term]] = {
    "number": Evaluator.number, "name": Evaluator.name, "member": Evaluator.member,
    "string": lambda _, e, __: e.text, "char": lambda _, e, __: e.text.strip("'"),
    "call": Evaluator.call, "index": Evaluator.index, "list": Evaluator.braces,
    "&&": Evaluator.logical, "||": Evaluator.logical, "?": Evaluator.conditional,
    "u!": Evaluator.negation, "u-": Evaluator.minus, "u*": Evaluator.through, "u+": Evaluator.through,
    "u&": Evaluator.through, "lambda": lambda _, __, ___: None, "tokens": lambda _, __, ___: None,
    **dict.fromkeys(_COMPARISONS, Evaluator.comparison),
}  # fmt: skip
