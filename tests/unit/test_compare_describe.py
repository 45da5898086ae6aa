"""Docstrings, keywords, defaults and aliases count as behaviour."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Optional

import pytest

from migrate.compare.describe import described, documented_keywords, keywords
from migrate.compare.difference import differences


def norm(x: object, eps: float = 1e-6, *, cap: float = float("inf")) -> object:
    """norm(x: torch.Tensor, eps: typing.SupportsFloat = 1e-06, *, cap: float = inf) -> None"""
    return x, eps, cap


def test_keywords_of_python_and_of_pybind11_are_one_spelling() -> None:
    expected = ["x", "eps = 1e-06", "* cap = inf"]
    assert keywords(norm) == expected
    assert documented_keywords(norm.__doc__ or "") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("f() -> int", []),
        (
            "f(a: collections.abc.Sequence[int] = [], b: torch.Tensor | None = None) -> int",
            ["a = []", "b = None"],
        ),
        ("f(*args, **kwargs)", None),
        ("f(kind: Kind = <Kind.A: 0>) -> None", None),
        ("no signature", None),
        ("", None),
    ],
)
def test_keywords_of_docstrings(line: str, expected: Optional[list[str]]) -> None:
    assert documented_keywords(f"{line}\n\nWords.") == expected


def seen(**changes: Any) -> dict[str, Any]:
    scope = SimpleNamespace(norm=norm, alias=norm, _private=norm)
    return {"outcome": "value", "value": {**described(norm, scope), **changes}}


def test_each_part_is_compared() -> None:
    assert not list(differences(seen(), seen()))
    assert seen()["value"]["aliases"] == ["alias", "norm"]
    for name, word in (("doc", "the docstring"), ("keywords", "keywords and defaults"), ("aliases", "names")):
        (found,) = differences(seen(), seen(**{name: ["other"]}))
        assert word in found.what
    assert not list(differences(seen(keywords=None), seen()))
