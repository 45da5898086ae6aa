"""The part of a repro script that lays out the memory of a recorded call."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import astuple

from migrate.compare.call import Call, Value
from migrate.compare.fills import filling_text
from migrate.model.recorded import Filling, Store, View

_WIDTH = 90
_STORED = '''\
def stored(store, dtype, shape, strides, offset, grad, leaf, parameter):
    tensor = torch.empty(0, dtype=dtype).set_(store.untyped_storage(), offset, shape, strides)
    if parameter:
        return torch.nn.Parameter(tensor, requires_grad=grad)
    # A tensor that something was computed for is stood in for by a leaf.
    return tensor.requires_grad_(grad)


'''


def stores_text(call: Call) -> str:
    """Definitions for the script: none where nothing is stored."""
    if not call.stores:
        return ""
    rows = [_function(number, store) for number, store in enumerate(call.stores)]
    return "".join([*rows, _STORED])


def stored_objects(call: Call) -> list[str]:
    """Lines that make each recorded tensor once, whatever arguments it is in."""
    used = {value.scalar: value.view for value in _recorded(call) if value.view is not None}
    lines = [f"store_{number} = make_store_{number}()" for number in sorted({v.store for v in used.values()})]
    return [*lines, *(f"object_{number} = {_call(view)}" for number, view in used.items())]


def switches(call: Call) -> list[str]:
    """Lines that set what was not at its usual value when the call was recorded."""
    texts = {
        "inference": "torch.inference_mode().__enter__()",
        "grad": "torch.set_grad_enabled(False)",
        "default dtype": "torch.set_default_dtype(torch.{})",
    }
    return [texts[name].format(value) for name, value in call.surroundings]


def object_name(value: Value) -> str:
    return f"object_{value.scalar}"


def _call(view: View) -> str:
    store, dtype, *rest = astuple(view)
    return f"stored(store_{store}, torch.{dtype}, {', '.join(map(repr, rest))})"


def _recorded(call: Call) -> Iterator[Value]:
    stack = [*reversed(call.extra), *reversed(call.values)]
    while stack:
        value = stack.pop()
        if value.view is not None:
            yield value
        stack.extend(reversed(value.items))


def _function(number: int, store: Store) -> str:
    size = store.skipped + store.size
    lines = [f"def make_store_{number}():", f"    whole = torch.zeros({size}, dtype=torch.uint8)"]
    if store.size:
        lines += [*_contents(store), f"    whole[{store.skipped} : {store.skipped} + data.numel()] = data"]
    return "\n".join([*lines, "    return whole", "", "", ""])


def _contents(store: Store) -> list[str]:
    if store.filling is not None:
        return _filling(store.filling, store.size)
    text = base64.b85encode(store.data or b"").decode("ascii")
    # Base 85 has no quote and no backslash.
    rows = [f'        "{text[at : at + _WIDTH]}"' for at in range(0, len(text), _WIDTH)]
    return [
        "    packed = (",
        *rows,
        "    )",
        "    plain = bytearray(zlib.decompress(base64.b85decode(packed)))",
        "    data = torch.frombuffer(plain, dtype=torch.uint8)",
    ]


def _filling(filling: Filling, size: int) -> list[str]:
    names = {"n": f"{size} // torch.{filling.dtype}.itemsize", "low": filling.low, "high": filling.high}
    text = re.sub(r"\b(n|low|high)\b", lambda match: str(names[match.group()]), filling_text(filling))
    return [
        f"    g = seeded({filling.seed})",
        f"    data = {text}.to(torch.{filling.dtype}).view(torch.uint8)",
    ]
