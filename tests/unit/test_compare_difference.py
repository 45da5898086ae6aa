"""What counts as a difference between two observations."""

from __future__ import annotations

import struct
from typing import Any

from migrate.compare.difference import depends_on_memory, differences, numbers


def tensor(values: tuple[float, ...], **changes: Any) -> dict[str, Any]:
    node = {"kind": "torch.Tensor", "shape": [len(values)], "dtype": "torch.float32", "strides": [1],
            "device": "cpu", "requires_grad": False, "is": "", "alias": "",
            "data": struct.pack(f"<{len(values)}f", *values)}  # fmt: skip
    return {**node, **changes}


def answer(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    seen = {"outcome": "value", "value": value, "args": {}, "views": {}, "overrun": [], "state": {}}
    return {**seen, **changes}


def refusal(kind: str, text: str, conversion: bool = False) -> dict[str, Any]:
    error = {"type": f"builtins.{kind}", "text": text, "conversion": conversion}
    return {"outcome": "raise", "error": error, "args": {}, "views": {}, "overrun": [], "state": {}}


def first(one: dict[str, Any], other: dict[str, Any]) -> str:
    return str(next(iter(differences(one, other)), ""))


def test_equal_to_the_bit_also_where_it_is_not_a_number() -> None:
    nan = answer(tensor((float("nan"), 1.0)))
    assert first(nan, nan) == ""
    zeros = first(answer(tensor((0.0,))), answer(tensor((-0.0,))))
    assert zeros == (
        "result: 1 of 1 elements differ; element 0 is 0.0 in the original, -0.0 in the migrated "
        "(at most 0 ULP apart)"
    )


def test_metadata_and_aliasing_count() -> None:
    good = tensor((1.0,))
    for name, value in (("strides", [2]), ("is", "x"), ("alias", "x+0"), ("requires_grad", True)):
        assert first(answer(good), answer({**good, name: value})), name


def test_conversion_errors_compare_by_class_alone() -> None:
    original = refusal("TypeError", "incompatible function arguments ...", conversion=True)
    assert first(original, refusal("TypeError", "other words")) == ""
    assert "TypeError in the original" in first(original, refusal("RuntimeError", "x"))
    assert "text" in first(refusal("ValueError", "a"), refusal("ValueError", "b"))
    assert first(original, answer(tensor(()))).startswith("outcome: TypeError")


def test_containers_scalars_arguments_and_state_count() -> None:
    item = {"kind": "builtins.int", "text": "1"}
    pair = {"kind": "builtins.tuple", "items": [item, item]}
    assert "became" in first(answer(pair), answer({**pair, "kind": "builtins.list"}))
    assert "length" in first(answer(pair), answer({**pair, "items": [item]}))
    assert first(answer(item), answer({"kind": "builtins.bool", "text": "True"}))
    view = {"x": {"dtype": "torch.float32"}}
    written = answer(item, args={"x": b"\0\0\0\0"}, views=view)
    assert "argument x" in first(written, answer(item, args={"x": b"\0\0\x80?"}, views=view))
    changed = first(answer(item, state={"grad mode": True}), answer(item, state={"grad mode": False}))
    assert "grad mode" in changed
    assert "outside" in first(answer(item), answer(item, overrun=["x"]))


def test_unwritten_memory_is_no_dependence_on_memory_but_computing_with_it_is() -> None:
    written = struct.pack("<f", 1.0)
    unwritten = [answer(tensor((1.0, 2.0), data=written + bytes([p] * 4))) for p in (0xA5, 0x3C)]
    assert not depends_on_memory(*unwritten)
    assert depends_on_memory(answer(tensor((1.0,))), answer(tensor((2.0,))))
    assert depends_on_memory(answer(tensor((1.0,))), refusal("RuntimeError", "x"))


def test_numbers_of_types_that_python_cannot_read() -> None:
    assert numbers(struct.pack("<H", 0x3F80), "torch.bfloat16") == [1.0]
    assert numbers(struct.pack("<e", 0.5), "torch.float16") == [0.5]
    assert numbers(b"\x01\x02", "torch.float8_e5m2") == [1, 2]
