"""What a reviewer should know of a migrated operator although nothing changes: launches without a
device guard and launches on the default stream are kept as they are."""

from __future__ import annotations

import re
from typing import Iterable

from migrate.model.bindings import Module, Operator
from migrate.model.plan import FilePlan
from migrate.model.project import Project
from migrate.model.source import Diagnostic, span_at
from migrate.plan.files import FilePlanner
from migrate.text.lexer import code_tokens

_STREAM = re.compile(r"getCurrent(?:CUDA|HIP)Stream\w*")
_GUARD = re.compile(r"\w*Guard(?:MasqueradingAsCUDA)?")


def launch_notes(project: Project, files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per migrated operator and finding."""
    rows = []
    for operator in files.reach.migrated(module):
        names, launches = _words(project, operator)
        if not launches:
            continue
        if not any(_GUARD.fullmatch(name) for name in names):
            rows.append(_note("MIG310", operator, "launches without a device guard"))
        if not any(_STREAM.fullmatch(name) or name.endswith("Stream_t") for name in names):
            rows.append(_note("MIG311", operator, "launches on the default stream"))
    return rows


def left_out_notes(files: FilePlanner, plans: Iterable[FilePlan]) -> list[Diagnostic]:
    """One note per file that keeps a torch name where no configuration of the tree compiles it."""
    rows = []
    for plan in plans:
        names = files.reach.outcomes.feasibility.names_left_out(plan.path) if plan.action == "strip" else ()
        if names:
            (name, condition), others = names[0], len(names) - 1
            span = span_at(plan.path, files.reach.data(plan.path), name.offset, name.offset)
            more = f" (and {others} more)" if others else ""
            message = f"`{name.name}`{more} stands where {condition}, which no build file says: kept as it is"
            hint = "scan with --define to see the branch, or delete it if nobody builds it"
            rows.append(Diagnostic("MIG215", "note", span.file, span.line, span.column, message, hint))
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


def _note(id_: str, operator: Operator, finding: str) -> Diagnostic:
    function = operator.function
    assert function is not None
    span = function.span
    return Diagnostic(
        id_,
        "note",
        span.file,
        span.line,
        span.column,
        f"`{operator.registration.name}` {finding}, as the original does",
        "the migrated operator keeps it; change it in a commit of its own",
        operator.id,
    )
