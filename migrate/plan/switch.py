"""Which operators can be served by the old extension as well, while both are there."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.bindings import Module
from migrate.model.plan import OperatorPlan
from migrate.plan.reach import Reach

# Two libraries of one process must not register the same names with torch's dispatcher.
_DISPATCHER = (b"TORCH_LIBRARY", b"RegisterOperators")


def switched_operators(reach: Reach, module: Module, rows: Sequence[OperatorPlan]) -> tuple[str, ...]:
    """The ids of migrated operators that keep their old implementation, too."""
    coexistence = reach.project.coexistence
    if coexistence is None or module.library is not None:
        return ()
    files = {path for source in reach.sources(module) for path in reach.includes.closure(source)}
    if any(mark in reach.data(path) for path in files for mark in _DISPATCHER):
        return ()
    return tuple(
        row.operator.id
        for row in rows
        if row.tier in ("raw", "view", "bridge")
        and row.operator.registration.kind in ("function", "enum")
        and row.operator.id not in coexistence.retired
    )
