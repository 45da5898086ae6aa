"""Small steps from one call to another: one argument changed, or one relation of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Optional

from migrate.compare.call import ABSENT, NONE, Call, Value, map_values, tensors
from migrate.compare.candidates import FLOAT_VALUES, Pools, absent_allowed, fitted, scalar_for, value_for
from migrate.compare.fills import FLOAT_FILLS, FLOATS, INT_FILLS, is_float, usual_fill
from migrate.compare.manifest import ArgType, Entry
from migrate.compare.relations import obey, relations

_TYPE_WORDS = {
    "Half": "float16", "Float": "float32", "Double": "float64", "BFloat16": "bfloat16", "Int": "int32",
    "Long": "int64", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool",
    "fp16": "float16", "bf16": "bfloat16", "fp32": "float32", "half": "float16",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"(?<![\w.])\d{1,4}(?![\w.])")
_COUNTS = {"one": 1, "single": 1, "scalar": 1, "two": 2, "three": 3, "four": 4}
_REFUSED = re.compile(r"\b(?:got|found|is|was) \w+")
_QUOTED = re.compile(r"""['"`]([A-Za-z_][\w-]{0,24})['"`]""")


class Hints:
    """What the text of an error says about the arguments: names, numbers and types it mentions."""

    def __init__(self, text: str, entry: Entry) -> None:
        words = set(_WORD.findall(text))
        self.params = [index for index, param in enumerate(entry.params) if param.spellings & words]
        spelled = [_COUNTS[word] for word in sorted(words & set(_COUNTS))]
        self.numbers = [*spelled, *(int(number) for number in _NUMBER.findall(text))][:6]
        wanted = set(_WORD.findall(_REFUSED.sub("", text)))
        self.dtypes = [_TYPE_WORDS.get(word, word) for word in sorted(wanted) if _names_type(word)]
        self.relations = relations(text)
        self.strings = _QUOTED.findall(text)[:6]


def _names_type(word: str) -> bool:
    return word in _TYPE_WORDS or re.fullmatch(r"(bfloat|float|u?int)\d+\w*", word) is not None


def mutate(call: Call, entry: Entry, pools: Pools, hints: Optional[Hints]) -> Call:
    """One step away from ``call``; an error's hints draw the step to what the error is about."""
    rng = pools.rng
    if not entry.params:
        return call
    if hints is not None and hints.relations and rng.random() < 0.2:
        return obey(call, entry, hints.relations)
    if rng.random() < 0.05:
        return without_optionals(call, entry)
    if rng.random() < 0.25:
        return rng.choice((_one_dtype, _one_shape, _other_size))(call, pools, hints)
    index = rng.randrange(len(entry.params))
    if hints is not None and hints.params and rng.random() < 0.6:
        index = rng.choice(hints.params)
    value = call.values[index]
    changed = _changed(value, entry.params[index].type, call, pools, hints)
    if absent_allowed(entry.params[index]) and rng.random() < 0.15:
        changed = ABSENT
    return call.with_value(index, changed)


def without_optionals(call: Call, entry: Entry) -> Call:
    """None for every argument that may be: each one given is another set of checks to satisfy."""
    pairs = zip(call.values, entry.params)
    return Call(tuple(NONE if param.type.kind == "optional" else value for value, param in pairs))


def _changed(value: Value, kind: ArgType, call: Call, pools: Pools, hints: Optional[Hints]) -> Value:
    rng = pools.rng
    shapes = [tensor.shape for tensor in tensors(call)] or [(2, 3)]
    if value.kind == "tensor":
        return _tensor(value, call, pools, hints)
    if value.kind in ("list", "tuple") and value.items and rng.random() < 0.7:
        return _list(value, kind, call, pools, hints)
    if value.kind == "none" and kind.kind == "optional" and kind.args:
        return value_for(kind.args[0], rng.choice(shapes), _some_dtype(call, pools, hints), pools)
    if kind.kind == "optional" and kind.args:
        return NONE if rng.random() < 0.3 else _changed(value, kind.args[0], call, pools, hints)
    if kind.kind == "int":
        return Value("int", scalar=_integer(shapes, pools, hints))
    if kind.kind == "string" and hints is not None and hints.strings and rng.random() < 0.6:
        return Value("string", scalar=rng.choice(hints.strings))
    return value_for(kind, rng.choice(shapes), _some_dtype(call, pools, hints), pools)


