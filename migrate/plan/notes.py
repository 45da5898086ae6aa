"""What a reviewer should know of a migrated operator: launches without a device guard, launches on the
default stream and checks that can never fail are kept as they are; names from headers outside the tree
were not seen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable

from migrate.model.bindings import Module, Operator
from migrate.model.plan import FilePlan
from migrate.model.project import Project
from migrate.model.source import Diagnostic, Edit, span_at
from migrate.plan.files import FilePlanner
from migrate.rules.absent import absent_names
from migrate.rules.compute import compute_uses
from migrate.tables.lookup import tables_of
from migrate.text.lexer import Token, code_tokens, split_arguments

_NOT_READ = "the parser read only a part: the rest of its text names nothing of torch's that changes"
_STREAM = re.compile(r"getCurrent(?:CUDA|HIP)Stream\w*")
_CHECK = re.compile(r"\w*CHECK\w*")
_GUARD = re.compile(r"\w*Guard(?:MasqueradingAsCUDA)?")


def absent_notes(files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per operator whose host code uses names that no file of the tree declares."""
    rows = []
    for operator in files.reach.operators_of(module):
        functions = files.reach.closure(operator)
        unread = [f for f in functions if files.reach.outcomes.feasibility.is_unread(f)]
        names = absent_names(functions) or (f"`{unread[0].name}`, of which {_NOT_READ}" if unread else "")
        if names:
            message = f"`{operator.registration.name}` uses {names}"
            hint = "host code is rewritten around them; build and test it where these headers are"
            rows.append(_note("MIG320", operator, message, hint))
    return rows


def compute_notes(project: Project, files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per migrated operator that asks its host for torch's own operations."""
    rows, tables = [], tables_of(project.rules)
    for operator in files.reach.migrated(module):
        uses = [(f, node) for f in files.reach.closure(operator) for node in compute_uses(f, tables)]
        if uses:
            names = ", ".join(f"`{name}`" for name in sorted({node.spelling for _, node in uses}))
            function, node = uses[0]
            place = span_at(function.span.file, files.reach.data(function.span.file), node.start, node.start)
            message = f"`{operator.registration.name}` asks its host for {names} ({place.file}:{place.line})"
            hint = "torch's adaptor answers with torch's own; any other host registers a service `compute`"
            rows.append(_note("MIG321", operator, message, hint))
    return rows


def launch_notes(project: Project, files: FilePlanner, module: Module) -> list[Diagnostic]:
    """One note per migrated operator and finding."""
    rows = []
    for operator in files.reach.migrated(module):
        rows += _vacuous_checks(project, operator)
        names, launches = _words(project, operator)
        if not launches:
            continue
        if not any(_GUARD.fullmatch(name) for name in names):
            rows.append(_kept("MIG310", operator, "launches without a device guard"))
        if not any(_STREAM.fullmatch(name) or name.endswith("Stream_t") for name in names):
            row = _kept("MIG311", operator, "launches on the default stream")
            rows.append(replace(row, fix=_on_stream(project, operator)))
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


def left_behind_notes(
    files: FilePlanner, plans: Iterable[FilePlan], copied: frozenset[str]
) -> list[Diagnostic]:
    """One note per function that leaves its file although no library keeps the original of that file:
    it needs torch, and nothing that is migrated calls it."""
    rows = []
    for plan in plans:
        if plan.path in copied:
            continue
        for function in files.removals.leaving(plan.path):
            span = function.span
            message = f"`{function.name}` needs torch and no operator calls it: it leaves {span.file}"
            hint = "delete it from the original, or keep it in a file of its own"
            rows.append(Diagnostic("MIG303", "note", span.file, span.line, span.column, message, hint))
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


# What a file must include for the current stream, and how it is then spelled.
_CURRENT_STREAM = (
    (b"ATen/cuda/CUDAContext.h", "at::cuda::getCurrentCUDAStream()"),
    (b"ATen/hip/HIPContext.h", "at::hip::getCurrentHIPStream()"),
)


def _on_stream(project: Project, operator: Operator) -> tuple[Edit, ...]:
    """The current stream as the last argument of each launch; nothing where the file lacks the name."""
    assert operator.function is not None
    span = operator.function.span
    file = project.file(span.file)
    data = file.data if file is not None else b""
    stream = next((text for header, text in _CURRENT_STREAM if header in data), None)
    if stream is None:
        return ()
    text = data.decode("latin-1")[span.start : span.end]
    edits = []
    for match in re.finditer(r"<<<([^;<>]*)>>>", text):
        given = len(split_arguments(code_tokens(f"({match[1]})"), 0) or ())
        missing = {2: f", 0, {stream}", 3: f", {stream}"}.get(given)
        if missing is None:
            return ()
        at = span.start + match.end(1)
        edits.append(Edit(span.file, at, at, missing))
    return tuple(edits)


def _vacuous_checks(project: Project, operator: Operator) -> list[Diagnostic]:
    """``CHECK_DEVICE(key, key)`` and ``CHECK(x.size(0) == x.size(0))``: the other operand was meant."""
    function = operator.function
    file = project.file(function.span.file) if function is not None else None
    if function is None or file is None:
        return []
    tokens = code_tokens(file.data.decode("latin-1")[function.span.start : function.span.end])
    rows = []
    for index, token in enumerate(tokens[:-1]):
        if _CHECK.fullmatch(token.text) and tokens[index + 1].text == "(":
            spelled = _repeated(tokens, index + 1)
            if spelled:
                line = function.span.line + file.data.count(
                    b"\n", function.span.start, function.span.start + token.start
                )
                finding = f"checks `{spelled}` against itself in line {line}"
                rows.append(_kept("MIG312", operator, finding))
    return rows


def _repeated(tokens: tuple[Token, ...], opening: int) -> str:
    """The operand that stands on both sides of a comparison, or twice among the arguments."""
    arguments = split_arguments(tokens, opening) or []
    spelled = ["".join(t.text for t in tokens[start:end]) for start, end in arguments]
    for before, after in zip(spelled, spelled[1:]):
        if before == after and before[:1].isalpha():
            return before
    sides = spelled[0].split("==") if spelled else []
    return sides[0] if len(sides) == 2 and sides[0] == sides[1] else ""


def _kept(id_: str, operator: Operator, finding: str) -> Diagnostic:
    message = f"`{operator.registration.name}` {finding}, as the original does"
    return _note(id_, operator, message, "the migrated operator keeps it; change it in a commit of its own")


def _note(id_: str, operator: Operator, message: str, hint: str) -> Diagnostic:
    assert operator.function is not None
    span = operator.function.span
    return Diagnostic(id_, "note", span.file, span.line, span.column, message, hint, operator.id)
