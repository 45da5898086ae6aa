"""Signature lines and docstrings as pybind11 writes them (AITER executes the first line)."""

from __future__ import annotations

import re

from migrate.model.bindings import Registration
from migrate.model.cpp import CppType, Function

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


def doc_type(type_: CppType, argument: bool) -> str:
    """pybind11 3's name of a type; arguments are described by what they accept."""
    if argument and type_.kind in _ARGUMENT:
        return _ARGUMENT[type_.kind]
    if type_.kind in _PLAIN:
        return _PLAIN[type_.kind]
    inner = [doc_type(arg, argument) for arg in type_.args]
    if type_.kind == "optional":
        return f"{inner[0]} | None"
    if type_.kind == "list":
        return _sequence(inner[0], argument)
    if type_.kind == "array":
        length = re.search(r"(\d+)(?:UL)?>(?: ?&)?$", type_.canonical)
        fixed = f"FixedSize({length[1]})" if length else "FixedSize"
        return f'typing.Annotated[{_sequence(inner[0], argument)}, "{fixed}"]'
    if type_.kind == "map":
        return f"{'collections.abc.Mapping' if argument else 'dict'}[{', '.join(inner)}]"
    return f"tuple[{', '.join(inner)}]"


def _sequence(inner: str, argument: bool) -> str:
    return f"collections.abc.Sequence[{inner}]" if argument else f"list[{inner}]"


def docstring(row: Registration, function: Function) -> str:
    """The whole ``__doc__`` of a bound function.

    ``f(x: torch.Tensor, eps: ... = 1e-06) -> torch.Tensor`` and the text below it.
    """
    parts: list[str] = []
    for index, param in enumerate(function.params):
        arg = row.args[index] if row.has_args else None
        name = arg.name if arg is not None else f"arg{index}"
        text = f"{name}: {doc_type(param.type, True)}"
        if arg is not None and arg.python is not None:
            text += f" = {arg.python}"
        if arg is not None and arg.keyword_only and not any(p.startswith("*") for p in parts):
            parts.append("*")
        parts.append(text)
    line = f"{row.name}({', '.join(parts)}) -> {doc_type(function.returns, False)}\n"
    return f"{line}\n{row.doc}\n" if row.doc else line
