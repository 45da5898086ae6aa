"""C++ constant expressions as Python values."""

from __future__ import annotations

import ctypes
from typing import Optional, Union

from migrate.parse import clang
from migrate.parse.clang import Cursor

_evaluate = clang.declare("clang_Cursor_Evaluate", ctypes.c_void_p, clang.CURSOR)
_result_kind = clang.declare("clang_EvalResult_getKind", ctypes.c_int, ctypes.c_void_p)
_result_int = clang.declare("clang_EvalResult_getAsLongLong", ctypes.c_longlong, ctypes.c_void_p)
_result_float = clang.declare("clang_EvalResult_getAsDouble", ctypes.c_double, ctypes.c_void_p)
_result_text = clang.declare("clang_EvalResult_getAsStr", ctypes.c_char_p, ctypes.c_void_p)
_result_dispose = clang.declare("clang_EvalResult_dispose", None, ctypes.c_void_p)


def evaluate(cursor: Cursor) -> Union[int, float, str, None]:
    """The value of a constant expression as int, float or str; None when it has none."""
    if clang.kind_name(cursor) == "STRING_LITERAL":
        return _string_value(clang.spelling(cursor))
    value = _evaluated(cursor)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _string_value(spelling: str) -> Optional[str]:
    """The text of a literal that libclang spells with quotes and C escapes, bytes as octal."""
    quote = spelling.find('"')
    if quote < 0 or not spelling.endswith('"'):
        return None
    raw = spelling[quote + 1 : -1].encode("utf-8").decode("latin-1")
    return (
        raw.encode("latin-1").decode("unicode_escape").encode("latin-1", "replace").decode("utf-8", "replace")
    )


def _evaluated(cursor: Cursor) -> Union[int, float, bytes, None]:
    """The value of a constant expression; None when it has none."""
    result = _evaluate(cursor)
    if not result:
        return None
    try:
        kind = _result_kind(result)
        if kind == 1:
            return int(_result_int(result))
        if kind == 2:
            return float(_result_float(result))
        text: Optional[bytes] = _result_text(result) if kind in (3, 4, 5) else None
        return text
    finally:
        _result_dispose(result)
