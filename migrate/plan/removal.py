"""Which functions leave a file that torch leaves."""

from __future__ import annotations

import re
from typing import Mapping

from migrate.model.cpp import Function
from migrate.model.plan import RawChoice
from migrate.plan.reach import Reach

_SEMICOLON = re.compile(rb"\s*;")


class Removals:
    """Functions that need torch, that only manual operators use, or that the shim takes over."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._launched: set[str] = set()
        self._moved: set[tuple[str, int]] = set()

    def launch(self, raw: Mapping[str, RawChoice | str]) -> None:
        """Declarations of functions that became launchers leave: the launch header has them. A
        function that went to the shim as a whole leaves its file."""
        kept: set[str] = set()
        gone: set[str] = set()
        for module in self.reach.model.modules:
            for operator in self.reach.migrated(module):
                if operator.function is not None:
                    choice = raw[operator.id]
                    (kept if isinstance(choice, str) else gone).add(operator.function.usr)
                    if not isinstance(choice, str) and choice.split.launcher is None:
                        self._moved.add((operator.function.span.file, operator.function.span.start))
        self._launched = gone - kept

    def ranges(self, path: str) -> list[tuple[int, int]]:
        """Ranges of functions that need torch, or that only a manual operator uses."""
        used, manual = self.reach.used(), self._manual_targets()
        rows = []
        for function in self.reach.functions[path]:
            moved = (path, function.span.start) in self._moved
            if moved or (function.body_span is None and function.usr in self._launched):
                rows.append((function.span.start, self._end(function)))
                continue
            if function.is_lambda or (function.usr, path) in used:
                continue
            if self.needs_torch(function) or function.usr in manual:
                rows.append((function.span.start, self._end(function)))
        return rows

    def leaving(self, path: str) -> list[Function]:
        """Definitions that leave ``path`` and go to no other file of the migrated library."""
        ranges = set(self.ranges(path))
        return [
            function
            for function in self.reach.functions[path]
            if function.body_span is not None
            and (function.span.start, function.span.end) in ranges
            and (path, function.span.start) not in self._moved
        ]

    def _manual_targets(self) -> set[str]:
        outcomes = self.reach.outcomes
        return {
            operator.function.usr
            for operator in self.reach.model.operators
            if operator.function is not None and not outcomes.is_migrated(operator)
        }

    def needs_torch(self, function: Function) -> bool:
        if function.body_span is not None:
            return self.reach.outcomes.feasibility.must_leave(function)
        names = self.reach.outcomes.feasibility.unknown_names(function.span.file)
        return any(function.span.start <= n.offset < function.span.end for n in names)

    def _end(self, function: Function) -> int:
        """One past the function, with the semicolon of a declaration."""
        end = function.span.end
        if function.body_span is None:
            data = self.reach.data(function.span.file)
            match = _SEMICOLON.match(data, end)
            return match.end() if match else end
        return end
