"""What a check or dispatch macro demands: ``TORCH_CHECK(c, ...)``, ``AT_DISPATCH_FLOATING_TYPES(...)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, Protocol

from migrate.rules.facts.demands import State
from migrate.rules.facts.dtypes import dispatch_list, named_dtype, type_list
from migrate.rules.facts.evaluate import Evaluator
from migrate.rules.facts.expressions import Expr, parse
from migrate.rules.facts.ranges import counter
from migrate.rules.facts.sources import Tok, close
from migrate.rules.facts.terms import Term
from migrate.tables.macros import ASSERT_MACROS, CHECK_MACROS, COMPARE_MACROS

_CHECKS = frozenset({*CHECK_MACROS, *ASSERT_MACROS, "assert"})
_REFUSALS = frozenset({"AT_ERROR", "C10_THROW_ERROR", "abort", "terminate"})
# The name under which a dispatch macro's body finds its element type.
_ELEMENT = {"AT_DISPATCH_INDEX_TYPES": "index_t"}


class Walks(Protocol):
    evaluator: Evaluator

    def walk(self, tokens: Sequence[Tok], state: State) -> str: ...


def demands(walker: Walks, call: Expr, state: State) -> str:
    """Take note of what ``call`` demands. Returns how it ends; nothing for an ordinary call."""
    name, arguments = call.text.rpartition("::")[2], call.args[1:]
    evaluator = walker.evaluator
    if name in _REFUSALS:
        evaluator.require(False, state)
        return "throw"
    position = 1 if name in ("TORCH_CHECK_WITH", "TORCH_CHECK_ARG") else 0
    if (name in _CHECKS or position) and len(arguments) > position:
        if arguments[position] == Expr("name", "false"):
            evaluator.require(False, state)
            return "throw"
        evaluator.check(arguments[position], state)
        return "next"
    if name in COMPARE_MACROS and len(arguments) >= 2:
        evaluator.check(Expr(COMPARE_MACROS[name], args=arguments[:2]), state)
        return "next"
    if name == "parallel_for" and len(arguments) > 2:
        _share(walker, arguments, state)
        return "next"
    if name.startswith("AT_DISPATCH_"):
        _dispatch(walker, name, arguments, state)
        return "next"
    return ""


def _share(walker: Walks, arguments: tuple[Expr, ...], state: State) -> None:
    """``at::parallel_for(0, n, grain, [&](int64_t begin, int64_t end) {...})``: one share is all of it."""
    body = arguments[-1]
    end = walker.evaluator.value(arguments[1], state)
    if body.op == "lambda" and len(body.types) == 2:
        inner = state.under(True)
        inner.names.update(zip(body.types, (counter(end), end)))
        walker.walk(body.body, inner)


def _dispatch(walker: Walks, name: str, arguments: tuple[Expr, ...], state: State) -> None:
    bodies = [part.body for part in arguments if part.op == "lambda"]
    if name == "AT_DISPATCH_SWITCH":
        subject, (dtypes, body) = arguments[0], _cases(arguments[1:])
        bodies = [body] if body is not None else []
    elif name == "AT_DISPATCH_V2":
        subject, dtypes, bodies = _second_kind(arguments)
    else:
        row = dispatch_list(name)
        if row is None or len(arguments) < row[1] + 2:
            return
        subject, more = arguments[row[1]], [_dtype(part) for part in arguments[: row[1]]]
        dtypes = [*row[0], *(dtype for dtype in more if dtype)]
        if len(more) != row[1] or None in more:
            return
    term = walker.evaluator.value(subject, state)
    if term is None:
        return
    if dtypes:
        walker.evaluator.require(_one_of(term, dtypes), state)
    if bodies:
        inner = state.under(True)
        inner.types[_ELEMENT.get(name, "scalar_t")] = term
        walker.walk(bodies[0], inner)


def _one_of(term: Term, dtypes: Sequence[str]) -> Term:
    options = tuple(("==", term, dtype) for dtype in dict.fromkeys(dtypes))
    if not isinstance(term, tuple):
        return None
    return ("or", *options) if len(options) > 1 else options[0]


def _dtype(part: Expr) -> Optional[str]:
    return named_dtype(part.text) if part.op == "name" else None


def _cases(arguments: Sequence[Expr]) -> tuple[list[str], Optional[tuple[Tok, ...]]]:
    """Types and first body of ``AT_DISPATCH_CASE(type, body)`` macros, which follow one another."""
    dtypes: list[str] = []
    body: Optional[tuple[Tok, ...]] = None
    for part in arguments:
        for name, inside in _calls(part):
            row = dispatch_list(name)
            more = inside[: row[1]] if row else inside[:1]
            if name != "AT_DISPATCH_CASE" and row is None:
                return [], body  # another macro may add types
            dtypes += row[0] if row else ()
            dtypes += [dtype for dtype in map(_dtype, more) if dtype]
            body = body or next((piece.body for piece in inside if piece.op == "lambda"), None)
    return dtypes, body


def _calls(part: Expr) -> list[tuple[str, tuple[Expr, ...]]]:
    """A call, or several that stand side by side as one macro argument."""
    if part.op == "call":
        return [(part.text, part.args[1:])]
    rows = []
    at, tokens = 0, part.body
    while at + 1 < len(tokens) and tokens[at][0] == "name" and tokens[at + 1][1] == "(":
        end = close(tokens, at + 1)
        tree = parse(tokens[at : end + 1])
        rows.append((tree.text, tree.args[1:]))
        at = end + 1
    return rows if at == len(tokens) else [*rows, ("", ())]


def _second_kind(arguments: tuple[Expr, ...]) -> tuple[Expr, list[str], list[tuple[Tok, ...]]]:
    """``AT_DISPATCH_V2(type, name, AT_WRAP(body), AT_EXPAND(AT_FLOATING_TYPES), kHalf)``."""
    dtypes: list[str] = []
    bodies: list[tuple[Tok, ...]] = []
    for part in arguments[2:]:
        inner = part.args[1:] if part.op == "call" else (part,)
        bodies += [piece.body for piece in inner if piece.op == "lambda"]
        for piece in inner:
            dtypes += type_list(piece.text) if piece.op == "name" and piece.text.startswith("AT_") else ()
            dtypes += [dtype for dtype in [_dtype(piece)] if dtype]
    return arguments[0], dtypes, bodies
