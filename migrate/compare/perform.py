"""In a worker: one call under the settings of a run, which may be a situation of `situations.py`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import torch

from migrate.compare.byte_offset import with_byte_offset
from migrate.compare.call import Call, Value, map_values
from migrate.compare.leak import kept_by
from migrate.compare.materialise import Arguments, materialise
from migrate.compare.observe import Observation, fill_fresh_memory, finish, observe_call, outcome, seed
from migrate.compare.surroundings import surrounded

_THREADS = 4
_ROUNDS = 4
_SLEEP_CYCLES = 50_000_000


@dataclass(frozen=True)
class _Asked:
    """What is called, and with what."""

    function: Callable[..., Any]
    call: Call
    names: tuple[str, ...]
    device: str
    pattern: int

    def with_other_values(self) -> _Asked:
        """The same call on tensors that hold other numbers."""
        return replace(self, call=map_values(self.call, _reseeded))

    def arguments(self) -> Arguments:
        return materialise(self.call, self.names, self.device, self.pattern)

    def outcome(self, arguments: Arguments) -> Observation:
        with surrounded(self.call):
            return outcome(self.function, arguments, self.device)

    def finish(self, seen: Observation, arguments: Arguments) -> Observation:
        with surrounded(self.call):  # what is seen of the process's state is seen there
            return finish(seen, arguments, self.device, self.pattern)

    def plainly(self) -> Observation:
        arguments = self.arguments()
        return self.finish(self.outcome(arguments), arguments)


def perform(
    function: Callable[..., Any], call: Call, names: tuple[str, ...], device: str, run: dict[str, Any]
) -> Observation:
    """Call ``function`` once, as ``run`` says."""
    situation = run.get("situation")
    if situation is None:
        return observe_call(function, call, names, device, run)
    pattern = int(run["pattern"])
    fill_fresh_memory(pattern, device)
    seed(device)
    return _PERFORMED[situation](_Asked(function, call, names, device, pattern))


def _reseeded(value: Value) -> Value:
    return value._replace(seed=value.seed + 1) if value.kind == "tensor" else value


def _again(asked: _Asked) -> Observation:
    """The second call on the same tensors, which hold other numbers by then: whoever keeps a result,
    or a pointer to what it has seen, gives the old answer."""
    arguments, other = asked.arguments(), asked.with_other_values().arguments()
    asked.outcome(arguments)
    with torch.no_grad():
        for memory, values in zip(arguments.memories, other.memories):
            memory.tensor.copy_(values.tensor)
    return asked.finish(asked.outcome(arguments), arguments)


def _from_threads(asked: _Asked) -> Observation:
    """What a thread sees that differs from what its call alone sees, or the latter. Threads work on
    different numbers: what one leaves in the other's way must be told apart."""
    kinds = [asked, asked.with_other_values()] * (_THREADS // 2)
    alone = [each.plainly() for each in kinds]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(_ROUNDS):
            odd = [seen for seen, usual in zip(_at_once(kinds, _pool()), alone) if seen != usual]
            if odd:
                return odd[0]
    finally:
        sys.setswitchinterval(interval)
    return alone[0]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS)


def _at_once(kinds: list[_Asked], pool: ThreadPoolExecutor) -> list[Observation]:
    together = [asked.arguments() for asked in kinds]
    gate = threading.Barrier(len(kinds))

    def one(asked: _Asked, arguments: Arguments) -> Observation:
        gate.wait()
        return asked.outcome(arguments)

    seen = list(pool.map(one, kinds, together))
    return [asked.finish(one_seen, made) for asked, one_seen, made in zip(kinds, seen, together)]


def _with_default_dtype(asked: _Asked) -> Observation:
    arguments = asked.arguments()
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return asked.finish(asked.outcome(arguments), arguments)
    finally:
        torch.set_default_dtype(before)


def _with_default_device(asked: _Asked) -> Observation:
    arguments = asked.arguments()
    with torch.device("meta"):
        seen = asked.outcome(arguments)
    return asked.finish(seen, arguments)


def _in_inference_mode(asked: _Asked) -> Observation:
    arguments = asked.arguments()
    with torch.inference_mode():
        seen = asked.outcome(arguments)
    return asked.finish(seen, arguments)


def _with_byte_offset(asked: _Asked) -> Observation:
    arguments = with_byte_offset(asked.arguments())
    return asked.finish(asked.outcome(arguments), arguments)


def _many_times(asked: _Asked) -> Observation:
    """What the first call shows, and what each of many leaves behind."""
    arguments = asked.arguments()
    seen = asked.finish(asked.outcome(arguments), arguments)
    if seen["outcome"] == "value":
        with surrounded(asked.call):
            seen["kept"] = kept_by(lambda: asked.function(*arguments.positional, **arguments.keywords))
    return seen


def _on_busy_device(asked: _Asked) -> Observation:
    """On a side stream while the default stream is busy: what was launched there is late, and its
    result is not yet in memory when the side stream reads it."""
    cuda: Any = torch.cuda
    with cuda.stream(cuda.Stream()):
        arguments = asked.arguments()
        cuda.synchronize()
        with cuda.stream(cuda.default_stream()):
            cuda._sleep(_SLEEP_CYCLES)
        seen = asked.finish(asked.outcome(arguments), arguments)
        cuda.synchronize()
        return seen


def _on_second_device(asked: _Asked) -> Observation:
    """Where there is one; the first stays current. Elsewhere an ordinary call."""
    if torch.cuda.device_count() < 2:
        return asked.plainly()
    return replace(asked, device="cuda:1").plainly()


def _captured(asked: _Asked) -> Observation:
    """Captured with one set of tensors, which nothing has computed yet, then replayed."""
    cuda: Any = torch.cuda
    asked.plainly()  # whatever the first call sets up cannot be captured
    arguments = asked.arguments()
    graph = cuda.CUDAGraph()
    results: list[Any] = []

    def capture() -> None:
        with cuda.graph(graph):
            results.append(asked.function(*arguments.positional, **arguments.keywords))

    seen = outcome(capture, Arguments(()), asked.device)
    if seen["outcome"] == "value":
        graph.replay()
        seen = outcome(lambda: results[0], arguments, asked.device, called=False)
    return asked.finish(seen, arguments)


_PERFORMED: dict[str, Callable[[_Asked], Observation]] = {
    "again": _again,
    "threads": _from_threads,
    "default dtype": _with_default_dtype,
    "default device": _with_default_device,
    "inference mode": _in_inference_mode,
    "byte offset": _with_byte_offset,
    "busy device": _on_busy_device,
    "second device": _on_second_device,
    "graph": _captured,
    "many calls": _many_times,
}
