"""Types at torch's dispatcher: what a bridged operator's schema says, and what cannot pass there.

The dispatcher hands ``at::Tensor`` through, so nothing is copied and autograd sees what happens
inside. ``ffi_bridge/bridge.h`` converts the rest; its types and these rows belong together.
"""

from __future__ import annotations

import keyword
import re
from typing import Optional

from migrate.model.bindings import Registration
from migrate.model.cpp import CppType, Function
from migrate.rules.border import binding_reason

_PLAIN = {
    "tensor": "Tensor",
    "bool": "bool",
    "string": "str",
    "scalar_type": "ScalarType",
    "device": "Device",
    "generator": "Generator",
}
_LISTS = re.compile(r"\b(?:std::(?:__\w+::)?(?:vector|array)|c10::ArrayRef)<")
# `a.cpp:3:9: expected expression`
_SYNTAX = re.compile(r":\d+:\d+: expected ")
_KEYS = ("str", "int")
# torch's dispatcher has released the GIL before the function runs: the statement goes.
GIL_RELEASE = re.compile(r"\b(?:py|pybind11)::gil_scoped_release\s+\w+\s*(?:\(\s*\)|\{\s*\})?\s*;")
# Words of the schema language besides Python's own.
_RESERVED = frozenset({"Tensor", "inf", "nan", "print"})


def bridge_reason(function: Function, row: Registration) -> Optional[str]:
    """Why torch's dispatcher cannot serve ``function``; None when it can."""
    if function.captures:
        return f"the lambda captures {', '.join(function.captures)} of the module body"
    broken = _error_that_counts(function)
    if broken is not None:
        return f"the parser does not understand it: {broken}"
    for param in function.params:
        if schema_type(param.type) is None:
            return f"parameter `{param.name}` has type `{param.type.spelling}`"
    for arg in row.args:
        if not arg.convert:
            return f"parameter `{arg.name}` takes no conversions"
    if returned_schema(function.returns) is None:
        return f"it returns `{function.returns.spelling}`"
    return binding_reason(function, row)


def schema_type(type_: CppType) -> Optional[str]:
    """A parameter's type in a schema: ``std::vector<int>`` -> ``int[]``; None where there is none."""
    if type_.kind == "string":
        # A null pointer is None, as pybind11 has it.
        return "str?" if "*" in (type_.canonical or type_.spelling) else "str"
    if type_.kind in _PLAIN:
        return _PLAIN[type_.kind]
    if type_.kind == "int":
        return None if type_.bits > 64 else "int"
    if type_.kind == "float":
        return "float" if type_.bits in (32, 64) else None
    return _compound(type_)


def _compound(type_: CppType) -> Optional[str]:
    inner = [schema_type(arg) for arg in type_.args]
    names = [name for name in inner if name is not None]
    if not names or len(names) < len(inner):
        return None
    if type_.kind == "optional":
        return None if names[0].endswith("?") else f"{names[0]}?"
    if type_.kind in ("list", "array"):
        return f"{names[0]}[]" if _LISTS.search(type_.canonical) else None
    if type_.kind in ("tuple", "pair"):
        # A schema has no tuples of a given length but these; a list takes any sequence.
        return f"{names[0]}[]" if len(set(names)) == 1 else f"({', '.join(names)})"
    if type_.kind == "map":
        return f"Dict({names[0]}, {names[1]})" if names[0] in _KEYS else None
    return None


def returned_schema(type_: CppType) -> Optional[str]:
    """A result's type in a schema; a tuple is as many results as it has members."""
    if type_.kind == "void":
        return "()"
    if type_.kind in ("tuple", "pair") and len(type_.args) < 2:
        return None  # one result is handed out bare
    return _returned(type_)


def _returned(type_: CppType) -> Optional[str]:
    if type_.kind in ("scalar_type", "generator"):
        return None  # a dtype comes back as its number
    if type_.kind not in ("optional", "list", "array", "tuple", "pair", "map"):
        return schema_type(type_)
    inner = [_returned(arg) for arg in type_.args]
    names = [name for name in inner if name is not None]
    if not names or len(names) < len(inner):
        return None
    if type_.kind in ("tuple", "pair"):
        return f"({', '.join(names)})"
    if type_.kind == "map":
        return f"Dict({names[0]}, {names[1]})" if names[0] in _KEYS else None
    if type_.kind == "optional":
        return None if names[0].endswith("?") else f"{names[0]}?"
    return f"{names[0]}[]" if _LISTS.search(type_.canonical) else None


def schema(name: str, function: Function) -> str:
    """``norm(Tensor(a!) out, Tensor input, float eps) -> ()``."""
    params, taken = [], set()
    aliases = iter("abcdefghijklmnopqrstuvwxyz")
    for index, param in enumerate(function.params):
        written = schema_type(param.type) or ""
        if written == "Tensor" and param.type.reference and not param.type.const:
            alias = next(aliases, "")
            written = f"Tensor({alias}!)" if alias else written
        own = param.name or f"arg{index}"
        while own in taken or keyword.iskeyword(own) or own in _RESERVED:
            own += "_"
        taken.add(own)
        params.append(f"{written} {own}")
    return f"{name}({', '.join(params)}) -> {returned_schema(function.returns)}"


def _error_that_counts(function: Function) -> Optional[str]:
    """The first error in front of the body: the types may be wrong then. Unknown names in the body are
    no obstacle: the compiler sees the headers that the parser lacks. It takes no syntax error either."""
    if function.body_span is None:
        return function.errors[0] if function.errors else None
    if function.errors and all(_SYNTAX.search(error) for error in function.errors):
        return function.errors[0]
    for error in function.errors:
        place = re.match(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+):", error)
        if place is None or place["file"] != function.span.file:
            return error
        at = int(place["line"]), int(place["column"])
        if at < (function.body_span.line, function.body_span.column):
            return error
    return None
