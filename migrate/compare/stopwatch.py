"""How long calls take, measured in a worker: many short blocks, so that what interrupts spoils few.

On a device the time of a call is the caller's, launch included; the kernels' own time is taken by events
on a stream that is kept busy first, so that they follow each other without waiting for the host.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Callable

import torch

from migrate.compare.call import Call
from migrate.compare.materialise import materialise

_BLOCK_SECONDS = 1e-4
_MOST_PER_BLOCK = 2000
_PATTERN = 0x11
_QUEUED = 50
_BUSY_CYCLES = 20_000_000

Action = Callable[[], Any]


def time_call(
    thing: Any, call: Call, names: tuple[str, ...], device: str, plan: dict[str, Any]
) -> dict[str, Any]:
    """Microseconds per call: ``call``, each a block's mean; ``direct`` of the library's own function that
    an adaptor stands before; ``kernel`` by events. What cannot be measured is left out."""
    arguments = materialise(call, names, device, _PATTERN)
    positional, keywords = arguments.positional, arguments.keywords

    def plain() -> Any:
        return thing(*positional)

    def named() -> Any:
        return thing(*positional, **keywords)

    whole = named if keywords else plain  # an empty ** costs a dictionary

    answer = whole()
    found = {"call": whole}
    direct = _behind(thing, whole) if plan["direct"] else None
    if direct is not None:
        found["direct"] = direct
    result: dict[str, Any] = _interleaved(found, plan["blocks"], device)
    result["allocates"] = _fresh(answer, [tensor for _, tensor in arguments.tensors()])
    if plan["kernel"] and device != "cpu":
        result["kernel"] = _kernel_times(whole, plan["blocks"])
    return result


def _interleaved(actions: dict[str, Action], blocks: int, device: str) -> dict[str, Any]:
    sizes = {name: _calls_per_block(action) for name, action in actions.items()}
    times: dict[str, Any] = {name: [] for name in actions}
    for _ in range(blocks):
        for name, action in actions.items():
            repeats = range(sizes[name])
            if device != "cpu":
                torch.cuda.synchronize()  # else a full queue would make the caller wait
            start = time.perf_counter()
            for _ in repeats:
                action()
            times[name].append((time.perf_counter() - start) / len(repeats) * 1e6)
    return times


def _calls_per_block(action: Action) -> int:
    best = min(_seconds(action) for _ in range(5))
    return max(1, min(_MOST_PER_BLOCK, int(_BLOCK_SECONDS / max(best, 1e-9))))


def _seconds(action: Action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _kernel_times(action: Action, blocks: int) -> list[float]:
    cuda: Any = torch.cuda
    events = [cuda.Event(enable_timing=True) for _ in range(2)]
    times = []
    for _ in range(max(3, blocks // 10)):
        cuda.synchronize()
        cuda._sleep(_BUSY_CYCLES)
        events[0].record()
        for _ in range(_QUEUED):
            action()
        events[1].record()
        cuda.synchronize()
        times.append(events[0].elapsed_time(events[1]) / _QUEUED * 1e3)
    return times


def _behind(thing: Any, whole: Action) -> Any:
    """The library's function with the very arguments that the adaptor passes it, or None."""
    module = sys.modules.get(getattr(thing, "__module__", None) or "")
    if not isinstance(module, ModuleType):
        return None
    bound = _bound_functions(module)
    seen: list[tuple[Any, Sequence[Any]]] = []

    def recorder(function: Any) -> Callable[..., Any]:
        def record(*args: Any) -> Any:
            seen.append((function, args))
            return function(*args)

        return record

    for name, function in bound.items():
        setattr(module, name, recorder(function))
    try:
        whole()
    except Exception:
        return None  # an argument was converted after a refusal: there is no direct call like it
    finally:
        for name, function in bound.items():
            setattr(module, name, function)
    if len(seen) != 1:
        return None
    function, args = seen[0]
    return _consumed(function, args)


def _bound_functions(module: ModuleType) -> dict[str, Any]:
    import tvm_ffi

    return {name: value for name, value in vars(module).items() if isinstance(value, tvm_ffi.Function)}


def _consumed(function: Any, args: Sequence[Any]) -> Action:
    """A call whose results can be used: what a container holds is only there once it is read."""
    import tvm_ffi

    if type(function(*args)) is tvm_ffi.Array:
        return lambda: list(function(*args))
    return lambda: function(*args)


def _fresh(answer: Any, given: Sequence[Any]) -> int:
    """How many of the tensors that came back are new."""
    items = answer if isinstance(answer, (list, tuple)) else [answer]
    known = {id(tensor) for tensor in given}
    return sum(1 for item in items if isinstance(item, torch.Tensor) and id(item) not in known)
