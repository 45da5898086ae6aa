"""Numbers known by their bound alone, and the memory that they index.

    ("below", n)                   a whole number from 0 up to n, n itself left out
    ("pointer", tensor, offset)    the elements of a tensor behind a raw pointer
    ("accessor", tensor, d, rank)  the same behind an accessor, ``d`` of whose dimensions are indexed

A loop counter is below the loop's end, and what a tensor of indices holds is below that tensor's
``limit``. So ``a[idx[i]]`` inside ``for (i = 0; i < n; ++i)`` demands ``n <= idx.numel()`` and
``idx.limit() <= a.numel()``: without that, the operator reads memory that is not its own.
"""

from __future__ import annotations

from collections.abc import Callable

from migrate.rules.facts.demands import Demands, State
from migrate.rules.facts.terms import Term, binary, nodes, prop, scalar

ANY_RANK = 64


def below(count: Term) -> Term:
    return ("below", count) if count is not None else None


def is_below(term: Term) -> bool:
    return isinstance(term, tuple) and term[0] == "below"


def is_memory(term: Term) -> bool:
    return isinstance(term, tuple) and term[0] in ("pointer", "accessor")


def counter(end: Term, closed: bool = False) -> Term:
    """What counts from somewhere up to ``end``."""
    if is_below(end):
        return below(end[1] if closed else _plus(end[1], -1))
    return below(_plus(scalar(end), int(closed)))


def _plus(term: Term, by: int) -> Term:
    """``(n + 2) - 1`` is ``n + 1``."""
    if isinstance(term, tuple) and term[0] in ("+", "-") and isinstance(term[2], int):
        return _plus(term[1], by + (term[2] if term[0] == "+" else -term[2]))
    if by == 0:
        return term
    return binary("+", term, by) if by > 0 else binary("-", term, -by)


def _most(term: Term) -> Term:
    """The largest number that it can be."""
    return _plus(term[1], -1) if is_below(term) else scalar(term)


def _sum(left: Term, right: Term) -> Term:
    rows = _most(left) if is_below(right) else _most(right)
    rest = right[1] if is_below(right) else left[1]
    if rows == 0:
        return below(rest)
    # (n - 1) * m + m is n * m: every row of a matrix
    if isinstance(rows, tuple) and rows[0] == "*" and rest in rows[1:]:
        other = rows[2] if rows[1] == rest else rows[1]
        return below(binary("*", _plus(other, 1), rest))
    return below(binary("+", rows, rest))


def _product(left: Term, right: Term) -> Term:
    return below(_plus(binary("*", _most(left), _most(right)), 1))


def _difference(left: Term, right: Term) -> Term:
    return left if is_below(left) and not is_below(right) else None


def _quotient(left: Term, right: Term) -> Term:
    if not is_below(left) or is_below(right):
        return None
    return below(_plus(binary("/", _most(left), scalar(right)), 1))


def _remainder(_left: Term, right: Term) -> Term:
    return None if is_below(right) else below(scalar(right))


_ARITHMETIC: dict[str, Callable[[Term, Term], Term]] = {
    "+": _sum, "-": _difference, "*": _product, "/": _quotient, "%": _remainder,
}  # fmt: skip


def combined(op: str, left: Term, right: Term) -> Term:
    """``left op right`` where a side is a bound or a pointer."""
    if left is None or right is None or op not in _ARITHMETIC:
        return None
    if is_memory(left):
        return _moved(left, right) if op == "+" and left[0] == "pointer" else None
    if is_memory(right):
        return _moved(right, left) if op == "+" and right[0] == "pointer" else None
    return _ARITHMETIC[op](left, right)


def _moved(pointer: Term, by: Term) -> Term:
    offset = arithmetic("+", pointer[2], by)
    return ("pointer", pointer[1], offset) if offset is not None else None


def arithmetic(op: str, left: Term, right: Term) -> Term:
    """Of two numbers, each known or known by its bound."""
    if any(is_below(side) or is_memory(side) for side in (left, right)):
        return combined(op, left, right)
    return binary(op, left, right)


def element(demands: Demands, memory: Term, at: Term, state: State) -> Term:
    """``memory[at]``, which demands that it lies inside."""
    if memory[0] == "pointer":
        place = arithmetic("+", memory[2], at)
        _within(demands, place, prop("numel", memory[1]), state)
        return held_by(memory)
    _, tensor, depth, rank = memory
    _within(demands, at, prop("size", tensor, depth), state)
    return ("accessor", tensor, depth + 1, rank) if depth + 1 < rank else held_by(memory)


def held_by(memory: Term) -> Term:
    """A number that is read from there."""
    return below(prop("limit", memory[1]))


def _within(demands: Demands, at: Term, size: Term, state: State) -> None:
    count = at[1] if is_below(at) else _plus(scalar(at), 1)
    if count is None or size is None or any(_is_stride(node) for node in nodes(count)):
        return
    if _plus(count, -1) == size or (isinstance(count, tuple) and count[:2] == ("+", size)):
        return  # `a[i + 1]`, which only a guard makes possible
    demands.require_safe(binary("<=", count, size), state)


def _is_stride(node: Term) -> bool:
    return isinstance(node, tuple) and node[0] == "stride"
