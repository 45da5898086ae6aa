"""Shims, migrated kernel files and their originals, each compiled as ``migrate build`` would, but for one
architecture on both sides: the others of a list repeat the same answer.

Results are kept outside the repository under a key of everything they depend on: the command, the
compilers, and the text of every file of the tree that could be included.
"""

from __future__ import annotations

import json
import math
import os
import posixpath
import re
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Optional

from migrate.build import ORIGINAL, original_spec, toolchain, write_stand_in
from migrate.build.library import Step
from migrate.build.manifest import ModuleEntry, read_modules
from migrate.build.migrated import compile_step as migrated_step
from migrate.build.original import compile_step as original_step
from migrate.model.plan import BuildSpec
from migrate.tables.names import TORCH_HEADERS
from sweep.keys import files_ending_in, key_of
from sweep.results import COMPILED, FAILED, SKIPPED, Compilation

_ERROR = re.compile(r"\berror\b|nvcc fatal|undefined reference", re.IGNORECASE)
_ABSENT = re.compile(r"fatal error: '?([^\s':]+)'?(?:: No such file| file not found)")
_GENERATE = ("-gencode", "--generate-code")
_ARCHITECTURE = re.compile(rf"(?:(?:{'|'.join(_GENERATE)})=)?arch=compute_(\d+)")
# Kernels of every age compile for it.
_USUAL = 90
_CUT_OFF = re.compile(r"CPU time limit|signal (?:9|24)\b|Killed")
_DEVICE = (".cu", ".hip")
Say = Callable[[str], None]
_ELSEWHERE = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH")
SIDES = ("shim", "migrated", "original")


@dataclass(frozen=True)
class Settings:
    """``limit`` processor seconds for one compiler (and four times that by the clock: the machine may
    be busy), ``budget`` seconds by the clock for all together; ``sample`` kernel files of each tree."""

    cache: Path
    jobs: int = 2
    limit: int = 300
    budget: Optional[int] = None
    sample: Optional[int] = None


@dataclass(frozen=True)
class Job:
    """One compiler run in ``folder``. ``skip`` says why it cannot happen; ``tree`` is its tree's name."""

    tree: str
    what: Compilation
    folder: Path
    step: Step
    root: str = ""
    skip: str = ""


def jobs_of(name: str, out: Path) -> list[Job]:
    """All compiler runs of one migrated tree; a file of several modules is compiled once per side."""
    write_stand_in(out)
    found: dict[tuple[str, str], Job] = {}
    for module in read_modules(out):
        if module.migrated is None:
            continue
        original = original_spec(out, module.original)
        for job in _module_jobs(name, out, module, module.migrated, original):
            step = replace(job.step, command=for_one_architecture(job.step.command))
            found.setdefault((job.what.side, job.what.file), replace(job, step=step))
    return list(found.values())


def _module_jobs(
    name: str, out: Path, module: ModuleEntry, spec: BuildSpec, original: BuildSpec
) -> Iterator[Job]:
    for source in spec.sources:
        if source.endswith("_ffi.cc"):
            alone = replace(spec, include_dirs=(posixpath.dirname(source),), backend="cpu")
            step = migrated_step(alone, original, source)
            what = Compilation("shim", module.name, source, "cpu", SKIPPED)
            yield Job(name, what, out, replace(step, command=(*step.command, "-O0")))
        elif (out / ORIGINAL / source).is_file():
            backend = spec.backend if source.endswith(_DEVICE) else "cpu"
            what = Compilation("migrated", module.name, source, backend, SKIPPED)
            step = migrated_step(spec, original, source)
            yield Job(name, what, out, step, skip=_no_compiler(backend))
            yield _original_job(name, out, replace(what, side="original"), original)


def _original_job(name: str, out: Path, what: Compilation, spec: BuildSpec) -> Job:
    torch = toolchain.installed_torch()
    if torch is None:
        return Job(name, what, out, Step("", (), ()), skip="torch is not installed")
    skip = _no_compiler(what.backend)
    if what.backend == "hip" and torch.device != "hip":
        skip = "this machine's torch has no HIP headers"
    leaf = what.module.rpartition(".")[2]
    step = original_step("original", spec, leaf, ORIGINAL, what.file, torch)
    return Job(name, what, out, step, root=ORIGINAL, skip=skip)


def for_one_architecture(command: Sequence[str]) -> tuple[str, ...]:
    """The command with one ``-gencode`` of many: that of the usual architecture, or of the nearest."""
    values = [part for part in command if _ARCHITECTURE.match(part)]
    number = {part: int(_ARCHITECTURE.findall(part)[0]) for part in values}
    kept = min(values, key=lambda part: abs(number[part] - _USUAL), default="")
    left_out = {index for index, part in enumerate(command) if part in number and part != kept}
    gone = left_out | {index - 1 for index in left_out if command[index - 1] in _GENERATE}
    return tuple(part for index, part in enumerate(command) if index not in gone)


def _no_compiler(backend: str) -> str:
    if backend == "hip" and toolchain.hipcc() is None:
        return "no hipcc on this machine"
    if backend == "cuda" and toolchain.nvcc() is None:
        return "no nvcc on this machine"
    return ""


