"""Blocks of single translation units -> modules of dispatcher operators, with their implementations."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Callable, Iterable, Optional, Sequence

from migrate.model.bindings import Module, Operator, PyArg, Registration
from migrate.model.cpp import Function
from migrate.model.dispatcher import CATCH_ALL, Block, Dispatch, Library, Schema
from migrate.model.project import Extension, Project
from migrate.model.source import Span, span_at
from migrate.parse.library import LibraryBlock, LibraryCall, with_linkage
from migrate.parse.registry import Registry
from migrate.parse.schema import inferred_schema, parse_schema, split_name
from migrate.parse.unit import UnitFacts
from migrate.text.includes import Includes

UNNAMED = "TORCH_EXTENSION_NAME"
_PYTHON_ENTRY = "PyInit_"
# Of several implementations, the one that stands for the operator: what this machine can run first.
_PRIMARY = ("CPU", CATCH_ALL, "CompositeExplicitAutograd", "CUDA")
Define = Callable[[Registration, Module, Optional[Extension]], Optional[Function]]


@dataclass
class _Entry:
    """One operator of one library while its registrations are gathered."""

    namespace: str
    name: str
    overload: str
    schema: Optional[Schema] = None
    span: Optional[Span] = None
    tags: tuple[str, ...] = ()
    unresolved: str = ""
    conservative: bool = False
    spans: list[Span] = field(default_factory=list)
    rows: list[tuple[str, Registration]] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return f"{self.name}.{self.overload}" if self.overload else self.name


def library_modules(
    project: Project, facts: Sequence[UnitFacts], includes: Includes, define: Define
) -> list[tuple[Module, list[Operator]]]:
    """One module per extension that compiles blocks; those of no extension go by their namespace."""
    blocks = _blocks(facts)
    groups: dict[str, tuple[Optional[Extension], list[LibraryBlock]]] = {}
    for block in blocks:
        if block.kind == "helper":
            continue
        owners: list[Optional[Extension]] = [
            e for e in _recipes(project) if _compiles(e, block.span.file, includes)
        ]
        for owner in owners or [None]:
            name = owner.name if owner is not None else block.namespace or _stem(block)
            groups.setdefault(name, (owner, []))[1].append(block)
    helpers = {block.registry.usr: block for block in blocks if block.kind == "helper"}
    entries = _python_entries(project, facts)
    rows = []
    for name, (extension, group) in sorted(groups.items()):
        module = _module(name, extension, group, entries, includes)
        rows.append(_with_operators(module, extension, group, helpers, define))
    return [row for row in rows if row[1]]


def _blocks(facts: Sequence[UnitFacts]) -> list[LibraryBlock]:
    """Every block once: a header is read by several units."""
    found: dict[tuple[str, int], LibraryBlock] = {}
    for unit in facts:
        for block in unit.blocks:
            found.setdefault((block.span.file, block.span.start), block)
    return [found[key] for key in sorted(found)]


def _recipes(project: Project) -> list[Extension]:
    """Extensions by name; two recipes of one name build one module."""
    found: dict[str, Extension] = {}
    for extension in project.extensions:
        found.setdefault(extension.name, extension)
    return list(found.values())


def _compiles(extension: Extension, path: str, includes: Includes) -> bool:
    if path in extension.sources:
        return True
    is_header = path.endswith((".h", ".hpp", ".cuh", ".inc"))
    return is_header and any(path in includes.closure(source) for source in extension.sources)


def _stem(block: LibraryBlock) -> str:
    return posixpath.splitext(posixpath.basename(block.span.file))[0]


def _python_entries(project: Project, facts: Sequence[UnitFacts]) -> dict[str, Span]:
    """Hand-written ``PyInit_`` functions, by file."""
    found = {}
    for function in (function for unit in facts for function in unit.functions):
        file = project.file(function.span.file)
        if function.name.startswith(_PYTHON_ENTRY) and function.body_span is not None and file is not None:
            text = file.data.decode("latin-1")
            start, end = with_linkage(text, function.span.start, function.span.end)
            found[file.path] = span_at(file.path, file.data, start, end)
    return found


def _module(
    name: str,
    owner: Optional[Extension],
    blocks: Sequence[LibraryBlock],
    entries: dict[str, Span],
    includes: Includes,
) -> Module:
    sources = set(owner.sources) if owner is not None else {block.span.file for block in blocks}
    files = {path for source in sources for path in includes.closure(source)}
    parts = tuple(entries[path] for path in sorted(files) if path in entries)
    return Module(
        name=name,
        span=blocks[0].span,
        doc="",
        registrations=(),
        extension=owner.declared if owner is not None else None,
        files=tuple(sorted(files)),
        library=Library(
            tuple(Block(b.kind, b.namespace, b.key, b.span) for b in blocks),
            bool(parts),
            parts,
            next((b.python_module for b in blocks if b.python_module), ""),
        ),
    )


def _with_operators(
    module: Module,
    owner: Optional[Extension],
    blocks: Sequence[LibraryBlock],
    helpers: dict[str, LibraryBlock],
    define: Define,
) -> tuple[Module, list[Operator]]:
    own = module.name.rsplit(".", 1)[-1]
    entries: dict[tuple[str, str, str], _Entry] = {}
    for block in blocks:
        namespace = own if block.namespace == UNNAMED else block.namespace
        for call in _calls(block, helpers):
            _enter(entries, namespace, block, call)
    operators = [_operator(module, owner, entry, define) for entry in entries.values()]
    registrations = tuple(operator.registration for operator in operators)
    return replace(module, registrations=registrations), operators


def _calls(block: LibraryBlock, helpers: dict[str, LibraryBlock], depth: int = 0) -> Iterable[LibraryCall]:
    """What the block registers itself, and through the functions that it hands its library to."""
    yield from block.calls
    for call in block.registry.calls if depth < 32 else ():
        if call.usr in helpers:
            yield from _calls(helpers[call.usr], helpers, depth + 1)


def _enter(
    entries: dict[tuple[str, str, str], _Entry], namespace: str, block: LibraryBlock, call: LibraryCall
) -> None:
    """Add one call to the operator it is about."""
    written, name, overload, has_schema = split_name(call.text)
    if call.kind == "fallback":
        name = f"fallback_{call.key or block.key}"
    namespace = written or namespace
    entry = entries.setdefault((namespace, name, overload), _Entry(namespace, name, overload))
    entry.spans.append(call.span)
    entry.unresolved = entry.unresolved or call.unresolved
    if call.kind == "def":
        entry.span = entry.span or call.span
        entry.tags = call.tags
        entry.conservative = block.kind == "static" or not has_schema
        if has_schema:
            entry.schema = parse_schema(call.text)
            entry.unresolved = entry.unresolved or ("" if entry.schema else "its schema does not parse")
    if call.bound is not None and (call.bound.target or call.bound.target_text):
        where = call.key or block.key or CATCH_ALL
        entry.rows.append((where, replace(call.bound, span=call.span)))


def _operator(module: Module, owner: Optional[Extension], entry: _Entry, define: Define) -> Operator:
    parts = _implementations(module, owner, entry, define)
    schema = entry.schema
    if schema is None and parts and parts[0].function is not None and entry.span is not None:
        schema = inferred_schema(entry.name, entry.overload, parts[0].function)
        parts = [_with_schema(part, schema) for part in parts]
    span = entry.span or entry.spans[0]
    keys = tuple(key for part in parts for key in _keys(part))
    first = parts[0] if parts else None
    unresolved = entry.unresolved or next((p.registration.unresolved for p in parts), "")
    registration = Registration(
        module=module.name,
        name=entry.full_name,
        kind="function",
        span=span,
        target=first.registration.target if first is not None else None,
        target_text=first.registration.target_text if first is not None else "",
        args=_args(schema),
        has_args=schema is not None,
        unresolved=unresolved,
        dispatch=Dispatch(entry.namespace, schema, keys, entry.tags, tuple(entry.spans), entry.conservative),
    )
    text = schema.text if schema is not None else f"{entry.full_name}(?)"
    return Operator(
        f"{module.name}:{entry.namespace}::{entry.full_name}",
        registration,
        first.function if first is not None else None,
        f"{entry.namespace}::{text}",
        tuple(parts),
    )


def _keys(part: Operator) -> tuple[str, ...]:
    return part.registration.dispatch.keys if part.registration.dispatch is not None else ()


def _implementations(
    module: Module, owner: Optional[Extension], entry: _Entry, define: Define
) -> list[Operator]:
    """One per C++ function, with all the keys it serves; the most portable first."""
    keys: dict[tuple[Optional[str], str], list[str]] = defaultdict(list)
    rows: dict[tuple[Optional[str], str], Registration] = {}
    for key, row in entry.rows:
        same = (row.target, row.target_text)
        keys[same].append(key)
        rows.setdefault(same, row)
    parts = []
    for same, row in rows.items():
        dispatch = Dispatch(entry.namespace, entry.schema, tuple(keys[same]), entry.tags)
        registration = replace(
            row,
            module=module.name,
            name=entry.full_name,
            args=_args(entry.schema),
            has_args=entry.schema is not None,
            unresolved=row.unresolved or entry.unresolved,
            dispatch=dispatch,
        )
        function = define(registration, module, owner)
        label = "+".join(keys[same])
        identity = f"{module.name}:{entry.namespace}::{entry.full_name}/{label}"
        parts.append(Operator(identity, registration, function, entry.full_name))
    return sorted(parts, key=lambda part: min((_rank(key), key) for key in _keys(part)))


def _rank(key: str) -> int:
    return _PRIMARY.index(key) if key in _PRIMARY else len(_PRIMARY)


def _with_schema(part: Operator, schema: Optional[Schema]) -> Operator:
    row = part.registration
    if schema is None or row.dispatch is None:
        return part
    dispatch = replace(row.dispatch, schema=schema)
    return replace(part, registration=replace(row, args=_args(schema), has_args=True, dispatch=dispatch))


def _args(schema: Optional[Schema]) -> tuple[PyArg, ...]:
    if schema is None:
        return ()
    return tuple(
        PyArg(row.name, row.default, row.python, row.keyword_only, row.type.endswith("?"))
        for row in schema.arguments
    )


def with_library(modules: list[Module], library: Module) -> list[Module]:
    """An extension with a module definition and with blocks is one module."""
    same = next((m for m in modules if m.name == library.name), None)
    if same is None:
        return [*modules, library]
    registrations = (*same.registrations, *library.registrations)
    importable = replace(library.library, importable=True) if library.library is not None else None
    both = replace(same, registrations=registrations, library=importable)
    return [both if module is same else module for module in modules]


def all_registries(unit: UnitFacts) -> list[Registry]:
    return [*unit.registries, *(block.registry for block in unit.blocks)]


def binding_functions(
    facts: Sequence[UnitFacts], modules: Sequence[Module]
) -> tuple[tuple[str, int, int], ...]:
    rows = {(r.file, r.start, r.end) for unit in facts for r in unit.registries}
    for module in modules:
        if module.library is not None:
            rows |= {(part.file, part.start, part.end) for part in module.library.python_parts}
    return tuple(sorted(rows))
