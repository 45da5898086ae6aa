"""A tensor's place between guard zones in the host's memory.

Zones are large and most tensors are small: to allocate, fill and free them would take longer than the
calls. A block whose zones have held is used again once nothing refers to it.
"""

from __future__ import annotations

import ctypes
import sys
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

_ALIGNMENT = 64
_PAGE = 1 << 12
_MOST_KEPT = 1 << 16
# Of a buffer that only its block refers to: the block, and the argument of getrefcount.
_UNSHARED = 2


class _Block:
    """``buffer`` holds the pattern everywhere but in its ``inside``, and there too unless ``held``."""

    def __init__(self, pattern: int, length: int) -> None:
        self.pattern = pattern
        self.buffer = bytearray((pattern,)) * length
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.buffer))
        self.inside = slice(0, 0)
        self.held = True

    def is_free(self) -> bool:
        """A tensor refers to the buffer it lives in, whoever has kept it."""
        return self.held and sys.getrefcount(self.buffer) == _UNSHARED

    def take(self, inside: slice) -> None:
        self.buffer[self.inside] = bytes((self.pattern,)) * (self.inside.stop - self.inside.start)
        self.inside, self.held = inside, False


class HostZones(NamedTuple):
    """``buffer`` holds ``size`` bytes from ``start`` on; all others are the pattern."""

    block: _Block
    buffer: bytearray
    start: int
    size: int

    def contents(self) -> bytes:
        return bytes(memoryview(self.buffer)[self.start : self.start + self.size])

    def hold(self, pattern: int) -> bool:
        zone = _zone(pattern, len(self.buffer))
        after = len(self.buffer) - self.start - self.size
        self.block.held = self.buffer.startswith(zone[: self.start]) and self.buffer.endswith(zone[:after])
        return self.block.held


_BLOCKS: defaultdict[tuple[int, int], list[_Block]] = defaultdict(list)


def host_zones(size: int, pattern: int, guard: int, skipped: int = 0, alignment: int = 0) -> HostZones:
    """``size`` bytes that lie ``alignment`` bytes after a multiple of 64, with at least ``guard`` bytes
    of ``pattern`` on either side. Before them ``skipped`` more could be written to, and must not be."""
    room = -(-(skipped + size) // _PAGE) * _PAGE
    block = _block(pattern, room + 2 * guard + _ALIGNMENT, room <= _MOST_KEPT)
    start = guard + skipped
    start += (alignment - block.address - start) % _ALIGNMENT
    block.take(slice(start, start + size))
    return HostZones(block, block.buffer, start, size)


def _block(pattern: int, length: int, kept: bool) -> _Block:
    if not kept:
        return _Block(pattern, length)
    blocks = _BLOCKS[pattern, length]
    for block in blocks:
        if block.is_free():
            return block
    # What never comes back is forgotten: a broken zone, or a tensor that the operator keeps.
    blocks[:] = [block for block in blocks if block.held or sys.getrefcount(block.buffer) > _UNSHARED][-32:]
    blocks.append(_Block(pattern, length))
    return blocks[-1]


@lru_cache(maxsize=8)
def _zone(pattern: int, length: int) -> memoryview:
    return memoryview(bytes((pattern,)) * length)
