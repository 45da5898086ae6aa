"""The shim's host functions: what raw operators do around their launchers, and what that needs."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.plan import ModulePlan
from migrate.render.includes import implied
from migrate.render.raw import macro_text, render_host
from migrate.tables.lookup import BUILTIN, Tables


@dataclass(frozen=True)
class Hosts:
    """Finished includes, macro definitions and functions, in order."""

    includes: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


def render_hosts(module: ModulePlan, texts: dict[str, str], tables: Tables = BUILTIN) -> Hosts:
    """Host functions of the module's raw operators; a function bound twice stands once."""
    macros: dict[str, str] = {}
    functions: dict[tuple[str, int], str] = {}
    headers: set[str] = set()
    for row in module.bound:
        function = row.operator.function
        if row.split is None or function is None:
            continue
        key = (function.span.file, function.span.start)
        if key in functions:
            continue
        for macro in row.macros:
            half = macro_text(macro, texts[macro.span.file], tables)
            macros[half.text] = half.text
            headers |= half.headers
        half = render_host(function, row.split, texts[function.span.file], tables)
        functions[key] = half.text
        headers |= half.headers
    if not functions:
        return Hosts()
    headers |= implied("\n".join([*macros, *functions.values()]), "cpu")
    headers.add("ffi_port/runtime.h")
    includes = sorted(h for h in headers if h.startswith("<"))
    carried = sorted(f'"{h}"' for h in headers if not h.startswith("<"))
    return Hosts((*includes, *carried), _guarded(tuple(macros)), tuple(functions.values()))


def _guarded(macros: tuple[str, ...]) -> tuple[str, ...]:
    """A macro that two files define differently is taken back before its second definition."""
    rows: list[str] = []
    seen: set[str] = set()
    for text in macros:
        name = text.split("define", 1)[1].split("(", 1)[0].split()[0]
        if name in seen:
            rows.append(f"#undef {name}")
        seen.add(name)
        rows.append(text)
    return tuple(rows)
