"""What a tolerance covers, and what none does."""

from __future__ import annotations

import struct
from typing import Any, Optional

import pytest

from migrate.compare.casefile import Tolerance
from migrate.compare.difference import differences, steps
from migrate.compare.tolerance import Allowance


def answer(*values: float, dtype: str = "float32") -> dict[str, Any]:
    code = {"float32": "f", "float64": "d"}[dtype]
    node = {"kind": "torch.Tensor", "shape": [len(values)], "dtype": f"torch.{dtype}",
            "data": struct.pack(f"<{len(values)}{code}", *values)}  # fmt: skip
    return {"outcome": "value", "value": node, "args": {}, "views": {}, "overrun": [], "state": {}}


def covered(tolerance: Optional[Tolerance], one: Any, other: Any, exact: Any = None) -> bool:
    (difference,) = differences(one, other)
    return Allowance(tolerance, lambda: exact).covers(difference, one, other)


ONE, NEXT = 1.0, 1.0 + 2.0**-23


@pytest.mark.parametrize(
    ("tolerance", "is_covered"),
    [
        (None, False),
        (Tolerance(0, 0, "why"), False),
        (Tolerance(1e-6, 0, "why"), True),
        (Tolerance(0, 1e-6, "why"), True),
        (Tolerance(0, 0, "why", ulp=1), True),
    ],
)
def test_one_step_is_covered_by_what_says_so(tolerance: Optional[Tolerance], is_covered: bool) -> None:
    assert covered(tolerance, answer(ONE, 0.5), answer(NEXT, 0.5)) == is_covered


def test_no_tolerance_covers_another_shape_or_a_lost_number() -> None:
    wide = Tolerance(10, 10, "why", ulp=10, reference=10)
    assert not covered(wide, answer(1.0), answer(1.0, dtype="float64"))
    assert not covered(wide, answer(1.0), answer(float("nan")), answer(1.0, dtype="float64"))


def test_against_the_reference_the_originals_own_error_is_the_measure() -> None:
    exact = answer(1.0, dtype="float64")
    twice = Tolerance(0, 0, "why", reference=2)
    assert covered(twice, answer(1.001), answer(0.9985), exact)
    assert not covered(twice, answer(1.001), answer(0.99), exact)
    assert not covered(twice, answer(1.001), answer(0.9985), None)


def test_steps_between_floats() -> None:
    pack = struct.pack
    assert steps(pack("<f", ONE), pack("<f", NEXT), "torch.float32") == 1
    assert steps(pack("<f", 0.0), pack("<f", -0.0), "torch.float32") == 0
    assert steps(pack("<e", 1e-7), pack("<e", -1e-7), "torch.float16") == 4
    assert steps(pack("<f", 1.0), pack("<f", float("nan")), "torch.float32") is None
    assert steps(b"\1", b"\2", "torch.int8") is None
