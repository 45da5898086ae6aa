"""What an expression stands for, in properties of the arguments: plain nested tuples.

    ("==", ("size", "weight", 0), ("size", "input", 1))

Literals are Python values; a type of elements is its name (``"float16"``). An argument is named by
its path: ``x``, ``pair.0`` for the first of a pair, ``xs.*`` for every tensor of a list. None stands
for what is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Optional

Term = Any

PROPERTIES = frozenset(
    "ndim size stride numel dtype shape contiguous limit given value len at outside".split()
)
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_BINARY = frozenset({"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"})
_MOST_NODES = 80
# What no condition can be about: tensors that are made, memory, and numbers known by a bound alone.
_NO_NUMBERS = frozenset({"swap", "made", "nothing", "below", "pointer", "accessor"})


def prop(kind: str, tensor: Term, *rest: Term) -> Term:
    """A property of a tensor term, brought down to the arguments themselves."""
    if not isinstance(tensor, tuple):
        return None
    op = tensor[0]
    if op == "nothing":
        return False if kind == "given" else None
    if op == "if":
        return choose(tensor[1], prop(kind, tensor[2], *rest), prop(kind, tensor[3], *rest))
    if op == "param":
        return (kind, tensor[1], *rest) if None not in rest else None
    if op == "made":
        return _of_made(kind, tensor, *rest)
    if op == "swap":
        return _of_swapped(kind, tensor, *rest)
    if op == "accessor" and kind in ("size", "stride") and isinstance(rest[0], int):
        return prop(kind, tensor[1], tensor[2] + rest[0]) if rest[0] >= 0 else None
    return None


def _of_swapped(kind: str, tensor: Term, *rest: Term) -> Term:
    first, second, base = tensor[1:]
    if kind in ("shape", "contiguous"):
        return None
    if kind in ("size", "stride"):
        if not isinstance(rest[0], int) or rest[0] < 0:
            return None
        rest = ({first: second, second: first}.get(rest[0], rest[0]),)
    return prop(kind, base, *rest)


def _of_made(kind: str, tensor: Term, *rest: Term) -> Term:
    """A tensor that the function makes of another: ``("made", base, changes)``, changes by property;
    where there is none, the property is that of the base."""
    base, changes = tensor[1], dict(tensor[2])
    if kind in changes:
        return changes[kind]
    return prop(kind, base, *rest)


def item(thing: Term, index: int) -> Term:
    """Member ``index`` of a pair, tuple or list."""
    if not isinstance(thing, tuple):
        return None
    if thing[0] == "if":
        return choose(thing[1], item(thing[2], index), item(thing[3], index))
    if thing[0] == "param":
        return ("param", f"{thing[1]}.{index}")
    if thing[0] == "list" and index < len(thing) - 1:
        return thing[1 + index]
    if thing[0] == "shape":
        return ("size", thing[1], index)
    return None


def choose(condition: Term, yes: Term, no: Term) -> Term:
    if condition is True or yes == no:
        return yes
    if condition is False:
        return no
    if condition is None or yes is None or no is None:
        return None
    if isinstance(yes, bool):
        return both("or", condition, no) if yes else both("and", negate(condition), no)
    if isinstance(no, bool):
        return both("or", negate(condition), yes) if no else both("and", condition, yes)
    return limited(("if", condition, yes, no))


def limited(term: Term) -> Term:
    """The term, unless it has grown beyond use."""
    return term if sum(1 for _ in nodes(term)) <= _MOST_NODES else None


def nodes(term: Term) -> Iterator[Term]:
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, tuple):
            stack.extend(node[1:])


def scalar(term: Term) -> Term:
    """An argument that stands where a number, flag or string is wanted is its value."""
    if isinstance(term, tuple) and term[0] == "param":
        return ("value", term[1])
    if isinstance(term, tuple) and term[0] == "if":
        return choose(term[1], scalar(term[2]), scalar(term[3]))
    if isinstance(term, tuple) and term[0] in _NO_NUMBERS:
        return None
    return term


def binary(op: str, left: Term, right: Term) -> Term:
    left, right = scalar(left), scalar(right)
    if left is None or right is None or op not in _BINARY:
        return None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _folded(op, left, right)
    if op in ("==", "!=") and not isinstance(left, tuple) and not isinstance(right, tuple):
        return (left == right) == (op == "==")
    if left == right and op in _OF_EQUALS:
        return _OF_EQUALS[op]
    if op in ("+", "*") and isinstance(left, int):
        left, right = right, left
    if not isinstance(left, tuple) and isinstance(right, tuple) and op in _MIRRORED:
        op, left, right = _MIRRORED[op], right, left  # the argument first, as one would say it
    return limited((op, left, right))


_OF_EQUALS = {"==": True, "<=": True, ">=": True}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _folded(op: str, left: Any, right: Any) -> Any:
    if op in ("/", "%"):
        if right == 0:
            return None
        if isinstance(left, int) and isinstance(right, int):
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return quotient if op == "/" else left - quotient * right
        return left / right if op == "/" else None
    return {
        "==": lambda: left == right, "!=": lambda: left != right, "<": lambda: left < right,
        "<=": lambda: left <= right, ">": lambda: left > right, ">=": lambda: left >= right,
        "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
    }[op]()  # fmt: skip


def negate(term: Term) -> Term:
    if isinstance(term, bool):
        return not term
    term = scalar(term)
    if not isinstance(term, tuple):
        return None
    op = term[0]
    if op in _NEGATED:
        return (_NEGATED[op], *term[1:])
    if op == "not":
        return term[1]
    if op in ("and", "or"):
        return ("or" if op == "and" else "and", *(negate(part) for part in term[1:]))
    return ("not", term)


def both(op: str, left: Term, right: Term) -> Term:
    """``and`` or ``or`` of two conditions; one side alone may decide."""
    left, right = scalar(left), scalar(right)
    decides = op == "or"
    if left is decides or right is decides:
        return decides
    if left is (not decides):
        return right
    if right is (not decides):
        return left
    if left is None or right is None:
        return None
    return limited((op, *_parts(op, left), *_parts(op, right)))


def _parts(op: str, term: Term) -> tuple[Term, ...]:
    return term[1:] if isinstance(term, tuple) and term[0] == op else (term,)


def conjuncts(term: Term) -> tuple[Term, ...]:
    return _parts("and", term)


def implied(path: tuple[Term, ...], term: Term) -> Optional[Term]:
    """``term`` under the conditions of ``path``; None where that says nothing."""
    if term is True or term is None or term in path:
        return None
    result = False if term is False else term
    for condition in reversed(path):
        if condition == negate(term):
            continue
        result = both("or", negate(condition), result)
    return None if result is True or result is False else result
