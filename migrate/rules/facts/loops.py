"""Loops: what their bodies demand of every item, or of every number that a counter takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, Protocol

from migrate.rules.facts.declare import assigned_names, declaration
from migrate.rules.facts.demands import State
from migrate.rules.facts.evaluate import Evaluator
from migrate.rules.facts.expressions import Expr, parse
from migrate.rules.facts.ranges import counter, is_below
from migrate.rules.facts.sources import Tok, close, split
from migrate.rules.facts.terms import Term

_ENDS = {"<": False, "!=": False, "<=": True}


class Walks(Protocol):
    evaluator: Evaluator

    def aside(self, tokens: Sequence[Tok], state: State) -> None: ...

    def extent(self, tokens: Sequence[Tok], at: int, state: State) -> tuple[int, str]: ...


def walk_loop(walker: Walks, tokens: Sequence[Tok], at: int, state: State) -> int:
    """Past the loop at ``at``, its body walked where it is known what it counts or goes through."""
    end = close(tokens, at + 1)
    head = list(tokens[at + 2 : end])
    after, _ = walker.extent(tokens, end + 1, state)
    # What one turn changes is not known in the next.
    for name in assigned_names(tokens[at:after]):
        state.names[name] = None
    body = [*tokens[end + 1 : after], ("punct", ";")]
    if tokens[at][1] != "for":
        return after
    if ("punct", ";") in head:
        _count(walker, head, body, state)
        return after
    parts = split(head, ":")
    if len(parts) == 2:
        _each(walker, parts, body, state)
    return after


def _count(walker: Walks, head: list[Tok], body: list[Tok], state: State) -> None:
    """``for (int64_t i = 0; i < n; ++i)``"""
    parts = split(head, ";")
    start, condition = parts[0], parts[1] if len(parts) > 1 else []
    declared = declaration(start)
    inner = state.under(True)
    for names, _value in declared or ():
        inner.names.update((name, _bound(walker, name, condition, inner)) for name in names)
    walker.aside(body, inner)


def _bound(walker: Walks, name: str, tokens: list[Tok], state: State) -> Term:
    try:
        tree = parse(tokens)
    except ValueError:
        return None
    found = next((part for part in _conjuncts(tree) if _ends(part, name)), None)
    if found is None:
        return None
    return counter(walker.evaluator.value(found.args[1], state), _ENDS[found.op])


def _conjuncts(tree: Expr) -> tuple[Expr, ...]:
    if tree.op != "&&":
        return (tree,)
    return tuple(part for side in tree.args for part in _conjuncts(side))


def _ends(part: Expr, name: str) -> bool:
    return part.op in _ENDS and part.args[0] == Expr("name", name)


def _each(walker: Walks, parts: list[list[Tok]], body: list[Tok], state: State) -> None:
    """``for (auto& x : tensors)``: what its body demands, it demands of every item."""
    items = _value(walker, parts[1], state)
    if not isinstance(items, tuple) or items[0] not in ("param", "below") or "*" in str(items[1]):
        return
    inner = state.under(True)
    name = parts[0][-1][1]
    if is_below(items):
        inner.names[name] = items
        walker.aside(body, inner)
        return
    found = walker.evaluator.found
    before = dict(found)
    inner.names[name] = ("param", f"{items[1]}.*")
    walker.aside(body, inner)
    for fact in [fact for fact in found if fact not in before]:
        found[("all", items[1], fact)] = found.pop(fact)


def _value(walker: Walks, tokens: list[Tok], state: State) -> Optional[Term]:
    try:
        return walker.evaluator.value(parse(tokens), state)
    except ValueError:
        return None
