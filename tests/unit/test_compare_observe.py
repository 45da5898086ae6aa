"""What an observation keeps of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from migrate.compare.call import Call  # noqa: E402
from migrate.compare.difference import differences  # noqa: E402
from migrate.compare.observe import observe_call  # noqa: E402


def differing(original: Any, migrated: Any) -> list[str]:
    """Places where two operators that return these things differ."""
    seen = [
        observe_call(lambda returned=function: (1, returned), Call(()), (), "cpu", {"pattern": 0x5A})
        for function in (original, migrated)
    ]
    return [difference.where for difference in differences(*seen)]


def rows(x: Any) -> Any:
    if not isinstance(x, torch.Tensor):
        raise TypeError("incompatible function arguments: a tensor expected")
    if x.size(0) > 4:
        raise ValueError("too many rows")
    return x[1:]


def test_a_returned_function_is_known_by_what_it_does() -> None:
    assert differing(rows, lambda *args: rows(*args)) == []
    assert differing(rows, lambda *args: rows(*args).clone()) == ["result[1][1]"]  # no view any more
    assert "result[1][1]" in differing(rows, lambda *args: rows(*args) + 1)
    assert "result[1][0]" in differing(rows, lambda x=None: rows(torch.ones(9)))  # another exception
    assert differing(rows, lambda *args: None)
    assert differing(rows, 3) == ["result[1]"]


class Text(str):
    """As tvm-ffi's String is one of `str`."""


class Count(int):
    pass


class Share(float):
    pass


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x], lambda x: (1, (x,)), lambda x: {"k": x},
                                  lambda x: {x: 1}, lambda x: {(1, x): 1}, lambda x: {x}])  # fmt: skip
@pytest.mark.parametrize(
    ("plain", "other"), [("a", Text("a")), (2, Count(2)), (0.5, Share(0.5)), (1, True), (1, 1.0), (1, "1")]
)
def test_equal_values_of_other_types_differ(wrap: Callable[[Any], Any], plain: Any, other: Any) -> None:
    assert differing(wrap(plain), wrap(plain)) == []
    assert differing(wrap(plain), wrap(other))


def test_the_order_of_a_set_says_nothing() -> None:
    one, other = {0, 8}, {8, 0}
    assert repr(one) != repr(other)
    assert differing(one, other) == []
    assert differing({"a"}, {"a", "b"}) == ["result[1]"]


ADVICE = "\nCUDA kernel errors might be asynchronously reported at some other API call."


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"CUDA error: invalid argument{ADVICE}", "CUDA error: invalid argument"),
        ("expected 2 dims\nbut got 3", "expected 2 dims\nbut got 3"),
        ("x must be 1-D (/home/me/csrc/op.cpp:12)", "x must be 1-D (FILE:LINE)"),
    ],
)
def test_text_of_an_error(text: str, seen: str) -> None:
    def fail() -> None:
        raise RuntimeError(text)

    error = observe_call(fail, Call(()), (), "cpu", {"pattern": 0x5A})["error"]
    assert error == {"type": "builtins.RuntimeError", "text": seen, "conversion": False}
