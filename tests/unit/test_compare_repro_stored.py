"""A repro script lays out a recorded call's memory as the workers do."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest

from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.recorded import case_of
from migrate.compare.repro_stored import stored_objects, stores_text, switches
from migrate.record.capture import capture, read

torch = pytest.importorskip("torch")
NAMES = ("x", "y", "z")
PARAMS = tuple(Parameter(name, ArgType("unknown")) for name in NAMES)
ENTRY = Entry("m:op", "op", "function", "raw", "", PARAMS, path="op")


@pytest.mark.parametrize("limit", [1 << 20, 0])
def test_the_script_makes_the_same_tensors(limit: int) -> None:
    from migrate.compare.materialise import materialise

    base = torch.arange(24.0).reshape(4, 6)
    index = torch.arange(9)
    with torch.no_grad():
        captured = capture(torch, "m:op", (base[1:, ::2], [base.t(), index]), {"z": torch.rand(3)})
        call = case_of(read(torch, captured, limit), ENTRY)
    scope: dict[str, Any] = {"torch": torch, "base64": base64, "zlib": zlib}
    scope["seeded"] = lambda seed: torch.Generator().manual_seed(seed)
    exec(stores_text(call) + "\n".join(stored_objects(call)), scope)
    expected = materialise(call, NAMES, "cpu", 0)
    x, (t, number) = expected.positional
    for place, tensor in enumerate((x, t, number, expected.keywords["z"])):
        made = scope[f"object_{place}"]
        assert (made.dtype, made.shape, made.stride()) == (tensor.dtype, tensor.shape, tensor.stride())
        assert made.storage_offset() == tensor.storage_offset()
        assert torch.equal(made, tensor)
    assert scope["object_0"].untyped_storage().data_ptr() == scope["object_1"].untyped_storage().data_ptr()
    assert switches(call) == ["torch.set_grad_enabled(False)"]
