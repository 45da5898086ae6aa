"""A described argument made real, in a worker.

Every tensor's memory lies between two guard zones of a known pattern. An operator that writes
there is caught; one that reads there gives another result under another pattern, and so shows that
its result is not a function of its arguments.
"""

from __future__ import annotations

import ctypes
import importlib
import math
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, Union

import torch

from migrate.compare.call import Call, Value
from migrate.compare.device_memory import DeviceZones, placed_on_device
from migrate.compare.fills import FILLS, LAYOUTS
from migrate.compare.host_memory import HostZones, host_zones
from migrate.compare.stored import contents, on_storage
from migrate.model.recorded import Store

# As much as most tensors of a case hold: whoever is one of them too far writes there.
GUARD_BYTES = 1 << 15
# Elements of a tensor whose content is kept for long.
_SMALL = 4096
# As a pattern: every tensor has memory of its own, so that a sanitizer sees where it ends.
NO_GUARDS = -1
_CODE: dict[str, Any] = {
    text: compile(text, "<fills>", "eval")
    for text in (*FILLS.values(), *(text for pair in LAYOUTS.values() for text in pair))
}


@dataclass
class Memory:
    """The bytes behind one tensor argument, and what guards them."""

    name: str
    tensor: torch.Tensor
    zones: Union[HostZones, DeviceZones, None] = None

    def contents(self) -> bytes:
        if isinstance(self.zones, HostZones):
            return self.zones.contents()
        return tensor_bytes(self.tensor)

    def guards_hold(self, pattern: int) -> bool:
        return self.zones is None or self.zones.hold(pattern)


@dataclass
class Arguments:
    """The arguments of one call, and the memory of the tensors among them."""

    names: tuple[str, ...]
    positional: list[Any] = field(default_factory=list)
    keywords: dict[str, Any] = field(default_factory=dict)
    memories: list[Memory] = field(default_factory=list)

    def tensors(self) -> list[tuple[str, torch.Tensor]]:
        """Every tensor among the arguments, also those in lists, under its parameter's name."""
        found: list[tuple[str, torch.Tensor]] = []
        for name, thing in chain(zip(self.names, self.positional), self.keywords.items()):
            if isinstance(thing, torch.Tensor):
                found.append((name, thing))
            elif isinstance(thing, (dict, list, tuple)):
                inside = thing.items() if isinstance(thing, dict) else enumerate(thing)
                found += [(f"{name}[{key}]", item) for key, item in inside if isinstance(item, torch.Tensor)]
        return found


def materialise(call: Call, names: tuple[str, ...], device: str, pattern: int) -> Arguments:
    result = Arguments(names)
    made: list[Any] = []
    maker = _Maker(device, pattern, result.memories, call.stores)
    absent_before = False
    for index, (name, value) in enumerate(zip(names, call.values)):
        if value.kind == "absent":
            made.append(None)
            absent_before = True
            continue
        thing = made[int(value.scalar or 0)] if value.kind == "same" else None
        if value.kind != "same":
            thing = maker.make(value, name)
        made.append(thing)
        # Whatever follows an absent positional argument can only be passed by name.
        if index in call.keywords or absent_before:
            result.keywords[name] = thing
        else:
            result.positional.append(thing)
    result.positional += [maker.make(value, "extra") for value in call.extra]
    result.keywords.update(dict.fromkeys(call.unknown))
    return result


class _Content(NamedTuple):
    """What the memory behind a tensor holds. The runs of one call copy it, and so agree on it; the bytes
    are copied in a tenth of the time that torch takes for a small tensor."""

    tensor: torch.Tensor
    raw: bytes
    shape: tuple[int, ...]


def _content(value: Value) -> _Content:
    return _small(value) if value.numel <= _SMALL else _large(value)


def _drawn(value: Value) -> _Content:
    shape = tuple(eval(_CODE[LAYOUTS[value.layout][0]], {"shape": value.shape, "n": value.numel}))
    generator = torch.Generator().manual_seed(value.seed)
    scope: dict[str, Any] = {"torch": torch, "math": math, "g": generator, "limit": value.limit}
    made: torch.Tensor = eval(_CODE[FILLS[value.fill]], {**scope, "shape": shape, "n": math.prod(shape)})
    content = made.to(getattr(torch, value.dtype))
    return _Content(content, tensor_bytes(content), tuple(content.shape))


# Calls differ from the one before in an argument or two: the others are drawn once for many of them.
_small = lru_cache(maxsize=512)(_drawn)
_large = lru_cache(maxsize=32)(_drawn)


