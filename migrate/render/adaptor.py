"""The Python package under the old import name: real ``def``s in front of the library."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import Iterator, Mapping, Sequence

from migrate import __version__
from migrate.model.bindings import Operator, Registration
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.render.bridge import bridged_operators
from migrate.render.buildfiles_requirements import OLDEST, REQUIREMENT
from migrate.render.contexts import (
    AdaptorContext,
    AdaptorFunction,
    BackendContext,
    BridgeContext,
    RuntimeContext,
)
from migrate.render.definitions import Definitions, free_name, parameter_names
from migrate.render.enums import adaptor_enums
from migrate.render.python_text import default_value, literal
from migrate.render.served import is_left_out, served_operators
from migrate.render.templates import render_template
from migrate.rules.bridge import returned_functions

_HELPERS = ("again", "bind", "flat", "legacy", "read", "resolve")
_TYPING = ("TYPE_CHECKING", "Any", "Callable", "Dict", "List", "Optional", "Tuple", "Union")
_FROM_ARGUMENTS = ("overloaded", "returned", "torch_dtype")


def render_adaptor(module: ModulePlan, docs: Mapping[str, str]) -> dict[str, str]:
    """Files of the adaptor package, by path relative to it; ``docs`` by submodule, "" the module."""
    registers = bool(module.implementations)
    leaves_out = any(is_left_out(module, row.operator) for row in module.implementations)
    module = replace(module, operators=module.own, implementations=())
    scopes = sorted({_scope(module, row.operator) for row in module.operators})
    files: dict[str, str] = {}
    for scope in scopes:
        name = scope.replace(".", "/") or "__init__"
        context = _context(module, scope, scopes, docs.get(scope, ""))
        context = replace(context, registers=registers and not scope)
        files[f"{name}.py"] = render_template("adaptor.py.j2", context)
        files[f"{name}.pyi"] = render_template("adaptor.pyi.j2", context)
    legacy = module.legacy.name if module.legacy is not None else ""
    records = module.asks or any(row.records for row in module.operators if row.tier in ("raw", "view"))
    backend = BackendContext(
        __version__,
        module.name,
        legacy,
        module.migrated is not None,
        gpu=module.original.backend != "cpu",
        switched=bool(module.switched),
        records=records,
        leaves_out=leaves_out,
    )
    if module.migrated is not None or legacy:
        files["_backend.py"] = render_template("_backend.py.j2", backend)
    if records:
        files["_history.py"] = render_template("_history.py.j2", backend)
    if module.bridge is not None:
        files["_torch.py"] = render_template("_torch.py.j2", _bridge_context(module, module.bridge.name))
    if module.migrated is not None:
        runtime = RuntimeContext(__version__, module.name, REQUIREMENT, OLDEST)
        files["_runtime.py"] = render_template("_runtime.py.j2", runtime)
    if module.migrated is not None or any("_arguments import" in text for text in files.values()):
        files["_arguments.py"] = render_template("_arguments.py.j2", backend)
    if any("_enums import" in text for text in files.values()):
        files["_enums.py"] = render_template("_enums.py.j2", backend)
    return files


def _bridge_context(module: ModulePlan, library: str) -> BridgeContext:
    bridged = [operator.function for operator in bridged_operators(module)]
    functions = [function for function in bridged if function is not None]
    taken = [param.type for function in functions for param in function.params]
    called = [type_ for function in functions for type_ in returned_functions(function.returns).values()]
    return BridgeContext(
        version=__version__,
        module=module.name,
        library=library,
        namespace=module.namespace,
        variants=any(type_.mentions("variant") for type_ in (*taken, *called)),
        functions=bool(called),
    )


def _scope(module: ModulePlan, operator: Operator) -> str:
    return operator.registration.module[len(module.name) :].strip(".")


def _context(module: ModulePlan, scope: str, scopes: Sequence[str], doc: str) -> AdaptorContext:
    operators = [o for o in served_operators(module) if _scope(module, o) == scope]
    rows = [row for row in module.operators if _scope(module, row.operator) == scope]
    taken = frozenset(row.operator.registration.name for row in rows)
    hidden = taken | {name for operator in operators for name in parameter_names(operator)}
    functions = Definitions(module, scope, hidden).render(operators)
    own = [row.operator.registration for row in rows if _is_enum(row)]
    enums = adaptor_enums([*own, *_stand_ins(module, operators, taken)])
    attributes = [row.operator.registration for row in rows if _is_constant(row.operator)]
    early = _early(module, rows)
    legacy = tuple(dict.fromkeys(row for row in _legacy_names(rows) if row[0] not in early))
    hints = " ".join(f"{f.signature} -> {f.hints}" for f in functions)
    if "torch." in hints:
        hints += " TYPE_CHECKING"
    typing_names = tuple(n for n in _TYPING if re.search(rf"\b{n}\b", hints))
    uses = [n for n in _HELPERS if _uses(free_name(n, hidden), functions, (*legacy, *early))]
    helpers = [n for n in _FROM_ARGUMENTS if _calls(free_name(n, hidden), functions)]
    return AdaptorContext(
        version=__version__,
        module=module.name,
        doc=literal(doc) if doc else "",
        package="." * (scope.count(".") + 1),
        imports=", ".join(_imported(n, hidden) for n in uses),
        bridge=_imported("bridge", hidden) if any(f.bridged for f in functions) else "",
        argument_imports=", ".join(_imported(n, hidden) for n in helpers),
        enum_imports=", ".join(sorted({enum.base for enum in enums})),
        legacy_call=f"{free_name('legacy', hidden)}()",
        keywords=frozenset(keyword.kwlist),
        functions=functions,
        enums=enums,
        early=early,
        aliases=tuple((a.name, a.value[1:]) for a in attributes if a.value and a.value.startswith("=")),
        attributes=tuple(
            (a.name, default_value(a.value)) for a in attributes if a.value and not a.value.startswith("=")
        ),
        legacy=legacy,
        legacy_scope=f".{scope}" if scope else "",
        todo=_todo(rows),
        exported=_exported(rows, scopes if not scope else ()),
        submodules=tuple(s for s in scopes if s and "." not in s) if not scope else (),
        needs_torch_types="torch." in hints,
        typing_names=typing_names,
        switched=_switched(module, rows),
        switch=(free_name("_old", taken), free_name("_names", taken), free_name("_name", taken)),
    )


def _is_enum(row: OperatorPlan) -> bool:
    return row.operator.registration.kind == "enum" and row.tier == "view"


def _stand_ins(
    module: ModulePlan, operators: Sequence[Operator], taken: frozenset[str]
) -> list[Registration]:
    """Enums of other modules that defaults name: functions take an enum by its class's name, and the
    module that has the class may not be loaded yet."""
    defaults = [arg.python or "" for operator in operators for arg in operator.registration.args]
    named = {match for text in defaults for match in re.findall(r"\b([A-Za-z_]\w*)\.\w+", text)}
    rows = [row for row in module.enums if row.name in named - taken]
    return [replace(row, enum=replace(row.enum, exported=False)) for row in rows if row.enum is not None]


def _early(module: ModulePlan, rows: Sequence[OperatorPlan]) -> tuple[str, ...]:
    """Enums of the legacy extension that a default of a migrated function names: they come first."""
    names = {row.name for row in module.enums}
    return tuple(
        row.operator.registration.name
        for row in rows
        if row.tier in ("manual", "ignored") and row.operator.registration.kind == "enum"
        if row.operator.registration.name in names
    )


def _legacy_names(rows: Sequence[OperatorPlan]) -> Iterator[tuple[str, bool]]:
    """Names that the legacy extension serves, and whether this build of it may lack them."""
    for row in rows:
        registration = row.operator.registration
        if row.tier in ("manual", "ignored") and registration.name:
            doubtful = registration.kind == "function" and registration.target is None
            yield registration.name, doubtful
            yield from ((name, False) for name in _members(registration))


def _switched(module: ModulePlan, rows: Sequence[OperatorPlan]) -> tuple[str, ...]:
    found = [row.operator.registration for row in rows if row.operator.id in module.switched]
    return tuple(dict.fromkeys(name for row in found for name in (row.name, *_members(row))))


def _members(row: Registration) -> list[str]:
    """What ``export_values`` puts next to an enum."""
    exported = row.enum is not None and row.enum.exported
    return [member.name for member in row.enum.members] if exported and row.enum is not None else []


def _todo(rows: Sequence[OperatorPlan]) -> dict[str, tuple[str, str]]:
    """Per name of the legacy extension: the diagnostic id and why it is still there."""
    return {
        name: (
            "MIG301" if row.operator.registration.kind == "function" else "MIG221",
            row.reason.replace("\n", " "),
        )
        for row in rows
        if row.tier == "manual" and row.operator.registration.name
        for name in (row.operator.registration.name, *_members(row.operator.registration))
    }


def _exported(rows: Sequence[OperatorPlan], scopes: Sequence[str]) -> tuple[str, ...]:
    """What ``from module import *`` brought: an extension module has no private helpers to hide."""
    doubtful = {name for name, is_doubtful in _legacy_names(rows) if is_doubtful}
    names = [row.operator.registration.name for row in rows]
    names += [name for row in rows for name in _members(row.operator.registration)]
    names = [name for name in names if name not in doubtful]
    names += [scope for scope in scopes if scope and "." not in scope]
    return tuple(sorted({name for name in names if name and not name.startswith("_")}))


def _imported(name: str, taken: frozenset[str]) -> str:
    free = free_name(name, taken)
    return name if free == name else f"{name} as {free}"


def _uses(name: str, functions: Sequence[AdaptorFunction], legacy: Sequence[object]) -> bool:
    if name.startswith("bind"):
        return any(f.bind == name for f in functions)
    if name.startswith("legacy"):
        return bool(legacy)
    return _calls(name, functions)


def _calls(name: str, functions: Sequence[AdaptorFunction]) -> bool:
    call = re.compile(rf"(?<![\w.]){name}\(")
    return any(
        name == f.bind or any(call.search(line) for line in (f.signature, *f.body)) for f in functions
    )


def _is_constant(operator: Operator) -> bool:
    row = operator.registration
    return row.kind == "attribute" and row.value is not None
