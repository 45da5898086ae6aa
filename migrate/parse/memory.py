"""Which facts of an earlier parse still hold: those of units that would be read from the same bytes.

The key of a unit holds the bytes of every file it includes, found lexically. Where clang read another
file of the tree, or could, the facts depend on something that no key holds, and are not kept.
"""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, replace
from typing import Callable, Generic, Iterator, Mapping, Sequence, TypeVar

from migrate.cache import Cache, key_of
from migrate.model.bindings import Macro
from migrate.model.project import Project
from migrate.parse.unit import RereadJob, UnitFacts, UnitJob, lost_reread, lost_unit, parse_unit, reread_unit
from migrate.parse.workers import run_all
from migrate.progress import SILENT, Progress
from migrate.text.includes import Includes, find_includes

Job = TypeVar("Job", UnitJob, RereadJob)
_ASKS_FOR_FILES = b"__has_include"


def fingerprint(project: Project) -> str:
    """A key for all that is worked out from ``project``."""
    digests = [(file.path, file.kind, _digest(file.data)) for file in project.files]
    return key_of(project, digests, sorted(_strays(project, find_includes(project))))


@dataclass(frozen=True)
class _Task(Generic[Job]):
    """What a worker does with a job, and what stands in for one that ended its process."""

    run: Callable[[Job], UnitFacts]
    lost: Callable[[Job], UnitFacts]


class Memory:
    """The facts of the units of one parse, from the cache where they hold."""

    def __init__(
        self, cache: Cache, project: Project, includes: Includes, registering: Mapping[str, Macro]
    ) -> None:
        self._cache, self._includes = cache, includes
        self._clean: set[tuple[str, int]] = set()
        if cache.folder is None:
            return
        self._files = {
            file.path: key_of(_digest(file.data), includes.by_file.get(file.path)) for file in project.files
        }
        self._asking = {file.path for file in project.files if _ASKS_FOR_FILES in file.data}
        # What all units have in common.
        strays = sorted(_strays(project, includes))
        rows = sorted(registering.items())
        self._all = key_of(strays, includes.missing, rows, project.rules, project.backend)

    def units(self, jobs: Sequence[UnitJob], workers: int, progress: Progress = SILENT) -> list[UnitFacts]:
        """The facts of each job, in their order."""
        keys = [self._key(job) for job in jobs]
        known = self._recall(keys)
        self._work_out(_Task(parse_unit, lost_unit), jobs, keys, known, workers, progress)
        holes = list(self._holes(known))
        if holes:
            # Read beside units that no longer stand before them: now as if they stood alone.
            for index in holes:
                del known[index]
            alone = [replace(job, alone=True) for job in jobs]
            self._work_out(_Task(parse_unit, lost_unit), alone, keys, known, workers)
        return [known[index] for index in range(len(jobs))]

    def rereads(self, jobs: Sequence[RereadJob], workers: int) -> list[UnitFacts]:
        """The facts of each job, in their order."""
        keys = [
            key_of("again", self._key(job.unit), job.problems, job.blocking, job.absent, job.broken)
            for job in jobs
        ]
        known = self._recall(keys)
        self._work_out(_Task(reread_unit, lost_reread), jobs, keys, known, workers)
        return [known[index] for index in range(len(jobs))]

    def _recall(self, keys: Sequence[str]) -> dict[int, UnitFacts]:
        found = ((index, self._cache.load(key, UnitFacts)) for index, key in enumerate(keys))
        return {index: facts for index, facts in found if facts is not None}

    def _work_out(
        self,
        task: _Task[Job],
        jobs: Sequence[Job],
        keys: Sequence[str],
        known: dict[int, UnitFacts],
        workers: int,
        progress: Progress = SILENT,
    ) -> None:
        """What is not ``known`` yet; ``known`` and the cache have it afterwards."""
        left = [index for index in range(len(jobs)) if index not in known]
        found = run_all(task.run, [jobs[index] for index in left], workers, task.lost, progress)
        for index, facts in zip(left, found):
            known[index] = facts
            if facts.failure or not set(facts.headers) <= set(self._includes.closure(facts.path)):
                self._cache.sound = False
            else:
                self._cache.store(keys[index], facts)

    def _holes(self, known: Mapping[int, UnitFacts]) -> Iterator[int]:
        """Units whose facts leave out a header's function that no unit before them has."""
        for index in sorted(known):
            facts = known[index]
            if not self._clean.issuperset(facts.skipped):
                yield index
            self._clean.update(
                (f.span.file, f.span.start)
                for f in facts.functions
                if f.span.file != facts.path and not f.errors
            )

    def _key(self, job: UnitJob) -> str:
        if self._cache.folder is None:
            return ""
        closure = self._includes.closure(job.path)
        files = [(path, self._files.get(path)) for path in closure]
        everything = sorted(self._files) if self._asking & set(closure) else None
        places = {job.run: "", str(job.root): "", str(job.prelude.root): ""}
        flags = [_without(flag, places) for flag in job.flags]
        return key_of("unit", job.path, job.defines, flags, files, everything, job.kernels, self._all)


def _without(flag: str, places: Mapping[str, str]) -> str:
    for place, name in places.items():
        flag = flag.replace(place, name)
    return flag


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _strays(project: Project, includes: Includes) -> Iterator[str]:
    """Files that an include finds on disk though they are no part of the project: a suffix of their
    own, a build's product."""
    folders = sorted({folder for extension in project.extensions for folder in extension.include_dirs})
    known = {file.path for file in project.files}
    for path, rows in includes.by_file.items():
        spellings = [row.spelling for row in rows if row.target is None]
        for spelling in spellings:
            for folder in (posixpath.dirname(path), *folders):
                place = posixpath.normpath(posixpath.join(folder, spelling))
                if place not in known and (project.root / place).is_file():
                    yield place
