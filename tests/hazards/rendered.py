"""What the tool writes for a tree of one source, and parts of it that run by themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from migrate.pipeline import Request, analyse
from migrate.render import render


@cache
def generated(source: str, backend: str = "cuda", suffix: str = ".cu", script: str = "") -> SimpleNamespace:
    """The report and the written files; ``script`` is a setup.py."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"ops{suffix}").write_text(source)
        if script:
            (Path(folder) / "setup.py").write_text(script)
        analysis = analyse(Request(Path(folder), backend))
        files = render(analysis.project, analysis.model, analysis.plan)
    texts = {path: data.decode("utf-8", "replace") for path, data in files.write.items()}
    shim = next((text for path, text in texts.items() if path.endswith("_ffi.cc")), "")
    tiers = {row.name: row.tier for row in analysis.report.operators}
    said = {(d.id, (d.operator or "").rpartition(":")[2]) for d in analysis.report.diagnostics}
    kernels = texts.get(f"ops{suffix}", "")
    return SimpleNamespace(
        files=texts, kernels=kernels, shim=shim, tiers=tiers, said=said, report=analysis.report
    )


def adaptor(files: dict[str, str], name: str = "__init__.py") -> str:
    return next(text for path, text in files.items() if path.endswith(f"ops/{name}"))


def parts_of(text: str, *names: str, **scope: Any) -> dict[str, Any]:
    """Functions, classes and constants of a module by name, run without the rest of it; ``scope`` has what
    they use."""
    wanted = [node for node in ast.parse(text).body if {*names}.intersection(_names(node))]
    future = ast.parse("from __future__ import annotations").body
    exec(compile(ast.Module([*future, *wanted], []), "<parts>", "exec"), scope)
    return scope


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    if isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
