"""Methods of tensors, optionals and strings: what they stand for, and what calling them demands."""

from __future__ import annotations

from collections.abc import Callable

from migrate.rules.facts.demands import Demands, State
from migrate.rules.facts.terms import Term, binary, prop, scalar


def _size(demands: Demands, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
    if not arguments:
        if thing[0] == "shape":
            return ("ndim", thing[1])
        return ("len", thing[1]) if thing[0] == "param" else len(thing) - 1 if thing[0] == "list" else None
    return _axis(demands, "size", thing, arguments, state)


def _axis(demands: Demands, kind: str, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
    at = scalar(arguments[0]) if arguments else None
    if not isinstance(at, int) or isinstance(at, bool):
        return None
    least = at + 1 if at >= 0 else -at
    demands.require(binary(">=", prop("ndim", thing), least), state)
    return prop(kind, thing, at)


def _transpose(demands: Demands, thing: Term, arguments: tuple[Term, ...], state: State) -> Term:
    if arguments and not all(isinstance(axis, int) for axis in arguments):
        return None
    if not arguments:
        demands.require(binary("<=", prop("ndim", thing), 2), state)
    first, second = arguments[:2] if len(arguments) > 1 else (0, 1)
    return ("swap", first, second, thing) if min(first, second) >= 0 else None


def _converted(_: Demands, thing: Term, arguments: tuple[Term, ...], _state: State) -> Term:
    kind = arguments[0] if arguments else None
    named = kind if isinstance(kind, str) else None
    return ("made", thing, (("dtype", named), ("contiguous", None), ("stride", None)))


def _one_element(demands: Demands, thing: Term, _arguments: tuple[Term, ...], state: State) -> Term:
    demands.require(binary("==", prop("numel", thing), 1), state)
    return None


def _outside(_: Demands, thing: Term, arguments: tuple[Term, ...], _state: State) -> Term:
    chars = arguments[0] if arguments else None
    return ("outside", thing[1], chars) if thing[0] == "param" and isinstance(chars, str) else None


def fresh(thing: Term) -> Term:
    """A new tensor of the form of another: what it holds is its own."""
    changes = (("contiguous", None), ("stride", None), ("limit", None))
    return ("made", thing, changes) if isinstance(thing, tuple) else None


def dense(thing: Term) -> Term:
    return ("made", thing, (("contiguous", None), ("stride", None))) if isinstance(thing, tuple) else None


def _contiguous(thing: Term) -> Term:
    return ("made", thing, (("contiguous", True), ("stride", None)))


METHODS: dict[str, Callable[[Demands, Term, tuple[Term, ...], State], Term]] = {
    "size": _size,
    "stride": lambda e, t, a, s: _axis(e, "stride", t, a, s),
    "value": lambda _, t, __, ___: t,
    "t": _transpose,
    "transpose": _transpose,
    "contiguous": lambda _, t, __, ___: _contiguous(t),
    "clone": lambda _, t, __, ___: dense(t),
    "to": _converted,
    "item": _one_element,
    "empty": lambda e, t, a, s: binary("==", _size(e, t, a, s), 0),
    "length": _size,
    "find_first_not_of": _outside,
}
