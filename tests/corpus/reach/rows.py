"""One operator's cases, by asking its original, or by what was read of its source alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from migrate.compare.candidates import pools_for, starts
from migrate.compare.judge import Sides
from migrate.compare.loading import built, original_of
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.oracle import generate
from migrate.compare.process import Worker
from migrate.compare.protocol import LoadedBy
from migrate.compare.satisfy import satisfy

WANTED = 100
_GUESSES = 40
TORCH_FREE = ("raw", "view")


@dataclass(frozen=True)
class Asked:
    """What the original made of an operator's cases. ``last`` is its last refusal."""

    id: str
    tier: str
    tensors: bool
    facts: int
    answers: int
    errors: int
    tries: int
    discarded: dict[str, int] = field(default_factory=dict)
    last: str = ""

    @property
    def cases(self) -> int:
        return self.answers + self.errors


@dataclass(frozen=True)
class Planned:
    """A case that satisfies all ``facts`` was made, or else these are broken in the best one."""

    id: str
    tier: str
    facts: int
    broken: tuple[str, ...] = ()


def asked(tree: Path, work: Path, seed: int) -> Iterator[Asked]:
    """Every CPU operator of a migrated tree whose original is built."""
    worker = Worker("original", "cpu", work, {})
    try:
        for module in read_modules(tree, ()):
            library = _library(tree, module)
            if library is not None:
                sides = Sides(worker, worker, library, library, "cpu", 20.0)
                for entry in module.operators:
                    if entry.kind == "function" and entry.tier != "ignored":
                        yield _asked(sides, entry, seed)
    finally:
        worker.stop()


def _library(tree: Path, module: ModuleEntry) -> LoadedBy | None:
    path = built(tree, module, "original")
    if module.backend != "cpu" or not path:
        return None
    library = original_of(tree, module, path)
    dispatched = any(entry.is_dispatched for entry in module.operators)
    return replace(library, kind="library") if dispatched else library


def _asked(sides: Sides, entry: Entry, seed: int) -> Asked:
    tensors = any(param.type.kind == "tensor" for param in entry.params)
    row = Asked(entry.id, entry.tier, tensors, len(entry.facts), 0, 0, 0)
    failure = sides.original.open(sides.original_library)
    if failure:
        return Asked(**{**row.__dict__, "last": f"not loaded: {failure}"})
    found = generate(sides, entry, seed ^ zlib.crc32(entry.id.encode()), WANTED)
    answers = min(len(found.answers), WANTED)
    numbers = {
        "answers": answers,
        "errors": len(found.chosen(WANTED)) - answers,
        "tries": found.tries,
        "discarded": dict(found.discarded),
        "last": " ".join(found.last_error.split())[:160],
    }
    return Asked(**{**row.__dict__, **numbers})


def planned(module: ModuleEntry) -> Iterator[Planned]:
    """Every torch-free function, wherever it runs."""
    for entry in module.operators:
        if entry.kind == "function" and entry.tier in TORCH_FREE:
            pools = pools_for(entry, Random(zlib.crc32(entry.id.encode())))
            guesses = starts(entry, pools)
            best: list[object] = [fact.holds for fact in entry.facts]
            for _ in range(_GUESSES):
                reader = entry.reader(satisfy(next(guesses), entry, pools))
                broken = [fact.holds for fact in entry.facts if not fact.demand.read(reader)]
                best = broken if len(broken) <= len(best) else best
                if not best:
                    break
            texts = {fact.holds: fact.text for fact in entry.facts}
            yield Planned(entry.id, entry.tier, len(entry.facts), tuple(texts[term] for term in best))
