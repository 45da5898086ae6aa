"""Artifacts -> Measures of calls: import, the call from Python, the library's own call, the kernels.

Both sides call with the same arguments, chunk after chunk in turn, each in the process that compares
it. The arguments come from the module's case file, else the original is asked for some it answers.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from migrate.compare import Session, Source
from migrate.compare.call import Call, describe, tensors
from migrate.compare.casefile import read_case_file
from migrate.compare.judge import Sides
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.oracle import generate
from migrate.compare.process import Reply, Worker
from migrate.model.measures import Measure, spread
from migrate.model.verdicts import Artifacts
from migrate.progress import SILENT, Progress

_TURNS = 10
_BLOCKS_PER_TURN = 20
_IMPORTS = 7
_WANTED_CALLS = 12
# Comparing fills fresh memory with a pattern and so makes every allocation slow: not here.
_AS_USERS_RUN = {"MALLOC_PERTURB_": "0", "GLIBC_TUNABLES": "", "PYTHONDONTWRITEBYTECODE": ""}


def time_calls(
    tree: Path,
    artifacts: Artifacts,
    operators: Sequence[str] = (),
    progress: Progress = SILENT,
    time_limit: float = 60.0,
) -> tuple[Measure, ...]:
    """Time ``operators`` (all functions for none) on both sides."""
    tree = tree.resolve()
    modules = read_modules(tree, operators)
    progress.start("timing calls", sum(len(module.operators) for module in modules))
    environment = {**_AS_USERS_RUN, "PYTHONPYCACHEPREFIX": str(tree / ".migrate" / "bytecode")}
    session = Session(tree, Source(cases=_WANTED_CALLS), time_limit, environment)
    session.use(artifacts)
    rows: list[Measure] = []
    try:
        for module in modules:
            entries = [entry for entry in module.operators if entry.kind == "function"]
            rows += _imports(session, module, entries)
            for entry in entries:
                rows += _operator(session, tree, module, entry)
                progress.step(entry.id)
    finally:
        session.stop()
        progress.finish()
    return tuple(rows)


def _imports(session: Session, module: ModuleEntry, entries: Sequence[Entry]) -> Iterator[Measure]:
    row = Measure(module.name, module.name, "import", "s", detail="torch and tvm_ffi are loaded already")
    reason = session.not_run(module, entries[0]) if entries else "not run: it has no function"
    if reason:
        yield replace(row, reason=_not_run(reason))
        return
    seconds: tuple[list[float], list[float]] = ([], [])
    with session.sides(module) as sides:
        # The adaptor itself, as the extension itself: not the package that either lies in.
        sides = replace(sides, migrated_library=replace(sides.migrated_library, root=""))
        for _ in range(_IMPORTS):
            failure = sides.reopen_original() or sides.reopen_migrated()
            if failure:
                yield replace(row, reason=_not_run(failure))
                return
            seconds[0].append(sides.original.load_seconds)
            seconds[1].append(sides.migrated.load_seconds)
    yield replace(row, original=spread(seconds[0]), migrated=spread(seconds[1]))


def _operator(session: Session, tree: Path, module: ModuleEntry, entry: Entry) -> list[Measure]:
    row = Measure(module.name, entry.name, "call", "us", operator=entry.id)
    reason = session.not_run(module, entry)
    if reason:
        return [replace(row, reason=_not_run(reason))]
    with session.sides(module) as sides:
        return _timed(sides, tree, module, entry, row)


def _timed(sides: Sides, tree: Path, module: ModuleEntry, entry: Entry, row: Measure) -> list[Measure]:
    reason = sides.reopen()
    if reason:
        return [replace(row, reason=_not_run(reason))]
    calls = _calls(sides, tree, module, entry)
    if not calls:
        return [replace(row, reason="not run: no input is known that the original answers")]
    small, large = calls[0], calls[-1]
    replies = _take_turns(sides, entry, small)
    if isinstance(replies, str):
        return [replace(row, reason=f"not run: {replies}")]
    rows = _call_rows(replace(row, detail=describe(small, entry.names)), replies)
    return [*rows, *_kernel_row(sides, entry, large, row)]


def _calls(sides: Sides, tree: Path, module: ModuleEntry, entry: Entry) -> list[Call]:
    """Calls that the original answers, by the size of their tensors; written ones alone if there are any."""
    written = list(read_case_file(tree, module.name, entry).calls)
    found = written or generate(sides, entry, zlib.crc32(entry.id.encode()), _WANTED_CALLS).answers
    found = [call for call in found if not (call.keywords or call.extra or call.unknown)] or found
    solid = [call for call in found if all(value.numel for value in tensors(call))]
    return sorted(solid or found, key=lambda call: sum(value.numel for value in tensors(call)))


def _take_turns(sides: Sides, entry: Entry, call: Call) -> Any:
    """Times of both sides, or why there are none."""
    total: dict[str, dict[str, list[float]]] = {"original": {}, "migrated": {}}
    for _ in range(_TURNS):
        for side, worker in (("original", sides.original), ("migrated", sides.migrated)):
            reply = _ask(worker, sides, entry, call, kernel=False, direct=side == "migrated")
            if not reply.observations:
                return f"the {side} {reply.died or reply.failed}"
            for name, values in reply.observations[0].items():
                total[side].setdefault(name, []).extend(values if isinstance(values, list) else [values])
    return total


def _ask(worker: Worker, sides: Sides, entry: Entry, call: Call, kernel: bool, direct: bool) -> Reply:
    plan = {"blocks": _BLOCKS_PER_TURN, "kernel": kernel, "direct": direct}
    return worker.time(entry.path, call, entry.names, plan, sides.limit)


def _call_rows(row: Measure, total: dict[str, dict[str, list[float]]]) -> list[Measure]:
    """The call, and the library's own function beside the adaptor that stands before it."""
    original, migrated = total["original"], total["migrated"]
    fresh = int(migrated["allocates"][0])
    detail = f"{row.detail}; {f'allocates {fresh}' if fresh else 'allocates nothing'}"
    row = replace(row, detail=detail)
    whole = replace(row, original=spread(original["call"]), migrated=spread(migrated["call"]))
    beside = replace(row, what="adaptor beside direct call", original=None)
    if "direct" not in migrated:
        reason = "not run: the adaptor does not call one function of the library"
        return [whole, replace(beside, reason=reason)]
    direct = spread(migrated["direct"])
    return [whole, replace(beside, original=direct, migrated=spread(migrated["call"]))]


def _kernel_row(sides: Sides, entry: Entry, call: Call, row: Measure) -> list[Measure]:
    row = replace(row, what="kernel", detail=describe(call, entry.names))
    if sides.device == "cpu":
        return []
    found = []
    for worker in (sides.original, sides.migrated):
        reply = _ask(worker, sides, entry, call, kernel=True, direct=False)
        if not reply.observations:
            return [replace(row, reason=f"not run: {reply.died or reply.failed}")]
        found.append(spread(reply.observations[0]["kernel"]))
    return [replace(row, original=found[0], migrated=found[1])]


def _not_run(reason: str) -> str:
    return reason if reason.startswith("not run") else f"not run: {reason}"
