"""One call made, and everything about it that can be seen from Python, as plain values.

An observation is built of dicts, lists, strings, numbers and bytes alone, so that it can leave the
worker without torch.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import struct
import types
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import torch

from migrate.compare.call import Call
from migrate.compare.describe import described
from migrate.compare.materialise import Arguments, materialise, tensor_bytes
from migrate.compare.printed import print_once
from migrate.compare.surroundings import surrounded

_M_PERTURB = -6
_MALLOPT = getattr(ctypes.CDLL(None), "mallopt", None)
# pybind11's TypeErrors show the arguments: a few of a tensor's numbers do, all of them take long.
_print_options: Any = torch.set_printoptions
_print_options(threshold=1, edgeitems=1)
print_once()
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_BACKTRACE = re.compile(r"\n?(Exception raised from |C\+\+ CapturedTraceback)")
# Where a file lies, and on which line, differs between two trees for no fault of the operator.
_PLACE = re.compile(
    r"""["']?[\w./+-]*\w\.(?:c|cc|cpp|cxx|cu|cuh|h|hh|hpp|hxx|hip|inc|inl)\b["']?"""
    r"(?::\d+|,? line \d+|\(\d+\))?"
)
# After the runtime's own words torch adds advice on how to find the launch at fault.
_DEVICE_ERROR = re.compile(r"(?:CUDA|HIP) error: [^\n]*")
_CONVERSION = re.compile(r"incompatible (function|constructor) arguments")

# Their own types show in what they print.
_BY_REPR = (str, int, bool, float, bytes, type(None))

Observation = dict[str, Any]


def fill_fresh_memory(pattern: int, device: str) -> None:
    """Make the allocator fill fresh memory with ``pattern``.

    glibc's M_PERTURB fills with the complement of its value. It changes no algorithm, unlike torch's
    deterministic mode, which is the stand-in for devices and other C libraries.
    """
    if device == "cpu" and _MALLOPT is not None:
        _MALLOPT(_M_PERTURB, pattern ^ 0xFF)
        return
    torch.use_deterministic_algorithms(True, warn_only=True)


def observe_call(
    function: Callable[..., Any], call: Call, names: tuple[str, ...], device: str, run: dict[str, Any]
) -> Observation:
    """Call ``function`` once. ``run``: the ``pattern`` of fresh memory, ``stream`` default or side."""
    pattern = int(run["pattern"])
    fill_fresh_memory(pattern, device)
    seed(device)
    if run.get("stream") == "side":
        return _on_side_stream(function, call, names, device, pattern)
    arguments = materialise(call, names, device, pattern)
    if "random state" in run:
        torch.set_rng_state(torch.frombuffer(bytearray(run["random state"]), dtype=torch.uint8))
    with surrounded(call):
        return finish(outcome(function, arguments, device), arguments, device, pattern)


def observe_made(function: Callable[..., Any], arguments: Arguments, device: str) -> Observation:
    """As ``observe_call``, on arguments that are there already."""
    return finish(outcome(function, arguments, device), arguments, device, 0)


def seed(device: str) -> None:
    if device == "cpu":
        torch.default_generator.manual_seed(0)  # torch.manual_seed takes a millisecond: it asks all devices
    else:
        torch.manual_seed(0)


def _on_side_stream(
    function: Callable[..., Any], call: Call, names: tuple[str, ...], device: str, pattern: int
) -> Observation:
    """As ``observe_call``, but the inputs arrive late on a stream of their own: whoever launches on
    another stream reads them too early."""
    cuda: Any = torch.cuda
    with cuda.stream(cuda.Stream()):
        arguments = materialise(call, names, device, pattern)
        late = [(memory.tensor, memory.tensor.clone()) for memory in arguments.memories]
        for tensor, _ in late:
            tensor.zero_()
        cuda.synchronize()
        cuda._sleep(20_000_000)
        for tensor, contents in late:
            tensor.copy_(contents)
        with surrounded(call):
            return finish(outcome(function, arguments, device), arguments, device, pattern)


def outcome(
    function: Callable[..., Any], arguments: Arguments, device: str, called: bool = True
) -> Observation:
    """The result, or the exception. ``called`` false: ``function`` only hands over a result.

    The current stream alone is waited for: a result that another stream still writes is not there.
    """
    try:
        result = function(*arguments.positional, **arguments.keywords) if called else function()
        if device != "cpu":
            torch.cuda.current_stream().synchronize()
    except BaseException as error:  # the operator's exception is a result, whatever it is
        return {"outcome": "raise", "error": _error(error)}
    return {"outcome": "value", "value": _Encoder(arguments).encode(result, "result")}


def finish(seen: Observation, arguments: Arguments, device: str, pattern: int) -> Observation:
    seen["args"] = {memory.name: memory.contents() for memory in arguments.memories}
    seen["views"] = {name: _metadata(tensor) for name, tensor in arguments.tensors()}
    seen["overrun"] = [memory.name for memory in arguments.memories if not memory.guards_hold(pattern)]
    seen["state"] = _state(device)
    return seen


def _error(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    try:
        text = str(error)
    except Exception:
        text = "<the text cannot be read>"
    device = _DEVICE_ERROR.match(text)
    text = device[0] if device else _PLACE.sub("FILE:LINE", _BACKTRACE.split(text)[0].rstrip())
    conversion = isinstance(error, TypeError) and bool(_CONVERSION.search(text))
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "text": text, "conversion": conversion}


