"""What a function says of itself: docstring, keywords, defaults, and other names of the same object."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any, Optional

_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def described(function: Any, scope: Any) -> dict[str, Any]:
    """As plain values. ``keywords`` is None where they cannot be known (pybind11's overloads)."""
    aliases = [name for name, other in vars(scope).items() if other is function] if scope else []
    return {
        "kind": "function",
        "name": getattr(function, "__name__", ""),
        "doc": _ADDRESS.sub("0x", function.__doc__ or ""),
        "keywords": keywords(function),
        "aliases": sorted(name for name in aliases if not name.startswith("_")),
    }


def keywords(function: Any) -> Optional[list[str]]:
    """``["x", "eps = 1e-06", "* flag = False"]``"""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return documented_keywords(function.__doc__ or "")
    rows = []
    for param in signature.parameters.values():
        if param.kind in (param.VAR_POSITIONAL, param.VAR_KEYWORD):
            return None  # it passes on whatever it gets
        star = "* " if param.kind == param.KEYWORD_ONLY else ""
        default = "" if param.default is param.empty else f" = {param.default!r}"
        rows.append(f"{star}{param.name}{default}")
    return rows


def documented_keywords(doc: str) -> Optional[list[str]]:
    """The same from the signature line that pybind11 puts first in a docstring."""
    line = (doc.splitlines() or [""])[0]
    try:
        tree = ast.parse(f"def {line}: pass").body[0]
    except SyntaxError:
        return None  # a default without a Python spelling
    if not isinstance(tree, ast.FunctionDef) or tree.args.vararg or tree.args.kwarg:
        return None
    given = tree.args
    plain = [*given.posonlyargs, *given.args]
    missing: list[Optional[ast.expr]] = [None] * (len(plain) - len(given.defaults))
    rows = [_row("", arg, default) for arg, default in zip(plain, [*missing, *given.defaults])]
    return rows + [_row("* ", arg, default) for arg, default in zip(given.kwonlyargs, given.kw_defaults)]


def _row(star: str, arg: ast.arg, default: Optional[ast.expr]) -> str:
    if default is None:
        return f"{star}{arg.arg}"
    try:
        text = repr(ast.literal_eval(default))
    except ValueError:
        text = ast.unparse(default)
    return f"{star}{arg.arg} = {text}"
