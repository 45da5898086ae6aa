"""Which original files a bridge library is compiled from, and what leaves their copies.

The library keeps libtorch and must need no Python, so that one binary serves every Python: module
definitions and whatever else uses pybind11 are cut out of the copies. What cannot be cut keeps the
operators that need it on the legacy module.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Iterable, Iterator, Mapping, NamedTuple, Optional, Sequence

from migrate.model.bindings import Module, Operator
from migrate.model.plan import BridgedFile, Fragment
from migrate.plan.reach import Reach
from migrate.rules.binding_code import binding_ranges
from migrate.rules.bridge import GIL_RELEASE
from migrate.text.lexer import code_tokens

_PYTHON = re.compile(r"pybind11|py|PYBIND11_\w+|Py[A-Z]\w*|Py_\w+|THP\w+")
# A class of the tree's own may be called `PyCamera`.
_OWN_CLASS = re.compile(rb"\b(?:class|struct)\s+(Py[A-Z]\w*)\s*(?:final\s*)?(?::[^;{}]*)?\{")
_HEADERS = (".h", ".hpp", ".cuh", ".hxx", ".inc", ".inl")


class _Use(NamedTuple):
    name: str
    offset: int
    line: int


class BridgePlanner:
    """Settles bridged operators against the files they are compiled from."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._bindings = binding_ranges(reach.project, reach.model, libraries=False)
        self._functions = [(path, a, b) for path, a, b in reach.model.binding_functions]
        self._uses: dict[str, tuple[_Use, ...]] = {}
        # A macro's body counts where the macro is used: registration macros are used in bindings only.
        self._macros = [m for m in reach.model.macros if next(_python_uses(m.body), None)]
        self._macro_names = frozenset(macro.name for macro in self._macros)
        data = (file.data for file in reach.project.files if file.kind in ("source", "header"))
        self._classes = {name.decode("ascii") for text in data for name in _OWN_CLASS.findall(text)}

    def settle(self) -> bool:
        """One round: what Python is needed for becomes manual. True when any operator did."""
        changed = False
        for module in self.reach.model.modules:
            bridged = self.reach.bridged(module)
            blocked = self._blocked(module) if bridged else None
            for operator in self.reach.bridged(module):
                reason = blocked or self._needs_python(operator) or self._misplaced(module, operator)
                if reason:
                    self.reach.outcomes.refuse_bridge(operator, reason)
                    changed = True
        return changed

    def files(self, module: Module) -> tuple[str, ...]:
        """Everything the module's translation units are made of."""
        closure = self.reach.includes.closure
        return tuple(sorted({path for s in self.reach.sources(module) for path in closure(s)}))

    def shares(self, module: Module) -> bool:
        """True when a place that registers bridged operators of ``module`` does so for another too."""
        places = {self._place(module, operator) for operator in self._own(module)}
        return any(
            self._place(other, operator) in places
            for other in self.reach.model.modules
            if other is not module
            for operator in self._own(other)
        )

    def _own(self, module: Module) -> list[Operator]:
        return [o for o in self.reach.bridged(module) if o.registration.dispatch is None]

    def copies(
        self, folder: str, registered: Mapping[str, Sequence[tuple[int, int]]]
    ) -> tuple[BridgedFile, ...]:
        """One copy per file, whichever modules it is compiled for; without the statements whose
        operators are ``registered`` from Python."""
        fragments: dict[str, dict[tuple[int, int], list[Fragment]]] = defaultdict(dict)
        paths: set[str] = set()
        without: set[tuple[str, int, int]] = set()
        for module in self.reach.model.modules:
            operators = self.reach.bridged(module)
            paths.update(self.files(module) if operators else ())
            without.update(self._blocks(module) if operators and self._is_dispatched_by_old(module) else ())
            for operator in operators:
                if operator.registration.dispatch is not None:
                    continue
                path, start, end = self._place(module, operator)
                groups = fragments[path].setdefault((start, end), [])
                groups.append(Fragment(start, end, module.name, operator))
        return tuple(
            BridgedFile(
                path,
                f"{folder}/{path}",
                tuple(sorted({*self._removed(path), *registered.get(path, ()), *_of(path, without)})),
                tuple(row for rows in fragments[path].values() for row in rows),
            )
            for path in sorted(paths)
        )

    def registered_anew(self, module: Module) -> set[tuple[str, int, int]]:
        """What ``module`` gives torch's dispatcher, which takes it once, where its old extension does so no
        more: the place in each file of it."""
        return set() if self._is_dispatched_by_old(module) else self._blocks(module)

    def _is_dispatched_by_old(self, module: Module) -> bool:
        """Dispatcher operators stay with the old extension all together."""
        rows = (o for o in self.reach.operators_of(module) if o.registration.dispatch is not None)
        return any(self.reach.outcomes.of(operator)[0] == "manual" for operator in rows)

    def _blocks(self, module: Module) -> set[tuple[str, int, int]]:
        paths = set(self.files(module))
        return {block for block in self.reach.model.library_blocks if block[0] in paths}

    def _removed(self, path: str) -> set[tuple[int, int]]:
        macros = {(m.span.start, m.span.end) for m in self._macros if m.span.file == path}
        idle = {match.span() for match in GIL_RELEASE.finditer(self.reach.data(path).decode("latin-1"))}
        return {*self._bindings.get(path, ()), *self._python_functions(path), *macros, *idle}

    def _blocked(self, module: Module) -> Optional[str]:
        for path in self.files(module):
            ranges = self._python_functions(path)
            for use in self._outside_bindings(path):
                if not any(start <= use.offset < end for start, end in ranges):
                    return f"`{use.name}` at {path}:{use.line} needs Python, outside every host function"
        return None

    def _needs_python(self, operator: Operator) -> Optional[str]:
        for function in self.reach.closure(operator):
            span = function.span
            for use in self._all(span.file):
                if span.start <= use.offset < span.end:
                    return f"`{use.name}` at {span.file}:{use.line} needs Python"
        return None

    def _misplaced(self, module: Module, operator: Operator) -> Optional[str]:
        """A registration in a header runs once per unit that includes it; torch takes it once."""
        if operator.registration.dispatch is not None:
            return None
        path, _, _ = self._place(module, operator)
        closure = self.reach.includes.closure
        users = [s for s in self.reach.sources(module) if path in closure(s)]
        if path.endswith(_HEADERS) and len(users) > 1:
            return f"several sources include {path}, which registers it"
        return None

    def _place(self, module: Module, operator: Operator) -> tuple[str, int, int]:
        """The module definition or helper function that registers ``operator``."""
        span = operator.registration.span
        for path, start, end in self._functions:
            if path == span.file and start <= span.start < end:
                return path, start, end
        return module.span.file, module.span.start, module.span.end

    def _python_functions(self, path: str) -> list[tuple[int, int]]:
        """Functions that use Python's or pybind11's names: only manual operators need them."""
        spans = [f.span for f in self.reach.functions[path] if not f.is_lambda]
        uses = tuple(self._outside_bindings(path))
        return [(s.start, s.end) for s in spans if any(s.start <= use.offset < s.end for use in uses)]

    def _outside_bindings(self, path: str) -> Iterator[_Use]:
        ranges = self._bindings.get(path, ())
        for use in self._all(path):
            if not any(start <= use.offset < end for start, end in ranges):
                yield use

    def _all(self, path: str) -> tuple[_Use, ...]:
        if path not in self._uses:
            text = self.reach.data(path).decode("latin-1")
            idle = [match.span() for match in GIL_RELEASE.finditer(text)]
            self._uses[path] = tuple(
                use
                for use in _python_uses(text, self._macro_names)
                if use.name.split("::", 1)[0] not in self._classes
                and not any(start <= use.offset < end for start, end in idle)
            )
        return self._uses[path]


def _of(path: str, spans: Iterable[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    return ((start, end) for file, start, end in spans if file == path)


def _python_uses(text: str, macros: frozenset[str] = frozenset()) -> Iterator[_Use]:
    tokens = code_tokens(text)
    for index, token in enumerate(tokens):
        if token.kind != "name" or token.directive in ("include", "define"):
            continue
        if token.text not in macros and not _PYTHON.fullmatch(token.text):
            continue
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.text in ("py", "pybind11") and after != "::":
            continue
        member = tokens[index + 2].text if after == "::" and index + 2 < len(tokens) else ""
        name = f"{token.text}::{member}" if member else token.text
        yield _Use(name, token.start, text.count("\n", 0, token.start) + 1)
