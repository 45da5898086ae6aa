"""Model -> Plan: one outcome per operator, one action per file.

The highest tier that can be proved is taken. An operator whose files cannot leave torch loses a
tier; that may keep other files from leaving, so outcomes are settled to a fixed point.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, Sequence

from migrate.model.bindings import Model, Module, Operator, Registration
from migrate.model.plan import ModulePlan, OperatorPlan, Plan, RawChoice
from migrate.model.project import Project
from migrate.model.source import Diagnostic
from migrate.plan.bridge import BridgePlanner
from migrate.plan.files import FilePlanner
from migrate.plan.layout import Layout, adaptor_clash, adaptor_folder
from migrate.plan.libraries import Libraries, library_notes
from migrate.plan.notes import absent_notes, compute_notes, launch_notes, left_behind_notes, left_out_notes
from migrate.plan.outcomes import Outcomes
from migrate.plan.raw import choose_raw
from migrate.plan.reach import Reach
from migrate.plan.state import SharedState
from migrate.plan.switch import switched_operators
from migrate.plan.user_rows import accepted, ignored_because, unused_rows
from migrate.plan.verified import refused_files, with_verified
from migrate.rules.enums import mentioned_enums
from migrate.text.suppressions import find_suppressions

__all__ = ["plan", "refused_files", "with_verified"]


_NONE: Mapping[str, str] = MappingProxyType({})


def plan(project: Project, model: Model, refused: Mapping[str, str] = _NONE) -> Plan:
    """Decide tier and reason of every operator, and what happens to every file. ``refused`` are files
    that proved unable to leave torch, each with its reason."""
    libraries = Libraries(project, model)
    model = libraries.model
    outcomes = Outcomes(project, model)
    files = FilePlanner(Reach(project, model, outcomes), refused)
    bridge = BridgePlanner(files.reach)
    state = SharedState(project, model, outcomes, files)
    taken: dict[str, str] = {}
    for module in model.modules:
        served = [*files.reach.migrated(module), *files.reach.bridged(module)]
        place = f"that of the module at {module.span.file}:{module.span.line}"
        first = taken.setdefault(adaptor_folder(project, module.name), place) if served else place
        clash = adaptor_clash(project, module.name) or (first if first != place else "")
        for operator in served if clash else ():
            outcomes.keep(operator, f"its adaptor would overwrite {clash}")
    rooms = (files.settle, bridge.settle, state.settle, outcomes.settle_enums)
    while any(settle() for settle in rooms) or libraries.settle(outcomes):
        pass
    layout = Layout(project, model, files)
    raw = choose_raw(project, model, files)
    files.launch(raw)
    modules = tuple(
        libraries.folded(module, _module_plan(module, raw, outcomes, files, bridge, layout), outcomes)
        for module in model.modules
    )
    reasons = _reasons(modules)
    bridged = bridge.copies(layout.bridge_dir, libraries.registered(outcomes))
    copied = {row.path for row in bridged} | {path for module in modules for path in module.legacy_files}
    return Plan(
        modules=accepted(modules, (*model.diagnostics, *reasons), find_suppressions(project)),
        order=_order(modules),
        files=files.actions(),
        bridged=bridged,
        registered_anew=_registered_anew(model, modules, bridge),
        ffi_dir=layout.ffi_dir,
        diagnostics=(
            *reasons,
            *unused_rows(project, model),
            *(note for module in modules for note in library_notes(module.operators)),
            *(note for module in model.modules for note in launch_notes(project, files, module)),
            *left_out_notes(files, files.actions()),
            *left_behind_notes(files, files.actions(), frozenset(copied)),
            *(note for module in model.modules for note in absent_notes(files, module)),
            *(note for module in model.modules for note in compute_notes(project, files, module)),
        ),
    )


def _registered_anew(
    model: Model, modules: Sequence[ModulePlan], bridge: BridgePlanner
) -> tuple[tuple[str, int, int], ...]:
    rows = zip(model.modules, modules)
    both = (module for module, row in rows if row.legacy and (row.migrated or row.bridge))
    return tuple(sorted({span for module in both for span in bridge.registered_anew(module)}))


def _module_plan(
    module: Module,
    raw: dict[str, RawChoice | str],
    outcomes: Outcomes,
    files: FilePlanner,
    bridge: BridgePlanner,
    layout: Layout,
) -> ModulePlan:
    operators = files.reach.operators_of(module)
    rows = tuple(_operator_plan(o, raw, outcomes, layout) for o in operators)
    original = layout.original(module)
    migrated, bridged = files.reach.migrated(module), files.reach.bridged(module)
    if not migrated and not bridged:
        legacy = layout.legacy(module, alone=True) if files.is_disturbed(module) else None
        return ModulePlan(
            module.name,
            rows,
            original,
            legacy=legacy,
            legacy_files=layout.legacy_files(module) if legacy else (),
            bridge=original if module.library is not None and not legacy else None,
        )
    switched = switched_operators(files.reach, module, rows)
    needs_old = bool(switched) or any(row.tier in ("manual", "ignored") for row in rows)
    return ModulePlan(
        name=module.name,
        operators=rows,
        original=original,
        migrated=layout.migrated(module) if migrated else None,
        bridge=layout.bridge(module, bridge.shares(module)) if bridged else None,
        legacy=layout.legacy(module) if needs_old else None,
        adaptor=layout.adaptor(module),
        legacy_files=layout.legacy_files(module) if needs_old else (),
        stem=layout.stem(module),
        file=module.span.file,
        namespace=layout.namespace(module) if bridged else "",
        enums=_enums(rows, outcomes),
        switched=switched,
        asks=any(outcomes.asks_host(files.reach.closure(operator)) for operator in migrated),
    )


def _enums(rows: tuple[OperatorPlan, ...], outcomes: Outcomes) -> tuple[Registration, ...]:
    """Enums in the signatures of the functions that the module's adaptor serves."""
    functions = [row.operator.function for row in rows if row.tier in ("raw", "view", "bridge")]
    names = {name for function in functions if function is not None for name in mentioned_enums(function)}
    return tuple(outcomes.enums.binding(name) for name in sorted(names))


