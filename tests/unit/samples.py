"""Small values of the model that several tests share."""

from __future__ import annotations

from pathlib import Path

from migrate.model.bindings import Model, Module, Operator, Registration
from migrate.model.plan import BuildSpec, ModulePlan, OperatorPlan, Plan
from migrate.model.project import Project
from migrate.model.source import Diagnostic, Span

NOTE = Diagnostic("MIG120", "note", ".", 1, 1, "backend cpu", "pass --backend")
MANUAL = Diagnostic("MIG301", "manual", "csrc/a.cu", 7, 3, "calls at::conv2d", "port it", "pkg._C.conv")
ERROR = Diagnostic("MIG100", "error", "csrc/b.cu", 1, 1, "cannot be read")


def registration(name: str, kind: str = "function", line: int = 1, module: str = "pkg._C") -> Registration:
    return Registration(module, name, kind, Span("csrc/a.cu", line * 10, line * 10 + 5, line, 3))


def operator(name: str, kind: str = "function", line: int = 1, module: str = "pkg._C") -> Operator:
    signature = "(x: Tensor) -> Tensor" if kind == "function" else ""
    return Operator(f"{module}.{name}", registration(name, kind, line, module), None, signature)


def project(*diagnostics: Diagnostic) -> Project:
    return Project(Path(), "cpu", (), (), diagnostics)


def model(*operators: Operator, dead: tuple[Registration, ...] = ()) -> Model:
    modules = tuple(
        Module(name, Span("csrc/a.cu", 0, 1, 1, 1), "", tuple(
            item.registration for item in operators if item.registration.module == name
        ))
        for name in sorted({item.registration.module for item in operators})
    )  # fmt: skip
    return Model(modules, operators, (), dead, (), {}, ())


def plan(tiers: dict[Operator, str], *diagnostics: Diagnostic) -> Plan:
    outcomes = tuple(
        OperatorPlan(item, tier, f"why {tier}" if tier != "raw" else "", files=("csrc/a.cu",))
        for item, tier in tiers.items()
    )
    modules = (ModulePlan("pkg._C", outcomes, BuildSpec("pkg._C", ())),)
    return Plan(modules, ("pkg._C.norm",), diagnostics=diagnostics)
