"""What the syntax check of the migrated files means for files and operators."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from migrate.model.plan import ModulePlan, OperatorPlan, Plan, UnitSyntax
from migrate.model.source import Diagnostic
from migrate.text.includes import Includes

_SHIM = "_ffi.cc"


def refused_files(syntax: Sequence[UnitSyntax], known: set[str]) -> dict[str, str]:
    """Files of the original tree that cannot leave torch after all, and why. What is wrong in a
    generated file is no fault of theirs."""
    found: dict[str, str] = {}
    for unit in syntax:
        for error in unit.errors:
            if error.file in known:
                found.setdefault(
                    error.file, f"without torch {error.file} has an error: {error.message}"
                )
    return found


def with_verified(plan: Plan, syntax: Sequence[UnitSyntax], includes: Includes) -> Plan:
    """``plan`` with ``verified: syntax`` for every operator whose shim and kernel files parse, and a
    diagnostic for every other one that is to be migrated."""
    errors = {(unit.module, unit.source): unit.errors for unit in syntax}
    notes: list[Diagnostic] = []
    modules = []
    for module in plan.modules:
        rows = []
        for row in module.operators:
            if row.tier in ("raw", "view") and row.operator.registration.kind == "function":
                units = units_of(module, row, includes)
                found = [error for unit in units for error in errors.get((module.name, unit), ())]
                rows.append(replace(row, verified="no" if found else "syntax"))
                notes += [_unverified(row, found[0].file, found[0].line, found[0].message)] if found else []
            else:
                rows.append(row)
        modules.append(replace(module, operators=tuple(rows)))
    return replace(plan, modules=tuple(modules), diagnostics=(*plan.diagnostics, *notes))


def units_of(module: ModulePlan, row: OperatorPlan, includes: Includes) -> tuple[str, ...]:
    """What is compiled for one operator: the shim of its module and its kernel file. Where its
    function stands in a header, every source that includes it."""
    sources = module.migrated.sources if module.migrated is not None else ()
    function = row.operator.function
    path = function.span.file if function is not None else ""
    own = [source for source in sources if path in (source, *includes.closure(source))]
    if path in own:
        own = [path]
    return (*own, *(source for source in sources if source.endswith(_SHIM) and source not in own))


def _unverified(row: OperatorPlan, file: str, line: int, message: str) -> Diagnostic:
    span = row.operator.registration.span
    return Diagnostic(
        "MIG302",
        "manual",
        span.file,
        span.line,
        span.column,
        f"`{row.operator.registration.name}` is not verified: {file}:{line}: {message}",
        "look at the migrated file; a compiler says more",
        row.operator.id,
    )
