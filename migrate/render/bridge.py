"""Copies of original files for a library that keeps libtorch: what bound them to Python leaves."""

from __future__ import annotations

import re
from typing import Sequence

from migrate.model.bindings import Operator
from migrate.model.plan import BridgedFile, Fragment, ModulePlan
from migrate.model.source import Edit
from migrate.render.served import symbol
from migrate.render.strip import comment_above, removals
from migrate.rules.bridge import GIL_RELEASE, called_schema, returned_functions, schema
from migrate.tables.python_headers import PYTHON_HEADERS
from migrate.text.directives import after_last_plain, include_lines
from migrate.text.edits import apply_edits

HEADER = "ffi_bridge/bridge.h"
_WIDTH = 100
# What a module's body makes visible to the lambdas and names in it.
_USING = re.compile(r"^[ \t]*(?:using\b[^;{}]+;|namespace\s+\w+\s*=[^;]+;)", re.MULTILINE)


def bridged_operators(module: ModulePlan) -> list[Operator]:
    return [row.operator for row in module.operators if row.tier == "bridge"]


def render_bridged(
    row: BridgedFile,
    text: str,
    modules: Sequence[ModulePlan],
    overloaded: frozenset[str],
    brings_math: bool = False,
) -> str:
    """``text`` (latin-1) of ``row.path`` without Python, its operators registered with torch.

    ``overloaded`` are the qualified names that several functions of the tree have; ``brings_math``: see
    ``lost_with_python``.
    """
    groups: dict[tuple[int, int], list[Fragment]] = {}
    for fragment in row.fragments:
        groups.setdefault((fragment.start, fragment.end), []).append(fragment)
    edits = [
        Edit(row.path, start, end, _fragment(text, group, modules, overloaded))
        for (start, end), group in groups.items()
    ]
    inside = [(edit.start, edit.end) for edit in edits]
    gone = [span for span in row.removed if not any(a <= span[0] and span[1] <= b for a, b in inside)]
    edits += removals(row.path, text, gone)
    edits += _includes(row.path, text, edits, bool(row.fragments), brings_math)
    return apply_edits(text, edits)


def _fragment(
    text: str, group: Sequence[Fragment], modules: Sequence[ModulePlan], overloaded: frozenset[str]
) -> str:
    """``TORCH_LIBRARY_FRAGMENT`` in place of a module definition or a helper that registers."""
    owners = {module.name: module for module in modules}
    names = list(dict.fromkeys(fragment.module for fragment in group))
    # Several extensions compile this file: each build says which it is.
    namespace = owners[names[0]].namespace if len(names) == 1 else "FFI_BRIDGE_NAMESPACE"
    body = text[group[0].start : group[0].end]
    lines = [match.group(0).strip() for match in _USING.finditer(body) if "py" not in match.group(0)]
    seen: set[str] = set()
    for fragment in sorted(group, key=lambda f: f.operator.registration.span.start):
        name = symbol(owners[fragment.module], fragment.operator)
        if name not in seen:
            seen.add(name)
            lines += _comments(text, fragment)
            lines.append(_registration(text, name, fragment.operator, overloaded))
    inner = "".join(f"  {line}\n" for line in lines)
    return f"TORCH_LIBRARY_FRAGMENT({namespace}, m) {{\n{inner}}}"


def _comments(text: str, fragment: Fragment) -> list[str]:
    """The comment lines right above the registration."""
    line_start = text.rfind("\n", 0, fragment.operator.registration.span.start) + 1
    start = max(comment_above(text, line_start), fragment.start)
    return [line.strip() for line in text[start:line_start].splitlines() if line.strip()]


def _registration(text: str, name: str, operator: Operator, overloaded: frozenset[str]) -> str:
    function = operator.function
    assert function is not None
    if function.is_lambda:
        called = re.sub(rf"\s*{GIL_RELEASE.pattern}", "", text[function.span.start : function.span.end])
    else:
        called = f"&{operator.registration.target_text or function.qualified}"
        if function.qualified in overloaded:
            types = ", ".join(param.type.canonical for param in function.params)
            called = f"static_cast<{function.returns.canonical} (*)({types})>({called})"
    lines = [_definition(schema(name, function), f"ffi_bridge::bridge({called})")]
    for position, type_ in returned_functions(function.returns).items():
        lines.append(_definition(called_schema(name, position, type_), "ffi_bridge::call()"))
    return "\n  ".join(lines)


def _definition(written: str, kernel: str) -> str:
    flat = f'm.def("{written}", {kernel});'
    if len(flat.split("\n", 1)[0]) + 2 <= _WIDTH:
        return flat
    parts = "\n".join(f'        "{part}"' for part in _lines(written, _WIDTH - 11))
    return f"m.def({parts.lstrip()},\n        {kernel});"


def _lines(text: str, width: int) -> list[str]:
    """``text`` in pieces of at most ``width``, each but the last with the space it was broken at."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] += f"{word} "
    return [*lines[:-1], lines[-1].rstrip()]


def _includes(path: str, text: str, others: Sequence[Edit], registers: bool, math: bool) -> list[Edit]:
    """Headers that need Python make way for those that do not."""
    edits: list[Edit] = []
    lines = [
        line for line in include_lines(text) if not any(e.start <= line.start < e.end for e in others)
    ]
    newline = "\r\n" if "\r\n" in text else "\n"
    for line in lines:
        swap = next((new for old, new in PYTHON_HEADERS.items() if line.path.startswith(old)), None)
        if swap is None:
            continue
        kept = " ".join(part for part in (f"#include {swap}" if swap else "", line.comment) if part)
        added = f"#include <math.h>{newline}" if math else ""
        math = False
        edits.append(Edit(path, line.start, line.end, added + (f"{kept}{newline}" if kept else "")))
    if registers:
        last = after_last_plain(lines)
        at = last if last is not None else 0
        edits.append(Edit(path, at, at, f'#include "{HEADER}"{newline}'))
    return edits
