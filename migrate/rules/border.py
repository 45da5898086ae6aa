"""Types at the Python border: what the shim takes, how it converts, what the adaptor says of it."""

from __future__ import annotations

import keyword
from typing import Optional

from migrate.model.bindings import Registration
from migrate.model.cpp import CppType, Function
from migrate.rules.results import history_reason

_SCALARS = ("int", "float", "bool", "string", "scalar_type", "device")
# What travels as the object it is in Python, and is None where it is absent.
_OPAQUE = "generator"
# What the bodies of generated functions call: a parameter of that name would hide it.
_USED_BY_ADAPTOR = frozenset({"str", "tuple", "list", "resolve"})
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


def border_reason(function: Function, row: Registration) -> Optional[str]:
    """Why the binding of ``function`` cannot be generated; None when it can."""
    for param in function.params:
        if not _is_passable(param.type):
            return f"parameter `{param.name}` has type `{param.type.spelling}`"
    if not _is_returnable(function.returns):
        return f"it returns `{function.returns.spelling}`"
    # Below autograd, torch records nothing of what the function does.
    recorded = row.dispatch is None or not row.dispatch.is_below_autograd
    return binding_reason(function, row) or (history_reason(function) if recorded else None)


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


def _is_passable(type_: CppType) -> bool:
    if type_.kind == "tensor" or type_.kind in _SCALARS:
        return not (type_.kind == "int" and type_.bits > 64)
    if is_opaque(type_):
        return True
    if type_.kind in ("optional", "list", "tuple", "pair"):
        parts = type_.args[:1] if type_.kind in ("optional", "list") else type_.args
        return bool(parts) and all(_is_passable(part) and not is_opaque(part) for part in parts)
    return False


def is_opaque(type_: CppType) -> bool:
    """True for a parameter that may be any Python object as far as tvm-ffi is concerned."""
    inner = type_.args[0] if type_.kind == "optional" and type_.args else type_
    return inner.kind == _OPAQUE


def _is_returnable(type_: CppType) -> bool:
    if type_.kind == "void" or type_.kind == "tensor" or type_.kind in _SCALARS:
        return True
    if type_.kind in ("optional", "list", "tuple", "pair"):
        return bool(type_.args) and all(_is_returnable(arg) for arg in type_.args)
    return False


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
    if kind == "list":
        return f"Array<{stored_type(type_.args[0])}>"
    if kind in ("tuple", "pair"):
        return f"Tuple<{', '.join(stored_type(arg) for arg in type_.args)}>"
    return stored_type(type_)


def stored_type(type_: CppType) -> str:
    """The type inside a container, where only owning types may stand."""
    simple = {
        "tensor": "Tensor",
        "int": "int64_t",
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
    if type_.kind == "list":
        return f"Array<{returned_type(type_.args[0])}>"
    if type_.kind == "optional":
        return f"Optional<{returned_type(type_.args[0])}>"
    return stored_type(type_)


def python_type(type_: CppType) -> str:
    """The type hint, and what pybind11 prints in a signature line."""
    kind = type_.kind
    if kind in _PYTHON_NAMES:
        return _PYTHON_NAMES[kind]
    inner = [python_type(arg) for arg in type_.args]
    if kind == "optional":
        return f"Optional[{inner[0]}]"
    if kind in ("list", "array"):
        return f"List[{inner[0]}]"
    if kind == "map":
        return f"Dict[{inner[0]}, {inner[1]}]"
    return f"Tuple[{', '.join(inner)}]"


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
    import re

    return re.sub(rf"\b{old}\b(?!\s+long\b)(?<!long long)", new, text)
