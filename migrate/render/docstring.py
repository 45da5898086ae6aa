"""Signature lines and docstrings as pybind11 writes them (AITER executes the first line)."""

from __future__ import annotations

from typing import Mapping, Sequence

from migrate.model.bindings import Operator, PyArg
from migrate.model.cpp import CppType
from migrate.model.plan import ModulePlan
from migrate.render.enums import enum_names
from migrate.render.python_text import dtype_name
from migrate.rules.enums import enum_name
from migrate.rules.kinds import array_size

_ARGUMENT = {
    "int": "typing.SupportsInt | typing.SupportsIndex",
    "float": "typing.SupportsFloat | typing.SupportsIndex",
}
_PLAIN = {
    "tensor": "torch.Tensor",
    "bool": "bool",
    "string": "str",
    "void": "None",
    "int": "int",
    "float": "float",
    "scalar_type": "torch.dtype",
    "device": "torch.device",
    "generator": "torch.Generator",
}


def doc_type(type_: CppType, argument: bool, enums: Mapping[str, str] = {}) -> str:
    """pybind11 3's name of a type; arguments are described by what they accept.

    ``enums`` has the full Python names of enums that were bound before, by their C++ names.
    """
    kind = type_.kind
    if argument and kind in _ARGUMENT:
        return _ARGUMENT[kind]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "enum":
        return enums.get(enum_name(type_), enum_name(type_))
    if kind == "function":
        taken = ", ".join(doc_type(arg, True, enums) for arg in type_.args[1:])
        return f"collections.abc.Callable[[{taken}], {doc_type(type_.args[0], False, enums)}]"
    inner = [doc_type(arg, argument, enums) for arg in type_.args]
    if kind == "optional":
        return f"{inner[0]} | None"
    if kind == "variant":
        return " | ".join(inner)
    if kind == "map":
        return f"{'collections.abc.Mapping' if argument else 'dict'}[{', '.join(inner)}]"
    if "c10::ArrayRef<long>" in type_.canonical:
        return "Tuple[int, ...]"
    listed = f"collections.abc.Sequence[{inner[0]}]" if argument else f"list[{inner[0]}]"
    if kind == "array":
        return f'typing.Annotated[{listed}, "FixedSize({array_size(type_)})"]'
    return listed if kind == "list" else f"tuple[{', '.join(inner)}]"


def docstring(operator: Operator, module: ModulePlan) -> str:
    """The whole ``__doc__`` of a bound function.

    ``f(x: torch.Tensor, eps: ... = 1e-06) -> torch.Tensor`` and the text below it.
    """
    row = operator.registration
    line = f"{_signature(operator, module, row.name)}\n"
    return f"{line}\n{row.doc}\n" if row.doc else line


def overloaded_docstring(overloads: Sequence[Operator], module: ModulePlan) -> str:
    """All signatures, numbered, each with its text."""
    text = f"{overloads[0].registration.name}(*args, **kwargs)\nOverloaded function.\n"
    for number, operator in enumerate(overloads, 1):
        doc = operator.registration.doc
        text += f"\n{number}. {_signature(operator, module, operator.registration.name)}\n"
        text += f"\n{doc}\n" if doc else ""
    return text


def _signature(operator: Operator, module: ModulePlan, name: str) -> str:
    row, function = operator.registration, operator.function
    assert function is not None
    enums = _known_enums(operator, module)
    parts: list[str] = []
    for index, param in enumerate(function.params):
        arg = row.args[index] if row.has_args else None
        # What takes no conversions is described by what it is.
        type_ = doc_type(param.type, arg is None or arg.convert, enums)
        text = f"{arg.name if arg is not None else f'arg{index}'}: {type_}"
        if arg is not None and arg.python is not None:
            text += f" = {shown_default(arg)}"
        if arg is not None and arg.keyword_only and not any(p.startswith("*") for p in parts):
            parts.append("*")
        parts.append(text)
        if arg is not None and arg.positional_only and not _follows(row.args, index):
            parts.append("/")
    return f"{name}({', '.join(parts)}) -> {doc_type(function.returns, False, enums)}"


def _follows(args: Sequence[PyArg], index: int) -> bool:
    return index + 1 < len(args) and args[index + 1].positional_only


def shown_default(arg: PyArg) -> str:
    """``repr`` of a default as Python shows it."""
    if arg.shown is not None:
        return arg.shown
    text = arg.python or ""
    return f"torch.{dtype_name(text)}" if text.startswith("ScalarType.") else text


def _known_enums(operator: Operator, module: ModulePlan) -> dict[str, str]:
    """pybind11 prints the Python name of what is bound so far, and else the C++ one. Whoever calls the
    operator has the modules of other enums loaded."""
    names, span = enum_names(module), operator.registration.span
    rows = [row.operator.registration for row in module.operators]
    own = {row.enum.cpp for row in rows if row.enum is not None}
    foreign = [row for row in module.enums if row.enum is not None and row.enum.cpp not in own]
    before = [row for row in rows if row.span.file != span.file or row.span.start < span.start]
    return {
        row.enum.cpp: f"{row.module}.{names[row.enum.cpp]}"
        for row in (*before, *foreign)
        if row.enum is not None and row.enum.cpp in names
    }
