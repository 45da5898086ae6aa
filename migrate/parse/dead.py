"""Registrations in macros that no module uses."""

from __future__ import annotations

import re
from typing import Sequence

from migrate.model.bindings import Macro, Registration
from migrate.model.project import Project
from migrate.model.source import span_at
from migrate.text.lexer import code_tokens

_DEF = re.compile(r'\.\s*def\s*\(\s*"((?:\\.|[^"\\])*)"')


def dead_macros(project: Project, macros: Sequence[Macro]) -> list[Registration]:
    """Every ``m.def`` in the body of a macro that nothing outside a ``#define`` names, directly or
    through another macro."""
    registering = [macro for macro in macros if _DEF.search(macro.body)]
    if not registering:
        return []
    used = _used_names(project, {macro.name for macro in registering}, macros)
    rows = []
    for macro in registering:
        if macro.name in used:
            continue
        file = project.file(macro.span.file)
        data = file.data if file is not None else b""
        body_start = macro.span.end - len(macro.body)
        for match in _DEF.finditer(macro.body):
            start = body_start + match.start(1)
            rows.append(
                Registration(
                    module="",
                    name=match.group(1),
                    kind="function",
                    span=span_at(macro.span.file, data, start, start + len(match.group(1))),
                    macro=macro.name,
                )
            )
    return rows


def _used_names(project: Project, names: set[str], macros: Sequence[Macro]) -> set[str]:
    pattern = re.compile(r"\b(?:" + "|".join(sorted(names)) + r")\b")
    used: set[str] = set()
    for file in project.files:
        if file.kind not in ("source", "header"):
            continue
        text = file.data.decode("latin-1")
        if pattern.search(text) is None:
            continue
        used |= {
            token.text
            for token in code_tokens(text)
            if token.kind == "name" and token.text in names and not token.directive
        }
    bodies = {macro.name: macro.body for macro in macros}
    queue = [name for name in bodies if name in used]
    while queue:
        for match in pattern.finditer(bodies[queue.pop()]):
            if match.group() not in used:
                used.add(match.group())
                queue.append(match.group())
    return used
