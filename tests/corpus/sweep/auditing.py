"""The audit of one migrated tree: what changed in it, and what left by plan."""

from __future__ import annotations

import re
from collections import defaultdict

from migrate.rules.binding_code import binding_ranges
from sweep.audit import Change, Leaving, audit, read_changes
from sweep.migrating import Migrated
from sweep.results import Audit


def audited(done: Migrated) -> tuple[list[Change], Audit]:
    paths = [file.path for file in done.analysis.project.files]
    changes = read_changes(done.source, done.out, paths, _leaving(done))
    generated, copies = _written(done)
    said = done.migration.report.diagnostics
    listed = {
        (item.file, int(line))
        for item in said
        if item.id == "MIG455"
        for line in re.findall(r"\d+", item.message.partition(";")[0])
    }
    return changes, audit(changes, generated, copies, listed)


def _leaving(done: Migrated) -> Leaving:
    project, plan = done.analysis.project, done.analysis.plan
    removed = {row.path: row.removed for row in plan.files}
    for row in plan.files:
        file = project.file(row.path)
        if row.action == "delete" and file is not None:
            removed[row.path] = ((0, len(file.data)),)
    rewritten: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for module in plan.modules:
        for operator in module.operators:
            function = operator.operator.function
            if operator.split is None or function is None:
                continue
            span = function.span
            start, end = operator.split.launcher or (span.end, span.end)
            rewritten[span.file] += [(span.start, start), (end, span.end)]
    ranges = {path: tuple(rows) for path, rows in rewritten.items()}
    return Leaving(removed, binding_ranges(project, done.analysis.model), ranges)


def _written(done: Migrated) -> tuple[list[str], list[str]]:
    """The texts of files that differ from the original tree: generated or rewritten, and the copies
    that legacy and bridge libraries are compiled from."""
    plan = done.analysis.plan
    roots = {m.legacy.sources[0].split("/", 1)[0] for m in plan.modules if m.legacy is not None}
    bridged = {row.copy for row in plan.bridged}
    generated: list[str] = []
    copies: list[str] = []
    for path in done.migration.tree.written:
        file, origin = done.out / path, done.source / path
        if path.startswith(".migrate/") or not file.is_file():
            continue
        data = file.read_bytes()
        if not origin.is_file() or origin.read_bytes() != data:
            copied = path in bridged or path.split("/", 1)[0] in roots
            (copies if copied else generated).append(data.decode("latin-1"))
    return generated, copies
