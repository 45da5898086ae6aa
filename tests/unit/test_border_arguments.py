"""``_arguments.py`` of an adaptor: conversions as pybind11 makes them, and the choice of an overload."""

from __future__ import annotations

import operator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from parsed import reasons, rendered, tiers

from migrate.render.contexts import BackendContext
from migrate.render.templates import render_template


class Indexed:
    def __index__(self) -> int:
        return 4


class Tensor:
    def __dlpack__(self) -> None: ...


@pytest.fixture(scope="module")
def arguments() -> ModuleType:
    module = ModuleType("carried_arguments")
    exec(render_template("_arguments.py.j2", BackendContext("0", "m", "", True)), module.__dict__)
    return module


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("int32", 2**31 - 1, 2**31 - 1),
        ("int8", True, 1),
        ("int64", Indexed(), 4),
        ("int32", Decimal("5.5"), 5),
        ("uint64", 2**64 - 1, -1),
        ("float", Indexed(), 4.0),
        ("bool", None, False),
        ("bool", 3, True),
        ("str", b"raw", "raw"),
        ("optional[int32]", None, None),
        ("list[int32]", range(2), [0, 1]),
        ("list[int32]", {7}, [7]),
        ("list[list[int8]]", ((1,), (Indexed(),)), [(1,), [4]]),
        ("tuple[int32, str]", [1, "a"], [1, "a"]),
        ("array[int32, 2]", (1, 2), (1, 2)),
        ("dict[str, int32]", {"a": Indexed()}, {"a": 4}),
        ("variant[float, int64]", 1, 1),
        ("variant[int32, float]", 2**31, float(2**31)),
        ("variant[int32, tuple[int32, int32]]", [1, 2], [1, 2]),
        ("shape", [1, 2], [1, 2]),
        ("strict[float]", 1.5, 1.5),
        ("some[optional[int32]]", 3, 3),
    ],
)
def test_read(arguments: ModuleType, kind: str, value: Any, read: Any) -> None:
    found = arguments.reader(kind)(value, True)
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int32", 2**31),
        ("int32", 1.0),
        ("int32", "1"),
        ("int32", None),
        ("uint8", -1),
        ("uint64", 2**64),
        ("float", "1"),
        ("float", None),
        ("bool", "yes"),
        ("str", 1),
        ("tensor", None),
        ("dtype", "float32"),
        ("device", "cpu"),
        ("enum[Mode]", 1),
        ("list[int32]", "12"),
        ("list[int32]", {1: 2}),
        ("list[int32]", [None]),
        ("tuple[int32, int32]", (1, 2, 3)),
        ("array[int32, 2]", [1]),
        ("dict[str, int32]", [("a", 1)]),
        ("dict[str, int32]", {1: 1}),
        ("variant[int32, str]", 1.5),
        ("shape", range(2)),
        ("strict[float]", 1),
        ("strict[int32]", Decimal(1)),
        ("some[optional[int32]]", None),
    ],
)
def test_refused(arguments: ModuleType, kind: str, value: Any) -> None:
    with pytest.raises(arguments.Refused):
        arguments.reader(kind)(value, True)


def test_what_needs_no_conversion_is_the_same_object(arguments: ModuleType) -> None:
    """An operator that raises a TypeError of its own is not called a second time for it."""
    value = [(1, 2), (3,)]
    assert arguments.reader("list[list[int64]]")(value, True) is value


@pytest.mark.parametrize(
    ("args", "chosen"),
    [
        ((1, 2), "int"),
        ((1.0, 2.0), "float"),
        ((1.0, 2), "float"),
        ((Tensor(),), "tensor"),
        ((Tensor(), 2), "tensor"),
        ((None,), "optional"),
    ],
)
def test_the_first_overload_that_fits_wins_then_the_first_that_converts(
    arguments: ModuleType, args: tuple[Any, ...], chosen: str
) -> None:
    call = arguments.overloaded(
        "f",
        (lambda x, factor=2.0: "tensor", ("tensor", "float")),
        (lambda x, factor: "float", ("float", "float")),
        (lambda x, factor=3: "int", ("int64", "int64")),
        (lambda x: "optional", ("optional[tensor]",)),
    )
    assert call(*args) == chosen


def test_an_overload_raises_what_it_raises(arguments: ModuleType) -> None:
    def first(x: int) -> None:
        raise TypeError("the operator's own")

    call = arguments.overloaded("f", (first, ("int64",)), (lambda x: x, ("int64",)))
    with pytest.raises(TypeError, match="the operator's own"):
        call(1)
    with pytest.raises(TypeError, match=r"f\(\): incompatible function arguments"):
        call("x")
    with pytest.raises(TypeError, match=r"f\(\): incompatible function arguments"):
        call(1, 2)


