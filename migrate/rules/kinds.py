"""Types in the words that the adaptor's ``_arguments.py`` reads: ``optional[list[int32]]``."""

from __future__ import annotations

from typing import Mapping

from migrate.model.bindings import PyArg
from migrate.model.cpp import CppType
from migrate.rules.enums import enum_name

_WORDS = {"list": "list", "optional": "optional", "tuple": "tuple", "pair": "tuple", "variant": "variant"}
_PLAIN = {"string": "str", "scalar_type": "dtype"}
# Results that need no more than a call of the type: what is in them is as pybind11 made it.
_AS_IT_IS = frozenset({"tensor", "int", "float", "bool"})
# tvm-ffi would take other objects for these than pybind11 did, or none.
ALWAYS_READ = ("uint64", "dtype", "device", "enum[", "variant[", "strict[", "some[", "array[")


def kind_of(type_: CppType, names: Mapping[str, str]) -> str:
    """``names`` are what Python calls the enums, by their C++ names."""
    kind = type_.kind
    inner = ", ".join(kind_of(arg, names) for arg in type_.args)
    if kind == "list" and type_.canonical.startswith("c10::ArrayRef<long>"):
        return "shape"
    if kind == "int":
        return f"{'' if type_.signed else 'u'}int{type_.bits}"
    if kind == "enum":
        return f"enum[{names[enum_name(type_)]}]"
    if kind == "map":
        return f"dict[{inner}]"
    if kind == "array":
        return f"array[{inner}, {array_size(type_)}]"
    if kind in _WORDS:
        return f"{_WORDS[kind]}[{inner}]"
    return _PLAIN.get(kind, kind)


def array_size(type_: CppType) -> str:
    """N of ``std::array<T, N>``."""
    return type_.canonical.rpartition(",")[2].strip(" >&")


def argument_kind(type_: CppType, arg: PyArg | None, names: Mapping[str, str]) -> str:
    """With what a ``py::arg`` adds: ``.noconvert()`` and ``.none(false)``."""
    kind = kind_of(type_, names)
    if arg is not None and not arg.convert:
        kind = f"strict[{kind}]"
    if arg is not None and not arg.none_allowed and type_.kind in ("optional", "bool", "variant"):
        kind = f"some[{kind}]"
    return kind


def is_always_read(kind: str) -> bool:
    return any(word in kind for word in ALWAYS_READ)


def needs_reading(type_: CppType) -> bool:
    """True for a result that tvm-ffi hands out as another kind of object than pybind11 did."""
    if type_.kind in ("scalar_type", "device", "enum", "map"):
        return True
    if type_.kind == "int" and type_.bits == 64 and not type_.signed:
        return True
    if type_.kind == "optional":
        return type_.args[0].kind not in _AS_IT_IS or needs_reading(type_.args[0])
    return any(needs_reading(arg) for arg in type_.args)
