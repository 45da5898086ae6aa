"""Types at the Python border: what the shim takes, how it converts, what the adaptor says of it."""

from __future__ import annotations

import keyword
import re
from types import MappingProxyType
from typing import Mapping, Optional

from migrate.model.bindings import Registration
from migrate.model.cpp import CppType, Function
from migrate.rules.enums import Enums, enum_name
from migrate.rules.results import lost_identity

_SCALARS = ("tensor", "bool", "string", "scalar_type", "device")
_CONTAINERS = ("optional", "list", "array", "tuple", "pair")
# What travels as the object it is in Python, and is None where it is absent.
_OPAQUE = "generator"
# What the bodies of generated functions call: a parameter of that name would hide it.
_USED_BY_ADAPTOR = frozenset({"str", "tuple", "list", "resolve", "returned", "flat"})
_PYTHON_NAMES = {
    "tensor": "torch.Tensor",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "string": "str",
    "scalar_type": "torch.dtype",
    "device": "torch.device",
    "generator": "torch.Generator",
    "void": "None",
}
_GENERICS = {"optional": "Optional", "list": "List", "array": "List", "map": "Dict", "variant": "Union"}
_TEMPLATES = {
    "list": "Array",
    "array": "Array",
    "tuple": "Tuple",
    "pair": "Tuple",
    "variant": "Variant",
    "map": "Map",
}


def border_reason(function: Function, row: Registration, enums: Enums) -> Optional[str]:
    """Why the binding of ``function`` cannot be generated; None when it can."""
    for index, param in enumerate(function.params):
        why = _unpassable(param.type, enums)
        if why is not None:
            return f"parameter `{param.name or f'arg{index}'}` has type `{param.type.spelling}`{why}"
    why = _unreturnable(function.returns, enums, row)
    if why is not None:
        return f"it returns `{function.returns.spelling}`{why}"
    return binding_reason(function, row) or lost_identity(function)


def binding_reason(function: Function, row: Registration) -> Optional[str]:
    """Why no Python ``def`` can take the place of the registration, whatever its types are."""
    if row.has_args and len(row.args) != len(function.params):
        return f"it names {len(row.args)} of {len(function.params)} parameters"
    for arg in row.args:
        if arg.cpp is not None and arg.python is None:
            return f"the default `{arg.cpp.strip()}` of `{arg.name}` has no Python spelling"
    if any("gil_scoped_release" not in guard for guard in row.call_guards):
        return f"call_guard<{row.call_guards[0]}> has no counterpart"
    return _definition_reason(row)


def _definition_reason(row: Registration) -> Optional[str]:
    """Why no Python ``def`` can take the place of the binding: pybind11 asks less of names."""
    if not row.name.isidentifier() or keyword.iskeyword(row.name):
        return f"no `def` can have the name `{row.name}`"
    names = [arg.name for arg in row.args]
    for name in names:
        if not name.isidentifier() or name in _USED_BY_ADAPTOR or names.count(name) > 1:
            return f"no parameter of a `def` can have the name `{name}`, or have it twice"
        if keyword.iskeyword(name) and f"{name}_" in names:
            return f"parameter `{name}` has no Python spelling"
    positional = [arg for arg in row.args if not arg.keyword_only]
    for before, arg in zip(positional, positional[1:]):
        if before.python is not None and arg.python is None:
            return f"`{arg.name}` has no default but follows `{before.name}`, which has one"
    return None


def _unpassable(type_: CppType, enums: Enums) -> Optional[str]:
    """What keeps a parameter's type from the border, to say after it; None when nothing does."""
    kind = type_.kind
    if is_opaque(type_):
        return None
    if kind == "enum":
        return enums.unknown(type_)
    if kind == "map":
        return _first(type_.args, enums) if _is_key(type_.args[0]) else ""
    if kind == "variant":
        alike = [shim_type(arg) for arg in type_.args]
        if len(set(alike)) < len(alike):
            return ", alternatives that are one type to tvm-ffi"
        return _first(type_.args, enums)
    if kind in _CONTAINERS:
        return _first(type_.args, enums) if type_.args else ""
    return None if _is_scalar(type_) else enums.bound_class(type_)


def _unreturnable(type_: CppType, enums: Enums, row: Registration) -> Optional[str]:
    if type_.kind == "enum":
        return enums.unknown(type_) or enums.elsewhere(type_, row)
    if type_.kind == "variant":
        return ""
    if type_.kind == "map" and not _is_key(type_.args[0]):
        return ""
    if type_.kind in _CONTAINERS or type_.kind == "map":
        reasons = (_unreturnable(arg, enums, row) for arg in type_.args)
        return next((why for why in reasons if why is not None), None if type_.args else "")
    return None if type_.kind == "void" or _is_scalar(type_) else enums.bound_class(type_)


