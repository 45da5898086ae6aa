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

from migrate.model.bindings import Module, Operator
from migrate.model.plan import FilePlan, RawChoice
from migrate.plan.reach import Reach
from migrate.plan.removal import Removals
from migrate.plan.serving import Serving
from migrate.rules.binding_code import binding_ranges, has_code_outside
from migrate.rules.entries import entry_file, needs_entry
from migrate.tables.names import TORCH_HEADERS
from migrate.text.noise import without_noise

_MENTIONS = re.compile(rb"torch|ATen|c10|pybind11|\bat::|\bAT_|TORCH_")


class FilePlanner:
    """Settles operators and files against each other, then answers questions about files."""

    def __init__(self, reach: Reach, refused: Mapping[str, str]) -> None:
        self.reach, self.includes, self.refused = reach, reach.includes, refused
        self.removals = Removals(reach)
        self._bindings = binding_ranges(reach.project, reach.model)
        self._blocked: dict[str, str] = {}
        self._macro_ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for macro in reach.model.macros:
            self._macro_ranges[macro.span.file].append((macro.span.start, macro.span.end))
        self._actions: Optional[tuple[FilePlan, ...]] = None
        self._forget()

    def _forget(self) -> None:
        """Drop answers that depend on the operators' outcomes."""
        self.reach.forget()
        self._binding_only: dict[str, bool] = {}
        self._entries: Optional[set[str]] = None

    def settle(self) -> bool:
        """One round: operators whose files are blocked keep torch. True when any did."""
        self._forget()
        whys = ((path, self.refused.get(path) or self._block(path)) for path in self._all_files())
        self._blocked = {path: why for path, why in whys if why}
        changed = False
        for module in self.reach.model.modules:
            for operator in self.reach.migrated(module):
                blocked = self._blocking(operator)
                if blocked:
                    self.reach.outcomes.lower(operator, blocked)
                    changed = True
        return changed

    def _all_files(self) -> Iterable[str]:
        return sorted(
            {
                path
                for module in self.reach.model.modules
                for source in self.reach.sources(module)
                for path in self.includes.closure(source)
            }
        )

    def _blocking(self, operator: Operator) -> Optional[str]:
        for function in self.reach.closure(operator):
            for path in self.includes.closure(function.span.file):
                if path in self._blocked:
                    return self._blocked[path]
        return None

    def _block(self, path: str) -> str:
        """The first torch name of ``path`` that lies in no function and no binding."""
        ranges = [(f.span.start, f.span.end) for f in self.reach.functions[path]]
        ranges += self._bindings.get(path, ())
        ranges += self._macro_ranges[path]
        for name in self.reach.outcomes.feasibility.unknown_names(path):
            if not any(start <= name.offset < end for start, end in ranges):
                data = self.reach.data(path)
                line = data.count(b"\n", 0, name.offset) + 1
                return f"`{name.name}` at {path}:{line} stands outside every host function"
        return ""

    def is_binding_only(self, path: str) -> bool:
        """True when nothing but registrations, declarations and includes stands in ``path``."""
        if path not in self._binding_only:
            self._binding_only[path] = self._has_only_bindings(path)
        return self._binding_only[path]

    def _has_only_bindings(self, path: str) -> bool:
        if path not in self._bindings or path in self._entry_files():
            return False
        ranges = [*self._bindings.get(path, ()), *self.removals.ranges(path)]
        return not has_code_outside(self.reach.data(path).decode("latin-1"), ranges)

    def _entry_files(self) -> set[str]:
        """Files that hold a module whose migrated operators need entry points there."""
        if self._entries is None:
            self._entries = {
                entry_file(operator, module.span.file)
                for module in self.reach.model.modules
                for operator in self.reach.migrated(module)
                if needs_entry(operator)
            }
        return self._entries

    def kept_sources(self, module: Module) -> list[str]:
        """The units the migrated library still compiles."""
        kept = [
            s
            for s in self.reach.sources(module)
            if not self.is_binding_only(s) and not self._is_blocked(s) and not self._is_left_over(s)
        ]
        used = {path for _, path in self.reach.used()} | self._entry_files()
        serving = Serving(self.reach, (s for s in kept if s in used), kept, self._left_of)
        return [s for s in kept if serving.takes(s)] if used.intersection(kept) else kept

    def _left_of(self, path: str) -> bytes:
        """The code of a file without its bindings and the functions that leave it."""
        data, start, parts = self.reach.data(path), 0, []
        for first, last in sorted({*self._bindings.get(path, ()), *self.removals.ranges(path)}):
            parts.append(data[start:first])
            start = max(start, last)
        return without_noise(b"".join((*parts, data[start:])))

    def _is_left_over(self, source: str) -> bool:
        """True when functions leave ``source`` and no migrated operator uses one that stays: what
        is left serves only the legacy module."""
        used = self.reach.used()
        defined = [f for f in self.reach.functions[source] if f.body_span is not None]
        if any((f.usr, source) in used for f in defined):
            return False
        return any(self.removals.needs_torch(f) for f in defined)

    def _is_blocked(self, source: str) -> bool:
        return any(path in self._blocked for path in self.includes.closure(source))

    def stripped(self) -> list[str]:
        """Every file that torch leaves: kept sources of modules with migrated operators, and the
        in-tree headers they include."""
        found: set[str] = set()
        for module in self.reach.model.modules:
            if self.reach.migrated(module):
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
        gone = {*empty, *self._unused_binding_files(stripped), *self._bridged_sources(stripped)}
        rows = []
        for path in stripped:
            if path in gone:
                continue
            if _MENTIONS.search(self.reach.data(path)) or self._bindings.get(path):
                dropped = tuple(
                    i.target
                    for i in self.includes.by_file.get(path, ())
                    if i.target is not None and i.target in gone
                )
                removed = tuple(sorted({*self._bindings.get(path, ()), *self.removals.ranges(path)}))
                inherited = self._inherited(path, dropped, gone)
                own = tuple(
                    i.spelling
                    for i in self.includes.by_file.get(path, ())
                    if i.target is not None and i.spelling.startswith(TORCH_HEADERS)
                )
                rows.append(FilePlan(path, "strip", removed, dropped, inherited, own))
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
        for module in self.reach.model.modules:
            closure = {p for s in self.reach.sources(module) for p in self.includes.closure(s)}
            if self.reach.migrated(module):
                candidates |= {p for p in closure if self.is_binding_only(p)}
            elif not closure & set(stripped):
                needed |= closure
        return candidates - needed

    def _bridged_sources(self, stripped: list[str]) -> set[str]:
        """Sources that only bridges are still compiled from: their copies take their place. Where a
        project's own builder lists them, nobody could edit that list: they stay."""
        moved: set[str] = set()
        needed: set[str] = {*stripped, *self._entry_files()}
        for module in self.reach.model.modules:
            sources = self.reach.sources(module)
            if self.reach.bridged(module) and self.reach.origin(module) == "setup.py":
                moved.update(sources)
            elif not self.reach.migrated(module):
                needed.update(path for source in sources for path in self.includes.closure(source))
        return moved - needed

    def launch(self, raw: Mapping[str, RawChoice | str]) -> None:
        """Take over which operators became raw; the answers about files follow."""
        self.removals.launch(raw)
        self._forget()

    def is_disturbed(self, module: Module) -> bool:
        """True when files of an unmigrated module change under it."""
        changed = {row.path for row in self.actions()}
        return any(
            path in changed for s in self.reach.sources(module) for path in self.includes.closure(s)
        )