def _list(value: Value, kind: ArgType, call: Call, pools: Pools, hints: Optional[Hints]) -> Value:
    rng = pools.rng
    inner = kind.args[0] if kind.kind == "optional" and kind.args else kind
    index = rng.randrange(len(value.items))
    if value.kind == "list" and rng.random() < 0.4:
        items = value.items[:index] if rng.random() < 0.5 else (*value.items, value.items[-1])
        return value._replace(items=items or value.items)
    of = inner.args[min(index, len(inner.args) - 1)] if inner.args else ArgType("int")
    item = _changed(value.items[index], of, call, pools, hints)
    return value._replace(items=(*value.items[:index], item, *value.items[index + 1 :]))


def _integer(shapes: list[tuple[int, ...]], pools: Pools, hints: Optional[Hints]) -> int:
    rng = pools.rng
    if hints is not None and hints.numbers and rng.random() < 0.3:
        return rng.choice(hints.numbers)
    sizes = [size for shape in shapes for size in shape]
    if sizes and rng.random() < 0.5:
        size = rng.choice(sizes)
        return rng.choice((size, size, size - 1, size // 2, size * rng.choice(sizes)))
    return rng.choice(pools.integers)


def _tensor(value: Value, call: Call, pools: Pools, hints: Optional[Hints]) -> Value:
    rng = pools.rng
    others = list(tensors(call)) or [value]
    step = rng.choice(_TENSOR_STEPS)
    return step(value, rng.choice(others), pools, hints)


def _take_shape(value: Value, other: Value, _pools: Pools, _hints: Optional[Hints]) -> Value:
    return reshaped(value, other.shape)


def _take_tail(value: Value, other: Value, pools: Pools, _hints: Optional[Hints]) -> Value:
    """Part of another tensor's shape: a weight has the last size of its input, a length the first."""
    cuts = [other.shape[i:j] for i in range(len(other.shape)) for j in range(i + 1, len(other.shape) + 1)]
    return reshaped(value, pools.rng.choice([*cuts, other.shape[-1:], other.shape[:1], ()]))


def _one_element(value: Value, _other: Value, pools: Pools, _hints: Optional[Hints]) -> Value:
    return reshaped(value, pools.rng.choice(((1,), (), (1,) * len(value.shape))))


def _change_rank(value: Value, other: Value, pools: Pools, hints: Optional[Hints]) -> Value:
    ranks = [number for number in (hints.numbers if hints else ()) if number <= 6] or [1, 2, 3, 4]
    wanted = pools.rng.choice(ranks)
    sizes = [*other.shape, *(pools.rng.choice(pools.sizes[:8]) for _ in range(wanted))]
    return reshaped(value, tuple(sizes[:wanted]))


def _change_size(value: Value, other: Value, pools: Pools, hints: Optional[Hints]) -> Value:
    if not value.shape:
        return reshaped(value, (pools.rng.choice(pools.sizes),))
    axis = pools.rng.randrange(len(value.shape))
    options = [*other.shape * 4, *pools.sizes]
    if hints is not None and hints.numbers and pools.rng.random() < 0.5:
        options = hints.numbers
    sizes = list(value.shape)
    sizes[axis] = pools.rng.choice(options)
    return reshaped(value, tuple(sizes))


def _take_count(value: Value, other: Value, pools: Pools, hints: Optional[Hints]) -> Value:
    """As many elements as the error names: `scale must have one element`."""
    numbers = hints.numbers if hints is not None else []
    return reshaped(value, (pools.rng.choice(numbers),) if numbers else other.shape[-1:])


def _take_dtype(value: Value, other: Value, _pools: Pools, _hints: Optional[Hints]) -> Value:
    return retyped(value, other.dtype)


def _change_dtype(value: Value, _other: Value, pools: Pools, hints: Optional[Hints]) -> Value:
    named = [dtype for dtype in (hints.dtypes if hints else ()) if dtype in pools.dtypes]
    return retyped(value, pools.rng.choice(named if named and pools.rng.random() < 0.7 else pools.dtypes))


def _change_fill(value: Value, _other: Value, pools: Pools, _hints: Optional[Hints]) -> Value:
    return value._replace(fill=pools.rng.choice(FLOAT_FILLS if is_float(value.dtype) else INT_FILLS))


_TENSOR_STEPS: tuple[Callable[[Value, Value, Pools, Optional[Hints]], Value], ...] = (
    _take_shape, _take_tail, _take_tail, _take_count, _change_rank, _change_size, _take_dtype,
    _change_dtype, _change_fill,
)  # fmt: skip


def reshaped(value: Value, shape: tuple[int, ...]) -> Value:
    return value._replace(shape=fitted(tuple(max(0, size) for size in shape)), layout="contiguous")


def retyped(value: Value, dtype: str) -> Value:
    if is_float(dtype) == is_float(value.dtype) and dtype != "bool":
        return value._replace(dtype=dtype)
    return value._replace(dtype=dtype, fill=usual_fill(dtype), grad=False)


def _some_dtype(call: Call, pools: Pools, hints: Optional[Hints]) -> str:
    used = [tensor.dtype for tensor in tensors(call)]
    named = [dtype for dtype in (hints.dtypes if hints else ()) if dtype in pools.dtypes]
    options: list[str] = [*used, *used, *named, FLOATS[0]]
    return pools.rng.choice(options)


def _one_dtype(call: Call, pools: Pools, hints: Optional[Hints]) -> Call:
    used = [tensor.dtype for tensor in tensors(call)] or ["float32"]
    old, new = pools.rng.choice(used), _some_dtype(call, pools, hints)
    if pools.rng.random() < 0.5:
        new = pools.rng.choice(pools.dtypes)
    everywhere = pools.rng.random() < 0.5
    return substitute_dtype(call, None if everywhere else old, new)


def _one_shape(call: Call, pools: Pools, _hints: Optional[Hints]) -> Call:
    shape = pools.rng.choice([tensor.shape for tensor in tensors(call)] or [()])
    return map_values(call, lambda value: reshaped(value, shape) if value.kind == "tensor" else value)


def _other_size(call: Call, pools: Pools, hints: Optional[Hints]) -> Call:
    sizes = [size for tensor in tensors(call) for size in tensor.shape]
    if not sizes:
        return call
    numbers = [number for number in (hints.numbers if hints else ()) if number <= 1024]
    return substitute_size(call, pools.rng.choice(sizes), pools.rng.choice([*numbers, *pools.sizes]), True)


def substitute_size(call: Call, old: int, new: int, integers: bool) -> Call:
    """Every axis of size ``old`` gets size ``new``; so do integer arguments of that value, on wish."""

    def change(value: Value) -> Value:
        if value.kind == "tensor":
            return value._replace(shape=tuple(new if size == old else size for size in value.shape))
        if integers and value.kind == "int" and value.scalar == old:
            return value._replace(scalar=new)
        return value

    changed = map_values(call, change)
    # Lowering one tensor's sizes alone would break the relation that this step is there to keep.
    small = all(tensor.numel <= 4096 for tensor in tensors(changed))
    return changed if small else call


def substitute_dtype(call: Call, old: Optional[str], new: str) -> Call:
    def change(value: Value) -> Value:
        if value.kind == "tensor" and (value.dtype == old or (old is None and is_float(value.dtype))):
            return retyped(value, new)
        if value.kind == "dtype" and value.scalar == old:
            return value._replace(scalar=new)
        return value

    return map_values(call, change)


def other_scalar(value: Value, pools: Pools) -> Value:
    """Another value of the same scalar type."""
    if value.kind == "float":
        return value._replace(scalar=pools.rng.choice(FLOAT_VALUES))
    return scalar_for(value.kind if value.kind != "dtype" else "scalar_type", pools)
