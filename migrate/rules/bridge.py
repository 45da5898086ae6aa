"""Types at torch's dispatcher: what a bridged operator's schema says, and what cannot pass there.

The dispatcher hands ``at::Tensor`` through, so nothing is copied and autograd sees what happens
inside. ``ffi_bridge/bridge.h`` converts the rest; its types and these rows belong together.
"""

from __future__ import annotations

import keyword
import re
from typing import Optional, Sequence

from migrate.model.bindings import Registration
from migrate.model.cpp import CppType, Function
from migrate.rules.border import binding_reason
from migrate.rules.kinds import kind_of

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
# Alternatives of a variant: what torch infers the type of, where the schema says `Any`.
_INFERRED = frozenset(
    {"tensor", "int", "float", "bool", "string", "optional", "list", "array", "tuple", "pair"}
)
# Types that only refer to what another object keeps.
_VIEWS = re.compile(r"\*|string_view|ArrayRef")
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
        if parameter_schema(param.type) is None:
            return f"parameter `{param.name}` has type `{param.type.spelling}`"
    for arg in row.args:
        if not arg.convert:
            return f"parameter `{arg.name}` takes no conversions"
    for arg, param in zip(row.args, function.params):
        if not arg.none_allowed and param.type.kind == "variant":
            return f"parameter `{arg.name}` is a variant that is not to be None"
    if returned_schema(function.returns) is None:
        return f"it returns `{function.returns.spelling}`"
    return binding_reason(function, row)


def parameter_schema(type_: CppType) -> Optional[str]:
    """A parameter's type in a schema: ``std::vector<int>`` -> ``int[]``; None where there is none."""
    variant = _variant(type_)
    if variant is None:
        return schema_type(type_)
    if not variant.args or not all(_is_inferred(arg) for arg in variant.args):
        return None
    return "Any" if variant is type_ else "Any?"


def parameter_word(type_: CppType) -> str:
    """What the adaptor is told of a parameter: its type in the schema, or the alternatives."""
    variant = _variant(type_)
    if variant is None:
        return schema_type(type_) or ""
    return kind_of(variant, {}) + ("" if variant is type_ else "?")


def _variant(type_: CppType) -> Optional[CppType]:
    """The variant that ``type_`` is, or is an optional of."""
    inner = type_.args[0] if type_.kind == "optional" and type_.args else type_
    return inner if inner.kind == "variant" else None


def _is_inferred(type_: CppType) -> bool:
    if type_.kind not in _INFERRED or _VIEWS.search(type_.canonical):
        return False
    return schema_type(type_) is not None and all(_is_inferred(arg) for arg in type_.args)


def schema_type(type_: CppType) -> Optional[str]:
    """The same inside of other types, where no variant may stand."""
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
    functions = returned_functions(type_)
    if not functions:
        return _returned(type_)
    if not all(_is_called(function) for function in functions.values()):
        return None
    if type_.kind == "function":
        return "Capsule?"
    names = ["Capsule?" if arg.kind == "function" else _returned(arg) for arg in type_.args]
    return f"({', '.join(name for name in names if name)})" if all(names) else None


def returned_functions(type_: CppType) -> dict[int, CppType]:
    """The functions among the results, by position."""
    members = type_.args if type_.kind in ("tuple", "pair") else (type_,)
    return {position: member for position, member in enumerate(members) if member.kind == "function"}


def _is_called(type_: CppType) -> bool:
    """True where the dispatcher serves calls of a function that was returned."""
    if not type_.args or returned_functions(type_.args[0]) or returned_schema(type_.args[0]) is None:
        return False
    return all(parameter_schema(param) is not None for param in type_.args[1:])


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
    params = _parameters([(param.type, param.name) for param in function.params])
    return f"{name}({', '.join(params)}) -> {returned_schema(function.returns)}"


def called_schema(name: str, position: int, type_: CppType) -> str:
    """Of what calls the function that is result number ``position`` of ``name``:
    ``f.called0(Capsule called, int arg0) -> int``."""
    params = ["Capsule called", *_parameters([(param, "") for param in type_.args[1:]])]
    return f"{name}.called{position}({', '.join(params)}) -> {returned_schema(type_.args[0])}"


def _parameters(rows: Sequence[tuple[CppType, str]]) -> list[str]:
    params: list[str] = []
    taken: set[str] = set()
    aliases = iter("abcdefghijklmnopqrstuvwxyz")
    for index, (type_, name) in enumerate(rows):
        written = parameter_schema(type_) or ""
        if written == "Tensor" and type_.reference and not type_.const:
            alias = next(aliases, "")
            written = f"Tensor({alias}!)" if alias else written
        own = name or f"arg{index}"
        while own in taken or keyword.iskeyword(own) or own in _RESERVED:
            own += "_"
        taken.add(own)
        params.append(f"{written} {own}")
    return params


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
