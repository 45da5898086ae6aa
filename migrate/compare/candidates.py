"""First guesses: arguments that fit the types, and the constraints read from the source if any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from migrate.compare.call import ABSENT, NONE, Call, Value
from migrate.compare.fills import DTYPES, FLOATS, usual_fill
from migrate.compare.manifest import ArgType, Entry, Parameter

MOST_ELEMENTS = 4096
SIZES = (1, 2, 3, 4, 5, 7, 8, 16, 24, 31, 32, 33, 48, 64, 65, 100, 128, 129, 256)
INTEGERS = (0, 1, 2, 3, 4, 8, 16, 32, 64, 128, -1)
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
        # What a text has just named is worth more than the usual sizes: once per mention.
        if 0 <= number <= MOST_ELEMENTS:
            self.sizes.append(number)
        self.integers.append(number)


def pools_for(entry: Entry, rng: Random) -> Pools:
    pools = Pools(rng)
    facts = entry.facts
    strings = [str(text) for text in facts.get("strings") or ()]
    pools.strings = strings * 3 + pools.strings
    numbers = facts.get("ints") or ()
    if isinstance(numbers, dict):
        numbers = [n for group in numbers.values() for n in (group if isinstance(group, list) else [group])]
    for number in numbers:
        if isinstance(number, int):
            pools.learn_number(number)
    return pools


def starts(entry: Entry, pools: Pools) -> Iterator[Call]:
    """Endless guesses. The first round walks ranks and types in order, later ones are random."""
    layouts = _Sizes(entry, pools)
    for rank in (2, 1, 3, 4, 0):
        for dtype in ("float32", "int64", "bfloat16"):
            yield _guess(entry, pools, layouts.draw(rank), dtype)
    while True:
        rank = pools.rng.choice((1, 2, 2, 3, 3, 4))
        yield _guess(entry, pools, layouts.draw(rank), pools.rng.choice((*FLOATS, *pools.dtypes)))


def _guess(entry: Entry, pools: Pools, shapes: dict[str, tuple[int, ...]], dtype: str) -> Call:
    values = []
    for param in entry.params:
        shape = shapes.get(param.name, shapes[""])
        value = value_for(param.type, shape, dtype, pools)
        values.append(_with_facts(value, entry.facts.get(param.name), dtype, pools))
    return Call(tuple(values))


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


def _with_facts(value: Value, facts: Any, dtype: str, pools: Pools) -> Value:
    """The value under its parameter's own constraints: types and fixed values."""
    if not isinstance(facts, dict):
        return value
    allowed = [name for name in facts.get("dtypes") or () if name in DTYPES]
    if value.kind == "tensor" and allowed:
        chosen = dtype if dtype in allowed else allowed[pools.rng.randrange(len(allowed))]
        return Value("tensor", value.shape, chosen, fill=usual_fill(chosen), seed=value.seed)
    for key, kind in (("ints", "int"), ("values", value.kind), ("strings", "string")):
        options = facts.get(key)
        if isinstance(options, list) and options and value.kind == kind != "tensor":
            return Value(kind, scalar=pools.rng.choice(options))
    return value


class _Sizes:
    """Shapes that keep the equalities of the facts: equal axes draw one size together."""

    def __init__(self, entry: Entry, pools: Pools) -> None:
        self._pools = pools
        self._ranks: dict[str, list[int]] = {}
        self._same: dict[str, str] = {}
        self._joined: dict[tuple[str, int], tuple[str, int]] = {}
        for param in entry.params:
            facts = entry.facts.get(param.name)
            if isinstance(facts, dict):
                self._read(param, facts)

    def _read(self, param: Parameter, facts: dict[str, Any]) -> None:
        ranks = facts.get("ndim")
        ranks = [ranks] if isinstance(ranks, int) else ranks
        if ranks:
            self._ranks[param.name] = [int(rank) for rank in ranks]
        if facts.get("same_shape_as"):
            self._same[param.name] = str(facts["same_shape_as"])
        for one, axis, other, other_axis in facts.get("size_equal") or ():
            self._joined[self._root((one, axis))] = self._root((other, other_axis))

    def _root(self, key: tuple[str, int]) -> tuple[str, int]:
        while self._joined.get(key, key) != key:
            key = self._joined[key]
        return key

    def draw(self, rank: int) -> dict[str, tuple[int, ...]]:
        """A shape per constrained parameter, and under ``""`` the one that all others share."""
        rng = self._pools.rng
        few = [rng.choice(self._pools.sizes) or 1 for _ in range(3)]
        plain = tuple(rng.choice(few) for _ in range(rank))
        drawn: dict[tuple[str, int], int] = {}
        shapes = {"": fitted(plain)}
        for name in {*self._ranks, *self._same, *(key[0] for key in self._joined)}:
            own = self._ranks.get(name) or self._ranks.get(self._same.get(name, ""))
            wanted = rng.choice(own) if own else rank
            sizes = []
            for axis in range(wanted):
                key = self._key(name, axis, wanted)
                sizes.append(drawn.setdefault(key, plain[axis] if axis < rank else rng.choice(few)))
            shapes[name] = fitted(tuple(sizes))
        for name, other in self._same.items():
            shapes[name] = shapes.get(other, shapes[name])
        return shapes

    def _key(self, name: str, axis: int, rank: int) -> tuple[str, int]:
        for spelled in (axis, axis - rank):
            if (name, spelled) in self._joined or (name, spelled) in self._joined.values():
                return self._root((name, spelled))
        return (name, axis)


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
