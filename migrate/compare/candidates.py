"""First guesses: arguments that fit the types, and the constraints read from the source if any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from migrate.compare.call import ABSENT, NONE, Call, Value
from migrate.compare.facts import default_of
from migrate.compare.fills import DTYPES, FLOATS, usual_fill
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.properties import PROPERTIES

MOST_ELEMENTS = 4096
SIZES = (1, 2, 3, 4, 5, 7, 8, 16, 24, 31, 32, 33, 48, 64, 65, 100, 128, 129, 256)
INTEGERS = (0, 1, 2, 3, 4, 8, 16, 32, 64, 128, -1)
_RECENT = 12
FLOAT_VALUES = (1.0, 1e-5, 0.5, 2.0, 0.0, -1.0, 1e-6, 0.1, 3.25)


@dataclass
class Pools:
    """What values are drawn from. Error texts of the original add to it while searching."""

    rng: Random
    sizes: list[int] = field(default_factory=lambda: list(SIZES))
    integers: list[int] = field(default_factory=lambda: list(INTEGERS))
    strings: list[str] = field(default_factory=lambda: ["", "none", "mean", "sum", "auto"])
    dtypes: list[str] = field(default_factory=lambda: list(DTYPES))

    def learn_number(self, number: int) -> None:
        """What a text has just named is worth more than the usual values, until others are named:
        many texts repeat numbers that were drawn, and would drown the usual ones."""
        if 0 <= number <= MOST_ELEMENTS:
            self.sizes[len(SIZES) :] = [*self.sizes[len(SIZES) :], number][-_RECENT:]
        self.integers[len(INTEGERS) :] = [*self.integers[len(INTEGERS) :], number][-_RECENT:]


def pools_for(entry: Entry, rng: Random) -> Pools:
    """The usual values, and those that the source or a default names."""
    pools = Pools(rng)
    named = [default_of(param.default) for param in entry.params]
    words = [str(value.scalar) for value in named if value is not None and value.kind == "string"]
    for literal in (literal for fact in entry.facts for literal in _literals(fact.holds)):
        if isinstance(literal, str) and literal not in DTYPES:
            words.append(literal)
        elif isinstance(literal, int) and not isinstance(literal, bool):
            pools.learn_number(literal)
    pools.strings = words * 3 + pools.strings
    return pools


def _literals(term: Any) -> Iterator[Any]:
    """What arguments are compared with: not their names, nor the numbers of their dimensions."""
    if not isinstance(term, tuple):
        yield term
    elif term[0] not in PROPERTIES:
        for part in term[2 if term[0] == "all" else 1 :]:
            yield from _literals(part)


def starts(entry: Entry, pools: Pools) -> Iterator[Call]:
    """Endless guesses. The first round walks ranks and types in order, later ones are random."""
    for rank in (2, 1, 3, 4, 0):
        for dtype in ("float32", "int64", "bfloat16"):
            yield _guess(entry, pools, _shape(pools, rank), dtype)
    yield from _single(entry, pools)
    while True:
        rank = pools.rng.choice((1, 2, 2, 3, 3, 4))
        yield _guess(entry, pools, _shape(pools, rank), pools.rng.choice((*FLOATS, *pools.dtypes)))


def _guess(entry: Entry, pools: Pools, shape: tuple[int, ...], dtype: str) -> Call:
    return Call(tuple(value_for(param.type, shape, dtype, pools) for param in entry.params))


def _single(entry: Entry, pools: Pools) -> Iterator[Call]:
    """One tensor at a time of one element among larger ones: scales, seeds and thresholds are such."""
    for index, param in enumerate(entry.params):
        if param.type.kind == "tensor":
            base = _guess(entry, pools, _shape(pools, 2), "float32")
            yield base.with_value(index, base.values[index]._replace(shape=(1,)))


def _shape(pools: Pools, rank: int) -> tuple[int, ...]:
    few = [pools.rng.choice(pools.sizes) or 1 for _ in range(3)]
    return fitted(tuple(pools.rng.choice(few) for _ in range(rank)))


def value_for(kind: ArgType, shape: tuple[int, ...], dtype: str, pools: Pools) -> Value:
    """A value of a type; ``shape`` and ``dtype`` are for the tensors in it."""
    rng = pools.rng
    if kind.kind == "tensor":
        return Value("tensor", shape=shape, dtype=dtype, fill=usual_fill(dtype), seed=rng.randrange(1 << 16))
    if kind.kind == "optional":
        return NONE if rng.random() < 0.5 or not kind.args else value_for(kind.args[0], shape, dtype, pools)
    if kind.kind in ("list", "array"):
        inner = kind.args[0] if kind.args else ArgType("int")
        count = _array_length(kind) or rng.choice((1, 2, 2, 3))
        return Value("list", items=tuple(value_for(inner, shape, dtype, pools) for _ in range(count)))
    if kind.kind in ("tuple", "pair"):
        return Value("tuple", items=tuple(value_for(arg, shape, dtype, pools) for arg in kind.args))
    if kind.kind == "variant" and kind.args:
        return value_for(rng.choice(kind.args), shape, dtype, pools)
    if kind.kind == "map" and kind.args:
        items = (value_for(kind.args[index % 2], shape, dtype, pools) for index in range(4))
        return Value("dict", items=tuple(items))
    if kind.kind == "enum" and kind.members:
        return Value("enum", scalar=rng.choice(kind.members))
    return scalar_for(kind.kind, pools, shape)


def scalar_for(kind: str, pools: Pools, shape: tuple[int, ...] = ()) -> Value:
    rng = pools.rng
    if kind == "int":
        return Value("int", scalar=rng.choice([*pools.integers, *shape * 3]))
    if kind == "float":
        return Value("float", scalar=rng.choice(FLOAT_VALUES))
    if kind == "bool":
        return Value("bool", scalar=rng.random() < 0.5)
    if kind == "string":
        return Value("string", scalar=rng.choice(pools.strings))
    if kind == "scalar_type":
        return Value("dtype", scalar=rng.choice((*FLOATS, *DTYPES)))
    if kind == "device":
        return Value("device", scalar="cpu")
    return NONE


def _array_length(kind: ArgType) -> int:
    digits = kind.spelling.rpartition(",")[2].strip(" >")
    return int(digits) if kind.kind == "array" and digits.isdigit() else 0


def fitted(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape, its largest sizes lowered until it is small enough to try often."""
    sizes = list(shape)
    while _product(sizes) > MOST_ELEMENTS:
        largest = sizes.index(max(sizes))
        sizes[largest] = max(1, sizes[largest] // 2)
    return tuple(sizes)


def _product(sizes: list[int]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total


def absent_allowed(param: Parameter) -> bool:
    return param.default is not None


def defaults(entry: Entry, call: Call) -> Call:
    """The call with every argument left out that has a default."""
    values = (ABSENT if absent_allowed(param) else value for param, value in zip(entry.params, call.values))
    return Call(tuple(values), note="all defaults")
