"""C++ constant expressions as Python values."""

from __future__ import annotations

from typing import Optional, Union

from migrate.parse import clang
from migrate.parse.clang import Cursor


def evaluate(cursor: Cursor) -> Union[int, float, str, None]:
    """The value of a constant expression as int, float or str; None when it has none."""
    if clang.kind_name(cursor) == "STRING_LITERAL":
        return _string_value(clang.spelling(cursor))
    value = clang.evaluate(cursor)
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
