"""From calls that work: sizes, types, layouts and values around them, and calls with one thing broken."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from string import ascii_letters

from migrate.compare.call import ABSENT, NONE, Call, Value, map_values, tensors
from migrate.compare.candidates import FLOAT_VALUES, Pools, absent_allowed, defaults, value_for
from migrate.compare.fills import DTYPES, FLOAT_FILLS, INT_FILLS, is_float, layouts
from migrate.compare.manifest import ArgType, Entry
from migrate.compare.mutate import (
    mutate,
    other_scalar,
    reshaped,
    retyped,
    substitute_dtype,
    substitute_size,
    without_optionals,
)

_SIZES = (0, 1, 2, 3, 7, 16, 31, 33, 64, 100, 129, 257)
_BEYOND = 1 << 32  # added to a number, it is lost with the upper 32 bits
# Longer than the texts that C++ and tvm-ffi hold in place, and of more bytes than letters.
_STRINGS = ("longer than twenty-four bytes", "gr\u00fc\u00df")
_BITS = (3, 7, 10, 15)
_MOST_INT = {8: 1 << 7, 16: 1 << 15, 32: 1 << 31, 64: 1 << 63}


def around(base: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    """Calls near one that works, the most telling first; whether they work too is for the original."""
    yield from _types(base)
    yield from _layouts(base)
    yield from _presence(base, entry, pools)
    yield from _sizes(base)
    yield from _fills(base)
    yield from _scalars(base, entry, pools)
    yield from _same_objects(base)


def _types(base: Call) -> Iterator[Call]:
    used = {tensor.dtype for tensor in tensors(base)}
    for dtype in DTYPES:
        for old in sorted(used):
            if dtype != old:
                yield substitute_dtype(base, old, dtype)
        if len(used) > 1:
            yield substitute_dtype(base, None, dtype)


def _layouts(base: Call) -> Iterator[Call]:
    for index, value in enumerate(base.values):
        if value.kind != "tensor":
            continue
        for layout in layouts(len(value.shape))[1:]:
            yield base.with_value(index, value._replace(layout=layout), layout)
        if is_float(value.dtype):
            yield base.with_value(index, value._replace(grad=True), "requires grad")
    for layout in ("sliced", "transposed", "offset", "reversed", "inner"):
        changed = map_values(base, lambda v, to=layout: _laid_out(v, to))
        if changed != base:
            yield changed.with_note(f"all {layout}")


def _laid_out(value: Value, layout: str) -> Value:
    fits = value.kind == "tensor" and layout in layouts(len(value.shape))
    return value._replace(layout=layout) if fits else value


def _presence(base: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    yield defaults(entry, base)
    yield base._replace(keywords=_keyword_positions(entry, base), note="all by keyword")
    shapes = [tensor.shape for tensor in tensors(base)] or [()]
    dtypes = [tensor.dtype for tensor in tensors(base)] or ["float32"]
    for index, param in enumerate(entry.params):
        if absent_allowed(param):
            yield base.with_value(index, ABSENT, f"{param.name} left out")
        if param.type.kind != "optional" or not param.type.args:
            continue
        yield base.with_value(index, NONE, f"{param.name} None")
        for shape in dict.fromkeys([*shapes, *(shape[-1:] for shape in shapes)]):
            for dtype in dict.fromkeys(dtypes):
                yield base.with_value(index, value_for(param.type.args[0], shape, dtype, pools))


def _keyword_positions(entry: Entry, base: Call) -> frozenset[int]:
    """All parameters by name, unless one without a name keeps those before it positional."""
    nameless = [index for index, param in enumerate(entry.params) if not param.keyword]
    first = nameless[-1] + 1 if nameless else 0
    return frozenset(range(first, len(base.values)))


def _sizes(base: Call) -> Iterator[Call]:
    for old in sorted({size for tensor in tensors(base) for size in tensor.shape}):
        for new in _SIZES:
            if new != old:
                yield substitute_size(base, old, new, integers=True)
                yield substitute_size(base, old, new, integers=False)
    yield map_values(base, lambda value: reshaped(value, ()) if value.kind == "tensor" else value)
    yield map_values(base, _deeper)


def _deeper(value: Value) -> Value:
    return reshaped(value, (2, *value.shape)) if value.kind == "tensor" else value


def _fills(base: Call) -> Iterator[Call]:
    for index, value in enumerate(base.values):
        if value.kind == "tensor":
            for fill in FLOAT_FILLS if is_float(value.dtype) else INT_FILLS:
                yield base.with_value(index, value._replace(fill=fill, seed=value.seed + 1))
            # Beside ones, what is special stays so: a scale of 1 keeps halves halves.
            for fill in ("special", "halves") if is_float(value.dtype) else ():
                plain = map_values(base, _of_ones)
                yield plain.with_value(index, value._replace(fill=fill), f"{fill} beside ones")


def _of_ones(value: Value) -> Value:
    return value._replace(fill="ones") if value.kind == "tensor" and is_float(value.dtype) else value


def _scalars(base: Call, entry: Entry, pools: Pools) -> Iterator[Call]:
    numbers: list[Value] = [Value("float", scalar=number) for number in FLOAT_VALUES]
    numbers += [Value("float", scalar=number) for number in (math.nan, math.inf, -math.inf, 1e300)]
    numbers += [Value("int", scalar=number) for number in (-1, 0, 1, 2, 3, 5, 17, 64)]
    numbers += [Value("bool", scalar=flag) for flag in (False, True)]
    for index, value in enumerate(base.values):
        kind = _plain_kind(entry.params[index].type)
        for number in numbers:
            if number.kind == kind:
                yield base.with_value(index, number)
        if kind == "string":
            for text in dict.fromkeys((*pools.strings, *_STRINGS)):
                yield base.with_value(index, Value("string", scalar=text))
        if kind == "int" and _bits(entry.params[index].type) == 64:
            own = value.scalar if isinstance(value.scalar, int) else 0
            for wide in dict.fromkeys((own + _BEYOND, _BEYOND, _BEYOND + 1, _BEYOND >> 1)):
                yield base.with_value(index, Value("int", scalar=wide), "beyond 32 bits")
        if kind in ("int", "float") and value.kind == kind:
            yield base.with_value(index, value._replace(kind=f"numpy_{kind}"), "a NumPy number")
            # Whoever converts it must leave alone what stands beside it.
            beside = without_optionals(base, entry)
            yield beside.with_value(index, _SCALAR_TENSOR[kind], "a tensor for a number")


def _plain_kind(kind: ArgType) -> str:
    return kind.args[0].kind if kind.kind == "optional" and kind.args else kind.kind


def _bits(kind: ArgType) -> int:
    return kind.args[0].bits if kind.kind == "optional" and kind.args else kind.bits


def _same_objects(base: Call) -> Iterator[Call]:
    """One tensor passed twice, where two have the same form."""
    for index, value in enumerate(base.values):
        for earlier, other in enumerate(base.values[:index]):
            alike = value.kind == other.kind == "tensor" and value.shape == other.shape
            if alike and value.dtype == other.dtype:
                yield base.with_value(index, Value("same", scalar=earlier), "one tensor passed twice")


def broken(base: Call, entry: Entry) -> Iterator[Call]:
    """One thing wrong at a time. The original says which exception that is."""
    for index, value in enumerate(base.values):
        name = entry.params[index].name
        if value.kind == "tensor":
            yield from broken_tensor(base, index, value, name)
        for wrong in _wrong_kinds(entry.params[index].type):
            if entry.is_dispatched and value.kind == "tensor" and wrong == NONE:
                continue  # the dispatcher takes it for an undefined tensor, which no schema promises
            yield base.with_value(index, wrong, f"{name} of a wrong type")
    if base.values:
        yield base._replace(values=(*base.values[:-1], ABSENT), note="the last argument missing")
        yield base._replace(values=(ABSENT, *base.values[1:]), note="the first argument missing")
    yield base._replace(extra=(Value("int", scalar=1),), note="an argument too many")
    yield base._replace(unknown=("no_such_argument",), note="an unknown keyword")


def broken_tensor(base: Call, index: int, value: Value, name: str) -> Iterator[Call]:
    wrong_types = ("int64", "float64", "float16", "bool", "complex64", "int32", "uint8")
    for dtype in wrong_types:
        if dtype != value.dtype:
            yield base.with_value(index, retyped(value, dtype), f"{name} {dtype}")
    yield base.with_value(index, reshaped(value, (*value.shape, 2)), f"{name} one dimension more")
    if value.shape:
        yield base.with_value(index, reshaped(value, value.shape[1:]), f"{name} one dimension less")
    for axis, size in enumerate(value.shape):
        shape = (*value.shape[:axis], size + 1, *value.shape[axis + 1 :])
        yield base.with_value(index, reshaped(value, shape), f"{name} longer in dimension {axis}")
    yield base.with_value(index, value._replace(shape=(0,), layout="contiguous"), f"{name} empty")


_WRONG = {
    # No NumPy array: the migrated operator takes tensors of any framework, on purpose.
    "tensor": (NONE, Value("int", scalar=3), Value("string", scalar="x")),
    "optional": (Value("string", scalar="x"),),
    "int": (Value("float", scalar=1.5), Value("string", scalar="1"), NONE, Value("bool", scalar=True)),
    "float": (Value("int", scalar=2), Value("string", scalar="1"), NONE, Value("bool", scalar=True)),
    "bool": (Value("int", scalar=1), Value("string", scalar="x"), NONE),
    "string": (Value("int", scalar=1), NONE),
    "enum": (Value("int", scalar=0), NONE, Value("string", scalar="x"), Value("bool", scalar=True)),
    "map": (NONE, Value("list", items=(Value("int", scalar=1),)), Value("dict", items=(NONE, NONE))),
    "variant": (NONE, Value("dtype", scalar="float32"), Value("dict")),
    "list": (Value("int", scalar=1), NONE, Value("tuple", items=(NONE,))),
    "scalar_type": (Value("int", scalar=1), Value("string", scalar="float32")),
    "device": (Value("int", scalar=0), Value("string", scalar="cpu")),
}
_SCALAR_TENSOR = {
    "int": Value("tensor", shape=(), dtype="int64", fill="ones"),
    "float": Value("tensor", shape=(), fill="ones"),
}


def _wrong_kinds(kind: ArgType) -> tuple[Value, ...]:
    wrong = _WRONG.get(kind.kind, ())
    if kind.kind == "enum":
        wrong += tuple(Value("enum", scalar=member) for member in kind.members)
    if kind.kind == "int" and kind.bits in _MOST_INT:
        most = _MOST_INT[kind.bits]  # cut, the last one is 1
        wrong += tuple(Value("int", scalar=number) for number in (most, -most - 1, 2 * most + 1))
    if kind.kind in _SCALAR_TENSOR:
        wrong += (_SCALAR_TENSOR[kind.kind],)
    return wrong


def random_mixes(bases: list[Call], entry: Entry, pools: Pools) -> Iterator[Call]:
    """Endless: a working call with other sizes, values and seeds, all at once."""
    rng = pools.rng
    while True:
        call = rng.choice(bases)
        sizes = sorted({size for tensor in tensors(call) for size in tensor.shape})
        if sizes:
            call = substitute_size(call, rng.choice(sizes), rng.choice(pools.sizes), rng.random() < 0.5)
        call = map_values(call, lambda value: _reseeded(value, pools))
        for index, value in enumerate(call.values):
            kind = entry.params[index].type.kind
            if value.kind == kind and kind in ("float", "bool", "int", "string") and rng.random() < 0.3:
                call = call.with_value(index, other_scalar(value, pools))
        if rng.random() < 0.3:
            call = mutate(call, entry, pools, None)
        if rng.random() < 0.25:
            call = call._replace(keywords=_keyword_positions(entry, call))
        yield call._replace(note="")


def random_scalars(bases: list[Call], rng: Random) -> Iterator[Call]:
    """Endless: a working call with numbers and texts that no pool holds."""
    while True:
        call = map_values(rng.choice(bases), lambda value: _random_scalar(value, rng))
        yield call.with_note("")


def _random_scalar(value: Value, rng: Random) -> Value:
    if value.kind == "int":
        number = rng.getrandbits(rng.choice(_BITS))
        return value._replace(scalar=number if rng.random() < 0.7 else -number)
    if value.kind == "float":
        return value._replace(scalar=rng.gauss(0, 10))
    if value.kind == "string":
        return value._replace(scalar="".join(rng.choices(ascii_letters, k=rng.randrange(12))))
    return value


def _reseeded(value: Value, pools: Pools) -> Value:
    if value.kind != "tensor":
        return value
    fill = value.fill
    if is_float(value.dtype) and pools.rng.random() < 0.3:
        fill = pools.rng.choice(FLOAT_FILLS)
    return value._replace(fill=fill, seed=pools.rng.randrange(1 << 16))
