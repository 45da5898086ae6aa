"""Scan a tree, migrate it, migrate it again: the tool used as any program would use it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from migrate.pipeline import Analysis, Migration, Request, analyse, migrate
from sweep.trees import Tree

_TORCH = re.compile(rb"torch|\bat::|\bc10::|\bAT_|TORCH_|Tensor|pybind11|\bpy::|\bm\.def\b")


@dataclass(frozen=True)
class Migrated:
    """A tree that was migrated twice. ``rewritten`` are the paths that the second run changed."""

    source: Path
    out: Path
    analysis: Analysis
    migration: Migration
    scan_seconds: float
    run_seconds: float
    rewritten: tuple[str, ...]


def migrate_twice(tree: Tree, corpus: Path, work: Path) -> Migrated:
    """Everything here is done anew: a figure of an older tool would be worthless."""
    source, out = corpus / tree.name, work / tree.name
    if out.exists():
        shutil.rmtree(out)
    request = Request(source, jobs=len(os.sched_getaffinity(0)))
    start = time.perf_counter()
    analysis = analyse(request)
    scanned = time.perf_counter()
    migration = migrate(request, out)
    ran = time.perf_counter()
    before = _digests(out)
    again = migrate(request, out)
    after = _digests(out)
    differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    rewritten = tuple(sorted({*differing, *again.tree.written, *again.tree.removed}))
    return Migrated(source, out, analysis, migration, scanned - start, ran - scanned, rewritten)


def human_lines(done: Migrated) -> int:
    """Original lines that torch or pybind11 still holds because an operator stays manual: those of its
    host function and its registration that name either."""
    lines: set[tuple[str, int]] = set()
    for module in done.analysis.plan.modules:
        for row in module.operators:
            if row.tier != "manual":
                continue
            spans = [row.operator.registration.span]
            if row.operator.function is not None:
                spans.append(row.operator.function.span)
            for span in spans:
                found = _framework_lines(done, span.file, span.start, span.end)
                lines |= {(span.file, number) for number in found}
    return len(lines)


def _framework_lines(done: Migrated, path: str, start: int, end: int) -> list[int]:
    file = done.analysis.project.file(path)
    if file is None:
        return []
    first = file.data.rfind(b"\n", 0, start) + 1
    number = file.data.count(b"\n", 0, first) + 1
    rows = file.data[first:end].split(b"\n")
    return [number + index for index, row in enumerate(rows) if _TORCH.search(row)]


def _digests(out: Path) -> dict[str, str]:
    """Contents by path. The lock is no content."""
    found = {}
    for path in sorted(out.rglob("*")):
        relative = path.relative_to(out).as_posix()
        if path.is_file() and relative != ".migrate/lock":
            found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
