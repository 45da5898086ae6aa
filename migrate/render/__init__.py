"""Plan -> FileSet: rewritten sources, shims, launch headers, adaptors, build files. All in memory."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Iterable, Sequence

from migrate.model.bindings import Model, Operator
from migrate.model.plan import FileSet, ModulePlan, Plan
from migrate.model.project import Project
from migrate.model.source import Edit
from migrate.render.adaptor import render_adaptor
from migrate.render.borrowed import borrowed_headers
from migrate.render.bridge import HEADER, render_bridged
from migrate.render.buildfiles import helper_paths, render_build_files
from migrate.render.equivalence import render_equivalence
from migrate.render.left_comments import left_comments
from migrate.render.legacy import render_legacy
from migrate.render.manifest import render_manifest
from migrate.render.operators import render_operators
from migrate.render.overloads import lost_with_python, visible_overloads
from migrate.render.raw import render_launcher
from migrate.render.served import migrated_operators
from migrate.render.shim import entry_name, render_entries, render_header, render_shim
from migrate.render.strip import strip
from migrate.render.wheel_project import render_wheel_project
from migrate.resources import csrc
from migrate.rules.entries import entry_file, needs_entry
from migrate.tables.lookup import Tables, tables_of
from migrate.text.includes import Includes, find_includes

_CARRIED = re.compile(r'#include "(ffi_port/[^"]+)"')

__all__ = ["render", "with_manifest"]


def render(project: Project, model: Model, plan: Plan) -> FileSet:
    """Everything that differs from the original tree, but the manifest."""
    write: dict[str, bytes] = {}
    tables = tables_of(project.rules)
    migrated = [module for module in plan.modules if module.migrated is not None]
    docs = {m.name: {"": m.doc, **dict(m.submodule_docs)} for m in model.modules}
    texts = {
        f.path: f.data.decode("latin-1") for f in project.files if f.kind in ("source", "header")
    }
    includes = find_includes(project)
    overloads = visible_overloads(project, includes)
    for module in migrated:
        source = _module_file(model, module)
        header = posixpath.join(plan.ffi_dir, f"{module.stem}.h")
        write[header] = render_header(module, source).encode("latin-1")
        shim = posixpath.join(plan.ffi_dir, f"{module.stem}_ffi.cc")
        write[shim] = render_shim(module, source, texts, tables).encode("latin-1")
    for module in plan.modules:
        for name, text in _adaptor(module, docs).items():
            write[posixpath.join(module.adaptor or "", name)] = text.encode("utf-8")
    entries = _entry_edits(model, migrated, texts, tables)
    _strip_files(project, includes, plan, texts, entries, overloads, write)
    copies = {**_legacy(project, plan), **_bridged(project, includes, model, plan, texts)}
    diagnostics = left_comments(plan, texts, write, copies)
    write.update(copies)
    write.update({path: text.encode() for path, text in render_equivalence(project, plan).items()})
    if migrated:
        _carry(plan.ffi_dir, write)
    build_files, todo = render_build_files(project, plan)
    write.update(build_files)
    for path in helper_paths(build_files):
        write[path] = (csrc() / "tvm_ffi_extension.py").read_bytes()
    wheel, said = render_wheel_project(project, plan)
    write.update(wheel)
    delete = tuple(row.path for row in plan.files if row.action == "delete")
    return FileSet(dict(sorted(write.items())), delete, (*diagnostics, *todo, *said))


def with_manifest(project: Project, plan: Plan, files: FileSet) -> FileSet:
    """``files`` with the manifest, which says of each operator how it is verified."""
    write = {**files.write, ".migrate/manifest.json": render_manifest(project, plan, files.write)}
    return replace(files, write=dict(sorted(write.items())))


def _adaptor(module: ModulePlan, docs: dict[str, dict[str, str]]) -> dict[str, str]:
    if not module.adaptor:
        return {}
    return {**render_adaptor(module, docs.get(module.name, {})), **render_operators(module)}


def _legacy(project: Project, plan: Plan) -> dict[str, bytes]:
    """The originals that legacy libraries are compiled from."""
    files = {(module, path): project.file(path) for module in plan.modules for path in module.legacy_files}
    return {
        posixpath.join(_legacy_root(module), path): render_legacy(file, plan.registered_anew)
        for (module, path), file in files.items()
        if file is not None
    }


def _bridged(
    project: Project, includes: Includes, model: Model, plan: Plan, texts: dict[str, str]
) -> dict[str, bytes]:
    """The copies that bridge libraries are compiled from, and the header they need."""
    named: dict[str, set[str]] = {}
    for function in model.functions:
        named.setdefault(function.qualified, set()).add(function.usr)
    overloaded = frozenset(name for name, found in named.items() if len(found) > 1)
    bringing = lost_with_python(project, includes, texts) if plan.bridged else set()
    write = {}
    for row in plan.bridged:
        if row.path in texts:
            rest = (plan.modules, overloaded, row.path in bringing)
            write[row.copy] = render_bridged(row, texts[row.path], *rest).encode("latin-1")
        folder = row.copy[: -len(row.path)]
        write[f"{folder}{HEADER}"] = (csrc() / HEADER).read_bytes()
    return write


def _module_file(model: Model, module: ModulePlan) -> str:
    return next(m.span.file for m in model.modules if m.name == module.name)


def _entry_edits(
    model: Model, modules: Sequence[ModulePlan], texts: dict[str, str], tables: Tables
) -> dict[str, list[tuple[Edit, frozenset[str]]]]:
    """Per binding file: the module definition makes way for entry points. A block that registers
    with the dispatcher may stand in a namespace: its entry points follow at the end of the file."""
    places: dict[tuple[str, int, int], dict[str, Operator]] = {}
    for module in modules:
        for operator in migrated_operators(module):
            if not needs_entry(operator):
                continue
            path = entry_file(operator, module.file)
            place = (path, len(texts[path]), len(texts[path]))
            if operator.registration.dispatch is None:
                span = next(m.span for m in model.modules if m.span.file == path)
                place = (path, span.start, span.end)
            places.setdefault(place, {})[entry_name(module, operator)] = operator
    rows: dict[str, list[tuple[Edit, frozenset[str]]]] = {}
    for (path, start, end), operators in places.items():
        text, headers = render_entries(path, operators, texts, tables)
        text = f"\n{text}" if start == end else text.rstrip("\n")
        rows.setdefault(path, []).append((Edit(path, start, end, text), headers))
    return rows


def _strip_files(
    project: Project,
    includes: Includes,
    plan: Plan,
    texts: dict[str, str],
    entries: dict[str, list[tuple[Edit, frozenset[str]]]],
    overloads: dict[str, str],
    write: dict[str, bytes],
) -> None:
    tables = tables_of(project.rules)
    launchers = _launcher_edits(plan, texts, tables)
    borrowed = borrowed_headers(includes, plan, texts, lambda path: _backend(project, path), overloads)
    for row in plan.files:
        if row.action != "strip":
            continue
        halves = [*launchers.get(row.path, ()), *entries.get(row.path, ())]
        edits = [edit for edit, _ in halves]
        headers = {header for _, found in halves for header in found} | borrowed.get(row.path, set())
        backend, seen = _backend(project, row.path), overloads.get(row.path, "")
        text = strip(texts[row.path], row, backend, edits, headers, tables, seen)
        write[row.path] = text.encode("latin-1")


def _launcher_edits(
    plan: Plan, texts: dict[str, str], tables: Tables
) -> dict[str, list[tuple[Edit, frozenset[str]]]]:
    """Per kernel file: host functions of raw operators make way for their launchers."""
    rows: dict[str, dict[int, tuple[Edit, frozenset[str]]]] = {}
    for module in plan.modules:
        for operator in module.bound:
            function = operator.operator.function
            if operator.split is None or function is None:
                continue
            span = function.span
            if operator.split.launcher is None:
                continue
            half = render_launcher(function, operator.split, texts[span.file], tables)
            edit = Edit(span.file, span.start, span.end, half.text)
            rows.setdefault(span.file, {})[span.start] = (edit, half.headers)
    return {path: list(found.values()) for path, found in rows.items()}


def _backend(project: Project, path: str) -> str:
    if path.endswith((".cu", ".cuh", ".hip")):
        return project.backend if project.backend != "cpu" else "cuda"
    for extension in project.extensions:
        if path in extension.sources:
            return extension.backend
    return project.backend


def _legacy_root(module: ModulePlan) -> str:
    assert module.legacy is not None
    return module.legacy.sources[0].split("/", 1)[0]


def _carry(ffi_dir: str, write: dict[str, bytes]) -> None:
    """Copy the carried headers that the generated and rewritten files include, and theirs."""
    queue = _included(write.values())
    done: set[str] = set()
    while queue:
        name = queue.pop()
        if name in done:
            continue
        done.add(name)
        data = (csrc() / name).read_bytes()
        write[posixpath.join(ffi_dir, name)] = data
        queue.extend(_included([data]))


def _included(files: Iterable[bytes]) -> list[str]:
    return [
        name for data in files for name in _CARRIED.findall(data.decode("latin-1"))
    ]
