"""What the parser has to say about files and operators, as diagnostics."""

from __future__ import annotations

import re
from typing import Iterable, Sequence

from migrate.model.bindings import Operator, Registration
from migrate.model.cpp import Function
from migrate.model.source import Diagnostic
from migrate.parse.clang import Problem
from migrate.parse.unit import UnitFacts

_Place = tuple[str, int, int]
# A broken file, as opposed to a name that a missing header would declare.
_SYNTAX = (
    "expected '}'",
    "extraneous closing brace",
    "unterminated",
    "missing terminating",
    "unmatched",
    "#include nested too deeply",
    "source file is not valid",
)
_UNKNOWN = re.compile(r"undeclared|unknown|no (?:member|type|template|matching)|not found")


def file_problems(facts: Sequence[UnitFacts], definitions: Iterable[Sequence[Function]]) -> list[Diagnostic]:
    """Files that could not be read, and syntax errors that lie in no function."""
    rows = [
        Diagnostic("MIG201", "error", unit.path, 1, 1, unit.failure, "reduce the file and report it")
        for unit in facts
        if unit.failure
    ]
    bodies = {(f.span.file, f.span.start, f.span.end) for functions in definitions for f in functions}
    registries = {(r.file, r.start, r.end) for unit in facts for r in unit.registries}
    seen: set[str] = set()
    for unit in facts:
        for problem in unit.problems:
            if problem.file not in seen and _breaks_file(problem, unit, bodies, registries):
                seen.add(problem.file)
                rows.append(_syntax_error(problem))
    return rows


def _breaks_file(
    problem: Problem,
    unit: UnitFacts,
    bodies: set[tuple[str, int, int]],
    registries: set[tuple[str, int, int]],
) -> bool:
    """Whether a syntax error costs more than the function it stands in: in a list of registrations,
    whose rest cannot be trusted, or outside of everything."""
    if _holds(registries, problem):
        # After an unknown name, clang expects all sorts of things: that is no broken file.
        beside = [o.message for o in unit.problems if (o.file, o.line) == (problem.file, problem.line)]
        return problem.message.startswith("expected ") and not any(map(_UNKNOWN.search, beside))
    return problem.message.startswith(_SYNTAX) and not _holds(bodies, problem)


def _holds(ranges: set[_Place], problem: Problem) -> bool:
    return any(file == problem.file and start <= problem.offset < end for file, start, end in ranges)


def _syntax_error(problem: Problem) -> Diagnostic:
    return Diagnostic(
        "MIG202",
        "error",
        problem.file,
        problem.line,
        problem.column,
        f"syntax error: {problem.message}",
        "make the file compile; what stands before the error was still read",
    )


def operator_findings(operator: Operator) -> list[Diagnostic]:
    """Why an operator cannot be analysed: each reason once, at its place."""
    row, function = operator.registration, operator.function
    if row.kind == "class":
        message = f"`py::class_` {row.name} needs a human: it is not a function"
        return [_manual("MIG221", operator, message, "keep it in the legacy module")]
    if row.kind in ("attribute", "enum"):  # whether an enum stays is decided with its users
        return []
    if row.dispatch is not None:
        return []  # its registration stays where it is whatever is wrong; the plan says why
    if row.unresolved:
        message = f"`{row.name or row.target_text}` cannot be resolved: {row.unresolved}"
        return [_manual("MIG210", operator, message, "bind a named function with a literal name")]
    if function is None:
        message = f"`{row.name}` binds `{row.target_text}`, which no file of the tree declares"
        return [_manual("MIG210", operator, message, "add the file that defines it to the tree")]
    if function.body_span is None:
        message = f"`{row.name}` binds `{function.qualified}`, which is declared but not defined"
        return [_manual("MIG211", operator, message, "add the file that defines it to the tree")]
    if function.errors:
        message = f"`{function.name}` does not parse: {function.errors[0]}"
        span = row.span
        return [Diagnostic("MIG212", "note", span.file, span.line, span.column, message, "", operator.id)]
    return _inactive_uses(operator, function)


def _inactive_uses(operator: Operator, function: Function) -> list[Diagnostic]:
    uses = [use for use in function.unseen_uses if "(only where" in use]
    if not uses:
        return []
    span = function.span
    message = f"`{function.name}` uses tensors in a branch that this scan leaves out: {', '.join(uses)}"
    hint = "scan for the other backend, or with --define, to see the branch"
    return [Diagnostic("MIG214", "note", span.file, span.line, span.column, message, hint, operator.id)]


def inactive_findings(facts: Sequence[UnitFacts]) -> list[Diagnostic]:
    """Registrations that the preprocessor left out everywhere: they belong to no operator."""
    registries = [registry for unit in facts for registry in unit.registries]
    active = {(r.file, r.start, row.name) for r in registries for row in r.registrations}
    blocks = [block for unit in facts for block in unit.blocks]
    active |= {(b.span.file, b.span.start, call.text) for b in blocks for call in b.calls}
    registries += [block.registry for block in blocks]
    return [
        Diagnostic(
            "MIG213",
            "note",
            row.span.file,
            row.span.line,
            row.span.column,
            f"`{row.name}` is registered only where {row.needs}",
            f"scan with --define {row.define} to include it" if row.define else "",
        )
        for registry in registries
        for row in registry.inactive
        if (registry.file, registry.start, row.name) not in active
    ]


def dead_findings(dead: Sequence[Registration]) -> list[Diagnostic]:
    """Registrations in code that nothing runs."""
    return [
        Diagnostic(
            "MIG220",
            "note",
            row.span.file,
            row.span.line,
            row.span.column,
            f"`{row.name}` is registered here, but no module reaches this code",
            "call it from a PYBIND11_MODULE, or delete it",
        )
        for row in dead
    ]


def _manual(id_: str, operator: Operator, message: str, hint: str) -> Diagnostic:
    span = operator.registration.span
    return Diagnostic(id_, "manual", span.file, span.line, span.column, message, hint, operator.id)
