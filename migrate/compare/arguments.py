"""One property of one argument set to a value, the rest of the call as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from migrate.compare.call import NONE, Call, Scalar, Value, tensors
from migrate.compare.candidates import MOST_ELEMENTS, Pools, value_for
from migrate.compare.facts import Reader
from migrate.compare.fills import BOUNDED, DTYPES, layouts
from migrate.compare.manifest import ArgType, Entry
from migrate.compare.mutate import retyped
from migrate.compare.properties import strides

_PLAIN: dict[str, Any] = {"int": int, "bool": bool, "string": str}


class Arguments:
    """Sets properties by the path of an argument. None: that cannot be done here."""

    def __init__(self, call: Call, entry: Entry, pools: Pools, reader: Reader) -> None:
        """``reader`` is that of ``call``."""
        self._call = call
        self._entry = entry
        self._pools = pools
        self._rng = pools.rng
        self._reader = reader

    def set(self, name: str, path: str, value: Any, *rest: Any) -> Optional[Call]:
        """``size`` of the argument at ``path``, in dimension ``rest[0]``, becomes ``value``."""
        return _SETTERS[name](self, path, value, *rest)

    def give(self, path: str) -> Optional[Call]:
        """The argument made there: a property of None cannot be changed."""
        value, kind = self._reader.at(path), self._type(path)
        if value is None or kind is None or value.kind not in (NONE.kind, "absent"):
            return None
        shapes = [tensor.shape for tensor in tensors(self._call)] or [(4,)]
        inner = kind.args[0] if kind.kind == "optional" and kind.args else kind
        return self._put(path, value_for(inner, self._rng.choice(shapes), "float32", self._pools))

    def _set_given(self, path: str, value: Any) -> Optional[Call]:
        return self.give(path) if value else self._put(path, NONE)

    def _set_ndim(self, path: str, rank: Any) -> Optional[Call]:
        sizes = list(self._shape(path))
        if not isinstance(rank, int) or not 0 <= rank <= 8:
            return None
        keep = self._rng.random() < 0.5
        while len(sizes) > rank:
            del sizes[0 if keep else -1]
        while len(sizes) < rank:
            sizes.insert(0 if keep else len(sizes), self._rng.choice((1, 2, 3, 4)))
        return self._reshape(path, sizes)

    def _set_size(self, path: str, size: Any, axis: Any) -> Optional[Call]:
        sizes = list(self._shape(path))
        if not isinstance(axis, int) or not isinstance(size, int):
            return None
        while not -len(sizes) <= axis < len(sizes):
            sizes.append(self._rng.choice((1, 2, 3, 4)))
        sizes[axis] = size
        return self._reshape(path, sizes)

    def _set_numel(self, path: str, count: Any) -> Optional[Call]:
        if not isinstance(count, int) or count < 0:
            return None
        sizes = list(self._shape(path))
        alike = [tensor.shape for tensor in tensors(self._call) if tensor.numel == count]
        options: list[list[int]] = [list(shape) for shape in alike]
        options += [[count], [1] * (len(sizes) - 1) + [count], [count] + [1] * (len(sizes) - 1)]
        for axis in range(len(sizes)):
            rest = Value("tensor", shape=tuple(sizes[:axis] + sizes[axis + 1 :])).numel
            if rest and count % rest == 0:
                options.append([*sizes[:axis], count // rest, *sizes[axis + 1 :]])
        if count == 1:
            options.append([])
        return self._reshape(path, self._rng.choice(options))

    def _set_shape(self, path: str, shape: Any) -> Optional[Call]:
        return self._reshape(path, list(shape)) if isinstance(shape, tuple) else None

    def _set_dtype(self, path: str, dtype: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "tensor" or dtype not in DTYPES:
            return None
        return self._put(path, retyped(value, dtype))

    def _set_contiguous(self, path: str, wanted: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "tensor":
            return None
        others = layouts(len(value.shape))[1:]
        layout = "contiguous" if wanted else self._rng.choice(others or ("contiguous",))
        return self._put(path, value._replace(layout=layout))

    def _set_stride(self, path: str, step: Any, axis: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "tensor" or not isinstance(axis, int):
            return None
        ways = [value._replace(layout=layout) for layout in layouts(len(value.shape))]
        there = [way for way in ways if -len(way.shape) <= axis < len(way.shape)]
        exact = [way for way in there if strides(way)[axis] == step]
        others = [way for way in there if strides(way)[axis] != strides(value)[axis]]
        return self._put(path, self._rng.choice(exact or others)) if exact or others else None

    def _set_limit(self, path: str, limit: Any) -> Optional[Call]:
        """Indices that are all below ``limit``; below nothing, there are none."""
        value = self._reader.at(path)
        if value is None or value.kind != "tensor" or not isinstance(limit, int):
            return None
        if limit <= 0:
            return self._reshape(path, [0, *value.shape[1:]])
        fill = value.fill if value.fill in BOUNDED else "small"
        return self._put(path, value._replace(fill=fill, limit=limit))

    def _set_value(self, path: str, value: Any) -> Optional[Call]:
        kind = self._type(path)
        word = kind.args[0].kind if kind is not None and kind.kind == "optional" and kind.args else ""
        word = word or (kind.kind if kind is not None else "")
        if word == "float" and isinstance(value, (int, float)):
            return self._put(path, Value("float", scalar=float(value)))
        if word == "int" and isinstance(value, float):
            value = int(value)
        if word == "scalar_type":
            return self._put(path, Value("dtype", scalar=value)) if value in DTYPES else None
        if word not in _PLAIN or not isinstance(value, _PLAIN[word]):
            return None
        scalar: Scalar = value
        return self._put(path, Value(word, scalar=scalar))

    def _set_len(self, path: str, count: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or not isinstance(count, int) or not 0 <= count <= 64:
            return None
        if value.kind == "string":
            text = str(value.scalar) or self._rng.choice(self._pools.strings) or "x"
            return self._put(path, value._replace(scalar=(text * (count + 1))[:count]))
        if value.kind != "list" or (not value.items and count):
            return None
        items = (value.items * (count + 1))[:count]
        return self._put(path, value._replace(items=items))

    def _set_at(self, path: str, char: Any, index: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "string" or not isinstance(index, int):
            return None
        text = str(value.scalar).ljust(index + 1, "x")
        return self._put(path, value._replace(scalar=text[:index] + str(char)[:1] + text[index + 1 :]))

    def _set_outside(self, path: str, place: Any, chars: Any) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "string" or not chars:
            return None
        text = "".join(self._rng.choice(chars) for _ in str(value.scalar) or "xx")
        return self._put(path, value._replace(scalar=text if place == -1 else text[:-1] + "?"))

    def _shape(self, path: str) -> tuple[int, ...]:
        value = self._reader.at(path)
        return value.shape if value is not None else ()

    def _reshape(self, path: str, sizes: list[int]) -> Optional[Call]:
        value = self._reader.at(path)
        if value is None or value.kind != "tensor" or any(size < 0 for size in sizes):
            return None
        changed = value._replace(shape=tuple(sizes))
        if changed.numel > MOST_ELEMENTS:
            return None
        fits = changed.layout in layouts(len(sizes))
        return self._put(path, changed if fits else changed._replace(layout="contiguous"))

    def _type(self, path: str) -> Optional[ArgType]:
        root, *steps = path.split(".")
        kind = next((param.type for param in self._entry.params if param.name == root), None)
        for step in steps:
            if kind is not None and kind.kind == "optional" and kind.args:
                kind = kind.args[0]
            args = kind.args if kind is not None else ()
            many = kind is not None and kind.kind in ("tuple", "pair")
            index = int(step) if many and step.isdigit() else 0
            kind = args[index] if index < len(args) else None
        return kind

    def _put(self, path: str, value: Value) -> Optional[Call]:
        root, *steps = path.split(".")
        names = self._entry.names
        if root not in names:
            return None
        index = names.index(root)
        whole = self._reader.at(root)
        if whole is None:
            whole = self._call.values[index]
        return self._call.with_value(index, _placed(whole, [int(step) for step in steps], value))


def _placed(whole: Value, steps: list[int], value: Value) -> Value:
    if not steps:
        return value
    at = steps[0]
    if at >= len(whole.items):
        return whole
    item = _placed(whole.items[at], steps[1:], value)
    return whole._replace(items=(*whole.items[:at], item, *whole.items[at + 1 :]))


_SETTERS: dict[str, Callable[..., Optional[Call]]] = {
    "ndim": Arguments._set_ndim, "size": Arguments._set_size, "numel": Arguments._set_numel,
    "shape": Arguments._set_shape, "dtype": Arguments._set_dtype, "contiguous": Arguments._set_contiguous,
    "stride": Arguments._set_stride, "given": Arguments._set_given, "value": Arguments._set_value,
    "limit": Arguments._set_limit, "len": Arguments._set_len, "at": Arguments._set_at,
    "outside": Arguments._set_outside,
}  # fmt: skip