def compile_all(jobs: Sequence[Job], settings: Settings, say: Say) -> list[tuple[str, Compilation]]:
    """(tree, result) of every job. Shims first, then migrated files, then originals; of these the ones
    whose migrated file failed come first, since they decide the most; then small ones first."""
    until = time.monotonic() + settings.budget if settings.budget is not None else math.inf
    done: list[tuple[str, Compilation]] = []
    failed: set[tuple[str, str]] = set()
    for side in SIDES:
        mine = _sampled([job for job in jobs if job.what.side == side], settings)
        order = {id(job): ((job.tree, job.what.file) not in failed, _size(job)) for job in mine}
        mine.sort(key=lambda job: (*order[id(job)], job.tree, job.what.file))
        with ThreadPoolExecutor(settings.jobs) as pool:
            rows = list(pool.map(partial(_told, settings=settings, until=until, say=say), mine))
        failed |= {(tree, row.file) for tree, row in rows if row.state == FAILED}
        done += rows
    return done


def _told(job: Job, settings: Settings, until: float, say: Say) -> tuple[str, Compilation]:
    result = _result(job, settings, time.monotonic() > until)
    if result.fresh:
        say(f"{job.tree}: {job.what.side} {job.what.file}: {result.state} {result.reason}")
    return job.tree, result


def _sampled(jobs: Sequence[Job], settings: Settings) -> list[Job]:
    """The smallest kernel files of each tree; the others are skipped, and say so."""
    if settings.sample is None:
        return list(jobs)
    seen: dict[str, int] = defaultdict(int)
    rows = []
    for job in sorted(jobs, key=lambda job: (_size(job), job.what.file)):
        seen[job.tree] += 1
        outside = job.what.side != "shim" and seen[job.tree] > settings.sample
        rows.append(replace(job, skip=job.skip or "not in the sample") if outside else job)
    return rows


def _size(job: Job) -> int:
    path = job.folder / job.root / job.what.file
    return path.stat().st_size if path.is_file() else 0


def _result(job: Job, settings: Settings, late: bool) -> Compilation:
    if job.skip:
        return replace(job.what, state=SKIPPED, reason=job.skip)
    key = key_of(job.step.command, job.folder, job.folder / job.root, job.what.file)
    place = settings.cache / "compiled" / f"{key}.json"
    kept = _kept(job, place, settings)
    if kept is not None:
        return kept
    if late:
        return replace(job.what, state=SKIPPED, reason="out of time")
    result = _compile(job, settings)
    place.parent.mkdir(parents=True, exist_ok=True)
    row = {"state": result.state, "reason": result.reason, "seconds": result.seconds}
    place.write_text(json.dumps({**row, "limit": settings.limit}), encoding="utf-8")
    return result


def _kept(job: Job, place: Path, settings: Settings) -> Optional[Compilation]:
    """The result of an earlier sweep, unless it was cut off sooner than this one would."""
    try:
        row = json.loads(place.read_text(encoding="utf-8"))
        cut_off = row["state"] == SKIPPED and row["limit"] < settings.limit
        kept = replace(job.what, state=row["state"], reason=row["reason"], seconds=row["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if cut_off else kept


def _compile(job: Job, settings: Settings) -> Compilation:
    output = job.folder / job.step.output
    output.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    code, text = _run(job, settings.limit)
    seconds = round(time.perf_counter() - start, 1)
    output.unlink(missing_ok=True)
    what = replace(job.what, seconds=seconds, fresh=True)
    if code == 0:
        return replace(what, state=COMPILED)
    if code is None or _CUT_OFF.search(text):
        return replace(what, state=SKIPPED, reason=f"longer than {settings.limit} s")
    absent = _ABSENT.search(text)
    if absent is not None and _is_foreign(absent.group(1), job):
        return replace(what, state=SKIPPED, reason=f"third-party header {absent.group(1)} is absent")
    return replace(what, state=FAILED, reason=_first_error(text, job))


def _run(job: Job, limit: int) -> tuple[Optional[int], str]:
    """Exit code and output; no code for a run that took too long, whose children go with it."""
    env = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    bounded = shutil.which("prlimit")
    start = (bounded, f"--cpu={limit}", "--") if bounded is not None else ()
    with subprocess.Popen(
        (*start, *job.step.command),
        cwd=job.folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            text, _ = process.communicate(timeout=4 * limit)
            return process.returncode, text
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                return None, ""
            raise


def _is_foreign(header: str, job: Job) -> bool:
    """True for a header that neither the tree nor the tool nor torch brings."""
    if header.startswith((*TORCH_HEADERS, "ffi_port/", "tvm/")):
        return False
    return not files_ending_in(job.folder / ORIGINAL, header) and not files_ending_in(job.folder, header)


def _first_error(text: str, job: Job) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line)] or lines[-1:] or ["no message"]
    return errors[0].replace(f"{job.folder}/", "")[:240]


def by_tree(rows: Sequence[tuple[str, Compilation]]) -> dict[str, tuple[Compilation, ...]]:
    found: dict[str, list[Compilation]] = defaultdict(list)
    for tree, row in rows:
        found[tree].append(row)
    return {
        tree: tuple(sorted(items, key=lambda row: (SIDES.index(row.side), row.file)))
        for tree, items in found.items()
    }