def _operator_plan(
    operator: Operator, raw: dict[str, RawChoice | str], outcomes: Outcomes, layout: Layout
) -> OperatorPlan:
    is_dispatched = operator.registration.dispatch is not None
    chosen = None if is_dispatched else ignored_because(operator, outcomes.ignored)
    if chosen is not None:
        return OperatorPlan(operator, "ignored", chosen)
    if operator.registration.kind == "attribute":
        tier = "view" if operator.registration.value is not None else "manual"
        return OperatorPlan(operator, tier, "" if tier == "view" else "its value is not constant")
    if operator.registration.kind == "class":
        return OperatorPlan(operator, "manual", "classes need a human for now")
    tier, reason = outcomes.of(operator)
    if tier == "manual" or operator.registration.kind == "enum":
        return OperatorPlan(operator, tier, reason)
    used = layout.files_of(operator)
    if tier == "bridge":
        return OperatorPlan(operator, tier, reason, files=used)
    choice, records = raw[operator.id], bool(outcomes.recorded(operator))
    if isinstance(choice, str):
        return OperatorPlan(operator, "view", choice, files=used, records=records)
    return OperatorPlan(
        operator, "raw", files=used, split=choice.split, macros=choice.macros, records=records
    )


def _order(modules: tuple[ModulePlan, ...]) -> tuple[str, ...]:
    """Leaves first: modules that are whole and small before those that need a human."""

    def weight(module: ModulePlan) -> tuple[int, int, str]:
        manual = sum(row.tier == "manual" for row in module.operators)
        return manual, len(module.original.sources), module.name

    return tuple(module.name for module in sorted(modules, key=weight))


def _reasons(modules: tuple[ModulePlan, ...]) -> list[Diagnostic]:
    rows = []
    for module in modules:
        for row in module.operators:
            operator = row.operator
            if row.tier != "manual" or operator.registration.kind not in ("function", "enum"):
                continue
            span = operator.registration.span
            function = operator.function
            if function is not None and function.body_span is not None:
                span = function.span
            rows.append(
                Diagnostic(
                    "MIG301" if operator.registration.kind == "function" else "MIG221",
                    "manual",
                    span.file,
                    span.line,
                    span.column,
                    f"`{operator.registration.name}` stays on the legacy module: {row.reason}",
                    "port it by hand, or leave it: the adaptor calls the original",
                    operator.id,
                )
            )
    return rows



