"""Small sources, scanned and parsed, for the tests of the parser."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from migrate.model.bindings import Model, Operator
from migrate.model.cpp import Function
from migrate.parse import parse
from migrate.scan import scan


def model_of(folder: Path, files: dict[str, str], defines: Sequence[str] = (), backend: str = "cpu") -> Model:
    """The Model of a tree of these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return parse(scan(folder, backend, defines), 1)


def bound(folder: Path, body: str, before: str = "", defines: Sequence[str] = ()) -> Model:
    """The Model of one file: ``before``, then a module with ``body``."""
    text = f"#include <torch/extension.h>\n{before}\nPYBIND11_MODULE(ext, m) {{\n{body}\n}}\n"
    return model_of(folder, {"ext.cpp": text}, defines)


def functions(model: Model) -> list[Operator]:
    return [operator for operator in model.operators if operator.registration.kind == "function"]


def only(model: Model) -> Operator:
    """The one function that a module binds."""
    rows = functions(model)
    assert len(rows) == 1, [row.id for row in rows]
    return rows[0]


def function_of(operator: Operator) -> Function:
    assert operator.function is not None, operator.registration.unresolved
    return operator.function


def ids(model: Model) -> set[str]:
    return {diagnostic.id for diagnostic in model.diagnostics} - {"MIG120", "MIG116"}
