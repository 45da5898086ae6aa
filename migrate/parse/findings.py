"""What the parser has to say about files and operators, as diagnostics."""

from __future__ import annotations

from typing import Iterable, Sequence

from migrate.model.bindings import Operator
from migrate.model.cpp import Function
from migrate.model.source import Diagnostic
from migrate.parse.unit import UnitFacts

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


def file_problems(
    facts: Sequence[UnitFacts], definitions: Iterable[Sequence[Function]]
) -> list[Diagnostic]:
    """Files that could not be read, and syntax errors that lie in no function."""
    rows = [
        Diagnostic("MIG201", "error", unit.path, 1, 1, unit.failure, "reduce the file and report it")
        for unit in facts
        if unit.failure
    ]
    bodies = [f.span for functions in definitions for f in functions]
    registries = [(r.file, r.start, r.end) for unit in facts for r in unit.registries]
    seen: set[str] = set()
    for unit in facts:
        for problem in unit.problems:
            if problem.file in seen or not problem.message.startswith(_SYNTAX):
                continue
            if any(
                s.file == problem.file and s.start <= problem.offset < s.end for s in bodies
            ) or any(f == problem.file and a <= problem.offset < b for f, a, b in registries):
                continue
            seen.add(problem.file)
            rows.append(
                Diagnostic(
                    "MIG202",
                    "error",
                    problem.file,
                    problem.line,
                    problem.column,
                    f"syntax error: {problem.message}",
                    "make the file compile; what stands before the error was still read",
                )
            )
    return rows


def operator_findings(operator: Operator) -> list[Diagnostic]:
    """Why an operator cannot be analysed: each reason once, at its place."""
    row, function = operator.registration, operator.function
    if row.kind in ("class", "enum"):
        message = f"`py::{row.kind}_` {row.name} needs a human: it is not a function"
        return [_manual("MIG221", operator, message, "keep it in the legacy module")]
    if row.kind == "attribute":
        return []
    if row.unresolved:
        message = f"`{row.name or row.target_text}` cannot be resolved: {row.unresolved}"
        return [_manual("MIG210", operator, message, "bind a named function with a literal name")]
    if function is None:
        message = f"`{row.name}` binds `{row.target_text}`, which no file of the tree declares"
        return [_manual("MIG210", operator, message, "add the file that defines it to the tree")]
    if function.body_span is None:
        message = f"`{row.name}` binds `{function.qualified}`, which is declared but not defined"
        return [_manual("MIG211", operator, message, "add the file that defines it to the tree")]
    rows = [
        _manual("MIG212", operator, f"`{function.name}` does not parse: {error}", "")
        for error in function.errors[:1]
    ]
    return rows


def _manual(id_: str, operator: Operator, message: str, hint: str) -> Diagnostic:
    span = operator.registration.span
    return Diagnostic(
        id_, "manual", span.file, span.line, span.column, message, hint, operator.id
    )