def test_results(arguments: ModuleType) -> None:
    class Mode(int):
        pass

    kind = "tuple[list[uint64], optional[enum[Mode]], dict[str, str]]"
    made = arguments.returned(kind, [[-1], 3, {}], Mode)
    assert made == ([2**64 - 1], 3, {})
    assert type(made[1]) is Mode
    assert arguments.returned("optional[enum[Mode]]", None, Mode) is None
    assert operator.index(arguments.returned("uint64", -(2**63))) == 2**63


OVERLOADED = """
static double scale(double x, double f) { return x * f; }
static int64_t scale(int64_t x, int64_t f) { return x * f; }
void once(int n) {}
PYBIND11_MODULE(ops, m) {
  m.def("scale", py::overload_cast<double, double>(&scale), "Real", py::arg("x"), py::arg("f") = 2.0);
  m.def("scale", py::overload_cast<int64_t, int64_t>(&scale), py::arg("x"), py::kw_only(), py::arg("f"));
  m.def("once", &once);
  EXTRA
}
"""


def test_overloads_are_exported_apart_and_chosen_in_python() -> None:
    files = rendered(OVERLOADED.replace("EXTRA", ""))
    shim = next(text for path, text in files.items() if path.endswith("ops_ffi.cc"))
    assert "TVM_FFI_DLL_EXPORT_TYPED_FUNC(scale__1," in shim
    assert "TVM_FFI_DLL_EXPORT_TYPED_FUNC(scale__2," in shim
    text = files["ops/__init__.py"]
    assert "def scale(*args: Any, **kwargs: Any) -> Any:" in text
    number = "typing.SupportsInt | typing.SupportsIndex"
    real = "typing.SupportsFloat | typing.SupportsIndex"
    assert (
        '"""scale(*args, **kwargs)\nOverloaded function.\n\n'
        f"1. scale(x: {real}, f: {real} = 2.0) -> float\n\nReal\n\n"
        f'2. scale(x: {number}, *, f: {number}) -> int\n"""'
    ) in text
    assert files["ops/__init__.pyi"].count("@overload\ndef scale(") == 2


def test_overloads_stay_together() -> None:
    source = OVERLOADED.replace("EXTRA", 'm.def("scale", [](std::shared_ptr<int> p) {});')
    found = tiers(source)
    assert found["scale"] == "manual"
    assert found["once"] in ("raw", "view")
    rows = [row for row in reasons(source).items() if row[0] == "scale"]
    assert "std::shared_ptr<int>" in rows[0][1]


FORMS = """
void f(int a, int b, std::optional<int> c) {}
PYBIND11_MODULE(ops, m) {
  m.def("f", &f, py::arg("a").noconvert(), py::pos_only(), py::arg("b") = 0x10, py::kw_only(),
        py::arg("c").none(false) = -1);
}
"""


def test_argument_forms() -> None:
    text = rendered(FORMS)["ops/__init__.py"]
    assert "def f(a: int, /, b: int = 16, *, c: Optional[int] = -1) -> None:" in text
    assert '("strict[int32]", "int32", "some[optional[int32]]")' in text
    assert "f(a: int, /, b: typing.SupportsInt" in text


@pytest.mark.parametrize(
    ("parameter", "kind"),
    [
        ("std::variant<int, std::tuple<int, int>> v", "variant[int32, tuple[int32, int32]]"),
        ("std::map<std::string, double> v", "dict[str, float]"),
        ("std::array<int64_t, 3> v", "array[int64, 3]"),
        ("size_t v", "uint64"),
        ("uint8_t v", "uint8"),
        ("at::IntArrayRef v", "shape"),
        ("c10::string_view v", "str"),
        ("const char* v", "str"),
        ("std::optional<std::tuple<int, float>> v", "optional[tuple[int32, float]]"),
    ],
)
def test_kinds(parameter: str, kind: str) -> None:
    source = f'void f({parameter}) {{}}\nPYBIND11_MODULE(ops, m) {{ m.def("f", &f); }}\n'
    assert f'bind("f", ("{kind}",))' in rendered(source)["ops/__init__.py"]


@pytest.mark.parametrize(
    ("parameter", "tier", "reason"),
    [
        ("std::variant<int, int64_t> v", "bridge", "alternatives that are one type to tvm-ffi"),
        ("char v", "manual", "`char`"),
        ("const uint8_t* v", "manual", "`const uint8_t *`"),
        ("std::map<double, int> v", "manual", "std::map<double, int>"),
        ("Spec v", "manual", "the class that py::class_ binds as `PySpec`"),
    ],
)
def test_what_stays(parameter: str, tier: str, reason: str) -> None:
    source = f"""struct Spec {{}};
void f({parameter}) {{}}
PYBIND11_MODULE(ops, m) {{ py::class_<Spec>(m, "PySpec"); m.def("f", &f); }}
"""
    assert tiers(source)["f"] == tier
    assert reason in reasons(source)["f"]
