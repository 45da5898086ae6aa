"""Which migrated operators reach the raw tier, and what keeps the others in ``view``."""

from __future__ import annotations

from migrate.model.bindings import Model, Module, Operator
from migrate.model.cpp import Function
from migrate.model.launcher import Split
from migrate.model.plan import RawChoice
from migrate.model.project import Project
from migrate.plan.files import FilePlanner
from migrate.rules.entries import needs_entry
from migrate.rules.raw import split
from migrate.rules.raw.macros import needed_macros


def choose_raw(
    project: Project, model: Model, files: FilePlanner
) -> dict[str, RawChoice | str]:
    """Per migrated operator: its cut, or why it stays in ``view``.

    A definition that several operators bind is cut for all of them or for none.
    """
    chooser = _Chooser(project, model, files)
    choices: dict[str, RawChoice | str] = {}
    refused: dict[tuple[str, int], str] = {}
    for module in model.modules:
        for operator in files.reach.migrated(module):
            choice = choices[operator.id] = chooser.choose(operator, module)
            if isinstance(choice, str) and operator.function is not None:
                refused.setdefault(_place(operator.function), choice)
    for module in model.modules:
        for operator in files.reach.migrated(module):
            if operator.function is not None and _place(operator.function) in refused:
                choices[operator.id] = refused[_place(operator.function)]
    return choices


def _place(function: Function) -> tuple[str, int]:
    return function.span.file, function.span.start


class _Chooser:
    """Decides per operator; definitions bound twice are cut once."""

    def __init__(self, project: Project, model: Model, files: FilePlanner) -> None:
        self.project, self.model, self.files = project, model, files
        self._called = {
            usr
            for function in model.functions
            for usr in function.calls
            if usr != function.usr
        }
        self._splits: dict[tuple[str, int], Split | str] = {}

    def choose(self, operator: Operator, module: Module) -> RawChoice | str:
        """The cut, or why the operator stays in ``view``."""
        function = operator.function
        if function is None or function.body_span is None:
            return "it has no body"
        if needs_entry(operator):
            return "it is bound through a lambda, a template, a static or a header"
        recorded = self.files.reach.outcomes.recorded(operator)
        if recorded:
            return recorded
        if function.usr in self._called:
            return "other functions of the tree call it"
        cut = self._split(function)
        if isinstance(cut, str):
            return cut
        text = self._text(function.span.file)
        body = function.body_span
        shim = text[body.start : body.end]
        if cut.launcher is not None:
            shim = text[body.start : cut.launcher[0]] + text[cut.launcher[1] : body.end]
        visible = self.files.includes.closure(function.span.file)
        macros = needed_macros(
            shim, function.span.file, self.model.macros, visible, self._defines(module)
        )
        if macros is None:
            return "a macro of its checks is defined in several ways"
        return RawChoice(cut, tuple(macros))

    def _defines(self, module: Module) -> tuple[str, ...]:
        return next(
            (
                e.defines
                for e in self.project.extensions
                if e.name == module.name and module.span.file in e.sources
            ),
            (),
        )

    def _split(self, function: Function) -> Split | str:
        key = _place(function)
        if key not in self._splits:
            self._splits[key] = split(function, self._text(function.span.file))
        return self._splits[key]

    def _text(self, path: str) -> str:
        file = self.project.file(path)
        return file.data.decode("latin-1") if file is not None else ""
