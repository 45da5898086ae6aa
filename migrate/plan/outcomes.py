"""The tier of each operator, and why not a higher one."""

from __future__ import annotations

from collections import defaultdict

from migrate.model.bindings import Model, Operator
from migrate.model.project import Project
from migrate.rules.border import border_reason
from migrate.rules.enums import Enums
from migrate.rules.feasible import Feasibility


class Outcomes:
    """Tier and reason by operator id; files may later pull an operator down to ``manual``."""

    def __init__(self, project: Project, model: Model) -> None:
        self.feasibility = Feasibility(project, model)
        self.enums = Enums(model)
        self._tiers: dict[str, tuple[str, str]] = {}
        self._functions = [o for o in model.operators if o.registration.kind == "function"]
        self._bound_enums = [o for o in model.operators if o.registration.kind == "enum"]
        self._overloads: dict[tuple[str, str], list[Operator]] = defaultdict(list)
        for operator in self._functions:
            self._overloads[operator.registration.module, operator.registration.name].append(operator)
        for operator in self._functions:
            self._tiers[operator.id] = ("view", "")
        for operator in self._bound_enums:
            self._tiers[operator.id] = ("view", "")
        for operator in self._functions:
            reason = self._reason(operator)
            if reason:
                self.demote(operator, reason)

    def _reason(self, operator: Operator) -> str:
        row, function = operator.registration, operator.function
        if row.unresolved:
            return row.unresolved
        if function is None:
            return f"no file of the tree declares `{row.target_text}`"
        if function.body_span is None:
            return f"`{function.qualified}` is declared but not defined in the tree"
        return (
            border_reason(function, row, self.enums) or self.feasibility.reason(function) or ""
        )

    def of(self, operator: Operator) -> tuple[str, str]:
        return self._tiers[operator.id]

    def is_migrated(self, operator: Operator) -> bool:
        return self._tiers.get(operator.id, ("manual", ""))[0] in ("raw", "view")

    def overloads(self, operator: Operator) -> list[Operator]:
        """All functions bound under the operator's name, in pybind11's order; itself included."""
        row = operator.registration
        return self._overloads[row.module, row.name]

    def demote(self, operator: Operator, reason: str) -> None:
        """To ``manual``. Overloads stay together: one Python object answers for all of them."""
        self._tiers[operator.id] = ("manual", reason)
        if operator.registration.kind != "function":
            return
        for other in self.overloads(operator):
            if self.is_migrated(other):
                self._tiers[other.id] = ("manual", f"another overload of it stays: {reason}")

    def promote(self, operator: Operator) -> None:
        """From ``view`` to ``raw``."""
        self._tiers[operator.id] = ("raw", "")

    def settle_enums(self) -> bool:
        """Leave enums to pybind11 that something there still uses. True when any changed."""
        changed = False
        manual = [o for o in self._functions if not self.is_migrated(o)]
        legacy = [(o.registration.name, o.function) for o in manual if o.function is not None]
        for operator in self._bound_enums:
            if not self.is_migrated(operator):
                continue
            reason = self.enums.reason(operator.registration, legacy) or self._left_alone(operator)
            if reason:
                self.demote(operator, reason)
                changed = True
        return changed

    def _left_alone(self, operator: Operator) -> str:
        """An enum of a module whose functions all stay where they are would only be split off."""
        module = operator.registration.module
        beside = [o for o in self._functions if o.registration.module == module]
        if beside and not any(self.is_migrated(o) for o in beside):
            return "no function of its module is migrated"
        return ""
