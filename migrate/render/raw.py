"""The two halves of a raw operator as text: its launcher, and the host function of the shim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from migrate.model.bindings import Macro
from migrate.model.cpp import Function
from migrate.model.launcher import Facet, Split
from migrate.model.source import Edit
from migrate.render.commented import declared
from migrate.render.lines import wrapped
from migrate.render.strip import comment_above
from migrate.rules.border import cpp_spelling
from migrate.rules.raw.stream import PARAMETER
from migrate.rules.rename import rename
from migrate.tables.lookup import BUILTIN, Tables
from migrate.text.edits import apply_edits
from migrate.text.lexer import line_end

# The order a reader expects: data first, then shapes, then the rest.
_ORDER = ("void*", "const void*", "bool", "int64_t")


@dataclass(frozen=True)
class Half:
    """Finished C++ text and the headers it needs."""

    text: str
    headers: frozenset[str]


def launcher_parameters(split: Split) -> list[tuple[str, str]]:
    """(type, name) of the launcher, in order."""
    rows = [(f.type, f.name) for f in _ordered(split)]
    rows += [(type_, name) for type_, name in split.scalars]
    if split.stream is not None:
        rows.append(("void*", PARAMETER))
    return rows


def _ordered(split: Split) -> list[Facet]:
    def place(facet: Facet) -> int:
        return _ORDER.index(facet.type) if facet.type in _ORDER else len(_ORDER)

    return sorted(split.facets, key=place)


def launcher_declaration(function: Function, split: Split) -> str:
    """``void f(void* out, void* x, int64_t n, void* env_stream)``."""
    params = [_declared(type_, name) for type_, name in launcher_parameters(split)]
    return wrapped(f"void {function.name}(", params, ")")


def _declared(type_: str, name: str) -> str:
    return f"{type_} {name}"


def render_launcher(function: Function, split: Split, text: str, tables: Tables = BUILTIN) -> Half:
    """The launcher that takes the host function's place in the kernel file."""
    assert function.body_span is not None
    assert split.launcher is not None
    start, end = _region(split.launcher, function, text)
    edits = [(a, b, _renamed(new, tables)) for a, b, new in split.edits]
    body, headers = _rewritten(text, start, end, edits, tables)
    brace = "\n{" if re.search(r"\n\s*$", text[function.span.start : function.body_span.start]) else " {"
    lines = f"{launcher_declaration(function, split)}{brace}\n{body.rstrip()}\n}}"
    return Half(lines, headers | {h.strip('"') for h in split.headers})


def _renamed(text: str, tables: Tables) -> str:
    return apply_edits(text, rename("", text, tables=tables).edits)


def _rewritten(
    text: str, start: int, end: int, edits: Sequence[tuple[int, int, str]], tables: Tables
) -> tuple[str, frozenset[str]]:
    """``text[start:end]`` with ``edits`` (in file offsets) and every other torch name renamed."""
    piece = text[start:end]
    own = [Edit("", a - start, b - start, new) for a, b, new in edits]
    ranges = [(e.start, e.end) for e in own]
    renames = rename("", piece, [r for r in ranges if r[0] < r[1]], ranges, tables)
    inner = [rename("", e.text, tables=tables) for e in own]
    headers = frozenset(h for r in (renames, *inner) for h in r.headers)
    return apply_edits(piece, [*own, *renames.edits]), headers


def _region(launcher: tuple[int, int], function: Function, text: str) -> tuple[int, int]:
    """The launcher's bytes with the comments above its first line and the rest of its last one."""
    assert function.body_span is not None
    start = text.rfind("\n", 0, launcher[0]) + 1
    if text[start : launcher[0]].strip():
        start = launcher[0]
    while start > function.body_span.start:
        previous = text.rfind("\n", 0, start - 1) + 1
        if not text[previous:start].strip().startswith("//") or previous <= function.body_span.start:
            break
        start = previous
    end = launcher[1]
    rest = text[end : line_end(text, end)]
    if rest.strip().startswith("//"):
        end += len(rest.rstrip("\r"))
    return start, end


def render_host(function: Function, split: Split, text: str, tables: Tables = BUILTIN) -> Half:
    """What is left of the host function: checks, metadata, allocation, the launch, the result."""
    assert function.body_span is not None
    span = function.body_span
    edits = []
    if split.launcher is not None:
        start, end = _region(split.launcher, function, text)
        indent = re.match(r"[ \t]*", text[start:end])
        margin = indent.group() if indent is not None else "    "
        edits.append((start, end, margin + launch_call(function, split, len(margin))))
    edits += [(o.offset, o.offset, o.insertion) for o in split.outputs]
    body, headers = _rewritten(text, span.start, span.end, sorted(edits), tables)
    above = _comments_above(function, text) if split.launcher is None else ""
    host = f"{above}{host_declaration(function, split, text)} {body}"
    return Half(host, headers | {"ffi_port/factory.h"})


def _comments_above(function: Function, text: str) -> str:
    """The lines of comments right above a function that goes to the shim as a whole."""
    start = text.rfind("\n", 0, function.span.start) + 1
    return "" if text[start : function.span.start].strip() else text[comment_above(text, start) : start]


def host_declaration(function: Function, split: Split, text: str) -> str:
    params = []
    for index, param in enumerate(function.params):
        type_ = cpp_spelling(param.type)
        name = param.name or f"arg{index}"
        params.append(f"{type_}{name}" if type_.endswith(("&", "*")) else f"{type_} {name}")
    params += [f"const std::optional<ffi_port::Tensor> &{o.parameter}" for o in split.outputs]
    return declared(f"{cpp_spelling(function.returns)} {function.name}(", params, function, text)


def launch_call(function: Function, split: Split, indent: int) -> str:
    """``::ns::f(out.data_ptr(), x.size(0), ...);``"""
    arguments = [facet.argument for facet in _ordered(split)]
    arguments += [name for _, name in split.scalars]
    if split.stream is not None:
        arguments.append(f"ffi_port::runtime::current_stream({split.stream.device_of}.device())")
    return wrapped(f"::{function.qualified}(", arguments, ");", indent)


def macro_text(macro: Macro, text: str, tables: Tables = BUILTIN) -> Half:
    """A ``#define`` of the tree, renamed, for the shim."""
    definition = text[macro.span.start : macro.span.end].rstrip()
    renames = rename("", definition, tables=tables)
    return Half(apply_edits(definition, renames.edits), renames.headers)
