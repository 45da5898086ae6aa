"""The memory behind a call's tensors, read as bytes."""

from __future__ import annotations

import ctypes
import struct
import zlib
from dataclasses import dataclass, replace
from typing import Any

from migrate.model.recorded import Filling, Store

ALIGNMENT = 64
_SAMPLE = 4096
_CODES = {
    "float64": "d", "float32": "f", "float16": "e", "int64": "q", "int32": "i", "int16": "h", "int8": "b",
    "uint8": "B", "bool": "?",
}  # fmt: skip


@dataclass
class Region:
    """The part of one storage that tensors of a call see, in bytes from the storage's start."""

    tensor: Any
    name: str
    low: int
    high: int

    @property
    def address(self) -> int:
        return int(self.tensor.untyped_storage().data_ptr()) + self.low

    def flat(self, torch: Any) -> Any:
        """The live bytes, as a tensor that shares them."""
        empty = torch.empty(0, dtype=torch.uint8, device=self.tensor.device)
        return empty.set_(self.tensor.untyped_storage(), self.low, (self.high - self.low,), (1,))

    def contents(self, torch: Any) -> bytes:
        if self.tensor.device.type == "cpu":
            return ctypes.string_at(self.address, self.high - self.low) if self.high > self.low else b""
        plain = self.flat(torch).cpu()
        return ctypes.string_at(plain.data_ptr(), self.high - self.low)


def store_of(torch: Any, region: Region, moved: int, limit: int) -> Store:
    size = region.high - region.low
    form = Store(size, region.low - moved, region.address % ALIGNMENT if size else 0)
    if size <= limit:
        return replace(form, data=zlib.compress(region.contents(torch), 1))
    return replace(form, filling=_filling(region))


def _filling(region: Region) -> Filling:
    """From evenly spaced elements: the least and the greatest, and whether they never descend."""
    dtype = word_of(region.tensor.dtype)
    code = _CODES.get(dtype)
    size = region.high - region.low
    seed = zlib.crc32(f"{dtype} {size}".encode())
    if code is None or region.tensor.device.type != "cpu":
        return Filling(dtype, seed=seed)
    width = struct.calcsize(code)
    count = size // width
    step = max(1, count // _SAMPLE)
    numbers = [
        struct.unpack(f"<{code}", ctypes.string_at(region.address + index * width, width))[0]
        for index in range(0, count, step)
    ]
    finite = [number for number in numbers if number == number and abs(number) != float("inf")]
    if not finite:
        return Filling(dtype, seed=seed)
    return Filling(dtype, min(finite), max(finite), all(a <= b for a, b in zip(numbers, numbers[1:])), seed)


def word_of(dtype: Any) -> str:
    return str(dtype).rpartition(".")[2]

