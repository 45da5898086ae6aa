"""Dispatcher libraries: the plan decides per C++ implementation, the report per operator.

An operator is registered from Python or from C++ as a whole: its schema must exist exactly once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import AbstractSet, Optional, Sequence

from migrate.model.bindings import Model, Module, Operator
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.model.project import Project
from migrate.model.source import Diagnostic
from migrate.plan.outcomes import Outcomes

_LOADED_BY_PATH = "its library is loaded by path, with torch.ops.load_library: it must register itself"
_STATEMENT = re.compile(r"\s*(?:\w+\s*)?(?:\.|->)\s*(?:def|impl|op)\s*\(")

_Place = tuple[str, str, int]  # name, file and offset of a module


def _place(module: Module) -> _Place:
    return module.name, module.span.file, module.span.start


class Libraries:
    """``model`` has an operator per implementation, under the symbol its library exports."""

    def __init__(self, project: Project, model: Model) -> None:
        self._project = project
        self._parts: dict[str, tuple[Operator, ...]] = {}
        self._whole = [operator for operator in model.operators if operator.registration.dispatch]
        # By place: two extensions of a tree may have one name.
        self._modules = {_place(m): m for m in model.modules if m.library is not None}
        self._home = {
            o.id: place
            for o in self._whole
            for place, m in self._modules.items()
            if o.registration in m.registrations
        }
        bound = [o.registration for o in model.operators if o.registration.dispatch is None]
        symbols = _symbols(self._whole, {(row.module, row.name) for row in bound})
        for operator in self._whole:
            parts = tuple(_part(p, symbols[p.id]) for p in operator.implementations)
            self._parts[operator.id] = parts or self._stand_in(operator)
        self.model = replace(
            model,
            modules=tuple(self._with_parts(module) for module in model.modules),
            operators=(
                *(o for o in model.operators if o.registration.dispatch is None),
                *(part for rows in self._parts.values() for part in rows),
            ),
        )

    def _stand_in(self, operator: Operator) -> tuple[Operator, ...]:
        """For what only C++ can say: an operator without a schema, or a library of schemas alone."""
        row = operator.registration
        known = row.dispatch is not None and row.dispatch.schema is not None and not row.unresolved
        if known and any(o.implementations for o in self._of(self._home[operator.id])):
            return ()
        why = row.unresolved or "no C++ function implements it here"
        return (replace(operator, id=f"{operator.id}/", registration=replace(row, unresolved=why)),)

    def _with_parts(self, module: Module) -> Module:
        own = [row for row in module.registrations if row.dispatch is None]
        parts = [part.registration for o in self._of(_place(module)) for part in self._parts[o.id]]
        return replace(module, registrations=(*own, *parts))

    def _of(self, module: _Place) -> list[Operator]:
        return [o for o in self._whole if self._home[o.id] == module]

    def settle(self, outcomes: Outcomes) -> bool:
        """One round: an operator stays in C++ with any of its implementations, and all operators
        stay with the old module with any that must. True when one did."""
        changed = False
        for operator in self._whole:
            reason = self._reason(operator, outcomes)
            for part in self._parts[operator.id] if reason else ():
                if outcomes.is_migrated(part):
                    outcomes.lower(part, reason or "")
                    changed = True
        for module in self._modules:
            parts = [part for o in self._of(module) for part in self._parts[o.id]]
            kept = next((p for p in parts if outcomes.of(p)[0] == "manual"), None)
            for part in parts if kept is not None else ():
                if outcomes.of(part)[0] != "manual":
                    # The old module registers them all: a second registration would be refused.
                    outcomes.keep(part, outcomes.of(kept)[1] if kept is not None else "")
                    changed = True
        return changed

    def _reason(self, operator: Operator, outcomes: Outcomes) -> Optional[str]:
        """Why the operator is not registered from Python; None when it is."""
        row, home = operator.registration, self._home[operator.id]
        library = self._modules[home].library
        if row.unresolved:
            return row.unresolved
        if row.dispatch is None or row.dispatch.schema is None:
            return _without_schema(operator)
        for part in self._parts[operator.id]:
            if not outcomes.is_migrated(part):
                return outcomes.of(part)[1]
        if library is not None and not library.importable:
            return _LOADED_BY_PATH
        if not self._leaves(home, outcomes):
            return "no operator of its library leaves torch"
        if self._splits(home, outcomes) and not self._is_exact(operator):
            return "its registration comes out of a macro, and others beside it stay in C++"
        return None

    def _leaves(self, module: _Place, outcomes: Outcomes) -> bool:
        return any(outcomes.is_migrated(part) for o in self._of(module) for part in self._parts[o.id])

    def _splits(self, module: _Place, outcomes: Outcomes) -> bool:
        return any(outcomes.is_bridged(part) for o in self._of(module) for part in self._parts[o.id])

    def _is_exact(self, operator: Operator) -> bool:
        """Whether each of its statements can be cut out of the text."""
        dispatch = operator.registration.dispatch
        return dispatch is not None and all(
            _STATEMENT.match(self._text(span.file), span.start, span.end) for span in dispatch.spans
        )

    def _text(self, path: str) -> str:
        file = self._project.file(path)
        return file.data.decode("latin-1") if file is not None else ""

    def registered(self, outcomes: Outcomes) -> dict[str, list[tuple[int, int]]]:
        """Per file, the statements whose operators are registered from Python."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for operator in self._whole:
            dispatch = operator.registration.dispatch
            if dispatch is not None and self._reason(operator, outcomes) is None:
                for span in dispatch.spans:
                    found[span.file].append((span.start, span.end))
        return found

    def folded(self, module: Module, plan: ModulePlan, outcomes: Outcomes) -> ModulePlan:
        """``plan`` with the outcome of each dispatcher operator, from those of its implementations."""
        if _place(module) not in self._modules:
            return plan
        own = [row for row in plan.operators if row.operator.registration.dispatch is None]
        parts = [row for row in plan.operators if row.operator.registration.dispatch is not None]
        operators = (*own, *self._fold(_place(module), parts, outcomes))
        return replace(plan, operators=operators, implementations=tuple(parts))

    def _fold(self, module: _Place, rows: Sequence[OperatorPlan], outcomes: Outcomes) -> list[OperatorPlan]:
        by_id = {row.operator.id: row for row in rows}
        folded = []
        for operator in self._of(module):
            parts = [by_id[part.id] for part in self._parts[operator.id]]
            reason = self._reason(operator, outcomes)
            if reason is not None:
                tier = next((part.tier for part in parts if part.tier == "manual"), "bridge")
                files = dict.fromkeys(path for part in parts for path in part.files)
                folded.append(OperatorPlan(operator, tier, reason, files=tuple(files)))
                continue
            whole = all(part.tier == "raw" for part in parts) and bool(parts)
            why = next((part.reason for part in parts if part.reason), "")
            files = dict.fromkeys(path for part in parts for path in part.files)
            tier = "raw" if whole else "view"
            folded.append(OperatorPlan(operator, tier, "" if whole else why, files=tuple(files)))
        return folded


