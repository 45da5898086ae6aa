"""A smaller call that still shows the difference."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from migrate.compare.call import ABSENT, Call, Value, tensors
from migrate.compare.candidates import absent_allowed
from migrate.compare.fills import usual_fill
from migrate.compare.manifest import Entry
from migrate.compare.mutate import substitute_size

_SECONDS = 6.0
_MOST_TRIES = 200


def shrink(call: Call, entry: Entry, still_differs: Callable[[Call], bool]) -> Call:
    """Smaller and plainer, one step at a time, as long as ``still_differs``."""
    deadline = time.monotonic() + _SECONDS
    tries = 0
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(call, entry):
            tries += 1
            if tries > _MOST_TRIES or time.monotonic() > deadline:
                return call
            if smaller != call and still_differs(smaller):
                call, progress = smaller, True
                break
    return call


def _smaller(call: Call, entry: Entry) -> Iterator[Call]:
    if call.keywords:
        yield call._replace(keywords=frozenset())
    for index, value in enumerate(call.values):
        if value.kind != "absent" and absent_allowed(entry.params[index]):
            yield call.with_value(index, ABSENT)
    for size in sorted({size for tensor in tensors(call) for size in tensor.shape}, reverse=True):
        for less in (1, 2, 3, size // 2):
            if 0 < less < size:
                yield substitute_size(call, size, less, integers=True)
                yield substitute_size(call, size, less, integers=False)
    for index, value in enumerate(call.values):
        for plainer in _plainer(value):
            yield call.with_value(index, plainer)


def _plainer(value: Value) -> Iterator[Value]:
    if value.view is not None:  # recorded: made plain, it can be shrunk like any other
        yield Value("tensor", value.shape, value.dtype, fill=usual_fill(value.dtype), grad=value.grad)
    if value.kind != "tensor":
        return
    if value.grad:
        yield value._replace(grad=False)
    if value.layout != "contiguous":
        yield value._replace(layout="contiguous")
    usual = usual_fill(value.dtype)
    if value.fill != "ones":
        yield value._replace(fill="ones", seed=0)
    if value.fill not in ("ones", usual):
        yield value._replace(fill=usual, seed=0)
    if value.seed and value.fill == usual:
        yield value._replace(seed=0)
