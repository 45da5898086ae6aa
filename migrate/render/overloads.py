"""Overloads of C's functions that torch's headers bring into the global namespace.

Without them the same text still compiles and computes something else: ``abs(x)`` of a float is C's
``int abs(int)``, ``exp(x)`` is computed in double. The C++ library's ``<math.h>``, which Python.h includes,
has them all; its ``<stdlib.h>``, which ATen includes, has ``abs`` and ``div``; ``<cmath>`` promises none.
"""

from __future__ import annotations

from typing import Mapping

from migrate.model.project import Project
from migrate.tables.python_headers import PYTHON_HEADERS
from migrate.tables.std_headers import MATH_OVERLOADS, STDLIB_OVERLOADS
from migrate.text.includes import Includes
from migrate.text.lexer import code_tokens

_STDLIB, _MATH = "<stdlib.h>", "<math.h>"
_WITH_PYTHON = tuple(PYTHON_HEADERS)
_WITH_STDLIB = ("torch/", "ATen/")
# Of files that a device compiler compiles: it includes <math.h> itself, always. Shims need none: host code
# that calls such a function stays in its file (rules/raw/statements.py).
_DEVICE = (".cu", ".cuh", ".hip")


def visible_overloads(project: Project, includes: Includes) -> dict[str, str]:
    """Per file that a host compiler sees: the header of those that any unit it belongs to has by torch's."""
    found: dict[str, str] = {}
    for unit in _host_units(project):
        brought = _brought(includes, unit)
        for path in includes.closure(unit) if brought else ():
            if not path.endswith(_DEVICE) and found.get(path) != _MATH:
                found[path] = brought
    return found


def lost_with_python(project: Project, includes: Includes, texts: Mapping[str, str]) -> set[str]:
    """Files that bring the overloads of <math.h> by Python's headers alone, to units that call one."""
    calling = {path for path, text in texts.items() if needed_overloads(text, _MATH)}
    rows: set[str] = set()
    for unit in _host_units(project):
        closure = includes.closure(unit)
        if not calling.isdisjoint(closure):
            rows |= {path for path in closure if includes.brings(path, _WITH_PYTHON)}
    return rows


def _host_units(project: Project) -> list[str]:
    return [file.path for file in project.files if file.kind == "source" and not file.path.endswith(_DEVICE)]


def _brought(includes: Includes, unit: str) -> str:
    closure = includes.closure(unit)
    if any(includes.brings(path, _WITH_PYTHON) for path in closure):
        return _MATH
    return _STDLIB if any(includes.brings(path, _WITH_STDLIB) for path in closure) else ""


def needed_overloads(text: str, visible: str) -> set[str]:
    """``visible``, where ``text`` calls a function that has an overload there."""
    names = {_MATH: MATH_OVERLOADS, _STDLIB: STDLIB_OVERLOADS}.get(visible, frozenset())
    tokens = code_tokens(text)
    for before, token, after in zip([None, *tokens], tokens, tokens[1:]):
        if token.text not in names or after.text != "(":
            continue
        if before is None or before.text not in (".", "->", "::"):
            return {visible}
    return set()
