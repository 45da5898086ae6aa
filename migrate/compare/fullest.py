"""From a call that works to one on which more of the source has something to do.

Every optional argument is given, scalars have the values that the author finds usual, no size is 0 or
1, and no two sizes of a tensor are alike: a stride, a size or an argument taken for another one shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from migrate.compare.arguments import Arguments
from migrate.compare.call import Call, Value, map_values, tensors
from migrate.compare.candidates import Pools
from migrate.compare.facts import default_of
from migrate.compare.fills import is_float
from migrate.compare.manifest import Entry
from migrate.compare.mutate import reshaped, substitute_size
from migrate.compare.satisfy import satisfy

_MOST_TRIES = 150
_LARGER = (3, 2, 5, 4, 8)
_NOT_GIVEN = ("none", "absent")


def fullest(base: Call, entry: Entry, pools: Pools, is_answered: Callable[[Call], bool]) -> Call:
    """The fullest call found near ``base``, one step at a time; the original answers each."""
    best, tries, progress = base, 0, True
    while progress:
        progress = False
        for changed in _steps(best, entry, pools):
            tries += 1
            if tries > _MOST_TRIES:
                return best
            changed = satisfy(changed, entry, pools)
            if _fullness(changed, entry) > _fullness(best, entry) and is_answered(changed):
                best, progress = changed, True
                break
    return best


def _fullness(call: Call, entry: Entry) -> tuple[int, ...]:
    pairs = list(zip(call.values, entry.params))
    given = sum(value.kind not in _NOT_GIVEN for value, _ in pairs)
    usual = sum(value == default_of(param.default) for value, param in pairs)
    found = list(tensors(call))
    dense = sum(value.fill == "normal" for value in found)
    large = sum(size > 1 for value in found for size in value.shape)
    alike = sum(one == other > 1 for value in found for one, other in combinations(value.shape, 2))
    return (given, usual, dense, large, -alike)


def _steps(call: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    yield _usual(call, entry)
    yield map_values(call, _dense)
    for param, value in zip(entry.params, call.values):
        for _ in range(3 * (value.kind in _NOT_GIVEN)):
            given = Arguments(call, entry, pools, entry.reader(call)).give(param.name)
            if given is not None:
                yield given
    for size in sorted({size for value in tensors(call) for size in value.shape if size < 2}):
        for larger in _LARGER:
            yield substitute_size(call, size, larger, integers=False)
            yield substitute_size(call, size, larger, integers=True)
    yield from _other_sizes(call)


def _usual(call: Call, entry: Entry) -> Call:
    """Scalars as they are by default; what is a tensor or None by default stays."""
    for index, param in enumerate(entry.params):
        default = default_of(param.default)
        if default is not None and default.kind == param.type.kind:
            call = call.with_value(index, default)
    return call


def _dense(value: Value) -> Value:
    return value._replace(fill="normal") if value.kind == "tensor" and is_float(value.dtype) else value


def _other_sizes(call: Call) -> Iterator[Call]:
    """One size of one tensor that is 0 or 1, or that another one of it is too; facts draw the rest along."""
    for index, value in enumerate(call.values):
        for axis, size in enumerate(value.shape if value.kind == "tensor" else ()):
            if size < 2 or size in value.shape[:axis]:
                for other in _LARGER:
                    sizes = (*value.shape[:axis], other, *value.shape[axis + 1 :])
                    yield call.with_value(index, reshaped(value, sizes))
