"""What a registration says besides its target: names, defaults, docstrings, guards, attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pytest
from parsing import bound, functions, only

BEFORE = """
constexpr int64_t kLimit = 42;
const double kScale = 0.5;
enum class Mode { fast, exact };
"""


@pytest.mark.parametrize(
    ("type_", "default", "python"),
    [
        ("int64_t", "3", "3"),
        ("int", "-1", "-1"),
        ("int64_t", "1 << 20", "1048576"),
        ("int64_t", "kLimit", "42"),
        ("double", "kScale", "0.5"),
        ("float", "1e-5f", "9.999999747378752e-06"),
        ("double", "1e-5", "1e-05"),
        ("double", "-0.25", "-0.25"),
        ("bool", "true", "True"),
        ("bool", "false", "False"),
        ("std::string", '"auto"', "'auto'"),
        ("const std::string&", '"zur\\u00fcck"', "'zurück'"),
        ("std::optional<torch::Tensor>", "py::none()", "None"),
        ("std::optional<int64_t>", "std::nullopt", "None"),
        ("c10::optional<int64_t>", "c10::nullopt", "None"),
        ("std::vector<int64_t>", "std::vector<int64_t>{1, 2}", "[1, 2]"),
        ("std::vector<int64_t>", "std::vector<int64_t>()", "[]"),
        ("std::vector<int64_t>", "std::vector<int64_t>(3)", None),
        ("std::vector<int64_t>", "std::vector<int64_t>(3, 1)", None),
        ("std::array<double, 2>", "std::array<double, 2>{0.5, 1.0}", "[0.5, 1.0]"),
        ("std::pair<int, bool>", "std::make_pair(1, true)", "(1, True)"),
        ("std::tuple<int, int>", "std::make_tuple(128, 64)", "(128, 64)"),
        ("std::tuple<int, int>", "std::tuple<int, int>{1, -2}", "(1, -2)"),
        ("at::ScalarType", "torch::kFloat", "ScalarType.Float"),
        ("at::ScalarType", "at::ScalarType::BFloat16", "ScalarType.BFloat16"),
        ("double", "std::numeric_limits<double>::infinity()", "inf"),
        ("double", "-std::numeric_limits<double>::infinity()", "-inf"),
        ("at::Tensor", "torch::empty({1})", None),
    ],
)
def test_defaults(tmp_path: Path, type_: str, default: str, python: Optional[str]) -> None:
    body = f'm.def("f", []({type_} value) {{}}, py::arg("value") = {default});'
    (arg,) = only(bound(tmp_path, body, BEFORE)).registration.args
    assert arg.name == "value"
    assert arg.cpp == default
    assert arg.python == python


@pytest.mark.parametrize(
    ("written", "doc"),
    [
        ('"plain"', "plain"),
        ('"one " "two"', "one two"),
        ('"line\\nnext \\"quoted\\""', 'line\nnext "quoted"'),
        ('R"(raw m.def("fake", &f) text)"', 'raw m.def("fake", &f) text'),
        ('R"doc(\n  two\n  lines)doc"', "\n  two\n  lines"),
        ('"größer"', "größer"),
    ],
)
def test_docstrings(tmp_path: Path, written: str, doc: str) -> None:
    assert only(bound(tmp_path, f'm.def("f", [](int x) {{}}, {written});')).registration.doc == doc


def test_names_guards_and_keyword_only(tmp_path: Path) -> None:
    body = """
      m.def("f", [](torch::Tensor x, int64_t n, bool fast) {}, "Doc.",
            py::arg("x").none(false), py::kw_only(), py::arg("n") = 1, py::arg("fast") = false,
            py::call_guard<py::gil_scoped_release>());
      m.def("g", [](int64_t a, int64_t b) {});
      using namespace py::literals;
      m.def("h", [](int64_t a, int64_t b) {}, "a"_a, "b"_a = 2);
    """
    f, g, h = (operator.registration for operator in functions(bound(tmp_path, body)))
    assert [(a.name, a.python, a.keyword_only, a.none_allowed) for a in f.args] == [
        ("x", None, False, False),
        ("n", "1", True, True),
        ("fast", "False", True, True),
    ]
    assert f.doc == "Doc."
    assert f.call_guards == ("pybind11::gil_scoped_release",)
    assert (g.has_args, g.args) == (False, ())
    assert [(a.name, a.python) for a in h.args] == [("a", None), ("b", "2")]


def test_module_doc_constants_and_aliases(tmp_path: Path) -> None:
    body = """
      m.doc() = "About " "it.";
      m.def("f", [](int x) {});
      m.attr("g") = m.attr("f");
      m.attr("VERSION") = "1.2";
      m.attr("LIMIT") = py::int_(kLimit);
      m.attr("WIDTH") = py::cast(16);
      m.attr("ON") = true;
    """
    model = bound(tmp_path, body, BEFORE)
    values = {row.name: row.value for row in model.modules[0].registrations if row.kind == "attribute"}
    assert values == {"g": "=f", "VERSION": "'1.2'", "LIMIT": "42", "WIDTH": "16", "ON": "True"}
    assert model.modules[0].doc == "About it."


def test_classes_and_enums_are_listed_and_their_methods_are_not(tmp_path: Path) -> None:
    before = "struct Box { int size() const; int w = 0; }; enum Colour { red, green };"
    body = """
      py::class_<Box>(m, "Box").def(py::init<>()).def("size", &Box::size).def_readwrite("w", &Box::w);
      py::enum_<Colour>(m, "Colour").value("red", red).export_values();
    """
    model = bound(tmp_path, body, before)
    assert [(o.registration.kind, o.registration.name) for o in model.operators] == [
        ("class", "Box"),
        ("enum", "Colour"),
    ]


@pytest.mark.parametrize(
    ("type_", "default", "expected"),
    [
        ("torch::Tensor", "torch::Tensor()", "None"),
        ("torch::Tensor", "torch::Tensor{}", "None"),
        ("torch::Tensor", "at::empty({1})", None),
        ("torch::Tensor", "made", None),
        ("std::string", 'std::string("auto")', "'auto'"),
        ("std::string", "std::string()", "''"),
        ("std::string", 'std::string("auto", 2)', None),
        ("double", "INFINITY", "inf"),
        ("int", "static_cast<int>(Mode::b)", "1"),
        ("int64_t", "kWide * 2", "14"),
        ("bool", "!kOn", "False"),
    ],
)
def test_a_default_made_of_constants(
    tmp_path: Path, type_: str, default: str, expected: Optional[str]
) -> None:
    before = (
        "enum class Mode { a, b };\nconstexpr int64_t kWide = 7;\nconstexpr bool kOn = true;\n"
        f"static at::Tensor made;\nvoid f({type_} value) {{}}\n"
    )
    model = bound(tmp_path, f'm.def("f", &f, py::arg("value") = {default});', before)
    assert only(model).registration.args[0].python == expected
