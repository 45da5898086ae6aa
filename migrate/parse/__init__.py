"""Project -> Model: libclang over the hermetic sysroot, every fact at its file place."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Optional, Sequence

from migrate.model.bindings import Macro, Model
from migrate.model.project import Project, SourceFile
from migrate.text.includes import Includes, find_includes, write_stand_ins
from migrate.parse.join import join
from migrate.parse.macros import find_macros
from migrate.parse.unit import UnitFacts, UnitJob, parse_unit
from migrate.progress import Progress
from migrate.resources import sysroot

_MARKS = (
    b"torch/",
    b"ATen/",
    b"Tensor",
    b"pybind11",
    b"PYBIND11_MODULE",
    b"TORCH_LIBRARY",
    b"c10/",
)


def parse(
    project: Project, jobs: Optional[int] = None, progress: Optional[Progress] = None
) -> Model:
    """Parse every translation unit that can hold a binding or its target, and join the facts."""
    includes = find_includes(project)
    macros = find_macros(project)
    root = sysroot()
    with tempfile.TemporaryDirectory(prefix="migrate-") as folder:
        stand_ins = Path(folder)
        write_stand_ins(includes.missing, root, stand_ins)
        first = [file.path for file in _units(project) if _is_marked(file)]
        facts = _parse_all(project, first, includes, macros, stand_ins, jobs, progress)
        second = _units_defining_missing(project, facts, set(first))
        facts += _parse_all(project, second, includes, macros, stand_ins, jobs, None)
    return join(project, facts, macros, includes)


def _units(project: Project) -> list[SourceFile]:
    return [file for file in project.files if file.kind == "source"]


def _is_marked(file: SourceFile) -> bool:
    return any(mark in file.data for mark in _MARKS)


def _units_defining_missing(
    project: Project, facts: Sequence[UnitFacts], done: set[str]
) -> list[str]:
    """Files without any torch text that define a bound function (``int get_padded(int)``)."""
    defined = {f.usr for unit in facts for f in unit.functions if f.body_span is not None}
    wanted = {
        row.target_text.rsplit("::", 1)[-1].split("<", 1)[0].strip()
        for unit in facts
        for registry in unit.registries
        for row in registry.registrations
        if row.target is not None and row.target not in defined
    }
    names = [name.encode("latin-1", "ignore") for name in sorted(wanted) if name]
    return [
        file.path
        for file in _units(project)
        if file.path not in done and any(name in file.data for name in names)
    ]


def _parse_all(
    project: Project,
    paths: Sequence[str],
    includes: Includes,
    macros: Sequence[Macro],
    stand_ins: Path,
    jobs: Optional[int],
    progress: Optional[Progress],
) -> list[UnitFacts]:
    root = project.root.resolve()
    prelude = sysroot() / "prelude.h"
    registering = {macro.name: macro for macro in macros if ".def(" in macro.body.replace(" ", "")}
    work = [
        UnitJob(
            root,
            path,
            project.backend,
            _flags(root, path, includes, stand_ins),
            prelude,
            registering,
            defines,
        )
        for path in paths
        for defines in _define_sets(project, path)
    ]
    if progress is not None:
        progress.start("parse", len(work))
    workers = min(jobs or os.cpu_count() or 1, max(len(work), 1))
    facts = _in_process(work, progress) if workers <= 1 or len(work) < 4 else _pooled(
        work, workers, progress
    )
    if progress is not None:
        progress.finish()
    return facts


def _define_sets(project: Project, path: str) -> list[tuple[str, ...]]:
    """The macro settings ``path`` is compiled with: one for most files, one per extension for a
    file that defines a module, whose registrations may depend on them."""
    sets = list(dict.fromkeys(e.defines for e in project.extensions if path in e.sources)) or [()]
    file = project.file(path)
    binds = file is not None and b"PYBIND11_MODULE" in file.data
    return sets if binds else sets[:1]


def _flags(root: Path, path: str, includes: Includes, stand_ins: Path) -> tuple[str, ...]:
    folders = [f"-I{root / folder}" for folder in includes.folders(path)]
    return (*folders, f"-I{sysroot() / 'thirdparty'}", f"-I{stand_ins}")


def _in_process(work: Sequence[UnitJob], progress: Optional[Progress]) -> list[UnitFacts]:
    facts = []
    for job in work:
        facts.append(parse_unit(job))
        if progress is not None:
            progress.step(job.path)
    return facts


def _pooled(
    work: Sequence[UnitJob], workers: int, progress: Optional[Progress]
) -> list[UnitFacts]:
    """Parse in several processes. A worker that dies costs only the file that killed it."""
    results: list[UnitFacts] = []
    try:
        with ProcessPoolExecutor(workers) as pool:
            for facts in pool.map(parse_unit, work, chunksize=4):
                results.append(facts)
                if progress is not None:
                    progress.step(facts.path)
    except BrokenProcessPool:
        results += [_alone(job) for job in work[len(results) :]]
    return results


def _alone(job: UnitJob) -> UnitFacts:
    try:
        with ProcessPoolExecutor(1) as pool:
            return pool.submit(parse_unit, job).result()
    except BrokenProcessPool:
        return UnitFacts(job.path, failure="the parser crashed on this file")