def _first(types: tuple[CppType, ...], enums: Enums) -> Optional[str]:
    """The first reason among the parts of a container, where nothing opaque may stand."""
    reasons = ("" if is_opaque(type_) else _unpassable(type_, enums) for type_ in types)
    return next((why for why in reasons if why is not None), None)


def _is_scalar(type_: CppType) -> bool:
    if type_.kind == "int":
        return type_.bits <= 64
    if type_.kind == "float":
        return type_.bits in (32, 64)
    return type_.kind in _SCALARS


def _is_key(type_: CppType) -> bool:
    """True for what tvm-ffi compares by value, as a C++ map does."""
    return type_.kind in ("string", "bool") or (type_.kind == "int" and _is_scalar(type_))


def is_opaque(type_: CppType) -> bool:
    """True for a parameter that may be any Python object as far as tvm-ffi is concerned."""
    inner = type_.args[0] if type_.kind == "optional" and type_.args else type_
    return inner.kind == _OPAQUE




def shim_type(type_: CppType) -> str:
    """The parameter type of the shim function.

    ``const std::optional<at::Tensor>&`` -> ``Optional<TensorView>``.
    """
    kind = type_.kind
    if is_opaque(type_):
        return "Any"
    if kind == "tensor":
        return "TensorView"
    if kind == "optional":
        inner = type_.args[0]
        return f"Optional<{shim_type(inner)}>"
    if kind in _TEMPLATES:
        return f"{_TEMPLATES[kind]}<{', '.join(stored_type(arg) for arg in type_.args)}>"
    return stored_type(type_)


def stored_type(type_: CppType) -> str:
    """The type inside a container, where only owning types may stand."""
    simple = {
        "tensor": "Tensor",
        "int": "int64_t",
        "enum": "int64_t",
        "float": "double",
        "bool": "bool",
        "string": "String",
        "scalar_type": "DLDataType",
        "device": "DLDevice",
        "void": "void",
    }
    if type_.kind in simple:
        return simple[type_.kind]
    if type_.kind == "optional" and not is_opaque(type_):
        return f"Optional<{stored_type(type_.args[0])}>"
    return shim_type(type_)


def returned_type(type_: CppType) -> str:
    """The result type of the shim function. Members of a tuple may differ: an array of anything."""
    if type_.kind in ("tuple", "pair"):
        return "Array<Any>"
    if type_.kind in ("list", "array", "map"):
        return f"{_TEMPLATES[type_.kind]}<{', '.join(returned_type(arg) for arg in type_.args)}>"
    if type_.kind == "optional":
        return f"Optional<{returned_type(type_.args[0])}>"
    return stored_type(type_)


def python_type(type_: CppType, enums: Mapping[str, str] = MappingProxyType({})) -> str:
    """The type hint. ``enums`` are the Python names of enums that the adaptor has, by their C++ ones."""
    kind = type_.kind
    if kind in _PYTHON_NAMES:
        return _PYTHON_NAMES[kind]
    if kind == "enum":
        return enums.get(enum_name(type_), "Any")
    inner = [python_type(arg, enums) for arg in type_.args]
    if kind == "function":
        return f"Callable[[{', '.join(inner[1:])}], {inner[0]}]"
    return f"{_GENERICS.get(kind, 'Tuple')}[{', '.join(inner)}]"


def cpp_spelling(type_: CppType) -> str:
    """The C++ type in a migrated declaration: canonical, with carried names and fixed-width ints."""
    text = type_.canonical or type_.spelling
    for old, new in (
        ("at::Tensor", "ffi_port::Tensor"),
        ("c10::ScalarType", "ffi_port::ScalarType"),
        ("c10::Device", "ffi_port::Device"),
        ("at::Generator", "ffi_port::Generator"),
        ("c10::ArrayRef", "ffi_port::ArrayRef"),
        ("unsigned long", "uint64_t"),
        ("unsigned char", "uint8_t"),
        ("signed char", "int8_t"),
        ("unsigned short", "uint16_t"),
    ):
        text = text.replace(old, new)
    words = [("long", "int64_t")]
    for old, new in words:
        text = _replace_word(text, old, new)
    return text.replace("std::basic_string<char>", "std::string")


def _replace_word(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{old}\b(?!\s+long\b)(?<!long long)", new, text)
