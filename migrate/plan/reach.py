"""Which operators, functions and source files belong together."""

from __future__ import annotations

from collections import defaultdict
from typing import Optional

from migrate.model.bindings import Model, Module, Operator
from migrate.model.cpp import Function
from migrate.model.project import Extension, Project, SourceFile
from migrate.plan.outcomes import Outcomes
from migrate.text.includes import Includes, find_includes


class Reach:
    """Answers from module to operators, from operator to the functions it reaches, from module to
    its translation units."""

    def __init__(self, project: Project, model: Model, outcomes: Outcomes) -> None:
        self.project, self.model, self.outcomes = project, model, outcomes
        self.includes: Includes = find_includes(project)
        self.functions: dict[str, list[Function]] = defaultdict(list)
        for function in model.functions:
            self.functions[function.span.file].append(function)
        self._used: Optional[set[tuple[str, str]]] = None
        self._operators: dict[str, list[Operator]] = defaultdict(list)
        for operator in model.operators:
            self._operators[self._key(self.module_of(operator))].append(operator)

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
        return next((m for m in owners if row in m.registrations), owners[0])

    def operators_of(self, module: Module) -> list[Operator]:
        return self._operators[self._key(module)]

    def migrated(self, module: Module) -> list[Operator]:
        """The operators that torch leaves."""
        return [o for o in self.operators_of(module) if self.outcomes.is_migrated(o)]

    def bridged(self, module: Module) -> list[Operator]:
        """The operators of the library that its adaptor loads; one that is loaded by path has none."""
        if module.library is not None and not module.library.importable:
            return []
        return [o for o in self.operators_of(module) if self.outcomes.is_bridged(o)]

    def forget(self) -> None:
        """Drop answers that depend on the operators' outcomes."""
        self._used = None

    def closure(self, operator: Operator) -> list[Function]:
        """The operator's function and all in-tree functions it reaches."""
        return [] if operator.function is None else self.outcomes.feasibility.closure(operator.function)

    def used(self) -> set[tuple[str, str]]:
        """Functions that a migrated operator reaches, by USR and file."""
        if self._used is None:
            self._used = {
                (f.usr, f.span.file)
                for module in self.model.modules
                for operator in self.migrated(module)
                for f in self.closure(operator)
            }
        return self._used

    def sources(self, module: Module) -> list[str]:
        """The module's translation units: its extension's, or the files that define its targets."""
        owner = self._extension(module)
        if owner is not None:
            return [s for s in owner.sources if self.project.file(s) is not None]
        found = {module.span.file}
        for operator in self.operators_of(module):
            found |= {f.span.file for f in self.closure(operator)}
        return sorted(p for p in found if self._file(p).kind == "source")

    def origin(self, module: Module) -> str:
        """How the module's extension was found: ``setup.py``, ``jit``, ..."""
        owner = self._extension(module)
        return owner.origin if owner is not None else "inferred"

    def _extension(self, module: Module) -> Optional[Extension]:
        return next(
            (
                e
                for e in self.project.extensions
                if e.name == module.name and module.span.file in e.sources
            ),
            None,
        )

    def _file(self, path: str) -> SourceFile:
        return self.project.file(path) or SourceFile(path, "missing", b"")

    def data(self, path: str) -> bytes:
        return self._file(path).data
