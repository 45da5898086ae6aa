"""The tier of each operator, and why not a higher one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Optional

from migrate.model.bindings import Model, Operator
from migrate.model.cpp import Function
from migrate.model.project import Project
from migrate.plan.user_rows import ignored_because
from migrate.rules.border import border_reason
from migrate.rules.bridge import bridge_reason
from migrate.rules.compute import compute_uses, returned_twin
from migrate.rules.dispatch import dispatch_reason
from migrate.rules.enums import Enums
from migrate.rules.feasible import Feasibility
from migrate.rules.history import History
from migrate.tables.lookup import tables_of


class Outcomes:
    """Tier and reason by operator id; files may later pull an operator down to ``bridge`` or ``manual``."""

    def __init__(self, project: Project, model: Model) -> None:
        self.feasibility = Feasibility(project, model)
        self._history = History(self.feasibility.callees)
        self._tables = tables_of(project.rules)
        self.enums = Enums(model)
        self.ignored = project.rules.ignored
        self._tiers: dict[str, tuple[str, str]] = {}
        self._no_bridge: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        self._functions = [o for o in model.operators if o.registration.kind == "function"]
        self._bound_enums = [o for o in model.operators if o.registration.kind == "enum"]
        self._overloads: dict[tuple[str, str], list[Operator]] = defaultdict(list)
        for operator in (*self._functions, *self._bound_enums):
            chosen = ignored_because(operator, self.ignored)
            self._tiers[operator.id] = ("view", "") if chosen is None else ("ignored", chosen)
        for operator in self._functions:
            self._overloads[operator.registration.module, operator.registration.name].append(operator)
        for operator in self._functions:
            self._decide(operator)

    def _missing(self, operator: Operator) -> str:
        row, function = operator.registration, operator.function
        if row.unresolved:
            return row.unresolved
        if function is None:
            return f"no file of the tree declares `{row.target_text}`"
        if function.body_span is None:
            return f"`{function.qualified}` is declared but not defined in the tree"
        return ""

    def _decide(self, operator: Operator) -> None:
        function, row = operator.function, operator.registration
        missing = self._missing(operator)
        if self._tier(operator) == "ignored" and row.dispatch is not None:
            self.lower(operator, self._tiers[operator.id][1])  # it stays as it is, and the dispatcher has it
        elif self._tier(operator) == "ignored":
            self._keep_overloads(operator, self._tiers[operator.id][1])
        elif missing and row.dispatch is not None:
            self.lower(operator, missing)  # its registration can stay as it is
        elif missing:
            self.keep(operator, missing)
        elif self.is_migrated(operator) and function is not None:  # not with an overload that stays
            refusal = None if row.dispatch is not None else bridge_reason(function, row)
            self._no_bridge[operator.id] = refusal or ""
            reason = dispatch_reason(row) or border_reason(function, row, self.enums)
            reason = reason or self.feasibility.reason(function)
            reason = reason or self._unrecorded(operator, function)
            if reason:
                self.lower(operator, reason)

    def _unrecorded(self, operator: Operator, function: Function) -> Optional[str]:
        """Why gradients would be lost. The adaptor of a pybind11 function keeps what torch records."""
        closure = self.feasibility.closure(function)
        computed = next((node.spelling for f in closure for node in compute_uses(f, self._tables)), None)
        dispatch = operator.registration.dispatch
        below = dispatch is not None and dispatch.is_below_autograd  # torch records nothing there
        reason = None if below else self._history.reason(function)
        if reason is None and computed is not None:
            reason = f"the host computes `{computed}`, which torch records"
        if reason is None or below or (dispatch is None and returned_twin(closure) is None):
            if reason is not None:
                self._recorded[operator.id] = reason
            return None
        return reason

    def recorded(self, operator: Operator) -> str:
        """What torch records of the operator, which the adaptor then keeps; '' where nothing is."""
        return self._recorded.get(operator.id, "")

    def asks_host(self, functions: Iterable[Function]) -> bool:
        """True where one of them calls an operation that the host computes."""
        return any(compute_uses(function, self._tables) for function in functions)

    def of(self, operator: Operator) -> tuple[str, str]:
        return self._tiers[operator.id]

    def is_migrated(self, operator: Operator) -> bool:
        """True where torch leaves the operator."""
        return self._tier(operator) in ("raw", "view")

    def is_bridged(self, operator: Operator) -> bool:
        return self._tier(operator) == "bridge"

    def _tier(self, operator: Operator) -> str:
        return self._tiers.get(operator.id, ("manual", ""))[0]

    def lower(self, operator: Operator, reason: str) -> None:
        """The operator cannot leave torch: ``bridge``, or ``manual`` where that is impossible too."""
        refusal = self._no_bridge.get(operator.id, "")
        if refusal or operator.registration.kind != "function":
            both = refusal and not reason.startswith(refusal)
            self.keep(operator, f"{refusal}; it keeps torch because {reason}" if both else reason)
        else:
            self._tiers[operator.id] = ("bridge", reason)

    def refuse_bridge(self, operator: Operator, reason: str) -> None:
        """The operator cannot be bridged; one that left torch is not touched by that."""
        self._no_bridge[operator.id] = reason
        if self.is_bridged(operator):
            self.keep(operator, reason)

    def keep(self, operator: Operator, reason: str) -> None:
        """The operator stays on the legacy module, and its overloads with it."""
        self._no_bridge[operator.id] = reason
        self._tiers[operator.id] = ("manual", reason)
        if operator.registration.kind == "function":
            self._keep_overloads(operator, reason)

    def _keep_overloads(self, operator: Operator, reason: str) -> None:
        """One Python object answers for all overloads of a name: they stay together."""
        row = operator.registration
        for other in self._overloads[row.module, row.name]:
            if self.is_migrated(other) or self.is_bridged(other):
                why = f"another overload of it stays: {reason}"
                self._no_bridge[other.id] = why
                self._tiers[other.id] = ("manual", why)

    def settle_enums(self) -> bool:
        """Leave enums to pybind11 that something there still uses. True when any changed."""
        changed = False
        stays = [o for o in self._functions if not self.is_migrated(o) and not self.is_bridged(o)]
        legacy = [(o.registration.name, o.function) for o in stays if o.function is not None]
        for operator in self._bound_enums:
            if self.is_migrated(operator):
                reason = self.enums.reason(operator.registration, legacy) or self._left_alone(operator)
                if reason:
                    self.keep(operator, reason)
                    changed = True
        return changed

    def _left_alone(self, operator: Operator) -> str:
        """An enum of a module whose functions all stay where they are would only be split off."""
        module = operator.registration.module
        beside = [o for o in self._functions if o.registration.module == module]
        if beside and not any(self.is_migrated(o) for o in beside):
            return "no function of its module is migrated"
        return ""
