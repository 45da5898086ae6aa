"""What the user decided: operators left where they are, and rows of theirs that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Optional

from migrate.model.bindings import Model, Operator
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.model.project import Project, SourceFile
from migrate.model.rules import HeaderRule, IgnoreRule, NameRule, Rule
from migrate.model.source import Diagnostic
from migrate.tables.lookup import torch_tail
from migrate.tables.names import NAMESPACES
from migrate.text.lexer import code_tokens
from migrate.text.suppressions import Suppression


def ignored_because(operator: Operator, rules: Iterable[IgnoreRule]) -> Optional[str]:
    """The reason of the first ``[[ignore]]`` row that means ``operator``."""
    return next((rule.reason for rule in rules if _means(rule, operator)), None)


def _means(rule: IgnoreRule, operator: Operator) -> bool:
    names = (operator.id, operator.registration.name)
    return any(name == rule.operator or fnmatchcase(name, rule.operator) for name in names)


def accepted(
    modules: Sequence[ModulePlan], findings: Sequence[Diagnostic], answered: Sequence[Suppression]
) -> tuple[ModulePlan, ...]:
    """Operators whose every reason to stay manual the source answers are ignored: their module is
    built as before, and nobody is asked again."""
    reasons: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity == "manual" and finding.operator is not None:
            reason = next((row.reason for row in answered if row.answers(finding)), "")
            reasons.setdefault(finding.operator, []).append(reason)
    taken = {id_: rows[0] for id_, rows in reasons.items() if all(rows)}

    def settled(row: OperatorPlan) -> OperatorPlan:
        if row.tier != "manual" or row.operator.id not in taken:
            return row
        return replace(row, tier="ignored", reason=f"{taken[row.operator.id]} ({row.reason})")

    if not taken:
        return tuple(modules)
    return tuple(replace(m, operators=tuple(settled(row) for row in m.operators)) for m in modules)


def unused_rows(project: Project, model: Model) -> list[Diagnostic]:
    """A note for each row of the user's that nothing in the tree matches: it is misspelt, or the
    code it was for is gone."""
    rules = project.rules
    rows = [row for row in rules.rows() if not _is_used(row, project, model)]
    return [
        Diagnostic("MIG130", "note", rules.file, row.line, 1, f"{row.title} matches nothing in this tree", "")
        for row in rows
    ]


def _is_used(row: Rule, project: Project, model: Model) -> bool:
    if isinstance(row, IgnoreRule):
        return any(_means(row, operator) for operator in model.operators)
    if isinstance(row, HeaderRule):
        pattern = re.compile(rb'#[ \t]*include[ \t]*[<"]' + re.escape(row.include.encode()) + rb'[>"]')
        return any(pattern.search(file.data) for file in _sources(project))
    last = row.name.rpartition("::")[2].encode()
    texts = (file.data.decode("latin-1") for file in _sources(project) if last in file.data)
    spellings = _spellings(row) if isinstance(row, NameRule) else (row.name,)
    return any(_names(text, spelling.split("::")) for text in texts for spelling in spellings)


def _sources(project: Project) -> Iterable[SourceFile]:
    return (file for file in project.files if file.kind in ("source", "header"))


def _spellings(row: NameRule) -> Sequence[str]:
    """A torch name may be spelled with any of torch's namespaces."""
    tail = torch_tail(row.name)
    return [f"{namespace}::{tail}" for namespace in NAMESPACES] + [tail] if tail else [row.name]


def _names(text: str, parts: Sequence[str]) -> bool:
    """Whether the code of ``text`` spells ``a::b::c``."""
    wanted = [word for part in parts for word in (part, "::")][:-1]
    words = [token.text for token in code_tokens(text)]
    return any(
        words[at : at + len(wanted)] == wanted for at, word in enumerate(words) if word == wanted[0]
    )
