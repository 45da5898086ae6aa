"""What calls leave behind: memory and Python objects that grow with every call."""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from collections.abc import Callable
from typing import Any

_WARM_UP = 20  # caches fill
_ROUNDS = 3  # what is lost is lost in each of them; what a cache takes is not
_CALLS = 200
_MOST_SECONDS = 0.1
_LEAST_BYTES = 2048  # malloc's own caches, in a round of few calls


class _Heap(ctypes.Structure):
    """glibc's ``struct mallinfo2``."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
            "keepcost",
        )
    )  # fmt: skip


_MALLINFO: Any = getattr(ctypes.CDLL(None), "mallinfo2", None)
if _MALLINFO is not None:
    _MALLINFO.restype = _Heap


def kept_by(call: Callable[[], object]) -> dict[str, float]:
    """Bytes and objects that stay allocated per call."""
    for _ in range(_WARM_UP):
        call()
    gc.freeze()  # what is there already need not be looked at
    rounds = [_round(call) for _ in range(_ROUNDS)]
    return {name: min(grown[name] for grown in rounds) for name in ("bytes", "objects")}


def _round(call: Callable[[], object]) -> dict[str, float]:
    before, calls = _allocated(), 0
    deadline = time.monotonic() + _MOST_SECONDS
    while calls < _CALLS and (calls == 0 or time.monotonic() < deadline):
        call()
        calls += 1
    grown = [after - earlier for after, earlier in zip(_allocated(), before)]
    return {"bytes": grown[0] / calls if grown[0] >= _LEAST_BYTES else 0.0, "objects": grown[1] // calls}


def _allocated() -> tuple[int, int]:
    gc.collect()
    heap = _MALLINFO() if _MALLINFO is not None else _Heap()
    return heap.uordblks + heap.hblkhd, sys.getallocatedblocks()
