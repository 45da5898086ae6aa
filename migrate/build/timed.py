"""Tree -> Measures of its builds: cold, after touching one kernel, per file, and the headers' part.

Each side is built by the ninja file that ``build`` uses, with no compiler cache; seconds on the clock
and seconds of processor time, which a busy machine changes less. Where no torch for the device is
installed, the original's files are compiled to objects and nothing is linked: the rows say so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from migrate.build import libraries_of, ninjafile, original_spec, write_stand_in
from migrate.build.binary import read_binary
from migrate.build.headers import compiled, header_seconds, timed
from migrate.build.library import Library, Step
from migrate.build.manifest import ModuleEntry, read_modules, select_modules
from migrate.build.toolchain import NO_CACHE, installed_torch
from migrate.model.measures import Measure, Spread, spread
from migrate.progress import SILENT, Progress

_SIDES = ("original", "migrated")
_DEVICE = (".cu", ".hip")
_HEADERS = "framework headers, processor"


@dataclass
class Times:
    """Seconds of one side: lists hold one value per repetition; ``reason`` says why there are none."""

    library: Library
    cold: list[float]
    cold_work: list[float]
    again: list[float]
    again_work: list[float]
    files: dict[str, list[float]]
    headers: Optional[float] = None
    reason: str = ""

    @property
    def has_library(self) -> bool:
        return self.library.wanted == (self.library.output,)


Pick = Callable[[Times], Optional[Spread]]


def time_builds(
    tree: Path,
    operators: Sequence[str] = (),
    jobs: Optional[int] = None,
    repeat: int = 1,
    progress: Progress = SILENT,
) -> tuple[Measure, ...]:
    """Build both sides of each module that holds ``operators`` anew, ``repeat`` times in turn."""
    tree = tree.resolve()
    libraries = _libraries(tree)
    ninjafile.write_ninja_file(tree, [item for items in libraries.values() for item in items])
    chosen = select_modules(tuple(libraries), operators)
    progress.start("timing builds", len(chosen) * len(_SIDES) * repeat)
    rows: list[Measure] = []
    for module in chosen:
        sides = _sides(libraries[module])
        for _ in range(repeat):
            for times in sides.values():
                _one_round(tree, times, jobs)
                progress.step(f"{times.library.side} {module.name}")
        for times in sides.values():
            if not times.reason:
                times.headers = header_seconds(tree, times.library)
        rows += _rows(tree, module, sides)
    progress.finish()
    return tuple(rows)


def time_headers(
    tree: Path, operators: Sequence[str] = (), progress: Progress = SILENT
) -> tuple[Measure, ...]:
    """What framework headers cost each side of each module that holds ``operators``; nothing is built."""
    tree = tree.resolve()
    libraries = _libraries(tree)
    chosen = select_modules(tuple(libraries), operators)
    progress.start("timing headers", len(chosen) * len(_SIDES))
    rows: list[Measure] = []
    for module in chosen:
        sides = _sides(libraries[module])
        for times in sides.values():
            times.reason = "" if times.library.steps else times.library.reason
            times.headers = header_seconds(tree, times.library)
            progress.step(f"{times.library.side} {module.name}")
        rows += [row for row in _rows(tree, module, sides) if row.what == _HEADERS]
    progress.finish()
    return tuple(rows)


def _libraries(tree: Path) -> dict[ModuleEntry, tuple[Library, ...]]:
    """Both sides of each module; of the original objects where it cannot be linked."""
    torch = installed_torch()
    write_stand_in(tree)
    return {
        module: tuple(libraries_of(module, original_spec(tree, module.original), torch, objects=True))
        for module in read_modules(tree)
    }


def _sides(libraries: Sequence[Library]) -> dict[str, Times]:
    sides = {item.side: Times(item, [], [], [], [], {}) for item in libraries}
    return {side: sides[side] for side in _SIDES if side in sides}


def _one_round(tree: Path, times: Times, jobs: Optional[int]) -> None:
    """Build the side from nothing, then again after one kernel file has changed."""
    library = times.library
    if not library.steps:
        times.reason = times.reason or library.reason
        return
    for step in library.steps:
        (tree / step.output).parent.mkdir(parents=True, exist_ok=True)
        (tree / step.output).unlink(missing_ok=True)
    wall, work = timed(lambda: ninjafile.run_ninja(tree, library.wanted, jobs, SILENT, NO_CACHE))
    if not ninjafile.is_current(tree, library.wanted):
        times.reason = f"not run: the {library.side} does not build; see `migrate build`"
        return
    times.cold.append(wall)
    times.cold_work.append(work)
    for step in compiled(library):
        seconds = ninjafile.build_seconds(tree, (step.output,))
        times.files.setdefault(step.inputs[0], []).append(seconds)
    kernel = touched_file(library)
    os.utime(tree / kernel)
    wall, work = timed(lambda: ninjafile.run_ninja(tree, library.wanted, jobs, SILENT, NO_CACHE))
    times.again.append(wall)
    times.again_work.append(work)


def touched_file(library: Library) -> str:
    """The first device file; a host file of the project where there is none."""
    sources = [step.inputs[0] for step in compiled(library)]
    own = [path for path in sources if "ffi/" not in path] or sources
    return next((path for path in own if path.endswith(_DEVICE)), own[0])


def _rows(tree: Path, module: ModuleEntry, sides: dict[str, Times]) -> Iterator[Measure]:
    original, migrated = sides.get("original"), sides.get("migrated")
    reason = "; ".join(side.reason for side in (original, migrated) if side is not None and side.reason)
    if migrated is None:
        reason = reason or "not run: nothing of this module leaves torch"
    partial = original is not None and not original.has_library and not original.reason
    detail = "the original's files to objects, without its link" if partial else ""

    def row(what: str, unit: str, pick: Pick, note: str = detail, why: str = reason) -> Measure:
        left, right = (pick(side) if side is not None else None for side in (original, migrated))
        return Measure(module.name, module.name, what, unit, left, right, why, note)

    yield row("build, cold", "s", lambda side: spread(side.cold))
    yield row("build, cold, processor", "s", lambda side: spread(side.cold_work))
    touched = ", ".join(touched_file(side.library) for side in sides.values() if side.again)
    yield row("build, one kernel touched", "s", lambda side: spread(side.again), touched)
    yield row("build, one kernel touched, processor", "s", lambda side: spread(side.again_work), touched)
    silent = [side for side in sides.values() if side.headers is None and not side.reason]
    why = f"not run: includes of the {silent[0].library.side} alone do not compile" if silent else reason
    yield row(_HEADERS, "s", lambda side: _single(side.headers), why=why)
    yield row("own code, processor", "s", _own_code)
    yield from _file_rows(module, sides)
    yield from _binary_rows(tree, module, sides, reason)


def _single(value: Optional[float]) -> Optional[Spread]:
    return None if value is None else Spread(value, value, value)


def _own_code(side: Times) -> Optional[Spread]:
    """What the cold build took beyond the headers: own code, compiler starts and the link."""
    whole = spread(side.cold_work)
    if whole is None or side.headers is None:
        return None
    return _single(max(0.0, whole.median - side.headers))


def _file_rows(module: ModuleEntry, sides: dict[str, Times]) -> Iterator[Measure]:
    """Files by their place in the original tree; a file that one side does not have is one-sided."""
    by_name: dict[str, dict[str, Optional[Spread]]] = {}
    for side, times in sides.items():
        for path, values in times.files.items():
            name = re.sub(r"^\.migrate/(original|legacy)/", "", path)
            by_name.setdefault(name, {})[side] = spread(values)
    for name, found in by_name.items():
        reason = "" if len(found) == len(_SIDES) else f"only the {next(iter(found))} has it"
        yield Measure(module.name, name, "file", "s", found.get("original"), found.get("migrated"), reason)


def _binary_rows(tree: Path, module: ModuleEntry, sides: dict[str, Times], reason: str) -> Iterator[Measure]:
    found = {
        side: read_binary(tree / times.library.output)
        for side, times in sides.items()
        if times.has_library and (tree / times.library.output).is_file()
    }
    original, migrated = found.get("original"), found.get("migrated")
    if original is None or migrated is None:
        reason = reason or "not run: the original is compiled to objects only, no torch for its device"

    def row(what: str, unit: str, values: Sequence[Optional[float]], detail: str = "") -> Measure:
        left, right = (_single(value) for value in values)
        return Measure(module.name, module.name, what, unit, left, right, reason, detail)

    both = (original, migrated)
    yield row("library size", "bytes", [float(item.size) if item else None for item in both])
    names = "; ".join(f"{side}: {', '.join(item.needed)}" for side, item in found.items())
    yield row("needed libraries", "", [float(len(item.needed)) if item else None for item in both], names)
