"""Pieces of Python source, as a formatter would write them."""

from __future__ import annotations

import re
from typing import Sequence

_LINE = 100
_DTYPES = {
    "Half": "float16",
    "Float": "float32",
    "Double": "float64",
    "BFloat16": "bfloat16",
    "Byte": "uint8",
    "Char": "int8",
    "Short": "int16",
    "Int": "int32",
    "Long": "int64",
    "Bool": "bool",
}


def broken(parts: Sequence[str], taken: int, indent: str = "") -> str:
    """Arguments on one line, or one on each where they do not fit."""
    flat = ", ".join(parts)
    if len(flat) + taken <= _LINE:
        return flat
    inner = "".join(f"{indent}    {part},\n" for part in parts[:-1])
    last = "" if parts[-1] == "/" else ","
    return f"\n{inner}{indent}    {parts[-1]}{last}\n{indent}"


def default_value(text: str) -> str:
    """Python source for a default: ``inf`` and dtypes have no literal."""
    if text in ("inf", "-inf", "nan"):
        return f'float("{text}")'
    if re.fullmatch(r"ScalarType\.\w+", text):
        return f"torch_dtype({literal(dtype_name(text))})"
    return text


def dtype_name(text: str) -> str:
    """``ScalarType.Half`` -> ``float16``."""
    name = text.rpartition(".")[2]
    return _DTYPES.get(name, name.lower())


def literal(text: str) -> str:
    """A string literal in double quotes, as a formatter would write it."""
    quoted = repr(text)
    if quoted.startswith("'") and '"' not in quoted:
        quoted = '"' + quoted[1:-1] + '"'
    return quoted


def docstring_literal(text: str) -> str:
    """A real docstring, not indented: pybind11's has no indentation, and programs compare it."""
    printable = text.replace("\n", "").isprintable()
    if '"""' in text or "\\" in text or text.endswith('"') or not printable:
        return literal(text)
    return f'"""{text}"""'


def tuple_of(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
