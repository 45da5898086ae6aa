"""Every ``#define`` of the tree, read as text: a macro's body has no syntax tree until it is used."""

from __future__ import annotations

import re

from migrate.model.bindings import Macro
from migrate.model.project import Project
from migrate.model.source import span_at
from migrate.text.lexer import line_end

_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\(([^)]*)\))?", re.MULTILINE)


def find_macros(project: Project) -> tuple[Macro, ...]:
    """All macros with a body, in file order."""
    rows = []
    for file in project.files:
        if file.kind not in ("source", "header") or b"define" not in file.data:
            continue
        text = file.data.decode("latin-1")
        for match in _DEFINE.finditer(text):
            end = line_end(text, match.end())
            body = text[match.end() : end]
            if not body.strip():
                continue
            params = None
            if match.group(2) is not None:
                params = tuple(p.strip() for p in match.group(3).split(",") if p.strip())
            span = span_at(file.path, file.data, match.start(), end)
            rows.append(Macro(match.group(1), span, params, body))
    return tuple(rows)
