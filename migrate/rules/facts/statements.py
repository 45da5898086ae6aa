"""The statements of a host function in order: locals, branches, early ends, and where it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from migrate.rules.facts.checks import demands
from migrate.rules.facts.declare import assigned_names, declaration
from migrate.rules.facts.demands import State, TooLong
from migrate.rules.facts.evaluate import Evaluator
from migrate.rules.facts.expressions import Expr, parse
from migrate.rules.facts.extents import sections, statement_end
from migrate.rules.facts.loops import walk_loop
from migrate.rules.facts.preprocess import Expander
from migrate.rules.facts.sources import Definition, Tok, close
from migrate.rules.facts.terms import Term, binary, both, choose, item, negate

_MOST_CALLS = 5
_MOST_STATEMENTS = 20_000
_CHANGES = frozenset({"push_back", "emplace_back", "resize", "clear", "pop_back", "insert", "erase"})


class Walker:
    """Walks one operator's function and the in-tree functions it calls.

    A flow is how a statement ends: ``next``, ``return`` or ``throw``.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        evaluator.inline = self._inline
        self._inside: list[Definition] = []
        self._left = _MOST_STATEMENTS
        self._returned: list[list[tuple[tuple[Term, ...], bool, Term]]] = [[]]

    def walk(self, tokens: Sequence[Tok], state: State) -> str:
        """All statements of a block."""
        at = 0
        while at < len(tokens):
            at, flow = self._statement(tokens, at, state)
            if flow != "next":
                return flow
        return "next"

    def _statement(self, tokens: Sequence[Tok], at: int, state: State) -> tuple[int, str]:
        word = tokens[at][1]
        self._left -= 1
        if self._left < 0:
            raise TooLong
        if word == ";":
            return at + 1, "next"
        if word == "{":
            end = close(tokens, at)
            return end + 1, self.walk(tokens[at + 1 : end], state)
        if word == "if":
            return self._if(tokens, at, state)
        if word in ("for", "while"):
            return walk_loop(self, tokens, at, state), "next"
        if word == "do":
            at, flow = self._statement(tokens, at + 1, state)
            return statement_end(tokens, at), flow
        if word == "switch":
            return self._switch(tokens, at, state)
        end = statement_end(tokens, at)
        return end, self._simple(tokens[at : end - (tokens[end - 1][1] == ";")], state)

    def _if(self, tokens: Sequence[Tok], at: int, state: State) -> tuple[int, str]:
        at += 1
        if tokens[at][1] == "constexpr":
            at += 1
        end = close(tokens, at)
        try:
            condition: Optional[Expr] = parse(tokens[at + 1 : end])
        except ValueError:
            condition = None
        first = end + 1
        after, refuses = self.extent(tokens, first, state)
        if condition is not None and refuses == "throw":
            self.evaluator.check(condition, state, holds=False)
            truth: Term = None
        else:
            truth = self.evaluator.truth(condition, state) if condition is not None else None
        yes = state.under(truth)
        _, flow = self._statement(tokens, first, yes)
        no = state.under(negate(truth)) if refuses != "throw" else state.under(True)
        other = "next"
        if after < len(tokens) and tokens[after][1] == "else":
            after, other = self._statement(tokens, after + 1, no)
        _join(state, truth, (yes, flow), (no, other))
        if flow == other:
            return after, flow
        return after, "next"

    def extent(self, tokens: Sequence[Tok], at: int, state: State) -> tuple[int, str]:
        """Where a statement ends and how, without what it demands."""
        trial = state.tried()
        self._returned.append([])
        after, flow = self._statement(tokens, at, trial)
        self._returned.pop()
        return after, flow

    def aside(self, tokens: Sequence[Tok], state: State) -> None:
        """Walked for what it demands: what it may return is not the function's result."""
        self._returned.append([])
        self.walk(tokens, state)
        self._returned.pop()

    def _switch(self, tokens: Sequence[Tok], at: int, state: State) -> tuple[int, str]:
        end = close(tokens, at + 1)
        last = close(tokens, end + 1)
        try:
            subject = self.evaluator.value(parse(tokens[at + 2 : end]), state)
        except ValueError:
            subject = None
        seen: Term = False
        for labels, body in sections(tokens[end + 2 : last]):
            chosen: Term = False
            for label in labels:
                chosen = both("or", chosen, self._label(subject, label, state))
            if not labels:
                chosen = negate(seen)
            seen = both("or", seen, chosen)
            if subject is not None:
                self.walk([*body, ("punct", ";")], state.under(chosen))
        for name in assigned_names(tokens[end + 2 : last]):
            state.names[name] = None
        return last + 1, "next"

    def _label(self, subject: Term, label: list[Tok], state: State) -> Term:
        try:
            spelled = self.evaluator.value(parse(label), state)
        except ValueError:
            return None
        return binary("==", subject, spelled)

    def _simple(self, tokens: Sequence[Tok], state: State) -> str:
        while len(tokens) > 2 and tokens[0][1] == "(" and close(tokens, 0) == len(tokens) - 1:
            tokens = tokens[1:-1]
        word = tokens[0][1] if tokens else ""
        if word == "throw":
            self.evaluator.require(False, state)
            return "throw"
        if word in ("return", "co_return"):
            self._return(tokens[1:], state)
            return "return"
        if word == "using" and len(tokens) > 3 and tokens[2][1] == "=":
            spelled = "".join(text for _, text in tokens[3:])
            state.types[tokens[1][1]] = self.evaluator.element(spelled, state)
            return "next"
        declared = declaration(tokens)
        if declared is not None:
            for names, value in declared:
                self._declare(names, value, state)
            return "next"
        try:
            tree = parse(tokens)
        except ValueError:
            for name in assigned_names(tokens):
                state.names[name] = None
            return "next"
        return self._expression(tree, state)

    def _return(self, tokens: Sequence[Tok], state: State) -> None:
        try:
            value = self.evaluator.value(parse(tokens), state) if tokens else None
        except ValueError:
            value = None
        self._returned[-1].append((state.path, state.known, value))

    def _declare(self, names: list[str], tokens: Sequence[Tok], state: State) -> None:
        try:
            value = self.evaluator.value(parse(tokens), state) if tokens else None
        except ValueError:
            value = None
        if len(names) == 1:
            state.names[names[0]] = value
            return
        for index, name in enumerate(names):
            state.names[name] = item(value, index)

    def _expression(self, tree: Expr, state: State) -> str:
        if tree.op in ("=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "u++", "u--"):
            value = self.evaluator.value(tree.args[1], state) if tree.op == "=" else None
            if tree.args[0].op == "name":
                state.names[tree.args[0].text] = value
            elif tree.args[0].op == "index":
                self.evaluator.value(tree.args[0], state)
            return "next"
        if tree.op != "call":
            self.evaluator.value(tree, state)
            return "next"
        target = tree.args[0]
        if target.op == "lambda":
            return "throw" if self.walk(target.body, state) == "throw" else "next"
        flow = demands(self, tree, state)
        if flow:
            return flow
        if target.op == "member" and target.text in _CHANGES and target.args[0].op == "name":
            state.names[target.args[0].text] = None
            return "next"
        self.evaluator.value(tree, state)
        return "next"

    def _inline(self, name: str, arguments: tuple[Term, ...], types: tuple[Term, ...], state: State) -> Term:
        """The result of an in-tree function; what it demands is demanded here."""
        if len(self._inside) >= _MOST_CALLS or all(argument is None for argument in arguments):
            return None
        rows = self.evaluator.sources.functions(name, self.evaluator.file)
        rows = [row for row in rows if len(row.params) == len(arguments) and row not in self._inside]
        if len(rows) != 1:
            return None
        (row,) = rows
        file = self.evaluator.file
        inner = state.under(True)
        inner.names = dict(zip(row.params, arguments))
        inner.types = dict(zip(row.templates, types))
        self._inside.append(row)
        self._returned.append([])
        self.evaluator.file = row.path
        try:
            self.walk(Expander(self.evaluator.sources, row.path).expand(row.body), inner)
        except ValueError:
            self._returned[-1].clear()
        finally:
            self.evaluator.file = file
            self._inside.pop()
        return _result(self._returned.pop(), len(state.path))


def _result(returned: list[tuple[tuple[Term, ...], bool, Term]], outside: int) -> Term:
    """One value out of all ``return`` statements, each under its own conditions."""
    if not returned or not all(known for _, known, _ in returned):
        return None
    *early, (_, _, result) = returned
    for path, _, value in reversed(early):
        condition: Term = True
        for part in path[outside:]:
            condition = both("and", condition, part)
        result = choose(condition, value, result)
    return result


def _join(state: State, truth: Term, yes: tuple[State, str], no: tuple[State, str]) -> None:
    """The locals after both branches; a branch that left has no say."""
    (first, flow), (second, other) = yes, no
    if flow != "next" and other == "next":
        state.names, state.types = second.names, second.types
        if flow == "return" and truth is not None:
            state.path = second.path
        return
    if other != "next" and flow == "next":
        state.names, state.types = first.names, first.types
        return
    for name in {*first.names, *second.names}:
        one, two = first.names.get(name), second.names.get(name)
        if name in state.names:
            state.names[name] = choose(truth, one, two)
