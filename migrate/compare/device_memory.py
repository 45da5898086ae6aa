"""A tensor's place between guard zones on a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class DeviceZones:
    """``buffer`` holds a tensor's ``size`` bytes from ``start`` on; all others are the pattern."""

    buffer: torch.Tensor
    start: int
    size: int

    def hold(self, pattern: int) -> bool:
        around = (self.buffer[: self.start], self.buffer[self.start + self.size :])
        return all(bool((zone == pattern).all()) for zone in around)


class _Span:
    """Bytes inside of a buffer, as memory of its own: a tensor of it has no storage offset that the
    operator could see."""

    def __init__(self, zones: DeviceZones) -> None:
        self._zones = zones  # keeps the buffer while a tensor lives in it

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        address = self._zones.buffer.data_ptr() + self._zones.start
        return {"shape": (self._zones.size,), "typestr": "|u1", "data": (address, False), "version": 2}


def placed_on_device(
    content: torch.Tensor, device: str, pattern: int, guard: int
) -> tuple[torch.Tensor, DeviceZones]:
    """``content``, which is not empty, with ``guard`` bytes of ``pattern`` on either side."""
    size = content.numel() * content.element_size()
    buffer = torch.full((size + 2 * guard,), pattern, dtype=torch.uint8, device=device)
    zones = DeviceZones(buffer, guard, size)
    inside = torch.as_tensor(_Span(zones), device=device)
    tensor = inside.view(content.dtype).view(content.shape)
    tensor.copy_(content)
    return tensor, zones
