"""The Python package under the old import name: real ``def``s in front of the library."""

from __future__ import annotations

import keyword
from dataclasses import replace
from typing import Iterator, Mapping, Sequence

from migrate import __version__
from migrate.model.bindings import Operator, PyArg
from migrate.model.cpp import CppType, Function
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.render.bridge import bridged_operators
from migrate.render.contexts import AdaptorContext, AdaptorFunction, BackendContext, BridgeContext
from migrate.render.docstring import docstring
from migrate.render.python_text import broken, default_value, literal, tuple_of
from migrate.render.shim import migrated_operators, split_of, symbol
from migrate.render.templates import render_template
from migrate.rules.border import python_type
from migrate.rules.bridge import schema_type
from migrate.rules.results import returns_only_fresh

_HELPERS = ("bind", "legacy", "resolve")  # of _backend.py


def render_adaptor(module: ModulePlan, docs: Mapping[str, str]) -> dict[str, str]:
    """Files of the adaptor package, by path relative to it; ``docs`` by submodule, "" the module."""
    registers = bool(module.implementations)
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
    if module.migrated is not None or legacy:
        backend = BackendContext(__version__, module.name, legacy, module.migrated is not None)
        files["_backend.py"] = render_template("_backend.py.j2", backend)
    if module.bridge is not None:
        bridge = BridgeContext(__version__, module.name, module.bridge.name, module.namespace)
        files["_torch.py"] = render_template("_torch.py.j2", bridge)
    return files


def _scope(module: ModulePlan, operator: Operator) -> str:
    return operator.registration.module[len(module.name) :].strip(".")


def _context(module: ModulePlan, scope: str, scopes: Sequence[str], doc: str) -> AdaptorContext:
    rows = [row for row in module.operators if _scope(module, row.operator) == scope]
    taken = frozenset(row.operator.registration.name for row in rows)
    functions = tuple(
        _function(module, operator, taken)
        for operator in (*migrated_operators(module), *bridged_operators(module))
        if _scope(module, operator) == scope
    )
    attributes = [row.operator.registration for row in rows if _is_constant(row.operator)]
    legacy = tuple(dict.fromkeys(_legacy_names(rows)))
    hints = " ".join(f.signature + f.hints for f in functions)
    typing_names = tuple(n for n in ("List", "Optional", "Tuple") if f"{n}[" in hints)
    uses = [n for n in _HELPERS if _uses(free_name(n, taken), functions, legacy)]
    return AdaptorContext(
        version=__version__,
        module=module.name,
        doc=literal(doc) if doc else "",
        package="." * (scope.count(".") + 2 if scope else 1),
        imports=", ".join(_imported(n, taken) for n in uses),
        bridge=_imported("bridge", taken) if any(f.bridged for f in functions) else "",
        legacy_call=f"{free_name('legacy', taken)}()",
        keywords=frozenset(keyword.kwlist),
        functions=functions,
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
    )


def _legacy_names(rows: Sequence[OperatorPlan]) -> Iterator[tuple[str, bool]]:
    """Names that the legacy extension serves, and whether this build of it may lack them."""
    for row in rows:
        registration = row.operator.registration
        if row.tier in ("manual", "ignored") and registration.name:
            doubtful = registration.kind == "function" and registration.target is None
            yield registration.name, doubtful


def _todo(rows: Sequence[OperatorPlan]) -> dict[str, tuple[str, str]]:
    """Per name of the legacy extension: the diagnostic id and why it is still there."""
    return {
        row.operator.registration.name: (
            "MIG301" if row.operator.registration.kind == "function" else "MIG221",
            row.reason.replace("\n", " "),
        )
        for row in rows
        if row.tier == "manual" and row.operator.registration.name
    }


def _exported(rows: Sequence[OperatorPlan], scopes: Sequence[str]) -> tuple[str, ...]:
    """What ``from module import *`` brought: an extension module has no private helpers to hide."""
    doubtful = {name for name, is_doubtful in _legacy_names(rows) if is_doubtful}
    names = [row.operator.registration.name for row in rows]
    names = [name for name in names if name not in doubtful]
    names += [scope for scope in scopes if scope and "." not in scope]
    return tuple(sorted({name for name in names if name and not name.startswith("_")}))


def free_name(name: str, taken: frozenset[str]) -> str:
    """A helper's name in the module: not one that an operator has."""
    while name in taken:
        name += "_"  # in front, it would be what an operator's function is bound to
    return name


def _imported(name: str, taken: frozenset[str]) -> str:
    free = free_name(name, taken)
    return name if free == name else f"{name} as {free}"


def _uses(name: str, functions: Sequence[AdaptorFunction], legacy: Sequence[object]) -> bool:
    if name.startswith("bind"):
        return not all(f.bridged for f in functions)
    if name.startswith("legacy"):
        return bool(legacy)
    return any(f"{name}(" in line for f in functions for line in f.body)


def _is_constant(operator: Operator) -> bool:
    row = operator.registration
    return row.kind == "attribute" and row.value is not None


