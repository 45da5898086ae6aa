"""TOML text -> dict: the standard library's reader, or tomli before Python 3.11."""

from __future__ import annotations

import importlib
from typing import Any


class TomlError(ValueError):
    """The text is not TOML; the message names line and column."""


def read_toml(text: str) -> dict[str, Any]:
    reader: Any = None
    for name in ("tomllib", "tomli"):
        try:
            reader = importlib.import_module(name)
            break
        except ImportError:
            continue
    if reader is None:
        raise TomlError("no TOML reader: install tomli, or use Python 3.11 or newer")
    try:
        table: dict[str, Any] = reader.loads(text)
    except ValueError as error:
        raise TomlError(str(error)) from error
    return table
