"""A small tree on disk, analysed and rendered: what several tests of rules and generated code share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from migrate.model.cpp import Function
from migrate.pipeline import Analysis, Request, analyse
from migrate.render import render, with_manifest

HEAD = "#include <torch/extension.h>\nnamespace py = pybind11;\n"


@cache
def analysed(source: str) -> Analysis:
    """The analysis of one C++ file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "ops.cpp").write_text(HEAD + source, encoding="latin-1")
        return analyse(Request(Path(folder), "cpu"))


@cache
def rendered(source: str) -> dict[str, str]:
    """The generated files by path."""
    analysis = analysed(source)
    files = with_manifest(
        analysis.project, analysis.plan, render(analysis.project, analysis.model, analysis.plan)
    )
    return {path: data.decode("utf-8", "replace") for path, data in files.write.items()}


def function_of(source: str, name: str) -> Function:
    return next(f for f in analysed(source).model.functions if f.name == name)


def tiers(source: str) -> dict[str, str]:
    rows = (row for module in analysed(source).plan.modules for row in module.operators)
    return {row.operator.registration.name: row.tier for row in rows}


def reasons(source: str) -> dict[str, str]:
    rows = (row for module in analysed(source).plan.modules for row in module.operators)
    return {row.operator.registration.name: row.reason for row in rows}
