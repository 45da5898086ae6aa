"""What a reviewer should know of a migrated operator: launches without a device guard and launches on
the default stream are kept as they are; names from headers outside the tree were not seen."""

from __future__ import annotations

import re

from migrate.model.bindings import Module, Operator
from migrate.model.project import Project
from migrate.model.source import Diagnostic
from migrate.plan.files import FilePlanner
from migrate.rules.absent import absent_names
from migrate.text.lexer import code_tokens

_STREAM = re.compile(r"getCurrent(?:CUDA|HIP)Stream\w*")
_GUARD = re.compile(r"\w*Guard(?:MasqueradingAsCUDA)?")


def absent_notes(files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per operator whose host code uses names that no file of the tree declares."""
    rows = []
    for operator in files.reach.operators_of(module):
        names = absent_names(files.reach.closure(operator))
        if names:
            message = f"`{operator.registration.name}` uses {names}"
            hint = "host code is rewritten around them; build and test it where these headers are"
            rows.append(_note("MIG320", operator, message, hint))
    return rows


def launch_notes(project: Project, files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per migrated operator and finding."""
    rows = []
    for operator in files.reach.migrated(module):
        names, launches = _words(project, operator)
        if not launches:
            continue
        if not any(_GUARD.fullmatch(name) for name in names):
            rows.append(_kept("MIG310", operator, "launches without a device guard"))
        if not any(_STREAM.fullmatch(name) or name.endswith("Stream_t") for name in names):
            rows.append(_kept("MIG311", operator, "launches on the default stream"))
    return rows


def _words(project: Project, operator: Operator) -> tuple[set[str], bool]:
    """Names in the host function, and whether it launches a kernel itself."""
    function = operator.function
    file = project.file(function.span.file) if function is not None else None
    if function is None or file is None:
        return set(), False
    text = file.data.decode("latin-1")[function.span.start : function.span.end]
    tokens = code_tokens(text)
    launches = any(t.text == "<<<" or t.text == "hipLaunchKernelGGL" for t in tokens)
    return {t.text for t in tokens if t.kind == "name"}, launches


def _kept(id_: str, operator: Operator, finding: str) -> Diagnostic:
    message = f"`{operator.registration.name}` {finding}, as the original does"
    return _note(id_, operator, message, "the migrated operator keeps it; change it in a commit of its own")


def _note(id_: str, operator: Operator, message: str, hint: str) -> Diagnostic:
    assert operator.function is not None
    span = operator.function.span
    return Diagnostic(id_, "note", span.file, span.line, span.column, message, hint, operator.id)