def _without_schema(operator: Operator) -> str:
    """Only the tree knows the classes in a signature that it leaves torch to infer the schema from."""
    dispatch = operator.registration.dispatch
    if dispatch is not None and dispatch.conservative:
        return "torch infers its schema from a C++ type that no other language knows"
    return "its schema is defined elsewhere"


def _part(part: Operator, symbol: str) -> Operator:
    return replace(part, registration=replace(part.registration, name=symbol))


def _symbols(operators: Sequence[Operator], bound: AbstractSet[tuple[str, str]]) -> dict[str, str]:
    """The exported name of each implementation: the operator's, with the key where it has several, with
    the namespace where another of the library, or a function that its module has ``bound``, has that name.
    """
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
    taken = Counter([*((module, name) for module, _, name in rows.values()), *bound])
    return {
        id_: f"{namespace}__{name}" if taken[module, name] > 1 else name
        for id_, (module, namespace, name) in rows.items()
    }


def library_notes(rows: Sequence[OperatorPlan]) -> list[Diagnostic]:
    """One note per operator that keeps its registration in C++."""
    return [
        Diagnostic(
            "MIG330",
            "note",
            row.operator.registration.span.file,
            row.operator.registration.span.line,
            row.operator.registration.span.column,
            f"`{row.operator.registration.name}` keeps libtorch and its registration: {row.reason}",
            "py_limited_api=True in its CppExtension links it without Python: one binary serves every Python",
            row.operator.id,
        )
        for row in rows
        if row.tier == "bridge" and row.operator.registration.dispatch is not None
    ]