class _Maker:
    def __init__(
        self, device: str, pattern: int, memories: list[Memory], stores: tuple[Store, ...]
    ) -> None:
        self._device = device
        self._pattern = pattern
        self._memories = memories
        self._stores = stores
        self._laid: dict[int, torch.Tensor] = {}
        self._objects: dict[Any, torch.Tensor] = {}

    def make(self, value: Value, name: str) -> Any:
        if value.kind == "tensor":
            return self._tensor(value, name)
        if value.view is not None:
            return self._stored(value, name)
        if value.kind in ("list", "tuple"):
            items = [self.make(item, f"{name}[{i}]") for i, item in enumerate(value.items)]
            return items if value.kind == "list" else tuple(items)
        if value.kind == "dict":
            items = [self.make(item, f"{name}[{i // 2}]") for i, item in enumerate(value.items)]
            return dict(zip(items[::2], items[1::2]))
        if value.kind == "enum":
            module, enum, member = str(value.scalar).split(":")
            return getattr(getattr(importlib.import_module(module), enum), member)
        if value.kind == "dtype":
            return getattr(torch, str(value.scalar))
        if value.kind == "device":
            return torch.device(str(value.scalar))
        if value.kind.startswith("numpy"):
            return _numpy_thing(value)
        return value.scalar

    def _tensor(self, value: Value, name: str) -> torch.Tensor:
        memory = self._place(_content(value), name)
        self._memories.append(memory)
        if value.layout == "contiguous":  # the memory itself: nothing to evaluate
            return memory.tensor.requires_grad_() if value.grad else memory.tensor
        scope = {"shape": value.shape, "slice": slice, "base": memory.tensor}
        tensor: torch.Tensor = eval(_CODE[LAYOUTS[value.layout][1]], scope)
        return tensor.requires_grad_() if value.grad else tensor

    def _stored(self, value: Value, name: str) -> torch.Tensor:
        """A recorded tensor: on its own place in memory that it may share, and the same object again."""
        view = value.view
        assert view is not None
        if view.store not in self._laid:
            self._laid[view.store] = self._lay(self._stores[view.store], name)
        if value.scalar not in self._objects:
            self._objects[value.scalar] = on_storage(self._laid[view.store], view)
        return self._objects[value.scalar]

    def _lay(self, store: Store, name: str) -> torch.Tensor:
        """The storage of a recorded call's tensors, up to the last byte that they see."""
        if store.size == 0:
            return torch.empty(0, dtype=torch.uint8, device=self._device)
        whole = store.skipped + store.size
        if self._device != "cpu":
            base = torch.zeros(whole, dtype=torch.uint8, device=self._device)
            base[store.skipped :].copy_(contents(store))
            self._memories.append(Memory(name, base[store.skipped :]))
            return base
        zones = host_zones(store.size, self._pattern, GUARD_BYTES, store.skipped, store.alignment)
        first = zones.start - store.skipped
        base = torch.frombuffer(zones.buffer, dtype=torch.uint8, count=whole, offset=first)
        base[store.skipped :].copy_(contents(store))
        self._memories.append(Memory(name, base, zones))
        return base

    def _place(self, content: _Content, name: str) -> Memory:
        tensor, raw, shape = content
        size = len(raw)
        if size == 0 or self._pattern == NO_GUARDS:
            return Memory(name, tensor.to(self._device, copy=True))
        if self._device != "cpu":
            return Memory(name, *placed_on_device(tensor, self._device, self._pattern, GUARD_BYTES))
        zones = host_zones(size, self._pattern, GUARD_BYTES)
        zones.buffer[zones.start : zones.start + size] = raw
        flat = torch.frombuffer(zones.buffer, dtype=tensor.dtype, count=tensor.numel(), offset=zones.start)
        return Memory(name, flat if len(shape) == 1 else flat.view(shape), zones)


def tensor_bytes(tensor: torch.Tensor) -> bytes:
    plain = tensor
    if not (tensor.is_cpu and tensor.is_contiguous()) or tensor.is_conj() or tensor.is_neg():
        plain = tensor.detach().resolve_conj().resolve_neg().cpu().contiguous()
    size = plain.numel() * plain.element_size()
    return ctypes.string_at(plain.data_ptr(), size) if size else b""


def _numpy_thing(value: Value) -> Any:
    numpy: Any = importlib.import_module("numpy")
    if value.kind == "numpy":
        return numpy.ones((2, 2), dtype=numpy.float32)
    if value.kind == "numpy_int":
        return numpy.int64(value.scalar)
    return numpy.float32(value.scalar)
