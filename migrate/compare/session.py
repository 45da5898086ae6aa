"""A comparison while it lasts: its processes, and the verdict on each operator."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.casefile import Written, case_file, read_case_file
from migrate.compare.cases import Cases
from migrate.compare.difference import Difference, differences
from migrate.compare.judge import Sides, Tally, compare_calls, judge_again, verdict_of
from migrate.compare.lanes import Lanes, cores
from migrate.compare.loading import device_of, migrated_of, original_of, places
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.oracle import generate
from migrate.compare.protocol import LoadedBy
from migrate.compare.recorded import calls_of, operator_key
from migrate.compare.repro import Shown, write_repro
from migrate.compare.sanitize import Job, job_of, sanitize, with_findings
from migrate.compare.shrink import shrink
from migrate.model.recorded import RecordedCall
from migrate.model.verdicts import Artifact, Artifacts, Verdict, Verdicts
from migrate.progress import SILENT, Progress

_DISCARDED = {
    "died": "the original died",
    "undefined": "the original's result depends on memory it was not given",
    "unusable": "the arguments could not be made",
}


@dataclass(frozen=True)
class Source:
    """Where calls come from: the seed and number of generated ones, or those that were recorded.
    ``sanitize``: the migrated side makes those for a device once more, under compute-sanitizer."""

    seed: int = 0
    cases: int = 100
    recorded: Optional[Sequence[RecordedCall]] = None
    sanitize: bool = False

    def replayed(self, module: ModuleEntry, entry: Entry) -> list[Call]:
        key = operator_key(module.name, entry)
        siblings = [other for other in module.operators if other.path == entry.path]
        calls = [call for call in self.recorded or () if call.operator == key]
        return list(calls_of(entry, siblings, calls))


class Session:
    """The processes of comparisons, and what each module is loaded from. An original is asked for its
    cases once: while a session lasts, only the migrated side may change. ``jobs`` cores are used."""

    def __init__(
        self,
        tree: Path,
        source: Source,
        limit: float = 20.0,
        environment: Mapping[str, str] = {},
        jobs: Optional[int] = None,
    ) -> None:
        self._tree = tree.resolve()
        self._artifacts: dict[tuple[str, str], Artifact] = {}
        self._source = source
        self._limit = limit
        self._lanes = Lanes(self._tree, jobs or cores(), environment)
        self._loaded: set[str] = set()
        self._found: dict[str, Cases] = {}
        self._jobs: dict[str, list[Job]] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, artifacts: Artifacts, operators: Sequence[str] = ()) -> int:
        """Start the processes that ``compare`` needs; how many operators it has at a time."""
        self.use(artifacts)
        modules = read_modules(self._tree, operators)
        pairs = [(module, entry) for module in modules for entry in module.operators]
        devices = [device_of(module) for module, entry in pairs if not self.not_run(module, entry)]
        return self._lanes.start(Counter(devices))

    def compare(
        self, artifacts: Artifacts, operators: Sequence[str] = (), progress: Progress = SILENT
    ) -> Verdicts:
        lanes = self.start(artifacts, operators)
        modules = read_modules(self._tree, operators)
        progress.start("comparing", sum(len(module.operators) for module in modules))
        verdicts: list[Verdict] = []
        pool = ThreadPoolExecutor(lanes)
        try:
            judged = [[pool.submit(self.judge, m, entry) for entry in m.operators] for m in modules]
            for module, futures in zip(modules, judged):
                rows = []
                for entry, future in zip(module.operators, futures):
                    rows.append(future.result())
                    progress.step(entry.id)
                verdicts += self._sanitized(module, rows)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            self.stop()  # else the operators that have begun would be waited for
            raise
        finally:
            pool.shutdown()
            progress.finish()
        return Verdicts(tuple(verdicts))

    def use(self, artifacts: Artifacts) -> None:
        """From now on, compare these libraries."""
        self._artifacts = {(item.module, item.side): item for item in artifacts.items}
        self._loaded.clear()

    def judge(self, module: ModuleEntry, entry: Entry) -> Verdict:
        reason = self.not_run(module, entry)
        if reason:
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        with self.sides(module) as sides:
            if entry.kind != "function":
                return self._read_both(sides, module, entry)
            # The cases need the original alone; but who knows that they are in vain needs no cases.
            is_known = module.name in self._loaded
            failure = sides.reopen_original() if is_known else sides.reopen()
            if failure:
                return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
            self._loaded.add(module.name)
            return self._call_both(sides, module, entry)

    def stop(self) -> None:
        self._lanes.stop()

    def _sanitized(self, module: ModuleEntry, verdicts: list[Verdict]) -> list[Verdict]:
        jobs = self._jobs.pop(module.name, [])
        if not jobs:
            return verdicts
        where = (self._tree / ".migrate" / "compare", places(self._tree), self._migrated_library(module))
        return with_findings(verdicts, sanitize(*where, jobs, device_of(module)))

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

    @contextmanager
    def sides(self, module: ModuleEntry) -> Iterator[Sides]:
        device = device_of(module)
        library = original_of(self._tree, module, self._artifacts[module.name, "original"].path)
        with self._lanes.pair(device) as pair:
            yield Sides(*pair, library, self._migrated_library(module), device, self._limit)

    def _migrated_library(self, module: ModuleEntry) -> LoadedBy:
        bridge = self._artifacts.get((module.name, "bridge"))
        return migrated_of(self._tree, module, bridge.path if bridge else "")

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
        sides.begin_reopen_migrated()  # it loads while the original is asked for its cases
        calls, notes, reason = self._calls(sides, module, entry, written)
        failure = sides.end_reopen()
        if not calls:
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        if failure:
            return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
        if self._source.sanitize and sides.device != "cpu":
            self._jobs.setdefault(module.name, []).append(job_of(entry, calls))
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
