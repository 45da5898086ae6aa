"""Artifacts -> Verdicts: original and migrated, side by side, operator by operator.

Each side has a process of its own. The original decides which calls are cases (`cases.py`); both
sides then make the same calls in fresh processes, and everything Python can see is compared bit for
bit (`observe.py`, `difference.py`). A crash or a hang is a verdict; the rest goes on.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.casefile import Written, case_file, read_case_file
from migrate.compare.cases import Cases
from migrate.compare.difference import Difference, differences
from migrate.compare.judge import Sides, Tally, compare_calls, generate, judge_again, verdict_of
from migrate.compare.loading import device_of, migrated_of, original_of, two_workers
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.process import Worker
from migrate.compare.recorded import calls_of, operator_key
from migrate.compare.repro import Shown, write_repro
from migrate.compare.shrink import shrink
from migrate.model.recorded import RecordedCall
from migrate.model.verdicts import Artifact, Artifacts, Verdict, Verdicts
from migrate.progress import SILENT, Progress

__all__ = ["Session", "Source", "compare", "replay"]

_DISCARDED = {
    "died": "the original died",
    "undefined": "the original's result depends on memory it was not given",
    "unusable": "the arguments could not be made",
}


def compare(
    tree: Path,
    artifacts: Artifacts,
    operators: Sequence[str] = (),
    seed: int = 0,
    cases: int = 100,
    progress: Progress = SILENT,
    time_limit: float = 20.0,
) -> Verdicts:
    """Compare ``operators`` (all for none) on at least ``cases`` calls each, where possible.

    ``time_limit`` is in seconds and for one call: beyond it, the call counts as a crash.
    """
    return _judged(Session(tree, Source(seed, cases), time_limit), artifacts, operators, progress)


def replay(
    tree: Path,
    artifacts: Artifacts,
    recorded: Sequence[RecordedCall],
    operators: Sequence[str] = (),
    progress: Progress = SILENT,
    time_limit: float = 20.0,
) -> Verdicts:
    """The same on the ``recorded`` calls of each operator, and on no others."""
    session = Session(tree, Source(recorded=recorded), time_limit)
    return _judged(session, artifacts, operators, progress)


def _judged(session: Session, artifacts: Artifacts, operators: Sequence[str], progress: Progress) -> Verdicts:
    try:
        return session.compare(artifacts, operators, progress)
    finally:
        session.stop()


@dataclass(frozen=True)
class Source:
    """Where calls come from: the seed and number of generated ones, or those that were recorded."""

    seed: int = 0
    cases: int = 100
    recorded: Optional[Sequence[RecordedCall]] = None

    def replayed(self, module: ModuleEntry, entry: Entry) -> list[Call]:
        key = operator_key(module.name, entry)
        siblings = [other for other in module.operators if other.path == entry.path]
        calls = [call for call in self.recorded or () if call.operator == key]
        return list(calls_of(entry, siblings, calls))


class Session:
    """The two processes of comparisons, and what each module is loaded from. An original is asked
    for its cases once: while a session lasts, only the migrated side may change."""

    def __init__(
        self, tree: Path, source: Source, limit: float = 20.0, environment: Mapping[str, str] = {}
    ) -> None:
        self._environment = environment
        self._tree = tree.resolve()
        self._artifacts: dict[tuple[str, str], Artifact] = {}
        self._source = source
        self._limit = limit
        self._workers: dict[str, tuple[Worker, Worker]] = {}
        self._found: dict[str, Cases] = {}

    def compare(
        self, artifacts: Artifacts, operators: Sequence[str] = (), progress: Progress = SILENT
    ) -> Verdicts:
        self.use(artifacts)
        modules = read_modules(self._tree, operators)
        progress.start("comparing", sum(len(module.operators) for module in modules))
        verdicts: list[Verdict] = []
        try:
            for module in modules:
                for entry in module.operators:
                    verdicts.append(self.judge(module, entry))
                    progress.step(entry.id)
        finally:
            progress.finish()
        return Verdicts(tuple(verdicts))

    def use(self, artifacts: Artifacts) -> None:
        """From now on, compare these libraries."""
        self._artifacts = {(item.module, item.side): item for item in artifacts.items}

    def judge(self, module: ModuleEntry, entry: Entry) -> Verdict:
        reason = self.not_run(module, entry)
        if reason:
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        sides = self.sides(module)
        if entry.kind != "function":
            return self._read_both(sides, module, entry)
        failure = sides.reopen()
        if failure:
            return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
        return self._call_both(sides, module, entry)

    def stop(self) -> None:
        for pair in self._workers.values():
            for worker in pair:
                worker.stop()

    def not_run(self, module: ModuleEntry, entry: Entry) -> str:
        if entry.tier == "manual" and not module.legacy:
            return f"needs a human: {entry.reason or 'not migrated'}"
        if entry.kind == "class":
            return "classes are not compared"
        if module.backend != "cpu" and not _has_device():
            return "no GPU"
        wanted = {
            "original": True,
            "migrated": module.migrated,
            "bridge": module.bridge,
            "legacy": bool(module.legacy),
        }
        for side in (side for side, is_wanted in wanted.items() if is_wanted):
            artifact = self._artifacts.get((module.name, side))
            if artifact is None or not artifact.ok:
                return f"the {side} library is not built: {artifact.reason if artifact else 'run build'}"
        served = module.adaptor or module.is_loaded_by_path
        return "" if served else "the module has no adaptor"

    def sides(self, module: ModuleEntry) -> Sides:
        device = device_of(module)
        if device not in self._workers:
            self._workers[device] = two_workers(self._tree, device, environment=self._environment)
        original, migrated = self._workers[device]
        return Sides(
            original,
            migrated,
            original_of(self._tree, module, self._artifacts[module.name, "original"].path),
            migrated_of(self._tree, module, self._bridge_path(module)),
            device,
            self._limit,
        )

    def _bridge_path(self, module: ModuleEntry) -> str:
        bridge = self._artifacts.get((module.name, "bridge"))
        return bridge.path if bridge else ""

    def _read_both(self, sides: Sides, module: ModuleEntry, entry: Entry) -> Verdict:
        failure = sides.reopen()
        if failure:
            return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
        original = sides.original.read(entry.path, self._limit)
        migrated = sides.migrated.read(entry.path, self._limit)
        if not original.observations:
            reason = f"the original has no such {entry.kind}: {original.failed or original.died}"
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        tally = Tally(ran=1, crash=migrated.died)
        if migrated.failed:
            tally.difference = Difference(entry.kind, migrated.failed)
        elif migrated.observations:
            found = differences(original.observations[0], migrated.observations[0])
            tally.difference = next(found, None)
        return verdict_of(entry, module.name, 1, tally, Counter())

    def _call_both(self, sides: Sides, module: ModuleEntry, entry: Entry) -> Verdict:
        missing = sides.original.read(entry.path, self._limit)
        if missing.failed:
            reason = f"this build of the original does not have it: {missing.failed}"
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        written = read_case_file(self._tree, module.name, entry)
        calls, notes, reason = self._calls(sides, module, entry, written)
        if not calls:
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        failure = sides.reopen()
        if failure:
            return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
        tally = compare_calls(sides, entry, calls, written)
        repro = self._explain(sides, entry, tally, written)
        verdict = verdict_of(entry, module.name, len(calls), tally, notes)
        return _with_repro(self._with_description(sides, entry, verdict), repro)

    def _calls(
        self, sides: Sides, module: ModuleEntry, entry: Entry, written: Written
    ) -> tuple[list[Call], Counter[str], str]:
        """What both sides are called with, what was discarded, and why there is nothing."""
        source = self._source
        if source.recorded is not None:
            return source.replayed(module, entry), Counter(), "no call of it is recorded"
        found = self._cases_of(sides, entry)
        last = (found.last_error.splitlines() or ["none"])[0]
        reason = f"no input is known that the original answers (last: {last[:160]})"
        reason += f"; write some into {case_file(module.name)}"
        notes = Counter({_DISCARDED[kind]: count for kind, count in found.discarded.items()})
        return [*written.calls, *found.chosen(source.cases)], notes, reason

    def _cases_of(self, sides: Sides, entry: Entry) -> Cases:
        if entry.id not in self._found:
            # Each operator has its own numbers, whichever others are compared with it.
            seed = self._source.seed ^ zlib.crc32(entry.id.encode())
            self._found[entry.id] = generate(sides, entry, seed, self._source.cases)
        return self._found[entry.id]

    def _with_description(self, sides: Sides, entry: Entry, verdict: Verdict) -> Verdict:
        """One more case: docstring, keywords and defaults are part of what callers see."""
        if verdict.verdict not in ("Equal", "Close"):
            return verdict
        original = sides.original.read(entry.path, self._limit)
        migrated = sides.migrated.read(entry.path, self._limit)
        if not original.observations or not migrated.observations:
            return verdict
        found = next(differences(original.observations[0], migrated.observations[0]), None)
        counted = replace(verdict, cases=verdict.cases + 1, ran=verdict.ran + 1)
        if found is None:
            return counted
        return replace(counted, verdict="Different", worst=f"{entry.name} {found.what}")

    def _explain(self, sides: Sides, entry: Entry, tally: Tally, written: Written) -> Optional[str]:
        """Shrink the call that shows the difference, and write a script of it."""
        if tally.call is None:
            return None

        def still_differs(call: Call) -> bool:
            again = judge_again(sides, entry, call, written.tolerance, tally.situation)
            if again.difference is not None and tally.difference is not None:
                tally.difference = again.difference
                return True
            return bool(again.crash and tally.crash)

        if "limit" not in tally.crash:  # each smaller call would take as long, or as much, again
            tally.call = shrink(tally.call, entry, still_differs)
        libraries = (sides.original_library, sides.migrated_library)
        words = str(tally.difference or tally.crash)
        shown = Shown(tally.call, words, sides.device, tally.situation)
        return write_repro(self._tree, entry, shown, libraries)


def _with_repro(verdict: Verdict, repro: Optional[str]) -> Verdict:
    if repro is None:
        return verdict
    reason = "; ".join(part for part in (verdict.reason, f"see {repro}") if part)
    return Verdict(**{**verdict.__dict__, "reason": reason})


def _load_verdict(failure: str) -> str:
    """An original that does not load proves nothing; a migrated one that does not load is broken."""
    return "NotRun" if failure.startswith("the original") else "Crashed"


def _has_device() -> bool:
    import torch  # only where a module needs a device: it takes a second

    return bool(torch.cuda.is_available())