def _function(module: ModulePlan, operator: Operator, taken: frozenset[str]) -> AdaptorFunction:
    row, function = operator.registration, operator.function
    assert function is not None
    names = _names(row.args if row.has_args else (), function)
    bound = f"_{row.name}"
    if row.name.startswith("_") or bound in taken:
        bound = free_name(f"_ffi_{row.name}", taken)
    parts = _signature(row.args if row.has_args else (), names, function)
    plan = next(item for item in module.operators if item.operator is operator)
    bridged = plan.tier == "bridge"
    if bridged:
        binding, body = _dispatched(module, operator, bound), _plain_body(bound, names, function)
    else:
        binding = _binding(module, operator, bound)
        body = call_body(bound, names, function, output_count(module, operator), taken)
    return AdaptorFunction(
        name=row.name,
        signature=broken(parts, len(row.name) + len(python_type(function.returns)) + 10),
        hints=python_type(function.returns),
        doc=_docstring(docstring(row, function)),
        binding=binding,
        bound=bound,
        body=tuple(body),
        bind=free_name("bridge" if bridged else "bind", taken),
        bridged=" ".join(plan.reason.split()) if bridged else "",
    )


def _names(args: Sequence[PyArg], function: Function) -> list[str]:
    names = []
    for index in range(len(function.params)):
        name = args[index].name if args else f"arg{index}"
        names.append(f"{name}_" if keyword.iskeyword(name) else name)
    return names


def _signature(args: Sequence[PyArg], names: Sequence[str], function: Function) -> list[str]:
    parts = []
    for index, (name, param) in enumerate(zip(names, function.params)):
        text = f"{name}: {python_type(param.type)}"
        if args:
            if args[index].keyword_only and "*" not in parts:
                parts.append("*")
            default = args[index].python
            if default is not None:
                text += f" = {default_value(default)}"
        parts.append(text)
    if not args and parts:
        parts.append("/")
    return parts


def _kind(type_: CppType) -> str:
    """What ``retry`` needs to know of a parameter: ``int``, ``bool?`` for an optional bool."""
    if type_.kind == "optional":
        return f"{type_.args[0].kind}?"
    return type_.kind


def _docstring(text: str) -> str:
    """A real docstring, not indented: pybind11's has no indentation, and programs compare it."""
    printable = text.replace("\n", "").isprintable()
    if '"""' in text or "\\" in text or text.endswith('"') or not printable:
        return literal(text)
    return f'"""{text}"""'


def output_count(module: ModulePlan, operator: Operator) -> int:
    """Trailing destinations of the exported function; the adaptor leaves them to the shim."""
    cut = split_of(module, operator)
    return len(cut.outputs) if cut is not None else 0


def call_body(
    bound: str, names: Sequence[str], function: Function, outputs: int, taken: frozenset[str]
) -> list[str]:
    """The lines that call the library and hand out what the original did."""
    kinds = [_kind(param.type) for param in function.params]
    passed = [f"str({n})" if k == "device" else n for n, k in zip(names, kinds)]
    passed += ["None"] * outputs
    call = f"{bound}({broken(passed, len(bound) + 60, ' ' * 4)})"
    tensors = [
        n
        for n, p in zip(names, function.params)
        if p.type.kind == "tensor" or (p.type.kind == "optional" and p.type.args[0].kind == "tensor")
    ]
    fresh = returns_only_fresh(function)

    def finished(value: str) -> str:
        if not fresh:
            value = f"{free_name('resolve', taken)}({value}, {tuple_of(tensors)})"
        return _converted(function.returns, value)

    if function.returns.kind == "void":
        return [call]
    if "\n" in call and finished("result") != "result":
        return [f"result = {call}", f"return {finished('result')}"]
    return [f"return {finished(call)}"]


def _binding(module: ModulePlan, operator: Operator, bound: str) -> str:
    """The arguments of ``bind``: name, parameter kinds where they matter, GIL."""
    function, row = operator.function, operator.registration
    assert function is not None
    parts = [literal(symbol(module, operator))]
    if function.params:
        kinds = [_kind(param.type) for param in function.params]
        kinds += ["tensor?"] * output_count(module, operator)
        parts.append(tuple_of([literal(kind) for kind in kinds]))
    if any("gil_scoped_release" in guard for guard in row.call_guards):
        parts.append("release_gil=True")
    return broken(parts, len(bound) + 9)


def _dispatched(module: ModulePlan, operator: Operator, bound: str) -> str:
    """The arguments of ``bridge``: name, and the parameters' types as the schema has them."""
    function, row = operator.function, operator.registration
    assert function is not None
    parts = [literal(symbol(module, operator))]
    if function.params:
        types = [schema_type(param.type) or "" for param in function.params]
        for index, arg in enumerate(row.args if row.has_args else ()):
            types[index] = types[index] if arg.none_allowed else types[index].rstrip("?")
        parts.append(tuple_of([literal(type_) for type_ in types]))
    return broken(parts, len(bound) + 11)


def _plain_body(bound: str, names: Sequence[str], function: Function) -> list[str]:
    """The dispatcher hands out the kinds of object that pybind11 did."""
    call = f"{bound}({broken(names, len(bound) + 20, ' ' * 4)})"
    return [call] if function.returns.kind == "void" else [f"return {call}"]


def _converted(type_: CppType, value: str) -> str:
    """The kind of object pybind11 returned: a tuple, a list, a ``str``."""
    if type_.kind == "string":
        return f"str({value})"
    if type_.kind in ("tuple", "pair"):
        if all(arg.kind not in ("string", "list", "tuple", "pair") for arg in type_.args):
            return f"tuple({value})"
        inner = [_converted(arg, f"r[{i}]") for i, arg in enumerate(type_.args)]
        return f"(lambda r: ({', '.join(inner)},))({value})"
    if type_.kind == "list":
        if type_.args[0].kind in ("string", "list", "tuple", "pair"):
            return f"[{_converted(type_.args[0], 'item')} for item in {value}]"
        return f"list({value})"
    return value
