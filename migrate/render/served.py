"""The operators an adaptor serves, and what they are exported as."""

from __future__ import annotations

from typing import Optional

from migrate.model.bindings import Operator
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.rules.results import handed_back

_DEVICE_SUFFIXES = (".cu", ".hip")


def migrated_operators(module: ModulePlan) -> list[Operator]:
    return [
        row.operator
        for row in module.bound
        if row.tier in ("raw", "view") and row.operator.registration.kind == "function"
    ]


def served_operators(module: ModulePlan) -> list[Operator]:
    """Those the adaptor has a function for: migrated and bridged ones."""
    tiers = ("raw", "view", "bridge")
    rows = [row for row in module.bound if row.operator.registration.kind == "function"]
    return [row.operator for row in rows if row.tier in tiers]


def is_left_out(module: ModulePlan, operator: Operator) -> bool:
    """Whether a build without the device's compiler leaves the operator out, as the original's did: it is
    registered in a device source, others in host sources."""
    places = {row.operator.registration.span.file for row in module.implementations}
    hosts = [path for path in places if not path.endswith(_DEVICE_SUFFIXES)]
    registration = operator.registration
    return bool(registration.dispatch and hosts) and registration.span.file not in hosts


def plan_of(module: ModulePlan, operator: Operator) -> OperatorPlan:
    return next(row for row in module.bound if row.operator is operator)


def returned_arguments(module: ModulePlan, operator: Operator) -> tuple[Optional[int], ...]:
    """Per tensor of the result, the parameter that the adaptor hands out itself; () where none is known.

    What torch records of a call is put on results that crossed the border: there, they all do.
    """
    recorded = plan_of(module, operator).records
    return () if recorded or operator.function is None else handed_back(operator.function)


def overloads_of(module: ModulePlan, operator: Operator) -> list[Operator]:
    """The served operators of its name, in pybind11's order; itself included."""
    row = operator.registration
    rows = [
        other
        for other in served_operators(module)
        if (other.registration.module, other.registration.name) == (row.module, row.name)
    ]
    return sorted(rows, key=lambda other: (len(other.id), other.id))  # `f`, `f#2`, .. `f#10`


def symbol(module: ModulePlan, operator: Operator) -> str:
    """The exported name: the Python name, with the submodule's in front and an overload's number
    behind it."""
    scope = operator.registration.module[len(module.name) :].strip(".")
    overloads = overloads_of(module, operator)
    number = [str(overloads.index(operator) + 1)] if len(overloads) > 1 else []
    return "__".join([*filter(None, scope.split(".")), operator.registration.name, *number])
