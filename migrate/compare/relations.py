"""What a printed condition demands, done at once: ``t.dim() == 2 and f.size(0) == t.size(0)``.

A check that holds several conditions says nothing about which of them failed, so that single steps
make no progress that could be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from migrate.compare.call import Call, Value
from migrate.compare.candidates import fitted
from migrate.compare.manifest import Entry

_OF = r"\b(\w+)(?:\.value\(\))?(?:\.|->)"
_RANK = re.compile(_OF + r"dim\(\) == (\d)\b")
_SIZE = re.compile(_OF + r"size\((-?\d)\) == " + _OF + r"size\((-?\d)\)")
_SHAPE = re.compile(_OF + r"sizes\(\) == " + _OF + r"sizes\(\)")
_DTYPE = re.compile(_OF + r"(?:scalar_type|dtype)\(\) == " + _OF + r"(?:scalar_type|dtype)\(\)")


@dataclass(frozen=True)
class Relation:
    """One demand: ``kind`` rank, size, shape or dtype; names and numbers as the text has them."""

    kind: str
    words: tuple[str, ...]


def relations(text: str) -> tuple[Relation, ...]:
    """All demands of ``text``, those that later ones build on first."""
    patterns = (("rank", _RANK), ("shape", _SHAPE), ("size", _SIZE), ("dtype", _DTYPE))
    return tuple(Relation(kind, match.groups()) for kind, p in patterns for match in p.finditer(text))


def obey(call: Call, entry: Entry, demands: tuple[Relation, ...]) -> Call:
    """The call changed so that each demand on tensors it can name holds."""
    for demand in demands:
        names = [word for word in demand.words if not word.lstrip("-").isdigit()]
        places = [_place(call, entry, name) for name in names]
        if all(place >= 0 for place in places):
            values = [call.values[place] for place in places]
            changed = _APPLY[demand.kind](values, [int(w) for w in demand.words if w not in names])
            call = call.with_value(places[0], changed)
    return call


def _place(call: Call, entry: Entry, name: str) -> int:
    """The position of the tensor called ``name``, or -1."""
    for index, param in enumerate(entry.params):
        if name in param.spellings and call.values[index].kind == "tensor":
            return index
    return -1


def _rank(values: list[Value], numbers: list[int]) -> Value:
    shape = values[0].shape[: numbers[0]]
    return _shaped(values[0], (*shape, *[2] * (numbers[0] - len(shape))))


def _size(values: list[Value], numbers: list[int]) -> Value:
    one, other = values
    if not -len(one.shape) <= numbers[0] < len(one.shape):
        return one
    if not -len(other.shape) <= numbers[1] < len(other.shape):
        return one
    sizes = list(one.shape)
    sizes[numbers[0]] = other.shape[numbers[1]]
    return _shaped(one, tuple(sizes))


def _shape(values: list[Value], _numbers: list[int]) -> Value:
    return _shaped(values[0], values[1].shape)


def _dtype(values: list[Value], _numbers: list[int]) -> Value:
    one, other = values
    return one if one.dtype == other.dtype else one._replace(dtype=other.dtype, fill=other.fill)


def _shaped(value: Value, shape: tuple[int, ...]) -> Value:
    return value._replace(shape=fitted(shape), layout="contiguous")


_APPLY: dict[str, Callable[[list[Value], list[int]], Value]] = {
    "rank": _rank,
    "size": _size,
    "shape": _shape,
    "dtype": _dtype,
}
