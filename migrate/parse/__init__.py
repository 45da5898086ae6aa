"""Project -> Model: libclang over the hermetic sysroot, every fact at its file place."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional, Sequence

from migrate.cache import NO_CACHE, Cache
from migrate.model.bindings import Macro, Model
from migrate.model.project import Project, SourceFile
from migrate.parse.absent.reached import merged, rereads
from migrate.parse.join import join
from migrate.parse.kernels import files_with_kernels
from migrate.parse.macros import find_macros
from migrate.parse.memory import Memory, fingerprint
from migrate.parse.prelude import Prelude, precompiled_prelude, text_prelude
from migrate.parse.rules import user_declarations
from migrate.parse.unit import UnitFacts, UnitJob
from migrate.progress import SILENT, Progress
from migrate.resources import sysroot
from migrate.text.includes import Includes, find_includes, write_stand_ins

__all__ = ["fingerprint", "parse"]

_MARKS = (
    b"torch/",
    b"ATen/",
    b"Tensor",
    b"pybind11",
    b"PYBIND11_MODULE",
    b"TORCH_LIBRARY",
    b"RegisterOperators",
    b"c10/",
)


def parse(
    project: Project, jobs: Optional[int] = None, progress: Progress = SILENT, cache: Cache = NO_CACHE
) -> Model:
    """Parse every translation unit that can hold a binding or its target, and join the facts. Facts
    that the ``cache`` has, and that still hold, are not worked out again."""
    includes = find_includes(project)
    macros = find_macros(project)
    with tempfile.TemporaryDirectory(prefix="migrate-") as name:
        setting = _setting(project, includes, macros, Path(name))
        workers = jobs or os.cpu_count() or 1
        first = [file for file in _units(project) if _is_marked(file)]
        units = _jobs(first, project, setting)
        memory = Memory(cache, project, includes, setting.registering)
        facts = memory.units(units, workers, progress)
        second = _jobs(
            _units_defining_missing(project, facts, {file.path for file in first}), project, setting
        )
        facts += memory.units(second, workers)
        facts = _read_around_absent([*units, *second], facts, memory, workers)
    return join(project, facts, macros, includes)


def _read_around_absent(
    jobs: Sequence[UnitJob], facts: Sequence[UnitFacts], memory: Memory, workers: int
) -> list[UnitFacts]:
    """Read again, with the names of absent headers declared, what keeps operators from being read.
    What is read whole then may call what was not reached before."""
    known, tried = list(facts), set[int]()
    while True:
        again = rereads(jobs, known, tried)
        if not again:
            return known
        tried |= set(again)
        for index, unit in zip(again, memory.rereads([*again.values()], workers)):
            known[index] = merged(known[index], unit)


@dataclass(frozen=True)
class _Setting:
    """What all units of one parse share. ``stand_ins`` holds the headers that the tree lacks,
    ``user`` are the flags that bring the user's declarations."""

    prelude: Prelude
    user: tuple[str, ...]
    includes: Includes
    kernels: frozenset[str]
    registering: Mapping[str, Macro]
    stand_ins: Path


def _setting(project: Project, includes: Includes, macros: Sequence[Macro], folder: Path) -> _Setting:
    root, stand_ins = sysroot(), folder / "include"
    write_stand_ins(includes.missing, root, stand_ins)
    # Compiling the prelude costs what one unit saves by it.
    make = precompiled_prelude if len(_units(project)) > 2 else text_prelude
    registering = {macro.name: macro for macro in macros if ".def(" in macro.body.replace(" ", "")}
    prelude = make(root, project.backend, folder)
    user = user_declarations(project.rules, prelude, folder)
    return _Setting(prelude, user, includes, files_with_kernels(project), registering, stand_ins)


def _units(project: Project) -> list[SourceFile]:
    return [file for file in project.files if file.kind == "source"]


def _is_marked(file: SourceFile) -> bool:
    return any(mark in file.data for mark in _MARKS)


def _units_defining_missing(project: Project, facts: Sequence[UnitFacts], done: set[str]) -> list[SourceFile]:
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
        file for file in _units(project) if file.path not in done and any(name in file.data for name in names)
    ]


def _jobs(files: Sequence[SourceFile], project: Project, setting: _Setting) -> list[UnitJob]:
    """One job per file and macro setting, the largest files first: a large one must not come last,
    when the other workers have nothing left. The order also decides which unit's reading of a
    header counts, so it depends on the tree alone."""
    root = project.root.resolve()
    return [
        UnitJob(
            str(setting.stand_ins),
            root,
            file.path,
            setting.prelude,
            _include_flags(root, file.path, setting),
            setting.registering,
            defines,
            (str(setting.stand_ins), str(setting.prelude.root / "thirdparty")),
            tuple(name for name in setting.includes.closure(file.path) if name in setting.kernels),
        )
        for file in sorted(files, key=lambda file: (-len(file.data), file.path))
        for defines in _define_sets(project, file.path)
    ]


def _define_sets(project: Project, path: str) -> list[tuple[str, ...]]:
    """The macro settings ``path`` is compiled with: one for most files, one per extension for a
    file that defines a module, whose registrations may depend on them."""
    sets = list(dict.fromkeys(e.defines for e in project.extensions if path in e.sources))
    file = project.file(path)
    binds = file is not None and b"PYBIND11_MODULE" in file.data
    return (sets if binds else sets[:1]) or [project.defines]


def _include_flags(root: Path, path: str, setting: _Setting) -> tuple[str, ...]:
    folders = [f"-I{root / folder}" for folder in setting.includes.folders(path)]
    third_party = setting.prelude.root / "thirdparty"
    return (*folders, f"-I{third_party}", f"-I{setting.stand_ins}", *setting.user)
