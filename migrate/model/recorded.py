"""A call that a library's own tests made of an operator, as plain values."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, fields
from typing import Any, Optional, Union

Scalar = Union[None, bool, int, float, str]


@dataclass(frozen=True)
class Filling:
    """What stands in for contents too large to keep: numbers of one type in the range that was seen."""

    dtype: str
    low: Scalar = None
    high: Scalar = None
    ascending: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Store:
    """The memory behind one or more tensors: ``size`` bytes that they see, ``skipped`` bytes into a storage.

    ``alignment`` is the address of the first of them modulo 64. ``data`` is deflated; None where it was
    too large, and ``filling`` says what to use.
    """

    size: int
    skipped: int = 0
    alignment: int = 0
    data: Optional[bytes] = None
    filling: Optional[Filling] = None

    @property
    def contents(self) -> bytes:
        return zlib.decompress(self.data) if self.data else b""


@dataclass(frozen=True)
class View:
    """A tensor on a store. ``offset`` and ``strides`` are in elements, from the start of the storage."""

    store: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int = 0
    grad: bool = False
    leaf: bool = True
    parameter: bool = False


@dataclass(frozen=True)
class Argument:
    """``kind``: tensor (``scalar`` numbers the objects), none, bool, int, float, string, list, tuple, dict,
    dtype, device, enum (``module:Enum:member``), numpy_int, numpy_float."""

    kind: str
    scalar: Scalar = None
    items: tuple[Argument, ...] = ()
    view: Optional[View] = None


@dataclass(frozen=True)
class RecordedCall:
    """``operator`` is ``module:path``, or ``torch.ops.ns.op.overload``. ``surroundings`` are the switches
    of torch that were not at their usual value; ``outcome`` is a digest of the result, or the exception;
    ``test`` is the first test that made the call; ``digest`` is of all but these two."""

    operator: str
    args: tuple[Argument, ...]
    kwargs: tuple[tuple[str, Argument], ...] = ()
    stores: tuple[Store, ...] = ()
    surroundings: tuple[tuple[str, Scalar], ...] = ()
    outcome: str = ""
    test: str = ""
    digest: str = ""


def digest_of(data: Any) -> str:
    """Of plain JSON values: the same in every process."""
    text = json.dumps(data, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def call_to_json(call: RecordedCall) -> dict[str, Any]:
    return {
        "operator": call.operator,
        "args": [_argument_to_json(item) for item in call.args],
        "kwargs": {name: _argument_to_json(item) for name, item in call.kwargs},
        "stores": [_store_to_json(store) for store in call.stores],
        "surroundings": dict(call.surroundings),
        "outcome": call.outcome,
        "test": call.test,
        "digest": call.digest,
    }


def call_from_json(data: dict[str, Any]) -> RecordedCall:
    return RecordedCall(
        operator=data["operator"],
        args=tuple(_argument_from_json(item) for item in data["args"]),
        kwargs=tuple((name, _argument_from_json(item)) for name, item in data["kwargs"].items()),
        stores=tuple(_store_from_json(store) for store in data["stores"]),
        surroundings=tuple(data["surroundings"].items()),
        outcome=data["outcome"],
        test=data["test"],
        digest=data["digest"],
    )


def _argument_to_json(item: Argument) -> Any:
    if item.view is not None:
        return {"tensor": [item.scalar, *(getattr(item.view, row.name) for row in fields(View))]}
    if item.items or item.kind in ("list", "tuple", "dict"):
        return {item.kind: [_argument_to_json(inner) for inner in item.items]}
    # JSON has no NaN and no difference of 1 and 1.0 that every reader keeps.
    return {item.kind: repr(item.scalar) if item.kind == "float" else item.scalar}


def _argument_from_json(data: dict[str, Any]) -> Argument:
    ((kind, content),) = data.items()
    if kind == "tensor":
        number, store, dtype, shape, strides, *rest = content
        return Argument(kind, number, view=View(store, dtype, tuple(shape), tuple(strides), *rest))
    if isinstance(content, list):
        return Argument(kind, items=tuple(_argument_from_json(inner) for inner in content))
    return Argument(kind, scalar=float(content) if kind == "float" else content)


def _store_to_json(store: Store) -> dict[str, Any]:
    row: dict[str, Any] = {"size": store.size, "skipped": store.skipped, "alignment": store.alignment}
    if store.data is not None:
        row["data"] = base64.b85encode(store.data).decode("ascii")
    if store.filling is not None:
        row["filling"] = vars(store.filling)
    return row


def _store_from_json(row: dict[str, Any]) -> Store:
    data, filling = row.get("data"), row.get("filling")
    return Store(
        size=row["size"],
        skipped=row["skipped"],
        alignment=row["alignment"],
        data=None if data is None else base64.b85decode(data),
        filling=None if filling is None else Filling(**filling),
    )
