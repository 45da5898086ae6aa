"""Which header a unit includes where."""

from __future__ import annotations

import ctypes
from typing import Any

from migrate.parse import clang

_Visitor = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.POINTER(clang.LOCATION), ctypes.c_uint, ctypes.py_object
)
_visit = clang.declare("clang_getInclusions", None, ctypes.c_void_p, _Visitor, ctypes.py_object)


def _append(header: int, stack: Any, depth: int, into: list[tuple[str, str, int]]) -> None:
    # The stack of places lies in libclang's memory, and only until this returns.
    if depth > 0:
        file, line, _, _ = clang.place(stack[0])
        into.append((clang.file_name(header), file, line))


_collect = _Visitor(_append)


def inclusions(unit: Any) -> list[tuple[str, str, int]]:
    """Each included file, with the including one and the line."""
    found: list[tuple[str, str, int]] = []
    _visit(unit.obj, _collect, found)
    return found
