"""Dispatcher registrations, which are not migrated yet: said, so that no operator seems to vanish."""

from __future__ import annotations

import re

from migrate.model.project import Project
from migrate.model.source import Diagnostic, line_and_column
from migrate.text.lexer import code_tokens

_REGISTERS = re.compile(r"(?:STABLE_)?TORCH_LIBRARY(?:_FRAGMENT|_IMPL)?|RegisterOperators")


def dispatcher_findings(project: Project) -> list[Diagnostic]:
    """One finding per file that registers operators with torch's dispatcher."""
    rows = []
    for file in project.files:
        if file.kind not in ("source", "header") or _REGISTERS.search(file.data.decode("latin-1")) is None:
            continue
        places = [
            token
            for token in code_tokens(file.data.decode("latin-1"))
            if token.kind == "name" and not token.directive and _REGISTERS.fullmatch(token.text)
        ]
        if places:
            line, column = line_and_column(file.data, places[0].start)
            rows.append(
                Diagnostic(
                    "MIG230",
                    "manual",
                    file.path,
                    line,
                    column,
                    f"{len(places)} `{places[0].text}` block(s) register operators with torch's dispatcher",
                    "they are left as they are: only pybind11 registrations are migrated",
                )
            )
    return rows
