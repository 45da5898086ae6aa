"""Docstrings: the signature line pybind11 writes, and the text below it."""

from __future__ import annotations

import pytest

from migrate.model.bindings import Operator, PyArg, Registration
from migrate.model.cpp import CppType, Function, Param
from migrate.model.plan import BuildSpec, ModulePlan, OperatorPlan
from migrate.model.source import Span
from migrate.render.docstring import docstring

SPAN = Span("a.cpp", 0, 1, 1, 1)
TENSOR = CppType("tensor", "at::Tensor")
INT = CppType("int", "int64_t", bits=64)
FLOAT = CppType("float", "double", bits=64)
VOID = CppType("void", "void")


def doc(types: list[CppType], args: list[PyArg] | None, returns: CppType = VOID, text: str = "") -> str:
    params = tuple(Param(f"p{i}", type_, SPAN) for i, type_ in enumerate(types))
    function = Function("usr", "f", "f", SPAN, params, returns, None, None, None)
    row = Registration(
        "m", "f", "function", SPAN, args=tuple(args or ()), has_args=args is not None, doc=text
    )
    operator = Operator("m:f", row, function, "")
    module = ModulePlan("m", (OperatorPlan(operator, "view"),), BuildSpec("m", ()))
    return docstring(operator, module)


@pytest.mark.parametrize(
    ("types", "args", "returns", "line"),
    [
        ([], None, VOID, "f() -> None\n"),
        ([TENSOR, TENSOR], None, TENSOR, "f(arg0: torch.Tensor, arg1: torch.Tensor) -> torch.Tensor\n"),
        ([INT], [PyArg("n", "3", "3")], INT, "f(n: typing.SupportsInt | typing.SupportsIndex = 3) -> int\n"),
        ([FLOAT], [PyArg("e")], FLOAT, "f(e: typing.SupportsFloat | typing.SupportsIndex) -> float\n"),
        (
            [INT],
            [PyArg("n", "1", "1", keyword_only=True)],
            VOID,
            "f(*, n: typing.SupportsInt | typing.SupportsIndex = 1) -> None\n",
        ),
        (
            [CppType("optional", "", (TENSOR,))],
            [PyArg("x", "py::none()", "None")],
            VOID,
            "f(x: torch.Tensor | None = None) -> None\n",
        ),
        (
            [CppType("list", "", (TENSOR,))],
            None,
            CppType("list", "", (TENSOR,)),
            "f(arg0: collections.abc.Sequence[torch.Tensor]) -> list[torch.Tensor]\n",
        ),
        ([], None, CppType("tuple", "", (TENSOR, INT)), "f() -> tuple[torch.Tensor, int]\n"),
    ],
)
def test_signature_line(types: list[CppType], args: list[PyArg] | None, returns: CppType, line: str) -> None:
    assert doc(types, args, returns) == line


def test_the_text_follows_a_blank_line() -> None:
    assert doc([], None, text="Adds.\n\nTwice.") == "f() -> None\n\nAdds.\n\nTwice.\n"


def test_one_star_for_all_keyword_only_arguments() -> None:
    args = [PyArg("a"), PyArg("b", keyword_only=True), PyArg("c", keyword_only=True)]
    assert doc([TENSOR] * 3, args) == "f(a: torch.Tensor, *, b: torch.Tensor, c: torch.Tensor) -> None\n"
