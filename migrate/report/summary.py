"""Model and Plan -> Report. Every operator of the model gets a row, whatever the planner returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Optional

from migrate.model.bindings import Model, Operator, Registration
from migrate.model.plan import TIERS, OperatorPlan, Plan
from migrate.model.project import Project
from migrate.model.source import Diagnostic
from migrate.report.rows import DeadRow, OperatorRow, Report, diagnostic_key
from migrate.text.suppressions import Suppression, find_suppressions

# Ids that not every verb comes to: a comment that answers one of them may well be used.
_LATER = ("MIG15", "MIG302", "MIG4", "MIG5")


def summarise(
    project: Project, model: Model, plan: Plan, more: Iterable[Diagnostic] = ()
) -> Report:
    """The report of ``scan`` and ``run``. ``more`` are diagnostics of later rooms."""
    outcomes: dict[str, OperatorPlan] = {}
    for module in plan.modules:
        for outcome in module.operators:
            outcomes.setdefault(outcome.operator.id, outcome)
    said = {*project.diagnostics, *model.diagnostics, *plan.diagnostics, *more}
    said.update(_lost(model))
    for operator in model.operators:
        said.update(_unplanned(operator, outcomes.get(operator.id)))
    ignored = {id_ for id_, outcome in outcomes.items() if outcome.tier == "ignored"}
    said = {_for_ignored(item) if item.operator in ignored else item for item in said}
    said = _unanswered(said, find_suppressions(project))
    diagnostics = tuple(sorted(said, key=diagnostic_key))
    rows = [
        _row(operator, outcomes.get(operator.id), diagnostics) for operator in model.operators
    ]
    rows.sort(key=lambda row: (row.module, row.file, row.line, row.name, row.id))
    dead = sorted((_dead(item) for item in model.dead), key=lambda row: (row.file, row.line, row.name))
    return Report(tuple(rows), tuple(dead), diagnostics, plan.order)


def with_findings(report: Report, more: Iterable[Diagnostic]) -> Report:
    """``report`` with what was found in the output folder, where no comment of the source answers it."""
    said = {*report.diagnostics, *more}
    return replace(report, diagnostics=tuple(sorted(said, key=diagnostic_key)))


def _row(
    operator: Operator, outcome: Optional[OperatorPlan], diagnostics: tuple[Diagnostic, ...]
) -> OperatorRow:
    registration = operator.registration
    planned = outcome is not None and outcome.tier in TIERS
    ids = sorted({item.id for item in diagnostics if item.operator == operator.id})
    return OperatorRow(
        id=operator.id,
        kind=registration.kind,
        name=registration.name,
        module=registration.module,
        file=registration.span.file,
        line=registration.span.line,
        signature=operator.signature,
        tier=outcome.tier if outcome is not None and planned else "manual",
        verified=outcome.verified if outcome is not None else "no",
        reason=outcome.reason if outcome is not None and planned else "no outcome was planned for it",
        files=tuple(sorted(outcome.files)) if outcome is not None else (),
        diagnostics=tuple(ids),
    )


def _for_ignored(item: Diagnostic) -> Diagnostic:
    """What the user ignores needs no human."""
    return replace(item, severity="note") if item.severity == "manual" else item


def _unanswered(said: set[Diagnostic], answers: Sequence[Suppression]) -> set[Diagnostic]:
    """``said`` without the findings that a comment in the source answers, and a note for each comment
    that answers none. Rooms that a ``scan`` does not reach may still say what it answers."""
    kept = {item for item in said if not any(answer.answers(item) for answer in answers)}
    for answer in answers:
        if not answer.reason:
            text = f"ignore[{answer.id}] has no reason, so it does not count"
            kept.add(Diagnostic("MIG132", "note", answer.file, answer.line, 1, text, "add `-- reason`"))
        elif not answer.id.startswith(_LATER) and not any(answer.answers(item) for item in said):
            text = f"ignore[{answer.id}] answers no finding"
            fix = (answer.removal,) if answer.removal is not None else ()
            said_of = (answer.file, answer.line, 1, text, "remove it")
            kept.add(Diagnostic("MIG131", "note", *said_of, fix=fix))
    return kept


def _dead(registration: Registration) -> DeadRow:
    span = registration.span
    return DeadRow(registration.kind, registration.name, registration.module, span.file, span.line)


def _lost(model: Model) -> Iterable[Diagnostic]:
    """Registrations that the parser saw in a module but made no operator of: promise 1 is checked
    on every run, not assumed."""
    joined = {operator.registration for operator in model.operators}
    for module in model.modules:
        for registration in module.registrations:
            if registration not in joined:
                yield _bug(registration, f"the registration of {registration.name!r} was lost", None)


def _unplanned(operator: Operator, outcome: Optional[OperatorPlan]) -> Iterable[Diagnostic]:
    if outcome is None or outcome.tier not in TIERS:
        name = operator.registration.name
        yield _bug(operator.registration, f"no outcome was planned for {name!r}", operator.id)


def _bug(registration: Registration, message: str, operator: Optional[str]) -> Diagnostic:
    span = registration.span
    return Diagnostic(
        "MIG399",
        "error",
        span.file,
        span.line,
        span.column,
        message,
        hint="This is a bug in migrate: report it with this file.",
        operator=operator,
    )
