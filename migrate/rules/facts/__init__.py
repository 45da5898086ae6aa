"""What a host function demands of its arguments, read from its checks, dispatches and uses.

    TORCH_CHECK(scale.numel() == 1, ...)   ->   ["==", ["numel", "scale"], 1]

Conditions that are not understood are left out. Early returns whose condition is not understood do
not hide what follows: a fact guides the making of arguments, and the original decides what they do.
"""

from __future__ import annotations

from typing import Any

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


def find_facts(function: Function, names: tuple[str, ...], sources: Sources) -> list[dict[str, Any]]:
    """The demands of ``function``, its parameters called ``names``, in the order of the source.

    Each is ``{"text": "scale.numel() == 1", "holds": ["==", ["numel", "scale"], 1]}``.
    """
    span = function.body_span
    if span is None:
        return []
    text = sources.texts.get(span.file, "")[span.start : span.end]
    params = dict(zip(names, (param.type for param in function.params)))
    evaluator = Evaluator(sources, params)
    evaluator.file = span.file
    locals_ = {param.name: ("param", name) for param, name in zip(function.params, names)}
    try:
        tokens = Expander(sources, span.file).expand(body_tokens(text))
        Walker(evaluator).walk(tokens, State(locals_))
    except (ValueError, IndexError, StopIteration, RecursionError):
        pass  # code cut short or too deep: what was understood before it still holds
    facts = _without_implied([_simplified(fact) for fact in evaluator.found])
    return [{"text": spelled(fact), "holds": _json(fact)} for fact in facts[:_MOST_FACTS]]


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
    for fact in dict.fromkeys(facts):
        mirrored = fact[0] == "==" and (fact[0], fact[2], fact[1]) in seen
        seen.add(fact)
        bound = mirrored or (fact[0] in (">=", ">", "<") and any(part in fixed for part in fact[1:]))
        if not bound:
            rows.append(fact)
    return _without_weaker(rows)


def _without_weaker(facts: list[Term]) -> list[Term]:
    """Of several ``x.dim() >= n``, the strongest."""
    most: dict[Term, int] = {}
    for fact in facts:
        if _is_bound(fact):
            most[fact[1]] = max(most.get(fact[1], 0), fact[2])
    return [fact for fact in facts if not _is_bound(fact) or fact[2] == most[fact[1]]]


def _is_bound(fact: Term) -> bool:
    return bool(fact[0] == ">=" and fact[1][0] == "ndim" and isinstance(fact[2], int))


def _json(term: Term) -> Any:
    return [_json(part) for part in term] if isinstance(term, tuple) else term
