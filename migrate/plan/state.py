"""State that operators of one module share across libraries.

The migrated library, the bridge and the legacy extension each have their own copy of a global
variable: what one sets, the others never see. Operators that reach the same state therefore stay
together, in the lowest tier that one of them has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from migrate.model.bindings import Model, Module, Operator
from migrate.model.cpp import Function, Variable
from migrate.model.project import Project
from migrate.plan.files import FilePlanner
from migrate.plan.outcomes import Outcomes
from migrate.text.lexer import code_tokens

_State = dict[str, str]  # what is reached, by a key that is unique in the tree: how to name it
_NAME = re.compile(r"[A-Za-z_]\w*")
_STATIC_LOCAL = re.compile(
    r"\b(?:static|thread_local)\s+(?:thread_local\s+|static\s+)?(?!const\b|constexpr\b|inline\b)[\w:<>,\s*&]*?"
    r"(\w+)\s*(?:[;={(\[])"
)


class SharedState:
    """Which mutable variables each operator reaches, its callees included."""

    def __init__(self, project: Project, model: Model, outcomes: Outcomes, files: FilePlanner) -> None:
        self.project, self.model, self.outcomes, self.files = project, model, outcomes, files
        self._variables = {variable.usr: variable for variable in model.variables}
        self._by_usr: dict[str, list[Function]] = defaultdict(list)
        self._by_name: dict[str, list[Function]] = defaultdict(list)
        for function in model.functions:
            if function.body_span is not None:
                self._by_usr[function.usr].append(function)
                self._by_name[function.name].append(function)
        self._reached: dict[str, _State] = {}
        self._direct: dict[tuple[str, int], tuple[_State, list[Function]]] = {}

    def settle(self) -> bool:
        """One round: operators join the lowest they share state with. True when any did."""
        changed = False
        for module in self.model.modules:
            changed = self._settle_module(module) or changed
        return changed

    def _settle_module(self, module: Module) -> bool:
        reach = self.files.reach
        manual = [o for o in reach.operators_of(module) if self._stays(o)]
        above = [*reach.migrated(module), *reach.bridged(module)]
        changed = False
        for operator, shared in self._sharing(module, above, manual):
            self.outcomes.keep(operator, f"{shared}, which stays on the legacy module")
            changed = True
        bridged = reach.bridged(module)
        for operator, shared in self._sharing(module, reach.migrated(module), bridged):
            self.outcomes.lower(operator, f"{shared}, which keeps libtorch")
            changed = True
        return changed

    def _sharing(
        self, module: Module, above: list[Operator], below: list[Operator]
    ) -> Iterator[tuple[Operator, str]]:
        """Operators of ``above`` that share state with one of ``below``, and which."""
        owners: dict[str, str] = {}
        for operator in below if above else ():
            for key in self._state_of(module, operator):
                owners.setdefault(key, operator.registration.name)
        for operator in above if owners else ():
            state = self._state_of(module, operator)
            shared = next((key for key in sorted(state) if key in owners), None)
            if shared is not None:
                yield operator, f"it shares {state[shared]} with `{owners[shared]}`"

    def _stays(self, operator: Operator) -> bool:
        if operator.registration.kind == "attribute":
            return False
        return not self.outcomes.is_migrated(operator) and not self.outcomes.is_bridged(operator)

    def _state_of(self, module: Module, operator: Operator) -> _State:
        if operator.id not in self._reached:
            self._reached[operator.id] = self._find(module, operator)
        return self._reached[operator.id]

    def _find(self, module: Module, operator: Operator) -> _State:
        files = {path for s in self.files.reach.sources(module) for path in self.files.includes.closure(s)}
        if operator.function is not None:
            state: _State = {}
            queue = [operator.function]
        else:
            # A class, or a function the parser did not resolve: its registration names what it uses.
            state, queue = self._in_text(operator.registration.span.file, *self._statement(operator), files)
        seen: set[tuple[str, int]] = set()
        while queue:
            function = queue.pop()
            place = (function.span.file, function.span.start)
            if place in seen:
                continue
            seen.add(place)
            found, callees = self._look(function, files)
            state.update(found)
            queue.extend(callees)
        return state

    def _look(self, function: Function, files: set[str]) -> tuple[_State, list[Function]]:
        """The state ``function`` itself uses, and the functions it calls."""
        place = (function.span.file, function.span.start)
        if place not in self._direct:
            self._direct[place] = self._look_inside(function, files)
        return self._direct[place]

    def _look_inside(self, function: Function, files: set[str]) -> tuple[_State, list[Function]]:
        span = function.body_span
        if span is None:
            return {}, self._defined(function.usr)
        if function.body is None or function.errors:
            state, callees = self._in_text(span.file, span.start, span.end, files)
        else:
            used = [self._variables[usr] for usr in function.calls if usr in self._variables]
            state = {variable.usr: self._named(variable) for variable in used}
            callees = [callee for usr in function.calls for callee in self._defined(usr)]
        for match in _STATIC_LOCAL.finditer(self._code(span.file, span.start, span.end)):
            key = f"{span.file}:{function.usr}:{match.group(1)}"
            state[key] = f"the static variable `{match.group(1)}` of `{function.name}`"
        return state, callees

    def _defined(self, usr: str) -> list[Function]:
        return self._by_usr.get(usr, [])

    def _in_text(self, path: str, start: int, end: int, files: set[str]) -> tuple[_State, list[Function]]:
        """Where there is no syntax tree: every name counts that a variable or function also has."""
        names = set(_NAME.findall(self._code(path, start, end)))
        known = [v for v in self._variables.values() if v.name in names and v.span.file in files]
        state = {variable.usr: self._named(variable) for variable in known}
        callees = [f for name in names for f in self._by_name.get(name, ()) if f.span.file in files]
        return state, callees

    def _code(self, path: str, start: int, end: int) -> str:
        """The text without comments and strings."""
        text = self._text(path)[start:end]
        return " ".join(t.text for t in code_tokens(text) if t.kind not in ("string", "raw", "char"))

    def _text(self, path: str) -> str:
        file = self.project.file(path)
        return file.data.decode("latin-1") if file is not None else ""

    def _statement(self, operator: Operator) -> tuple[int, int]:
        """From the start of a registration to the semicolon that ends it, chained calls included."""
        span = operator.registration.span
        depth = 0
        text = self._text(span.file)
        for token in code_tokens(text):
            if token.start < span.start or token.kind != "punct":
                continue
            depth += (token.text in "({[") - (token.text in ")}]")
            if depth < 0 or (depth == 0 and token.text == ";"):
                return span.start, token.start
        return span.start, len(text)

    @staticmethod
    def _named(variable: Variable) -> str:
        return f"`{variable.name}` ({variable.span.file}:{variable.span.line})"
