"""Which units are worth reading again: those with a bound function, or one it calls, that was not read
whole and includes a header outside the tree."""

from __future__ import annotations

from collections import defaultdict
from typing import Iterator, Sequence

from migrate.model.cpp import Function
from migrate.parse.registry import Registry
from migrate.parse.unit import RereadJob, UnitFacts, UnitJob

_Readings = dict[str, list[tuple[int, Function]]]


def rereads(jobs: Sequence[UnitJob], facts: Sequence[UnitFacts], tried: set[int]) -> dict[int, RereadJob]:
    """What to read again, by index of its unit, but for those ``tried`` before."""
    readings: _Readings = defaultdict(list)
    named: _Readings = defaultdict(list)
    for index, unit in enumerate(facts):
        for function in unit.functions:
            readings[function.usr].append((index, function))
            named[function.qualified].append((index, function))
    wanted = {index for index, unit in enumerate(facts) if any(_is_cut(r, unit) for r in unit.registries)}
    for usr in _reached(facts, readings):
        # By name too: a type that is unknown in one unit and declared in the other makes two USRs.
        for name in {function.qualified for _, function in readings[usr]}:
            wanted |= _units_of(named[name], facts)
    return {
        index: RereadJob(
            jobs[index],
            tuple(facts[index].problems),
            tuple(facts[index].blocking),
            facts[index].absent,
            tuple(f.span for f in facts[index].functions if f.errors),
        )
        for index in sorted(wanted - tried)
        if _can_be_read(facts[index])
    }


def merged(old: UnitFacts, new: UnitFacts) -> UnitFacts:
    """The first facts of a unit with what the second reading knows better."""
    if new.failure:
        return old
    again = {(f.span.file, f.span.start): f for f in new.functions}
    still = {(problem.file, problem.offset) for problem in new.problems}
    return UnitFacts(
        old.path,
        [again.get((f.span.file, f.span.start), f) for f in old.functions],
        new.registries,
        [problem for problem in old.problems if (problem.file, problem.offset) in still],
        old.variables,
        new.blocks,
        old.failure,
        absent=old.absent,
    )


def _can_be_read(unit: UnitFacts) -> bool:
    return bool(unit.absent and unit.blocking)


def _is_cut(registry: Registry, unit: UnitFacts) -> bool:
    """Whether an error lost or spoilt a registration."""
    return any(row.target is None and row.unresolved for row in registry.registrations) or any(
        problem.file == registry.file and registry.start <= problem.offset < registry.end
        for problem in unit.problems
    )


def _reached(facts: Sequence[UnitFacts], readings: _Readings) -> Iterator[str]:
    """USRs of all functions that a registration leads to."""
    registries = [registry for unit in facts for registry in unit.registries]
    queue = [row.target for registry in registries for row in registry.registrations if row.target]
    blocks = [block for unit in facts for block in unit.blocks]
    targets = [call.bound for block in blocks for call in block.calls if call.bound is not None]
    queue += [row.target for row in targets if row.target]
    registries += [block.registry for block in blocks]
    queue += [usr for registry in registries for bound in registry.lambdas for usr in bound.calls]
    seen = set(queue)
    while queue:
        usr = queue.pop()
        yield usr
        for _, function in readings.get(usr, ()):
            fresh = set(function.calls) - seen
            seen |= fresh
            queue.extend(fresh)


def _units_of(rows: Sequence[tuple[int, Function]], facts: Sequence[UnitFacts]) -> set[int]:
    """Units to read again for one function: one that defines it, and all that only know its
    declaration, since what an unknown type becomes must be the same everywhere."""
    broken = [(index, f) for index, f in rows if f.errors and _can_be_read(facts[index])]
    clean = {(f.span.file, f.span.start) for _, f in rows if not f.errors}
    wanted: dict[tuple[str, int, int], int] = {}
    for index, function in broken:
        place = (function.span.file, function.span.start)
        if place not in clean:
            wanted.setdefault((*place, index if function.body_span is None else -1), index)
    return set(wanted.values())
