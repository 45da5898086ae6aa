"""Facts of single translation units -> one Model: modules with their operators, and what is dead.

A declaration meets its definition per extension: in the same file, else in the extension's
sources, else in the nearest folder. One tree may define the same function in several extensions.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Iterable, Optional, Sequence

from migrate.model.bindings import Macro, Model, Module, Operator, Registration
from migrate.model.cpp import CppType, Function
from migrate.model.project import Extension, Project
from migrate.parse.dead import dead_macros
from migrate.parse.enums import Constants, constants, with_enum_defaults
from migrate.parse.findings import dead_findings, file_problems, inactive_findings, operator_findings
from migrate.parse.handed import dotted, registrations_of, submodule_docs
from migrate.parse.libraries import all_registries, binding_functions, library_modules, with_library
from migrate.parse.registry import Registry
from migrate.parse.unit import UnitFacts
from migrate.text.includes import Includes, shared_folders

UNNAMED = "TORCH_EXTENSION_NAME"


@dataclass(frozen=True)
class _Index:
    """Functions by USR (definitions and declarations), registries by USR, constants of bound enums."""

    definitions: dict[str, tuple[Function, ...]]
    declarations: dict[str, tuple[Function, ...]]
    registries: dict[str, Registry]
    enums: Constants


def join(project: Project, facts: Sequence[UnitFacts], macros: Sequence[Macro], includes: Includes) -> Model:
    """One Model from what every unit said."""
    index = _index(facts)
    reached: set[str] = set()
    modules: list[Module] = []
    operators: list[Operator] = []
    variants = _module_registries(facts)
    for first in variants.values():
        for name, extension in _module_names(first[0], project):
            defines = extension.defines if extension is not None else ()
            registry = next((r for r in first if r.defines == defines), first[0])
            rows = registrations_of(registry, index.registries, reached)
            module = _module(name, registry, extension, rows, index, includes)
            modules.append(module)
            operators.extend(_operators(module, index, extension))
    for library, found in _libraries(project, facts, includes, index):
        modules = with_library(modules, library)
        operators.extend(found)
    operators = _with_unique_ids(operators)
    helpers = [
        row
        for usr, registry in sorted(index.registries.items(), key=lambda item: item[1].file)
        if registry.module is None and usr not in reached
        for row in registry.registrations
    ]
    dead = [replace(row, module="") for row in helpers] + dead_macros(project, macros)
    diagnostics = [*project.diagnostics, *file_problems(facts, index.definitions.values())]
    for operator in operators:
        diagnostics.extend(operator_findings(operator))
    diagnostics += [*inactive_findings(facts), *dead_findings(dead)]
    return Model(
        modules=tuple(sorted(modules, key=lambda m: (m.name, m.span.file))),
        operators=tuple(sorted(operators, key=lambda o: (o.registration.module, o.id))),
        functions=_all_functions(facts, index),
        dead=tuple(dead),
        macros=tuple(macros),
        includes={
            path: tuple(sorted({row.target for row in rows if row.target is not None}))
            for path, rows in includes.by_file.items()
        },
        diagnostics=tuple(sorted(set(diagnostics), key=lambda d: (d.file, d.line, d.id, d.message))),
        binding_functions=binding_functions(facts, modules),
        library_blocks=tuple(
            sorted({(b.span.file, b.span.start, b.span.end) for unit in facts for b in unit.blocks})
        ),
        variables=tuple(sorted({v for unit in facts for v in unit.variables}, key=lambda v: (v.span, v.usr))),
    )


def _libraries(
    project: Project, facts: Sequence[UnitFacts], includes: Includes, index: _Index
) -> list[tuple[Module, list[Operator]]]:
    def define(row: Registration, module: Module, extension: Optional[Extension]) -> Optional[Function]:
        sources = set(extension.sources) if extension is not None else set()
        return _instantiated(_definition(row, module, index, sources), row.instance)

    return library_modules(project, facts, includes, define)


def _all_functions(facts: Sequence[UnitFacts], index: _Index) -> tuple[Function, ...]:
    lambdas = [f for unit in facts for r in all_registries(unit) for f in r.lambdas]
    tables = (index.definitions, index.declarations)
    rows = [f for table in tables for group in table.values() for f in group]
    # Equality only within one place: a set would hash every syntax tree.
    places: dict[tuple[str, int, int, str], list[Function]] = defaultdict(list)
    for function in (*rows, *lambdas):
        span = function.span
        here = places[span.file, span.start, span.end, function.usr]
        if function not in here:
            here.append(function)
    return tuple(f for key in sorted(places) for f in places[key])


def _index(facts: Sequence[UnitFacts]) -> _Index:
    definitions: dict[str, dict[tuple[str, int], Function]] = defaultdict(dict)
    declarations: dict[str, dict[tuple[str, int], Function]] = defaultdict(dict)
    registries: dict[str, Registry] = {}
    for unit in facts:
        for function in unit.functions:
            table = declarations if function.body_span is None else definitions
            key = (function.span.file, function.span.start)
            earlier = table[function.usr].get(key)
            if earlier is None or len(function.errors) < len(earlier.errors):
                table[function.usr][key] = function
        for registry in unit.registries:
            registries.setdefault(registry.usr, registry)
        for registry in all_registries(unit):
            for bound in registry.lambdas:
                definitions[bound.usr][(bound.span.file, bound.span.start)] = bound
    rows = [row for unit in facts for registry in unit.registries for row in registry.registrations]
    return _Index(_sorted(definitions), _sorted(declarations), registries, constants(rows))


def _sorted(
    table: dict[str, dict[tuple[str, int], Function]],
) -> dict[str, tuple[Function, ...]]:
    return {usr: tuple(rows[key] for key in sorted(rows)) for usr, rows in sorted(table.items())}


def _module_registries(facts: Sequence[UnitFacts]) -> dict[tuple[str, int], list[Registry]]:
    """Module definitions by place, in the variants their macro settings give."""
    found: dict[tuple[str, int], list[Registry]] = defaultdict(list)
    for unit in facts:
        for registry in unit.registries:
            if registry.module is not None:
                found[registry.file, registry.start].append(registry)
    return {key: found[key] for key in sorted(found)}


def _module_names(registry: Registry, project: Project) -> Sequence[tuple[str, Optional[Extension]]]:
    """Import names of a module: each extension that compiles its file makes one module."""
    written = registry.module or UNNAMED
    owners = [e for e in project.extensions if registry.file in e.sources]
    if written != UNNAMED:
        owners = [e for e in owners if e.name.rsplit(".", 1)[-1] == written] or owners[:1]
        if owners and owners[0].name.rsplit(".", 1)[-1] == written:
            return [(owners[0].name, owners[0])]
        return [(written, owners[0] if owners else None)]
    if owners:
        # Two recipes over the same sources build one module twice; other sources make another one.
        recipes: dict[frozenset[str], Extension] = {}
        for extension in owners:
            recipes.setdefault(frozenset(extension.sources), extension)
        names: dict[str, Extension] = {}
        for extension in recipes.values():
            names.setdefault(extension.name, extension)
        return sorted(names.items())
    stem = posixpath.splitext(posixpath.basename(registry.file))[0]
    return [(stem, None)]


def _module(
    name: str,
    registry: Registry,
    extension: Optional[Extension],
    rows: Iterable[Registration],
    index: _Index,
    includes: Includes,
) -> Module:
    own = [replace(row, module=dotted(name, row.module)) for row in rows]
    named = with_enum_defaults(own, {**index.enums, **constants(own)})
    files = set(extension.sources if extension is not None else ()) | {registry.file}
    span = registry.span
    if extension is None:
        for row in named:
            for function in index.definitions.get(row.target or "", ()):
                files.add(function.span.file)
    closure = {file for path in files for file in includes.closure(path)}
    return Module(
        name=name,
        span=span,
        doc=registry.doc,
        registrations=named,
        extension=extension.declared if extension is not None else None,
        files=tuple(sorted(closure)),
        submodule_docs=tuple(sorted(submodule_docs(registry, index.registries).items())),
    )


def _operators(module: Module, index: _Index, extension: Optional[Extension]) -> list[Operator]:
    sources = set(extension.sources) if extension is not None else set()
    rows = []
    for row in module.registrations:
        function = _instantiated(_definition(row, module, index, sources), row.instance)
        signature = signature_text(row.name, function) if row.kind == "function" else row.name
        rows.append(Operator(f"{row.module}:{row.name}", row, function, signature))
    return rows


def _definition(row: Registration, module: Module, index: _Index, sources: set[str]) -> Optional[Function]:
    if row.target is None:
        return None
    candidates = index.definitions.get(row.target, ())
    if not candidates:
        declared = index.declarations.get(row.target, ())
        candidates = _by_name(declared[0], index) if declared else ()
        if not candidates:
            return declared[0] if declared else None
    return min(
        candidates,
        key=lambda f: (
            f.span.file != module.span.file,
            f.span.file not in sources,
            f.span.file not in module.files,
            -shared_folders(f.span.file, module.span.file),
            f.span.file,
        ),
    )


def _instantiated(function: Optional[Function], types: Sequence[CppType]) -> Optional[Function]:
    """A bound template with the types of its instance: they are what Python sees."""
    if function is None or len(types) != len(function.params) + 1:
        return function
    params = tuple(replace(param, type=type_) for param, type_ in zip(function.params, types[1:]))
    return replace(function, params=params, returns=types[0])


def _by_name(declared: Function, index: _Index) -> tuple[Function, ...]:
    """Definitions that differ from the declaration only in how a type is written."""
    return tuple(
        f
        for rows in index.definitions.values()
        for f in rows
        if f.qualified == declared.qualified
        and len(f.params) == len(declared.params)
        and [p.type.kind for p in f.params] == [p.type.kind for p in declared.params]
    )


def signature_text(name: str, function: Optional[Function]) -> str:
    """``Tensor rms_norm(Tensor x, double eps)`` as the source spells its types."""
    if function is None:
        return f"{name}(?)"
    params = ", ".join(f"{p.type.spelling} {p.name}".strip() for p in function.params)
    return f"{function.returns.spelling} {name}({params})"


def _with_unique_ids(operators: list[Operator]) -> list[Operator]:
    """Same module and name again: overloads get ``#2``, modules of one name in two files ``@file``."""
    files: dict[str, set[str]] = defaultdict(set)
    for operator in operators:
        files[operator.id].add(operator.registration.span.file)
    counts: Counter[str] = Counter()
    rows = []
    for operator in operators:
        id_ = operator.id
        if len(files[id_]) > 1:
            id_ = f"{id_}@{operator.registration.span.file}"
        counts[id_] += 1
        rows.append(replace(operator, id=id_ if counts[id_] == 1 else f"{id_}#{counts[id_]}"))
    return rows
