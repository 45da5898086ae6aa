"""A call's arguments and outcome as plain values, read without disturbing the call.

Contents are read as bytes, not through torch: no operator is dispatched for a CPU tensor, so that neither
a dispatch mode, autograd, a version counter nor a random generator notices.
"""

from __future__ import annotations

import ctypes
import hashlib
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from migrate.model.recorded import (
    Argument,
    RecordedCall,
    Scalar,
    View,
    call_to_json,
    digest_of,
)
from migrate.record.memory import ALIGNMENT, Region, store_of, word_of

_DEEPEST_SKIP = 1 << 20
_FLAGS = ("is_sparse", "is_quantized", "is_nested", "is_mkldnn", "is_meta")


class NotRecordableError(Exception):
    """Why a call cannot be described: the text is a reason for people."""


@dataclass
class Captured:
    """A described call, with the live memory behind it. ``stores`` is empty until ``read``."""

    operator: str
    args: tuple[Argument, ...] = ()
    kwargs: tuple[tuple[str, Argument], ...] = ()
    regions: list[Region] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(region.high - region.low for region in self.regions)


def capture(torch: Any, operator: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Captured:
    """The form of a call. Raises NotRecordableError."""
    reason = _out_of_reach(torch)
    if reason:
        raise NotRecordableError(reason)
    describer = _Describer(torch)
    given = tuple(describer.describe(item, f"{index}") for index, item in enumerate(args))
    named = tuple((name, describer.describe(item, name)) for name, item in kwargs.items())
    return Captured(operator, given, named, describer.regions)


def read(torch: Any, captured: Captured, limit: int, skip: int = _DEEPEST_SKIP) -> RecordedCall:
    """The call with the contents that its memory has now. A region of more than ``limit`` bytes is
    stood in for; one that starts more than ``skip`` bytes into its storage is moved forward."""
    # Where a view starts is part of the call, but filler before it would have to be kept as well.
    moved = [max(0, region.low - skip) // ALIGNMENT * ALIGNMENT for region in captured.regions]

    def settle(item: Argument) -> Argument:
        view = item.view
        if view is not None:
            view = replace(view, offset=view.offset - moved[view.store] // _width(torch, view))
        return replace(item, items=tuple(settle(inner) for inner in item.items), view=view)

    stores = tuple(store_of(torch, *pair, limit) for pair in zip(captured.regions, moved))
    call = RecordedCall(
        operator=captured.operator,
        args=tuple(settle(item) for item in captured.args),
        kwargs=tuple((name, settle(item)) for name, item in captured.kwargs),
        stores=stores,
        surroundings=surroundings(torch),
    )
    return replace(call, digest=digest_of(call_to_json(call)))


def form_of(call: RecordedCall) -> str:
    """A digest of everything but the contents of tensors."""
    data = call_to_json(replace(call, digest=""))
    return digest_of({**data, "stores": [(store.size, store.skipped) for store in call.stores]})


def surroundings(torch: Any) -> tuple[tuple[str, Scalar], ...]:
    """torch's switches that reach into an operator, where they are not at their usual value."""
    rows: list[tuple[str, Scalar]] = []
    if torch.is_inference_mode_enabled():
        rows.append(("inference", True))
    elif not torch.is_grad_enabled():
        rows.append(("grad", False))
    if torch.get_default_dtype() is not torch.float32:
        rows.append(("default dtype", word_of(torch.get_default_dtype())))
    return tuple(rows)


def outcome_of(torch: Any, result: Any) -> str:
    """A digest of a result: types, shapes, strides and contents."""
    return f"result {digest_of(_shown(torch, result))}"


def _shown(torch: Any, thing: Any) -> Any:
    kind = f"{type(thing).__module__}.{type(thing).__qualname__}"
    if isinstance(thing, torch.Tensor):
        row = [kind, list(thing.shape), str(thing.dtype), list(thing.stride())]
        if _odd(torch, thing):
            return row
        with torch.no_grad():
            plain = thing.detach().resolve_conj().resolve_neg().cpu().contiguous()
        size = plain.numel() * plain.element_size()
        data = ctypes.string_at(plain.data_ptr(), size) if size else b""
        return [*row, hashlib.blake2b(data, digest_size=16).hexdigest()]
    if isinstance(thing, (list, tuple)):
        return [kind, [_shown(torch, item) for item in thing]]
    if isinstance(thing, float):
        return [kind, struct.pack("<d", thing).hex()]
    return [kind, repr(thing) if isinstance(thing, (bool, int, str, type(None))) else ""]


def _out_of_reach(torch: Any) -> str:
    """Why the call is not one that a fresh process could make, '' if it is."""
    core = torch._C
    if torch.jit.is_tracing() or torch.compiler.is_compiling():
        return "made while torch traces"
    if core._len_torch_dispatch_stack():
        return "made under a dispatch mode"
    if not torch.is_inference_mode_enabled():
        key = core.DispatchKey.AutogradCPU
        if core._dispatch_tls_is_dispatch_key_excluded(key):
            return "made below autograd, by a handler of torch's dispatcher"
    if torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing():
        return "made while a CUDA graph is captured"
    return ""


class _Describer:
    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._numbers: dict[Any, int] = {}
        self._seen: dict[int, Argument] = {}
        self.regions: list[Region] = []

    def describe(self, thing: Any, name: str) -> Argument:
        torch = self._torch
        if isinstance(thing, torch.Tensor):
            return self._tensor(thing, name)
        if thing is None:
            return Argument("none")
        for kind, exact in (("bool", bool), ("int", int), ("float", float), ("string", str)):
            if type(thing) is exact:
                return Argument(kind, scalar=thing)
        if type(thing) in (list, tuple, torch.Size):
            items = tuple(self.describe(item, f"{name}[{i}]") for i, item in enumerate(thing))
            return Argument("list" if type(thing) is list else "tuple", items=items)
        if type(thing) is dict:
            parts = [part for pair in thing.items() for part in pair]
            return Argument("dict", items=tuple(self.describe(part, name) for part in parts))
        return self._other(thing)

    def _other(self, thing: Any) -> Argument:
        torch, kind = self._torch, type(thing)
        if kind is torch.dtype:
            return Argument("dtype", scalar=word_of(thing))
        if kind is torch.device:
            return Argument("device", scalar=str(thing))
        members = getattr(kind, "__members__", None)
        if members is not None:
            name = next((name for name, member in members.items() if member == thing), None)
            if name is not None:
                return Argument("enum", scalar=f"{kind.__module__}:{kind.__qualname__}:{name}")
        numpy: Any = sys.modules.get("numpy")
        if numpy is not None and kind in (numpy.int64, numpy.float32):
            word = "int" if kind is numpy.int64 else "float"
            return Argument(f"numpy_{word}", scalar=thing.item())
        raise NotRecordableError(_is_a(kind))

    def _tensor(self, tensor: Any, name: str) -> Argument:
        torch = self._torch
        if id(tensor) in self._seen:
            return self._seen[id(tensor)]
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            raise NotRecordableError(_is_a(type(tensor)))
        odd = _odd(torch, tensor)
        if odd:
            raise NotRecordableError(f"an argument is {odd}")
        view = View(
            store=self._region(tensor, name),
            dtype=word_of(tensor.dtype),
            shape=tuple(tensor.shape),
            strides=tuple(tensor.stride()),
            offset=tensor.storage_offset(),
            grad=tensor.requires_grad,
            leaf=tensor.is_leaf,
            parameter=type(tensor) is torch.nn.Parameter,
        )
        return self._seen.setdefault(id(tensor), Argument("tensor", len(self._seen), view=view))

    def _region(self, tensor: Any, name: str) -> int:
        width, start = tensor.element_size(), tensor.storage_offset()
        low = high = start * width
        if tensor.numel():
            last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
            high = (start + last + 1) * width
        address = tensor.untyped_storage().data_ptr()
        number = self._numbers.setdefault(address or id(tensor), len(self.regions))
        if number == len(self.regions):
            self.regions.append(Region(tensor, name, low, high))
        else:
            region = self.regions[number]
            region.low, region.high = min(region.low, low), max(region.high, high)
        return number


def _is_a(kind: type) -> str:
    return f"an argument is a {kind.__module__}.{kind.__qualname__}"


def _odd(torch: Any, tensor: Any) -> str:
    """What makes a tensor more than memory with a shape, '' for a plain one."""
    if tensor.layout != torch.strided:
        return "a sparse tensor"
    for flag in _FLAGS:
        if getattr(tensor, flag, False):
            return f"a tensor that {flag.replace('_', ' ')}"
    if tensor.is_conj() or tensor.is_neg():
        return "a lazily conjugated or negated tensor"
    if torch._is_functional_tensor(tensor) or torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return "a tensor of a function transform"
    if tensor.numel() and not tensor.untyped_storage().data_ptr():
        return "a tensor without memory"
    return ""


def _width(torch: Any, view: View) -> int:
    return int(getattr(torch, view.dtype).itemsize)
