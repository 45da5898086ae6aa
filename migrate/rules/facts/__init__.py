"""What a host function demands of its arguments, read from its checks, dispatches and uses.

    TORCH_CHECK(scale.numel() == 1, ...)   ->   ["==", ["numel", "scale"], 1]

Conditions that are not understood are left out. Early returns whose condition is not understood do
not hide what follows: a fact guides the making of arguments, and the original decides what they do.
"""

from __future__ import annotations

from typing import Any, Optional

from migrate.model.cpp import Function
from migrate.rules.facts.demands import State
from migrate.rules.facts.evaluate import Evaluator
from migrate.rules.facts.preprocess import Expander
from migrate.rules.facts.sources import Sources, body_tokens, sources_of
from migrate.rules.facts.spelled import spelled
from migrate.rules.facts.statements import Walker
from migrate.rules.facts.terms import Term

__all__ = ["Sources", "find_facts", "sources_of"]

_MOST_FACTS = 120


def find_facts(
    function: Function, names: tuple[str, ...], sources: Sources, backend: str = ""
) -> list[dict[str, Any]]:
    """The demands of ``function``, its parameters called ``names``, in the order of the source.

    ``backend`` says where its tensors are, if that is known.

    Each is ``{"text": "scale.numel() == 1", "holds": ["==", ["numel", "scale"], 1]}``; ``memory`` is
    true where no check demands it, but what is read otherwise is not the operator's.
    """
    span = function.body_span
    if span is None:
        return []
    text = sources.texts.get(span.file, "")[span.start : span.end]
    params = dict(zip(names, (param.type for param in function.params)))
    evaluator = Evaluator(sources, params, backend)
    evaluator.file = span.file
    locals_ = {param.name: ("param", name) for param, name in zip(function.params, names)}
    try:
        tokens = Expander(sources, span.file).expand(body_tokens(text))
        Walker(evaluator).walk(tokens, State(locals_))
    except Exception:
        # Code cut short, too deep, or unlike all that was seen before. Facts only guide the tester: what
        # was understood before it still holds, and no tree may fail to migrate for the rest.
        pass
    found = {_simplified(fact): memory for fact, memory in evaluator.found.items()}
    return [_row(fact, found[fact]) for fact in _without_implied(list(found))[:_MOST_FACTS]]


def _row(fact: Term, memory: bool) -> dict[str, Any]:
    row = {"text": spelled(fact), "holds": _json(fact)}
    return {**row, "memory": True} if memory else row


def _simplified(fact: Term) -> Term:
    """``x == a or x == b`` as one set."""
    if not isinstance(fact, tuple):
        return fact
    if fact[0] == "all":
        return ("all", fact[1], _simplified(fact[2]))
    if fact[0] != "or":
        return fact
    groups: dict[Term, list[Term]] = {}
    rest = []
    for part in fact[1:]:
        if isinstance(part, tuple) and part[0] == "==" and isinstance(part[2], str):
            groups.setdefault(part[1], []).append(part[2])
        else:
            rest.append(part)
    sets = [
        ("in", term, *dict.fromkeys(options)) if len(set(options)) > 1 else ("==", term, options[0])
        for term, options in groups.items()
    ]
    parts = list(dict.fromkeys([*rest, *sets]))
    return parts[0] if len(parts) == 1 else ("or", *parts)


def _without_implied(facts: list[Term]) -> list[Term]:
    """Without bounds on the dimensions of a tensor whose number of dimensions is known."""
    ranks = [fact for fact in facts if fact[0] == "==" and fact[1][0] == "ndim"]
    fixed = {fact[1] for fact in ranks if isinstance(fact[2], int)}
    rows = []
    seen: set[Term] = set()
    always = frozenset(facts)
    for fact in dict.fromkeys(facts):
        if fact[0] == "or" and any(part in always for part in fact[1:]):
            continue
        mirrored = fact[0] == "==" and (fact[0], fact[2], fact[1]) in seen
        seen.add(fact)
        bound = mirrored or (fact[0] in (">=", ">", "<") and any(part in fixed for part in fact[1:]))
        if not bound:
            rows.append(fact)
    return _without_weaker(rows)


def _without_weaker(facts: list[Term]) -> list[Term]:
    """Of several ``x.dim() >= n`` or ``x.size(0) >= n``, the strongest; so under the same conditions."""
    most: dict[Term, int] = {}
    bounds = {fact: _bound(fact) for fact in facts}
    for bound in bounds.values():
        if bound is not None:
            most[bound[0]] = max(most.get(bound[0], bound[1]), bound[1])
    return [fact for fact, bound in bounds.items() if bound is None or bound[1] == most[bound[0]]]


def _bound(fact: Term) -> Optional[tuple[Term, int]]:
    """What is at least how much; None for another kind of fact."""
    *conditions, last = fact[1:] if fact[0] == "or" else (fact,)
    if isinstance(last, tuple) and last[0] == ">=" and isinstance(last[2], int):
        return (*conditions, last[1]), last[2]
    return None


def _json(term: Term) -> Any:
    return [_json(part) for part in term] if isinstance(term, tuple) else term
