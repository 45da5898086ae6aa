"""Recorded calls as ordinary cases, and whether a replayed call went as it did when it was recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Optional

from migrate.compare.call import ABSENT, Call, Value
from migrate.compare.manifest import Entry, Parameter
from migrate.model.recorded import Argument, RecordedCall, digest_of

_PLAIN = {"builtins.bool", "builtins.int", "builtins.str", "builtins.NoneType"}


def operator_key(module: str, entry: Entry) -> str:
    """What recorded calls of ``entry`` are filed under."""
    return entry.path if entry.is_dispatched else f"{module}:{entry.path}"


def calls_of(
    entry: Entry, siblings: Sequence[Entry], recorded: Sequence[RecordedCall]
) -> tuple[Call, ...]:
    """The calls of ``entry`` among those of its name; ``siblings`` are all overloads, itself included."""
    chosen = []
    for call in recorded:
        owner = next((other for other in siblings if _takes(other, call)), siblings[0])
        if owner == entry:
            chosen.append(case_of(call, entry))
    return tuple(chosen)


def case_of(call: RecordedCall, entry: Entry) -> Call:
    """``call`` with its arguments at the parameters of ``entry``."""
    values = [ABSENT] * len(entry.params)
    for index, item in enumerate(call.args[: len(values)]):
        values[index] = _value(item)
    keywords, unknown = set(), []
    for name, item in call.kwargs:
        index = entry.names.index(name) if name in entry.names else -1
        if index < 0 or index < len(call.args):
            unknown.append(name)  # a TypeError, whatever the value is
            continue
        values[index] = _value(item)
        keywords.add(index)
    return Call(
        values=tuple(values),
        keywords=frozenset(keywords),
        extra=tuple(_value(item) for item in call.args[len(values) :]),
        unknown=tuple(unknown),
        note=call.test,
        stores=call.stores,
        surroundings=call.surroundings,
        outcome=call.outcome,
    )


def went_as_recorded(call: Call, seen: dict[str, Any]) -> bool:
    """Whether the original's observation is the outcome that was recorded, where there is one."""
    if not call.outcome.startswith(("raise ", "result ")) or any(store.filling for store in call.stores):
        return True
    if seen["outcome"] == "raise":
        return call.outcome == f"raise {seen['error']['type']}"
    return call.outcome == f"result {digest_of(_shown(seen['value']))}"


def _takes(entry: Entry, call: RecordedCall) -> bool:
    """Whether an overload can be meant: as many arguments, tensors where it wants tensors."""
    if len(call.args) > len(entry.params) or any(name not in entry.names for name, _ in call.kwargs):
        return False
    given: dict[str, Argument] = {**dict(zip(entry.names, call.args)), **dict(call.kwargs)}
    return all(_suits(param, given.get(param.name)) for param in entry.params)


def _suits(param: Parameter, item: Optional[Argument]) -> bool:
    if item is None:
        return param.default is not None
    either_way = param.type.kind in ("optional", "variant", "unknown")
    return either_way or (item.kind == "tensor") == (param.type.kind == "tensor")


def _value(item: Argument) -> Value:
    if item.view is None:
        return Value(item.kind, scalar=item.scalar, items=tuple(_value(inner) for inner in item.items))
    view = item.view
    return Value(
        "stored", shape=view.shape, dtype=view.dtype, grad=view.grad, scalar=item.scalar, view=view
    )


def _shown(node: dict[str, Any]) -> Any:
    """An observed result in the form whose digest the recorder takes."""
    kind = node["kind"]
    if "data" in node:
        data = hashlib.blake2b(node["data"], digest_size=16).hexdigest()
        return [kind, node["shape"], node["dtype"], node["strides"], data]
    if "shape" in node:
        return [kind, node["shape"], node["dtype"], node["strides"]]
    if "bits" in node:
        return [kind, node["bits"].hex()]
    if "items" in node and "keys" not in node:
        return [kind, [_shown(item) for item in node["items"]]]
    return [kind, node.get("text", "") if kind in _PLAIN else ""]
