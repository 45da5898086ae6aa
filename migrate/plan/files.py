"""Which files leave torch, what leaves them, and which disappear.

A source is kept while it holds code that is not a binding; the headers it includes are stripped
with it. A function that needs torch is removed from a stripped file: its module's legacy copy has
it. A torch name outside every function stops the file, and with it the operators that need it.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import Iterable, Mapping, Optional, Sequence

from migrate.model.bindings import Model, Module, Operator
from migrate.model.cpp import Function
from migrate.model.plan import FilePlan, RawChoice
from migrate.model.project import Project
from migrate.text.includes import Includes, find_includes
from migrate.rules.entries import needs_entry
from migrate.plan.outcomes import Outcomes
from migrate.rules.binding_code import binding_ranges, has_code_outside
from migrate.tables.names import TORCH_HEADERS

_MENTIONS = re.compile(rb"torch|ATen|c10|pybind11|\bat::|\bAT_|TORCH_")


class FilePlanner:
    """Settles operators and files against each other, then answers questions about files."""

    def __init__(self, project: Project, model: Model, outcomes: Outcomes) -> None:
        self.project, self.model, self.outcomes = project, model, outcomes
        self.includes: Includes = find_includes(project)
        self._modules = {self._key(m): m for m in model.modules}
        self._functions: dict[str, list[Function]] = defaultdict(list)
        for function in model.functions:
            self._functions[function.span.file].append(function)
        self._bindings = binding_ranges(project, model)
        self._blocked: dict[str, str] = {}
        self._macro_ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for macro in model.macros:
            self._macro_ranges[macro.span.file].append((macro.span.start, macro.span.end))
        self._actions: Optional[tuple[FilePlan, ...]] = None
        self._launched: set[str] = set()
        self._moved: set[tuple[str, int]] = set()
        self._forget()
        self.operators: dict[str, list[Operator]] = defaultdict(list)
        for operator in model.operators:
            self.operators[self._key(self.module_of(operator))].append(operator)

    @staticmethod
    def _key(module: Module) -> str:
        return f"{module.name}@{module.span.file}@{module.span.start}"

    def module_of(self, operator: Operator) -> Module:
        row = operator.registration
        owners = [
            m
            for m in self.model.modules
            if row in m.registrations or (row.module == m.name and row.span.file == m.span.file)
        ]
        return owners[0]

    def operators_of(self, module: Module) -> list[Operator]:
        return self.operators[self._key(module)]

    def migrated(self, module: Module) -> list[Operator]:
        return [o for o in self.operators[self._key(module)] if self.outcomes.is_migrated(o)]

    def is_migrated_module(self, module: Module) -> bool:
        return bool(self.migrated(module))

    def _forget(self) -> None:
        """Drop answers that depend on the operators' outcomes."""
        self._binding_only: dict[str, bool] = {}
        self._entries: Optional[set[str]] = None
        self._used: Optional[set[tuple[str, str]]] = None

    def settle(self) -> bool:
        """One round: operators whose files are blocked become manual. True when any did."""
        self._forget()
        self._blocked = {path: why for path in self._all_files() if (why := self._block(path))}
        changed = False
        for module in self.model.modules:
            for operator in self.migrated(module):
                why = self._blocking(operator)
                if why:
                    self.outcomes.demote(operator, why)
                    changed = True
        return changed

    def _all_files(self) -> Iterable[str]:
        return sorted(
            {
                path
                for module in self.model.modules
                for source in self.sources(module)
                for path in self.includes.closure(source)
            }
        )

    def _blocking(self, operator: Operator) -> Optional[str]:
        for function in self._closure(operator):
            for path in self.includes.closure(function.span.file):
                if path in self._blocked:
                    return self._blocked[path]
        return None

    def _closure(self, operator: Operator) -> list[Function]:
        """The operator's function and all in-tree functions it reaches."""
        if operator.function is None:
            return []
        seen, queue = {}, [operator.function]
        while queue:
            function = queue.pop()
            key = (function.usr, function.span.file)
            if key not in seen:
                seen[key] = function
                queue.extend(self.outcomes.feasibility.callees(function))
        return list(seen.values())

    def _block(self, path: str) -> str:
        """The first torch name of ``path`` that lies in no function and no binding."""
        ranges = [(f.span.start, f.span.end) for f in self._functions[path]]
        ranges += self._bindings.get(path, ())
        ranges += self._macro_ranges[path]
        for name in self.outcomes.feasibility.unknown_names(path):
            if not any(start <= name.offset < end for start, end in ranges):
                data = self._data(path)
                line = data.count(b"\n", 0, name.offset) + 1
                return f"`{name.name}` at {path}:{line} stands outside every host function"
        return ""

    def _data(self, path: str) -> bytes:
        file = self.project.file(path)
        return file.data if file is not None else b""

    def sources(self, module: Module) -> list[str]:
        """The module's translation units: its extension's, or the files that define its targets."""
        owner = next(
            (
                e
                for e in self.project.extensions
                if e.name == module.name and module.span.file in e.sources
            ),
            None,
        )
        if owner is not None:
            return [s for s in owner.sources if self.project.file(s) is not None]
        found = {module.span.file}
        for operator in self.operators[self._key(module)]:
            found |= {f.span.file for f in self._closure(operator)}
        return sorted(p for p in found if self._is_source(p))

    def _is_source(self, path: str) -> bool:
        file = self.project.file(path)
        return file is not None and file.kind == "source"

    def is_binding_only(self, path: str) -> bool:
        """True when nothing but registrations, declarations and includes stands in ``path``."""
        if path not in self._binding_only:
            self._binding_only[path] = self._has_only_bindings(path)
        return self._binding_only[path]

    def _has_only_bindings(self, path: str) -> bool:
        if path not in self._bindings or path in self._entry_files():
            return False
        ranges = [*self._bindings.get(path, ()), *self._removed(path)]
        return not has_code_outside(self._data(path).decode("latin-1"), ranges)

    def _entry_files(self) -> set[str]:
        """Files that hold a module whose migrated operators need entry points there."""
        if self._entries is None:
            self._entries = {
                module.span.file
                for module in self.model.modules
                if any(needs_entry(o) for o in self.migrated(module))
            }
        return self._entries

    def kept_sources(self, module: Module) -> list[str]:
        """The units the migrated library still compiles."""
        return [
            s
            for s in self.sources(module)
            if not self.is_binding_only(s) and not self._is_blocked(s)
        ]

    def _is_blocked(self, source: str) -> bool:
        return any(path in self._blocked for path in self.includes.closure(source))

    def stripped(self) -> list[str]:
        """Every file that torch leaves: kept sources of modules with migrated operators, and the
        in-tree headers they include."""
        found: set[str] = set()
        for module in self.model.modules:
            if self.migrated(module):
                for source in self.kept_sources(module):
                    found |= set(self.includes.closure(source))
        return sorted(found)

    def actions(self) -> tuple[FilePlan, ...]:
        """One action per file that changes; the outcomes are settled by then."""
        if self._actions is None:
            self._actions = tuple(self._find_actions())
        return self._actions

    def _find_actions(self) -> list[FilePlan]:
        stripped = self.stripped()
        empty = tuple(path for path in stripped if self.is_binding_only(path))
        gone = {*empty, *self._unused_binding_files(stripped)}
        rows = []
        for path in stripped:
            if path in gone:
                continue
            if _MENTIONS.search(self._data(path)) or self._bindings.get(path):
                dropped = tuple(
                    i.target
                    for i in self.includes.by_file.get(path, ())
                    if i.target is not None and i.target in gone
                )
                removed = tuple(sorted({*self._bindings.get(path, ()), *self._removed(path)}))
                inherited = self._inherited(path, dropped, gone)
                rows.append(FilePlan(path, "strip", removed, dropped, inherited))
        return rows + [FilePlan(path, "delete") for path in sorted(gone)]

    def _inherited(self, path: str, dropped: Sequence[str], gone: set[str]) -> tuple[str, ...]:
        """What deleted headers included: whoever includes them may rely on it."""
        found: dict[str, None] = {}
        queue, seen = list(dropped), set(dropped)
        while queue:
            header = queue.pop(0)
            for include in self.includes.by_file.get(header, ()):
                if include.target is None:
                    if not include.quoted and not include.spelling.startswith(TORCH_HEADERS):
                        found[f"<{include.spelling}>"] = None
                elif include.target not in gone:
                    found[posixpath.relpath(include.target, posixpath.dirname(path))] = None
                elif include.target not in seen:
                    seen.add(include.target)
                    queue.append(include.target)
        return tuple(found)

    def _unused_binding_files(self, stripped: list[str]) -> set[str]:
        """Binding-only files of migrated modules that no untouched module still needs."""
        candidates: set[str] = set()
        needed: set[str] = set()
        for module in self.model.modules:
            closure = {p for s in self.sources(module) for p in self.includes.closure(s)}
            if self.migrated(module):
                candidates |= {p for p in closure if self.is_binding_only(p)}
            elif not closure & set(stripped):
                needed |= closure
        return candidates - needed

    def launch(self, raw: Mapping[str, RawChoice | str]) -> None:
        """Declarations of functions that became launchers leave: the launch header has them. A
        function that went to the shim as a whole leaves its file."""
        kept: set[str] = set()
        gone: set[str] = set()
        for module in self.model.modules:
            for operator in self.migrated(module):
                if operator.function is not None:
                    choice = raw[operator.id]
                    (kept if isinstance(choice, str) else gone).add(operator.function.usr)
                    if not isinstance(choice, str) and choice.split.launcher is None:
                        self._moved.add((operator.function.span.file, operator.function.span.start))
        self._launched = gone - kept
        self._forget()

    def _removed(self, path: str) -> list[tuple[int, int]]:
        """Ranges of functions that need torch, or that only a manual operator uses."""
        used, manual = self._used_functions(), self._manual_targets()
        rows = []
        for function in self._functions[path]:
            moved = (path, function.span.start) in self._moved
            if moved or (function.body_span is None and function.usr in self._launched):
                rows.append((function.span.start, self._end(function)))
                continue
            if function.is_lambda or (function.usr, path) in used:
                continue
            if self._needs_torch(function) or function.usr in manual:
                rows.append((function.span.start, self._end(function)))
        return rows

    def _used_functions(self) -> set[tuple[str, str]]:
        """Functions that a migrated operator reaches, by USR and file."""
        if self._used is None:
            self._used = {
                (f.usr, f.span.file)
                for module in self.model.modules
                for operator in self.migrated(module)
                for f in self._closure(operator)
            }
        return self._used

    def _manual_targets(self) -> set[str]:
        return {
            operator.function.usr
            for operators in self.operators.values()
            for operator in operators
            if operator.function is not None and not self.outcomes.is_migrated(operator)
        }

    def _needs_torch(self, function: Function) -> bool:
        if function.body_span is not None:
            return self.outcomes.feasibility.reason(function) is not None
        names = self.outcomes.feasibility.unknown_names(function.span.file)
        return any(function.span.start <= n.offset < function.span.end for n in names)

    def _end(self, function: Function) -> int:
        """One past the function, with the semicolon of a declaration."""
        end = function.span.end
        if function.body_span is None:
            data = self._data(function.span.file)
            match = re.compile(rb"\s*;").match(data, end)
            return match.end() if match else end
        return end

    def is_disturbed(self, module: Module) -> bool:
        """True when files of an unmigrated module change under it."""
        changed = {row.path for row in self.actions()}
        return any(
            path in changed for s in self.sources(module) for path in self.includes.closure(s)
        )
