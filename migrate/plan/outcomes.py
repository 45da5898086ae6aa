"""The tier of each operator, and why not a higher one."""

from __future__ import annotations

from collections import Counter

from migrate.model.bindings import Model, Operator
from migrate.model.project import Project
from migrate.rules.border import border_reason
from migrate.rules.dispatch import dispatch_reason
from migrate.rules.feasible import Feasibility


class Outcomes:
    """Tier and reason by operator id; files may later pull an operator down to ``manual``."""

    def __init__(self, project: Project, model: Model) -> None:
        self.feasibility = Feasibility(project, model)
        self._tiers: dict[str, tuple[str, str]] = {}
        functions = [o for o in model.operators if o.registration.kind == "function"]
        names = Counter((o.registration.module, o.registration.name) for o in functions)
        for operator in functions:
            row = operator.registration
            if names[row.module, row.name] > 1:
                self._tiers[operator.id] = ("manual", "its name is registered more than once")
            else:
                reason = self._reason(operator)
                self._tiers[operator.id] = ("manual", reason) if reason else ("view", "")

    def _reason(self, operator: Operator) -> str:
        row, function = operator.registration, operator.function
        if row.unresolved:
            return row.unresolved
        if function is None:
            return f"no file of the tree declares `{row.target_text}`"
        if function.body_span is None:
            return f"`{function.qualified}` is declared but not defined in the tree"
        return (
            dispatch_reason(row) or border_reason(function, row) or self.feasibility.reason(function) or ""
        )

    def of(self, operator: Operator) -> tuple[str, str]:
        return self._tiers[operator.id]

    def is_migrated(self, operator: Operator) -> bool:
        return self._tiers.get(operator.id, ("manual", ""))[0] in ("raw", "view")

    def demote(self, operator: Operator, reason: str) -> None:
        self._tiers[operator.id] = ("manual", reason)

    def promote(self, operator: Operator) -> None:
        """From ``view`` to ``raw``."""
        self._tiers[operator.id] = ("raw", "")
