"""Conditions in an error's text become arguments that meet them."""

from __future__ import annotations

import pytest

from migrate.compare.call import Call, Value
from migrate.compare.cases import error_key
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.mutate import Hints
from migrate.compare.relations import obey, relations

TENSOR = ArgType("tensor")
ENTRY = Entry(
    "m:op", "op", "function", "raw", "", (Parameter("arg0", TENSOR, cpp_name="t_"), Parameter("f", TENSOR))
)


def call(*shapes: tuple[int, ...]) -> Call:
    return Call(tuple(Value("tensor", shape=shape) for shape in shapes))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("Check failed: t.dim() == 2 and f.dim() == 1 and f.size(0) == t.size(0)", [(4, 5), (4,)]),
        ("Expected f.sizes() == t.sizes() to be true", [(4, 5, 6), (4, 5, 6)]),
        ("Expected f.size(-1) == t.size(1)", [(4, 5, 6), (7, 8, 5)]),
        ("Expected f.size(9) == t.size(1)", [(4, 5, 6), (7, 8, 9)]),
        ("Expected g.dim() == 1", [(4, 5, 6), (7, 8, 9)]),
    ],
)
def test_shapes_follow_the_condition(text: str, shapes: list[tuple[int, ...]]) -> None:
    found = obey(call((4, 5, 6), (7, 8, 9)), ENTRY, relations(text))
    assert [value.shape for value in found.values] == shapes


def test_types_follow_the_condition() -> None:
    given = Call((Value("tensor", dtype="float16"), Value("tensor", dtype="int64", fill="ones")))
    found = obey(given, ENTRY, relations("Expected f.scalar_type() == t.scalar_type()"))
    assert [value.dtype for value in found.values] == ["float16", "float16"]


def test_texts_of_one_check_have_one_key() -> None:
    one, other = (f"x must be float32, got {name}" for name in ("Byte", "BFloat16"))
    assert error_key(one) == error_key(other)
    assert error_key(one) != error_key("y must be float32, got Byte")


def test_an_error_names_what_it_wants_not_what_it_got() -> None:
    hints = Hints(
        "t must have one element of float16, got 2112 of Double; expected Half but found Int", ENTRY
    )
    assert hints.params == [0]
    assert hints.numbers[0] == 1
    assert "int32" not in hints.dtypes
