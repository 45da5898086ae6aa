"""What is seen of an exception."""

from __future__ import annotations

import pytest

from migrate.compare.call import Call
from migrate.compare.observe import observe_call
from migrate.compare.process import FIRST_RUN

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

    error = observe_call(fail, Call(()), (), "cpu", FIRST_RUN)["error"]
    assert error == {"type": "builtins.RuntimeError", "text": seen, "conversion": False}
