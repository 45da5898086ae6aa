"""The dispatcher's schema language, read and inferred."""

from __future__ import annotations

import pytest

from migrate.model.dispatcher import Schema
from migrate.parse.schema import parse_schema, split_name


def parsed(text: str) -> Schema:
    schema = parse_schema(text)
    assert schema is not None, text
    return schema


def test_arguments_have_types_defaults_and_aliases() -> None:
    schema = parsed("ns::add.out(Tensor a, Scalar s=1, *, int[2]? pad=None, Tensor(a!) out) -> Tensor(a!)")
    assert (schema.name, schema.overload, schema.full_name) == ("add", "out", "add.out")
    rows = [(a.name, a.type, a.default, a.alias, a.keyword_only) for a in schema.arguments]
    assert rows == [
        ("a", "Tensor", None, "", False),
        ("s", "Scalar", "1", "", False),
        ("pad", "int[2]?", "None", "", True),
        ("out", "Tensor", None, "a!", True),
    ]
    assert [(r.name, r.type, r.alias) for r in schema.returns] == [("", "Tensor", "a!")]
    assert schema.text.startswith("add.out(Tensor a")


@pytest.mark.parametrize(
    ("argument", "python"),
    [
        ("float c=1", "1.0"),
        ("int n=-3", "-3"),
        ("int[2] s=1", "[1, 1]"),
        ("int[] s=[1, 2]", "[1, 2]"),
        ('str mode="a, b"', "'a, b'"),
        ("bool b=True", "True"),
        ("Tensor? t=None", "None"),
        ("ScalarType t=float", None),
        ("MemoryFormat f=contiguous_format", None),
    ],
)
def test_a_default_is_what_python_gets(argument: str, python: object) -> None:
    (row,) = parsed(f"f({argument}) -> ()").arguments
    assert row.python == python


def test_results_may_be_none_one_or_named() -> None:
    assert parsed("f() -> ()").returns == ()
    both = parsed("f(Tensor[] xs) -> (Tensor low, Tensor[] rest)").returns
    assert [(r.type, r.name) for r in both] == [("Tensor", "low"), ("Tensor[]", "rest")]
    assert [r.type for r in parsed("f(Dict(str, Tensor) d) -> Tensor?").returns] == ["Tensor?"]


@pytest.mark.parametrize(
    "text", ["f", "f(Tensor a", "f(Tensor a)", "f(Tensor) -> ()", "f(Tensor a) -> (Tensor"]
)
def test_what_is_no_schema_is_none(text: str) -> None:
    assert parse_schema(text) is None


def test_a_name_has_a_namespace_and_an_overload() -> None:
    assert split_name("ns::f.out") == ("ns", "f", "out", False)
    assert split_name("f(Tensor a) -> ()") == ("", "f", "", True)
    assert split_name("two words") == ("", "", "", False)
