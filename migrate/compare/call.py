"""One call of an operator, described so that two processes make the very same arguments of it.

In a case file a value is plain JSON where that is clear, and an object elsewhere:

    3   1e-5   true   null   "gelu"   [1, 2]
    {"shape": [4, 8], "dtype": "float16", "layout": "transposed", "fill": "normal", "seed": 7}
    {"float": "nan"}   {"dtype": "bfloat16"}   {"device": "cpu"}   {"tuple": [1, 2]}   {"same": 0}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Optional, Union

from migrate.model.recorded import Store, View

Scalar = Union[None, bool, int, float, str]
_TAGS = tuple("float dtype device tuple dict enum same absent numpy numpy_int numpy_float".split())

_TENSOR_KEYS = ("dtype", "layout", "fill", "seed", "limit", "grad")


class Value(NamedTuple):
    """One argument. Values and calls are tuples: a search changes, hashes and sends them all the time.

    ``kind``: tensor, none, bool, int, float, string, list, tuple, dtype, device, absent (not
    passed), same (the object passed as parameter number ``scalar``), enum (``module:Enum:member``),
    dict (``items`` are key, value, key, value), or a wrong-type stand-in: numpy (an array),
    numpy_int, numpy_float. ``fill`` names a row of ``fills.FILLS``; some of them keep below ``limit``.
    stored: a tensor as it was recorded, ``view`` on one of the call's stores; ``scalar`` numbers the
    objects.
    """

    kind: str
    shape: tuple[int, ...] = ()
    dtype: str = "float32"
    layout: str = "contiguous"
    fill: str = "normal"
    seed: int = 0
    limit: int = 4
    grad: bool = False
    scalar: Scalar = None
    items: tuple[Value, ...] = ()
    view: Optional[View] = None

    @property
    def numel(self) -> int:
        total = 1
        for size in self.shape:
            total *= size
        return total


class Call(NamedTuple):
    """One value per parameter, in order. ``keywords`` are the positions that are passed by name;
    ``extra`` are positional values too many, ``unknown`` keywords that no parameter has. A recorded call
    has ``stores``, the ``surroundings`` it was made in, and the ``outcome`` that it had."""

    values: tuple[Value, ...]
    keywords: frozenset[int] = frozenset()
    extra: tuple[Value, ...] = ()
    unknown: tuple[str, ...] = ()
    note: str = ""
    stores: tuple[Store, ...] = ()
    surroundings: tuple[tuple[str, Scalar], ...] = ()
    outcome: str = ""

    def with_value(self, index: int, value: Value, note: str = "") -> Call:
        values = (*self.values[:index], value, *self.values[index + 1 :])
        return self._replace(values=values, note=note or self.note)

    def with_note(self, note: str) -> Call:
        return self._replace(note=note)


NONE = Value("none")
ABSENT = Value("absent")


def tensors(call: Call) -> Iterator[Value]:
    """All tensors of a call, those inside lists included."""
    stack = list(reversed(call.values))
    while stack:
        value = stack.pop()
        if value.kind == "tensor":
            yield value
        stack.extend(reversed(value.items))


def map_values(call: Call, change: Any) -> Call:
    """The call with ``change`` applied to every value, innermost first."""

    def visit(value: Value) -> Value:
        if value.items:
            value = value._replace(items=tuple([visit(item) for item in value.items]))
        changed: Value = change(value)
        return changed

    return call._replace(values=tuple([visit(value) for value in call.values]))


def describe(call: Call, names: Sequence[str]) -> str:
    """One line for people: ``x float32[2, 3] transposed, eps 1e-05``."""
    parts = [
        f"{name} {describe_value(value)}" for name, value in zip(names, call.values) if value.kind != "absent"
    ]
    return ", ".join(parts) + (f" ({call.note})" if call.note else "")


def describe_value(value: Value) -> str:
    if value.view is not None:
        return " ".join([f"{value.dtype}{list(value.shape)} recorded", *["grad"] * value.grad])
    if value.kind == "tensor":
        extras = [word for word in (value.layout, value.fill) if word not in ("contiguous", "normal")]
        return " ".join([f"{value.dtype}{list(value.shape)}", *extras, *["grad"] * value.grad])
    if value.kind in ("list", "tuple", "dict"):
        return f"{value.kind}({', '.join(describe_value(item) for item in value.items)})"
    return "None" if value.kind == "none" else repr(value.scalar)


def value_from_json(data: Any) -> Value:
    """The value of a case file's entry; ValueError says what is wrong with it."""
    if data is None:
        return NONE
    for kind, types in (("bool", bool), ("int", int), ("float", float), ("string", str)):
        if isinstance(data, types):
            return Value(kind, scalar=data)
    if isinstance(data, list):
        return Value("list", items=tuple(value_from_json(item) for item in data))
    if isinstance(data, dict) and "shape" in data:
        known = {key: data[key] for key in _TENSOR_KEYS if key in data}
        return Value("tensor", shape=tuple(data["shape"]), **known)
    if isinstance(data, dict) and len(data) == 1:
        ((kind, content),) = data.items()
        if kind in ("tuple", "dict"):
            return Value(kind, items=tuple(value_from_json(item) for item in content))
        if kind in _TAGS:
            return Value(kind, scalar=float(content) if kind == "float" else content)
    raise ValueError(f"not a value of a case file: {data!r}")


def value_to_json(value: Value) -> Any:
    if value.kind in ("bool", "int", "string", "none"):
        return value.scalar
    if value.kind == "list":
        return [value_to_json(item) for item in value.items]
    if value.kind in ("tuple", "dict"):
        return {value.kind: [value_to_json(item) for item in value.items]}
    if value.kind == "float":
        return {"float": repr(value.scalar)}
    if value.kind != "tensor":
        return {value.kind: value.scalar}
    return {
        "shape": list(value.shape),
        "dtype": value.dtype,
        "layout": value.layout,
        "fill": value.fill,
        "seed": value.seed,
        "limit": value.limit,
        "grad": value.grad,
    }
