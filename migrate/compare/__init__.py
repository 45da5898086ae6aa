"""Artifacts -> Verdicts: original and migrated, side by side, operator by operator.

Each side has a process of its own. The original decides which calls are cases (`cases.py`); both
sides then make the same calls in fresh processes, and everything Python can see is compared bit for
bit (`observe.py`, `difference.py`). A crash or a hang is a verdict; the rest goes on.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.casefile import Written, case_file, read_case_file
from migrate.compare.difference import Difference, differences
from migrate.compare.judge import Sides, Tally, compare_call, compare_calls, generate, verdict_of
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.process import Worker
from migrate.compare.protocol import LoadedBy
from migrate.compare.repro import write_repro
from migrate.compare.shrink import shrink
from migrate.model.verdicts import Artifact, Artifacts, Verdict, Verdicts
from migrate.progress import SILENT, Progress

__all__ = ["Session", "compare"]

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
    tree = tree.resolve()
    modules = read_modules(tree, operators)
    progress.start("comparing", sum(len(module.operators) for module in modules))
    verdicts: list[Verdict] = []
    session = Session(tree, artifacts, seed, cases, time_limit)
    try:
        for module in modules:
            for entry in module.operators:
                verdicts.append(session.judge(module, entry))
                progress.step(entry.id)
    finally:
        session.stop()
        progress.finish()
    return Verdicts(tuple(verdicts))


class Session:
    """The two processes of a comparison, and what each module is loaded from."""

    def __init__(
        self,
        tree: Path,
        artifacts: Artifacts,
        seed: int,
        cases: int,
        limit: float,
        environment: Mapping[str, str] = {},
    ) -> None:
        self._environment = environment
        self._tree = tree
        self._artifacts = {(item.module, item.side): item for item in artifacts.items}
        self._seed = seed
        self._cases = cases
        self._limit = limit
        self._workers: dict[str, tuple[Worker, Worker]] = {}

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
        device = "cpu" if module.backend == "cpu" else "cuda"
        if device not in self._workers:
            folder = self._tree / ".migrate" / "compare"
            build = self._tree / ".migrate" / "build"
            places = {
                "MIGRATE_BUILD_DIR": str(build / "migrated"),
                "MIGRATE_BRIDGE_DIR": str(build / "bridge"),
                "MIGRATE_LEGACY_DIR": str(build / "legacy"),
            }
            self._workers[device] = (
                Worker("original", device, folder, {**self._environment}),
                Worker("migrated", device, folder, {**places, **self._environment}),
            )
        original, migrated = self._workers[device]
        library = self._artifacts[module.name, "original"]
        return Sides(
            original,
            migrated,
            self._original(module, library),
            self._migrated(module),
            device,
            self._limit,
        )

    def _original(self, module: ModuleEntry, library: Artifact) -> LoadedBy:
        path = str(self._tree / library.path)
        kind = "library" if module.is_loaded_by_path else "extension"
        return LoadedBy(kind, module.name, path, search=str(self._tree / ".migrate" / "original"))

    def _migrated(self, module: ModuleEntry) -> LoadedBy:
        """The adaptor, with the folder of its top package where its path spells its import name."""
        if module.is_loaded_by_path:
            path = self._tree / self._artifacts[module.name, "bridge"].path
            return LoadedBy("library", module.name, str(path))
        dotted = module.name.replace(".", "/")
        root = ""
        if module.adaptor == dotted or module.adaptor.endswith(f"/{dotted}"):
            root = str(self._tree / module.adaptor[: -len(dotted)])
        return LoadedBy("adaptor", module.name, str(self._tree / module.adaptor), root)

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
        # Each operator has its own numbers, whichever others are compared with it.
        found = generate(sides, entry, self._seed ^ zlib.crc32(entry.id.encode()), self._cases)
        calls = [*written.calls, *found.chosen(self._cases)]
        notes = Counter({_DISCARDED[kind]: count for kind, count in found.discarded.items()})
        if not calls:
            last = found.last_error.splitlines()
            reason = f"no input is known that the original answers (last: {(last or ['none'])[0][:160]})"
            reason += f"; write some into {case_file(module.name)}"
            return Verdict(entry.id, entry.name, module.name, "NotRun", reason=reason)
        failure = sides.reopen()
        if failure:
            return Verdict(entry.id, entry.name, module.name, _load_verdict(failure), reason=failure)
        tally = compare_calls(sides, entry, calls, written)
        repro = self._explain(sides, entry, tally, written)
        verdict = verdict_of(entry, module.name, len(calls), tally, notes)
        return _with_repro(self._with_description(sides, entry, verdict), repro)

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
            again = Tally()
            compare_call(sides, entry, call, written.tolerance, again)
            if again.difference is not None and tally.difference is not None:
                tally.difference = again.difference
                return True
            return bool(again.crash and tally.crash)

        if "time limit" not in tally.crash:  # each smaller call would wait as long again
            tally.call = shrink(tally.call, entry, still_differs)
        libraries = (sides.original_library, sides.migrated_library)
        words = str(tally.difference or tally.crash)
        return write_repro(self._tree, entry, tally.call, words, libraries)


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
