"""Dispatcher libraries: the plan decides per C++ implementation, the report per operator.

An operator is registered from Python or from C++ as a whole: its schema must exist exactly once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Optional, Sequence

from migrate.model.bindings import Model, Module, Operator
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.model.source import Diagnostic
from migrate.plan.outcomes import Outcomes

_LOADED_BY_PATH = "its library is loaded by path, with torch.ops.load_library: it must register itself"


class Libraries:
    """``model`` has an operator per implementation, under the symbol its library exports."""

    def __init__(self, model: Model) -> None:
        self._parts: dict[str, tuple[Operator, ...]] = {}
        self._whole = [operator for operator in model.operators if operator.registration.dispatch]
        symbols = _symbols(self._whole)
        for operator in self._whole:
            self._parts[operator.id] = tuple(_part(p, symbols[p.id]) for p in operator.implementations)
        self.model = replace(
            model,
            modules=tuple(self._with_parts(module) for module in model.modules),
            operators=(
                *(o for o in model.operators if o.registration.dispatch is None),
                *(part for rows in self._parts.values() for part in rows),
            ),
        )
        self._modules = {m.name: m for m in model.modules if m.library is not None}

    def _with_parts(self, module: Module) -> Module:
        own = [row for row in module.registrations if row.dispatch is None]
        parts = [part.registration for o in self._of(module.name) for part in self._parts[o.id]]
        return replace(module, registrations=(*own, *parts))

    def _of(self, module: str) -> list[Operator]:
        return [o for o in self._whole if o.registration.module == module]

    def settle(self, outcomes: Outcomes) -> bool:
        """One round: an operator stays in C++ with any of its implementations. True when one did."""
        changed = False
        for operator in self._whole:
            reason = self._reason(operator, outcomes)
            for part in self._parts[operator.id] if reason else ():
                if outcomes.is_migrated(part):
                    outcomes.demote(part, reason or "")
                    changed = True
        return changed

    def _reason(self, operator: Operator, outcomes: Outcomes) -> Optional[str]:
        row = operator.registration
        library = self._modules[row.module].library
        if row.unresolved:
            return row.unresolved
        if row.dispatch is None or row.dispatch.schema is None:
            return "its schema is defined elsewhere"
        for part in self._parts[operator.id]:
            if not outcomes.is_migrated(part):
                return outcomes.of(part)[1]
        if library is not None and not library.importable:
            return _LOADED_BY_PATH
        if not operator.implementations and not self._leaves(row.module, outcomes):
            return "no operator of its library leaves torch"
        return None

    def _leaves(self, module: str, outcomes: Outcomes) -> bool:
        return any(outcomes.is_migrated(part) for o in self._of(module) for part in self._parts[o.id])

    def folded(self, plan: ModulePlan, outcomes: Outcomes) -> ModulePlan:
        """``plan`` with the outcome of each dispatcher operator, from those of its implementations."""
        if plan.name not in self._modules:
            return plan
        own = [row for row in plan.operators if row.operator.registration.dispatch is None]
        parts = [row for row in plan.operators if row.operator.registration.dispatch is not None]
        operators = (*own, *self._fold(plan.name, parts, outcomes))
        return replace(plan, operators=operators, implementations=tuple(parts))

    def _fold(self, module: str, rows: Sequence[OperatorPlan], outcomes: Outcomes) -> list[OperatorPlan]:
        by_id = {row.operator.id: row for row in rows}
        folded = []
        for operator in self._of(module):
            parts = [by_id[part.id] for part in self._parts[operator.id]]
            reason = self._reason(operator, outcomes)
            if reason is not None:
                folded.append(OperatorPlan(operator, "bridge", reason))
                continue
            whole = all(part.tier == "raw" for part in parts) and bool(parts)
            why = next((part.reason for part in parts if part.reason), "")
            files = dict.fromkeys(path for part in parts for path in part.files)
            tier = "raw" if whole else "view"
            folded.append(OperatorPlan(operator, tier, "" if whole else why, files=tuple(files)))
        return folded


def _part(part: Operator, symbol: str) -> Operator:
    return replace(part, registration=replace(part.registration, name=symbol))


def _symbols(operators: Sequence[Operator]) -> dict[str, str]:
    """The exported name of each implementation: the operator's, with the key where it has several,
    with the namespace where two namespaces of one library have an operator of that name."""
    rows: dict[str, tuple[str, str, str]] = {}
    for operator in operators:
        row = operator.registration
        base = re.sub(r"\W", "_", row.name)
        for part in operator.implementations:
            dispatch = part.registration.dispatch
            assert dispatch is not None
            several = len(operator.implementations) > 1
            key = "_".join(dispatch.keys).lower() if several else ""
            rows[part.id] = (row.module, dispatch.namespace, f"{base}_{key}" if key else base)
    taken = Counter((module, name) for module, _, name in rows.values())
    return {
        id_: f"{namespace}__{name}" if taken[module, name] > 1 else name
        for id_, (module, namespace, name) in rows.items()
    }


def library_notes(rows: Sequence[OperatorPlan]) -> list[Diagnostic]:
    """One note per operator that keeps its registration in C++."""
    return [
        Diagnostic(
            "MIG320",
            "note",
            row.operator.registration.span.file,
            row.operator.registration.span.line,
            row.operator.registration.span.column,
            f"`{row.operator.registration.name}` keeps libtorch and its registration: {row.reason}",
            "its library is linked without Python, so one binary serves every Python",
            row.operator.id,
        )
        for row in rows
        if row.tier == "bridge" and row.operator.registration.dispatch is not None
    ]
