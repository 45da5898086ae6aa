"""The tier of each operator, and why not a higher one."""

from __future__ import annotations

from collections import Counter

from migrate.model.bindings import Model, Operator
from migrate.model.project import Project
from migrate.plan.user_rows import ignored_because
from migrate.rules.border import border_reason
from migrate.rules.bridge import bridge_reason
from migrate.rules.dispatch import dispatch_reason
from migrate.rules.feasible import Feasibility


class Outcomes:
    """Tier and reason by operator id. An operator only ever goes down: files may keep torch, state
    may be shared with an operator that is lower."""

    def __init__(self, project: Project, model: Model) -> None:
        self.feasibility = Feasibility(project, model)
        self.ignored = project.rules.ignored
        self._tiers: dict[str, tuple[str, str]] = {}
        self._no_bridge: dict[str, str] = {}
        functions = [o for o in model.operators if o.registration.kind == "function"]
        names = Counter((o.registration.module, o.registration.name) for o in functions)
        for operator in functions:
            row = operator.registration
            chosen = ignored_because(operator, self.ignored)
            if chosen is not None:
                self._tiers[operator.id] = ("ignored", chosen)
                continue
            twice = names[row.module, row.name] > 1
            missing = "its name is registered more than once" if twice else self._missing(operator)
            if missing:
                # What torch's dispatcher serves can stay registered as it is.
                self._no_bridge[operator.id] = "" if row.dispatch is not None else missing
                self.lower(operator, missing)
            else:
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
        assert function is not None
        refusal = None if row.dispatch is not None else bridge_reason(function, row)
        self._no_bridge[operator.id] = refusal or ""
        self._tiers[operator.id] = ("view", "")
        reason = dispatch_reason(row) or border_reason(function, row) or self.feasibility.reason(function)
        if reason:
            self.lower(operator, reason)

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
        refusal = self._no_bridge[operator.id]
        self._tiers[operator.id] = ("manual", refusal) if refusal else ("bridge", reason)

    def refuse_bridge(self, operator: Operator, reason: str) -> None:
        """The operator cannot be bridged; one that left torch is not touched by that."""
        self._no_bridge[operator.id] = reason
        if self.is_bridged(operator):
            self._tiers[operator.id] = ("manual", reason)

    def keep(self, operator: Operator, reason: str) -> None:
        """The operator stays on the legacy module."""
        self._no_bridge[operator.id] = reason
        self._tiers[operator.id] = ("manual", reason)
