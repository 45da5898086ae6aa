"""What the constraints of the source are about: the properties of a described argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Optional

from migrate.compare.call import NONE, Value
from migrate.compare.fills import BOUNDED, layouts


def strides(value: Value) -> tuple[int, ...]:
    """In elements, as the layouts of ``fills`` make them."""
    shape = list(value.shape)
    if value.layout not in layouts(len(shape)):
        return _dense(shape)
    if value.layout == "transposed":
        dense = _dense([*shape[:-2], shape[-1], shape[-2]])
        return (*dense[:-2], dense[-1], dense[-2])
    if value.layout == "sliced":
        return _dense([shape[0] + 2, *shape[1:-1], shape[-1] + 8])
    if value.layout == "strided":
        dense = _dense([*shape[:-1], shape[-1] * 2])
        return (*dense[:-1], 2)
    if value.layout == "expanded":
        return (0, *_dense(shape)[1:])
    if value.layout == "channels_last":
        dense = _dense([shape[0], *shape[2:], shape[1]])
        return (dense[0], dense[-1], *dense[1:-1])
    if value.layout == "reversed":
        return _dense(shape[::-1])[::-1]
    if value.layout == "inner":
        return _dense([size + 3 for size in shape])
    return _dense(shape)


def _dense(shape: Sequence[int]) -> tuple[int, ...]:
    steps = [1]
    for size in reversed(shape[1:]):
        steps.append(steps[-1] * max(size, 1))
    return tuple(reversed(steps[: len(shape)]))


def is_contiguous(value: Value) -> bool:
    expected = 1
    for size, step in zip(reversed(value.shape), reversed(strides(value))):
        if size != 1 and step != expected:
            return value.numel == 0
        expected *= size
    return True


# The numbers that a fill can make are below this one.
_LIMITS = {"zeros": 1, "ones": 2, "binary": 2, "uniform": 1, "whole": 5, "signed": 101}


def limit_of(value: Value) -> Optional[int]:
    """What all elements are below, where that is known."""
    if value.numel == 0:
        return 0
    if value.fill == "index":
        return value.numel
    return value.limit if value.fill in BOUNDED else _LIMITS.get(value.fill)


def _size(value: Value, axis: Any) -> Optional[int]:
    return _axis(value.shape, axis) if value.kind == "tensor" else None


def _stride(value: Value, axis: Any) -> Optional[int]:
    return _axis(strides(value), axis) if value.kind == "tensor" else None


def _axis(sizes: Sequence[int], axis: Any) -> Optional[int]:
    return sizes[axis] if isinstance(axis, int) and -len(sizes) <= axis < len(sizes) else None


def _outside(value: Value, chars: str) -> Optional[int]:
    if value.kind != "string":
        return None
    return next((index for index, char in enumerate(str(value.scalar)) if char not in chars), -1)


def _length(value: Value) -> Optional[int]:
    if value.kind == "string":
        return len(str(value.scalar))
    return len(value.items) if value.kind in ("list", "tuple") else None


_SCALARS = frozenset({"bool", "int", "float", "string", "dtype"})
# None where an argument has no such property.
PROPERTIES: dict[str, Callable[..., Any]] = {
    "ndim": lambda value: len(value.shape) if value.kind == "tensor" else None,
    "size": _size,
    "stride": _stride,
    "numel": lambda value: value.numel if value.kind == "tensor" else None,
    "dtype": lambda value: value.dtype if value.kind == "tensor" else None,
    "shape": lambda value: value.shape if value.kind == "tensor" else None,
    "contiguous": lambda value: is_contiguous(value) if value.kind == "tensor" else None,
    "limit": lambda value: limit_of(value) if value.kind == "tensor" else None,
    "given": lambda value: value.kind != NONE.kind,
    "value": lambda value: value.scalar if value.kind in _SCALARS else None,
    "len": _length,
    "at": lambda value, index: str(value.scalar)[index : index + 1] if value.kind == "string" else None,
    "outside": _outside,
}
