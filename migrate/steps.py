"""A migration in steps: what the tree is after each operator, for one commit each.

A step is a whole plan in which the operators of later steps are ignored, as a user may ask: the old
extension serves them. So each step builds and runs like any migrated tree. Operators that cannot move
alone, since they share state, a type or a file that leaves torch at once, arrive in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migrate.model.bindings import Model
from migrate.model.plan import FileSet, ModulePlan, OperatorPlan, Plan
from migrate.model.project import Project
from migrate.model.rules import IgnoreRule
from migrate.model.source import Span
from migrate.plan import plan
from migrate.render import render

_MOVED = ("raw", "view", "bridge")


@dataclass(frozen=True)
class Step:
    """``message`` of a commit, the plan behind it, and all files that differ from the original after it."""

    message: str
    plan: Plan
    files: FileSet


def steps(project: Project, model: Model, final: Plan, refused: dict[str, str]) -> Iterator[Step]:
    """From the first operator to ``final``; steps that change nothing are left out."""
    queue = [row for module in _in_order(final) for row in _own(module)]
    rows = [row for module in final.modules for row in module.operators if row.tier in _MOVED]
    if rows and not queue:  # nothing but libraries of dispatcher operators
        yield Step(_message(sorted(rows, key=_place)), final, render(project, model, final))
    before: set[str] = set()
    earlier = FileSet()
    for index, row in enumerate(queue):
        waiting = [later.operator.id for later in queue[index + 1 :]]
        planned = plan(_without(project, waiting), model, refused) if waiting else final
        here = {moved.operator.id: moved for moved in _moved(planned)}
        new = [here[id_] for id_ in here if id_ not in before]
        if not new and waiting:
            continue
        files = render(project, model, planned)
        if (files.write, files.delete) == (earlier.write, earlier.delete):
            continue
        yield Step(_message(new or [row]), planned, files)
        before, earlier = set(here), files


def _in_order(final: Plan) -> list[ModulePlan]:
    rank = {name: number for number, name in enumerate(final.order)}
    return sorted(final.modules, key=lambda module: rank.get(module.name, len(rank)))


def _own(module: ModulePlan) -> list[OperatorPlan]:
    """What can be asked to wait: a library of dispatcher operators moves as a whole."""
    rows = [row for row in module.own if row.tier in _MOVED and _is_code(row)]
    return sorted(rows, key=_place)


def _place(row: OperatorPlan) -> tuple[Span, str]:
    return row.operator.registration.span, row.operator.id


def _is_code(row: OperatorPlan) -> bool:
    return row.operator.registration.kind in ("function", "enum")


def _moved(planned: Plan) -> list[OperatorPlan]:
    rows = [row for module in planned.modules for row in module.operators]
    return [row for row in rows if row.tier in _MOVED and _is_code(row)]


def _without(project: Project, waiting: Sequence[str]) -> Project:
    rules = project.rules
    rows = tuple(IgnoreRule(id_, "a later commit migrates it") for id_ in waiting)
    return replace(project, rules=replace(rules, ignored=(*rules.ignored, *rows)))


def _message(rows: Sequence[OperatorPlan]) -> str:
    names = list(dict.fromkeys(row.operator.registration.name for row in rows))
    modules = list(dict.fromkeys(row.operator.registration.module for row in rows))
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    lines = [f"Migrate {shown} of {', '.join(modules[:2])} to tvm-ffi", ""]
    if len(rows) > 1:
        lines.append("These share state, types or files, and move together.")
    lines += [
        f"{row.operator.id}: {row.tier}" + (f" ({row.reason})" if row.reason else "") for row in rows
    ]
    files = sorted({path for row in rows for path in row.files})
    return "\n".join([*lines, "", *(f"  {path}" for path in files)]) + "\n"
