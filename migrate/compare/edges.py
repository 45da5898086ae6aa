"""Calls with nothing to do, and with one thing wrong there: whoever returns early must have checked it."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.compare.call import Call, tensors
from migrate.compare.candidates import Pools
from migrate.compare.facts import Term, demanded
from migrate.compare.manifest import Entry
from migrate.compare.mutate import reshaped, substitute_size
from migrate.compare.satisfy import broken_one_by_one, satisfy
from migrate.compare.variations import broken_tensor


def at_edges(base: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    """One size is 0: everywhere, and in one tensor. Whether that is allowed is for the original."""
    for size in sorted({size for tensor in tensors(base) for size in tensor.shape} - {0}):
        yield substitute_size(base, size, 0, integers=False).with_note(f"no {size}")
    for index, (param, value) in enumerate(zip(entry.params, base.values)):
        for axis in range(len(value.shape)):
            sizes = (*value.shape[:axis], 0, *value.shape[axis + 1 :])
            call = base.with_value(index, reshaped(value, sizes), f"{param.name} without dimension {axis}")
            yield satisfy(call, entry, pools, (*entry.demands, demanded(_empty(param.name, axis))))


def _empty(name: str, axis: int) -> Term:
    return ("==", ("size", name, axis), 0)


def empty_sizes(call: Call, entry: Entry) -> tuple[Term, ...]:
    """What makes the call an edge, as terms."""
    return tuple(
        _empty(param.name, axis)
        for param, value in zip(entry.params, call.values)
        for axis, size in enumerate(value.shape)
        if size == 0
    )


def broken_at_edge(edge: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    """One thing wrong at a time; what is empty stays so."""
    empty = tuple(map(demanded, empty_sizes(edge, entry)))
    for call in broken_one_by_one(edge, entry, pools, empty):
        yield call.with_note(f"{call.note}, {edge.note}")
    if entry.facts:
        return
    for index, (param, value) in enumerate(zip(entry.params, edge.values)):
        if value.kind == "tensor" and value.numel:
            yield from (
                call.with_note(f"{call.note}, {edge.note}")
                for call in broken_tensor(edge, index, value, param.name)
            )