def _state(device: str) -> dict[str, Any]:
    state = {
        "default dtype": str(torch.get_default_dtype()),
        "random state": _DIGESTED.of(tensor_bytes(torch.default_generator.get_state())),
        "grad mode": torch.is_grad_enabled(),
        "threads": torch.get_num_threads(),
    }
    if device != "cpu":
        state["current device"] = torch.cuda.current_device()
        state["current stream is the default"] = torch.cuda.current_stream() == torch.cuda.default_stream()
        state["device random state"] = _digest(tensor_bytes(torch.cuda.get_rng_state()))
    return state


def _typed(key: Any) -> str:
    """A key: `1`, `True`, `'1'` and a number of a subclass are four."""
    kind = type(key)
    if kind is tuple:
        return f"({', '.join(map(_typed, key))},)"
    shown = _ADDRESS.sub("0x", repr(key))
    return shown if kind in _BY_REPR else f"{kind.__module__}.{kind.__qualname__}({shown})"


def _digest(state: bytes) -> str:
    return hashlib.blake2b(state).hexdigest()[:16]


class _Digested:
    """Most calls leave the state as they find it, and to compare its 5 KB takes less than to hash them."""

    def __init__(self) -> None:
        self._last = (b"", "")

    def of(self, state: bytes) -> str:
        if state != self._last[0]:
            self._last = (state, _digest(state))
        return self._last[1]


_DIGESTED = _Digested()
_spelled = lru_cache(maxsize=256)(str)


def _metadata(tensor: torch.Tensor) -> dict[str, Any]:
    return {
        "shape": [*tensor.shape],
        "dtype": _spelled(tensor.dtype),
        "strides": [*tensor.stride()],
        "requires_grad": tensor.requires_grad,
        "device": _spelled(tensor.device),
    }


class _Encoder:
    """Results as plain values; tensors with what they share, and with whom."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._probes: list[torch.Tensor] = []

    @cached_property
    def _objects(self) -> list[tuple[str, torch.Tensor]]:
        return self._arguments.tensors()

    @cached_property
    def _storages(self) -> dict[int, str]:
        """The names of what lies in each; results without tensors need none."""
        found: dict[int, str] = {}
        for name, tensor in self._objects:
            found.setdefault(tensor.untyped_storage().data_ptr(), name)
        found.pop(0, None)
        return found

    def encode(self, thing: Any, path: str) -> dict[str, Any]:
        if isinstance(thing, torch.Tensor):
            return self._tensor(thing, path)
        kind = f"{type(thing).__module__}.{type(thing).__qualname__}"
        if isinstance(thing, (list, tuple)):
            items = [self.encode(item, f"{path}[{i}]") for i, item in enumerate(thing)]
            return {"kind": kind, "items": items}
        if isinstance(thing, dict):
            items = [self.encode(item, f"{path}[{key!r}]") for key, item in thing.items()]
            return {"kind": kind, "keys": [_typed(key) for key in thing], "items": items}
        if isinstance(thing, (set, frozenset)):  # two processes have them in another order
            return {"kind": kind, "keys": sorted(map(_typed, thing)), "items": []}
        if callable(thing) and not isinstance(thing, type):
            return self._function(thing, path)
        if isinstance(thing, float):
            return {"kind": kind, "bits": struct.pack("<d", thing), "text": repr(thing)}
        return {"kind": kind, "text": _ADDRESS.sub("0x", repr(thing))}

    def _function(self, function: Callable[..., Any], path: str) -> dict[str, Any]:
        """A function that was returned, by what it does with a few arguments: its own parameters are
        not known here. What it was compiled from shows in no other way."""
        tensor = torch.arange(24.0).view(4, 6)
        self._probes.append(tensor)  # alive, so that no other storage has its address
        self._storages.setdefault(tensor.untyped_storage().data_ptr(), "its argument")
        items = []
        for probe in ((), (tensor,), (tensor, 2), (2,), (tensor, tensor)):
            try:
                items.append(self.encode(function(*probe), f"{path}()"))
            except Exception as error:
                seen = _error(error)
                items.append({"kind": seen["type"], "text": "" if seen["conversion"] else seen["text"]})
        return {"kind": "function", "items": items}

    def _tensor(self, tensor: torch.Tensor, path: str) -> dict[str, Any]:
        kind = f"{type(tensor).__module__}.{type(tensor).__qualname__}"
        node: dict[str, Any] = {"kind": kind, **_metadata(tensor)}
        if tensor.layout != torch.strided:
            return {**node, "text": repr(tensor)}
        node["is"] = next((name for name, other in self._objects if other is tensor), "")
        storage = tensor.untyped_storage().data_ptr()
        shares = self._storages.get(storage, "")
        if storage:
            self._storages.setdefault(storage, path)
        # Where a fresh result starts in its storage means nothing; where a view of an argument
        # starts does.
        node["alias"] = f"{shares}+{tensor.storage_offset()}" if shares else ""
        node["data"] = tensor_bytes(tensor)
        return node


def observe_object(thing: Any, scope: Any = None) -> Observation:
    """An attribute of ``scope``: an enum by its members, a function by what it says of itself,
    anything else by its value."""
    members = getattr(thing, "__members__", None)
    if isinstance(thing, type) and members is not None:
        value: dict[str, Any] = {name: int(member) for name, member in members.items()}
        return {"outcome": "value", "value": {"kind": "enum", "text": repr(sorted(value.items()))}}
    if isinstance(thing, (types.BuiltinFunctionType, types.FunctionType)):
        return {"outcome": "value", "value": described(thing, scope)}
    schema = getattr(thing, "_schema", None)
    if schema is not None:  # an operator of torch's dispatcher
        return {"outcome": "value", "value": {"kind": "schema", "text": f"{schema} {thing.tags}"}}
    nothing = Arguments(())
    return {"outcome": "value", "value": _Encoder(nothing).encode(thing, "value")}
