"""FileSet -> errors: every migrated file is parsed once more, with torch and pybind11 undeclared.

A name of theirs that a rule overlooked is an error here, without any compiler. An error that the
original has too, with torch declared, is not the migration's: a header that the tree lacks, mostly.
"""

from __future__ import annotations

import posixpath
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Sequence

from migrate.model.plan import BuildSpec, FileSet, ModulePlan, Plan, UnitSyntax, Unparsed
from migrate.model.project import Project, SourceFile
from migrate.parse import clang
from migrate.parse.prelude import Prelude, precompiled_prelude
from migrate.parse.unit import normalised
from migrate.parse.workers import run_all
from migrate.progress import SILENT, Progress
from migrate.resources import sysroot
from migrate.text.includes import Includes, find_includes, write_stand_ins

_SHIM = "_ffi.cc"
_CARRIED = "/ffi_port/"


@dataclass(frozen=True)
class _Job:
    """One parse: of ``path`` below ``root``, for ``module``."""

    module: str
    path: str
    root: Path
    flags: tuple[str, ...]


def check_syntax(
    project: Project, plan: Plan, files: FileSet, workers: int, progress: Progress = SILENT
) -> tuple[UnitSyntax, ...]:
    """One answer per source of each migrated library; equal units are parsed once."""
    migrated = [module for module in plan.modules if module.migrated is not None]
    if not migrated:
        return ()
    with tempfile.TemporaryDirectory(prefix="migrate-") as name:
        folder = Path(name)
        after = _migrated_project(project, plan, files, folder / "tree")
        jobs = _jobs(after, migrated, _side(after, folder / "after", torch=False))
        found = _parsed(jobs, workers, progress)
        broken = {(module, path) for (module, path), errors in found.items() if errors}
        if broken:
            side = _side(project, folder / "before", torch=True)
            originals = [job for job in _jobs(project, migrated, side) if (job.module, job.path) in broken]
            known = _parsed(originals, workers, SILENT)
            found.update({unit: _new(found[unit], known.get(unit, ())) for unit in broken})
    return tuple(UnitSyntax(module, path, errors) for (module, path), errors in found.items())


_Found = dict[tuple[str, str], tuple[Unparsed, ...]]


def _parsed(jobs: Sequence[_Job], workers: int, progress: Progress) -> _Found:
    """The errors of every (module, path). A file that two modules compile alike is parsed once."""
    unique = {(job.path, job.flags): job for job in jobs}
    answers = dict(zip(unique, run_all(_parse, list(unique.values()), workers, _lost, progress)))
    return {(job.module, job.path): answers[job.path, job.flags] for job in jobs}


def _new(errors: Sequence[Unparsed], known: Sequence[Unparsed]) -> tuple[Unparsed, ...]:
    messages = {error.message for error in known}
    return tuple(error for error in errors if error.message not in messages)


def _migrated_project(project: Project, plan: Plan, files: FileSet, root: Path) -> Project:
    """The migrated C++ files, laid out below ``root``. Legacy copies are no part of them."""
    gone = set(files.delete)
    texts = {
        file.path: file
        for file in project.files
        if file.kind in ("source", "header") and file.path not in gone
    }
    for path, data in files.write.items():
        if path in texts:
            texts[path] = replace(texts[path], data=data)
        elif path.startswith(f"{plan.ffi_dir}/"):
            kind = "header" if path.endswith((".h", ".cuh")) else "source"
            texts[path] = SourceFile(path, kind, data)
    for path, file in texts.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)
    return replace(project, root=root, files=tuple(texts[path] for path in sorted(texts)))


@dataclass(frozen=True)
class _Side:
    """One of the two trees to parse in: its includes, stand-ins for the headers it lacks, and the
    preludes made so far."""

    includes: Includes
    folder: Path
    torch: bool
    preludes: dict[str, Prelude] = field(default_factory=dict)

    def flags(self, project: Project, path: str, spec: BuildSpec) -> tuple[str, ...]:
        backend = "host" if path.endswith(_SHIM) else spec.backend
        if backend not in self.preludes:
            self.preludes[backend] = precompiled_prelude(sysroot(), backend, self.folder, self.torch)
        prelude, root = self.preludes[backend], project.root.resolve()
        defines = tuple(define[2:] if define.startswith("-D") else define for define in spec.defines)
        folders = dict.fromkeys((*spec.include_dirs, *self.includes.folders(path)))
        return (
            *prelude.flags(defines),
            *(f"-I{root / folder}" for folder in folders),
            f"-I{prelude.root / 'thirdparty'}",
            f"-I{self.folder / 'include'}",
            *(f"-D{define}" for define in defines),
        )


def _side(project: Project, folder: Path, torch: bool) -> _Side:
    includes = find_includes(project)
    write_stand_ins(includes.missing, sysroot(), folder / "include")
    return _Side(includes, folder, torch)


def _jobs(project: Project, modules: Sequence[ModulePlan], side: _Side) -> list[_Job]:
    """The sources of the migrated libraries, as they are in ``project``."""
    rows = []
    for module in modules:
        spec = module.migrated
        for path in spec.sources if spec is not None else ():
            if spec is not None and project.file(path) is not None and _CARRIED not in path:
                flags = side.flags(project, path, spec)
                rows.append(_Job(module.name, path, project.root.resolve(), flags))
    return rows


def _parse(job: _Job) -> tuple[Unparsed, ...]:
    place = job.root / job.path
    try:
        text = normalised(place.read_bytes())
        texts = {} if text is None else {place: text}
        unit = clang.open_unit(place, job.flags, texts, instances=False)
    except clang.ParserCrash:
        return (Unparsed(job.path, 1, "the parser could not read the file"),)
    prefix = f"{job.root}/"
    # What is reported inside the sysroot is its own doing (declarations instantiated with local types),
    # and the carried headers have tests of their own.
    inside = [
        problem
        for problem in clang.problems(unit)
        if problem.file.startswith(prefix) and _CARRIED not in problem.file
    ]
    # clang names an included file as it came to it: `host/../include/a.h`.
    found = [Unparsed(posixpath.normpath(p.file[len(prefix) :]), p.line, p.message) for p in inside]
    clang.forget()
    return tuple(dict.fromkeys(found))


def _lost(job: _Job) -> tuple[Unparsed, ...]:
    return (Unparsed(job.path, 1, "the parser crashed on this file"),)
