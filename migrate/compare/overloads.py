"""Calls that several overloads of one name accept: which of them is taken shows in the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from random import Random

from migrate.compare.call import Call, Value
from migrate.compare.manifest import ArgType, Entry

_MOST_MIXES = 4096
_MOST = 120
_NUMBERS = (
    Value("int", scalar=2),
    Value("float", scalar=2.5),
    Value("bool", scalar=True),
    Value("numpy_int", scalar=2),
    Value("numpy_float", scalar=2.5),
    Value("tensor", shape=(), dtype="int64", fill="ones"),
    Value("tensor", shape=(1,), fill="ones"),
)
_ITEMS = (Value("int", scalar=2), Value("float", scalar=2.5), Value("bool", scalar=True))
_LISTS = (Value("list"), *(Value("list", items=(item, item)) for item in _ITEMS))
# What an overload with a parameter of the kind may take, if need be by a conversion.
_TAKEN = {
    "int": _NUMBERS, "float": _NUMBERS, "bool": (*_NUMBERS, Value("none")), "tensor": _NUMBERS[-2:],
    "string": (Value("string", scalar="x"),), "list": _LISTS, "array": _LISTS, "shape": _LISTS,
    "tuple": (Value("tuple", items=_ITEMS[:2]),), "pair": (Value("tuple", items=_ITEMS[:2]),),
    "scalar_type": (Value("dtype", scalar="float32"),), "none": (Value("none"),),
}  # fmt: skip


def between_overloads(entry: Entry, rng: Random) -> Iterator[Call]:
    """Every mix of the values that its own parameters and those of the others of its name may take."""
    if not entry.overloads or not entry.params:
        return
    taken: list[dict[Value, None]] = [{} for _ in entry.params]
    for kinds in entry.overloads:
        for place, kind in zip(taken, kinds):
            place.update(dict.fromkeys(_values(kind)))
    if all(taken):
        mixes = list(islice(product(*taken), _MOST_MIXES))
        for values in mixes if len(mixes) <= _MOST else rng.sample(mixes, _MOST):
            yield Call(values, note="for one overload or another")


def _values(kind: ArgType) -> Sequence[Value]:
    if kind.kind == "optional":
        return (Value("none"), *(value for arg in kind.args for value in _values(arg)))
    if kind.kind == "enum":
        return tuple(Value("enum", scalar=member) for member in kind.members[:1])
    return _TAKEN.get(kind.kind, ())
