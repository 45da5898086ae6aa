"""Enums: from ``py::enum_`` to a Python class, and who may take its values."""

from __future__ import annotations

import ast
import copy
import pickle
import sys
from types import ModuleType

import pytest
from parsed import analysed, reasons, rendered, tiers

from migrate.model.bindings import EnumBinding, EnumMember
from migrate.render.contexts import BackendContext
from migrate.render.templates import render_template

SOURCE = """
namespace ns { enum class Mode : int { A, B = 5, None = -1 }; }
enum Plain { P0, P1 };
void f(ns::Mode m, int n) {}
ns::Mode g(Plain p) { return ns::Mode::A; }
at::Tensor h(at::Tensor x, const std::vector<ns::Mode>& modes) { auto y = at::empty_like(x); return y; }
PYBIND11_MODULE(ops, m) {
  m.def("early", &f);
  py::enum_<ns::Mode>(m, "Mode", "Doc").value("A", ns::Mode::A).value("B", ns::Mode::B, "bee")
    .value("None", ns::Mode::None).export_values();
  auto plain = py::enum_<Plain>(m, "Plain", py::arithmetic());
  plain.value("P0", P0);
  plain.value("P1", Plain::P1);
  m.def("f", &f, py::arg("m") = ns::Mode::B, py::arg("n"));
  m.def("g", &g, py::arg("p"));
  m.def("h", &h, py::arg("x"), py::arg("modes") = std::vector<ns::Mode>{});
  EXTRA
}
"""
FINE = SOURCE.replace("EXTRA", "").replace('py::arg("n"));', 'py::arg("n") = 1);')


def binding(source: str, name: str) -> EnumBinding:
    rows = (row.registration for row in analysed(source).model.operators)
    enum = next(row.enum for row in rows if row.kind == "enum" and row.name == name)
    assert enum is not None
    return enum


def test_a_chain_of_values() -> None:
    mode = binding(FINE, "Mode")
    assert (mode.cpp, mode.underlying, mode.scoped, mode.exported) == ("ns::Mode", "int", True, True)
    assert mode.members == (EnumMember("A", 0), EnumMember("B", 5, "bee"), EnumMember("None", -1))


def test_values_in_statements_of_their_own() -> None:
    plain = binding(FINE, "Plain")
    assert (plain.cpp, plain.scoped, plain.arithmetic, plain.exported) == ("Plain", False, True, False)
    assert [member.name for member in plain.members] == ["P0", "P1"]


def test_two_enums_of_one_macro() -> None:
    source = """
enum class E { a };
enum class F { a, b };
#define BIND py::enum_<E>(m, "E").value("a", E::a); \\
  py::enum_<F>(m, "F").value("a", F::a).value("b", F::b).export_values();
PYBIND11_MODULE(ops, m) { BIND }
"""
    assert [member.name for member in binding(source, "E").members] == ["a"]
    assert [member.name for member in binding(source, "F").members] == ["a", "b"]
    assert set(tiers(source).values()) == {"view"}


def test_everything_with_an_enum_is_migrated() -> None:
    assert set(tiers(FINE).values()) <= {"raw", "view"}


def test_the_shim_repeats_the_definition_and_checks_the_range() -> None:
    files = rendered(FINE)
    header = next(text for path, text in files.items() if path.endswith("ffi/ops.h"))
    assert "enum class Mode : int { A = 0, B = 5, None = -1 };" in header
    assert "enum Plain : unsigned int { P0 = 0, P1 = 1 };" in header
    shim = next(text for path, text in files.items() if path.endswith("ops_ffi.cc"))
    assert 'narrow<ns::Mode>(m, "m")' in shim
    assert "from_ffi<std::vector<ns::Mode>>(modes)" in shim


def test_the_adaptor() -> None:
    text = rendered(FINE)["ops/__init__.py"]
    ast.parse(text, feature_version=(3, 9))
    assert "class Mode(Enumeration):" in text
    assert "class Plain(ConvertibleEnumeration):" in text
    assert 'locals()["None"] = -1' in text
    assert 'globals()["None"] = Mode(-1)' in text
    assert "\nA = Mode.A\n" in text
    assert "def f(m: Mode = Mode.B, n: int = 1) -> None:" in text
    assert "result = _g(*args)" in text
    assert "return Mode(result)" in text
    assert '"list[enum[Mode]]"' in text


def test_docstrings_name_an_enum_as_python_does_once_it_is_bound() -> None:
    text = rendered(FINE)["ops/__init__.py"]
    assert "early(arg0: ns::Mode, arg1: " in text
    assert "f(m: ops.Mode = <Mode.B: 5>, n: " in text
    assert '"""Doc\n\nMembers:\n\n  A\n\n  B : bee\n\n  None"""' in text


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ('m.def("odd", [](ns::Mode m, std::shared_ptr<int> p) {});', "`odd`, which stays on a legacy module"),
        (
            'struct S { ns::Mode m; }; py::class_<S>(m, "S").def_readonly("m", &S::m);',
            "a class that stays on a legacy module uses it",
        ),
        (
            'struct S {}; py::class_<S>(m, "S").def("m", [](S&, int) { return ns::Mode::A; });',
            "a class that stays on a legacy module uses it",
        ),
    ],
)
def test_an_enum_that_pybind11_code_still_uses_stays_there(extra: str, reason: str) -> None:
    source = FINE.replace("  \n}", f"  {extra}\n}}")
    assert extra in source
    found = tiers(source)
    assert found["Mode"] == "manual"
    assert reason in reasons(source)["Mode"]
    assert found["f"] in ("raw", "view")
    text = rendered(source)["ops/__init__.py"]
    assert text.index("Mode = legacy().Mode") < text.index("def f(")
    assert "A = _original.A\n" in text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("enum class E { a };\nvoid f(E e) {}\nPYBIND11_MODULE(ops, m) {", "no py::enum_ binds"),
        (
            "struct S { enum class E { a }; };\nusing E = S::E;\nvoid f(E e) {}\nPYBIND11_MODULE(ops, m) {\n"
            '  py::enum_<E>(m, "E").value("a", E::a);',
            "its type is declared inside a class",
        ),
        (
            "enum class E { a };\nvoid f(E e) {}\nPYBIND11_MODULE(ops, m) {\n"
            '  py::enum_<E>(m, "E").value("a", E::a).def("twice", [](E e) { return 2; });',
            "it has more than values",
        ),
    ],
)
def test_an_enum_without_a_class_keeps_its_functions(source: str, reason: str) -> None:
    whole = source + '\n  m.def("f", &f);\n}\n'
    assert tiers(whole)["f"] == "manual"
    assert reason in reasons(whole)["f"]


def test_an_enum_of_a_c_header_is_a_class_too() -> None:
    source = """
extern "C" { enum Layout { SBHD = 0, BSHD = 3 }; }
void f(Layout layout) {}
PYBIND11_MODULE(ops, m) {
  py::enum_<Layout>(m, "Layout").value("SBHD", SBHD).value("BSHD", BSHD);
  m.def("f", &f);
}
"""
    assert tiers(source)["f"] in ("raw", "view")
    assert "enum Layout : unsigned int {" in rendered(source)["ffi/ops.h"]


def test_an_enum_of_another_module_is_taken_but_not_given() -> None:
    source = """
enum class E { a };
void take(E e) {}
E give() { return E::a; }
PYBIND11_MODULE(one, m) { py::enum_<E>(m, "E").value("a", E::a); }
PYBIND11_MODULE(two, m) { m.def("take", &take); m.def("give", &give); }
"""
    assert tiers(source)["take"] in ("raw", "view")
    assert "which another module binds" in reasons(source)["give"]


def test_a_default_of_another_modules_enum() -> None:
    source = """
enum class E { a, b };
void take(E e) {}
PYBIND11_MODULE(one, m) { py::enum_<E>(m, "E").value("a", E::a).value("b", E::b); }
PYBIND11_MODULE(two, m) { m.def("take", &take, py::arg("e") = E::b); }
"""
    assert set(tiers(source).values()) <= {"raw", "view"}
    text = rendered(source)["two/__init__.py"]
    assert "class E(Enumeration):" in text
    assert "def take(e: Any = E.b) -> None:" in text
    assert "take(e: one.E = <E.b: 1>) -> None" in text


@pytest.fixture
def enums() -> ModuleType:
    """The carried classes, as an adaptor has them."""
    module = ModuleType("carried_enums")
    exec(render_template("_enums.py.j2", BackendContext("0", "m", "", True)), module.__dict__)
    return module


def test_what_the_classes_do(enums: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pybind11's in ``fixtures/border/tests``, which run on both sides."""
    monkeypatch.setitem(sys.modules, "carried_enums", enums)
    mode = enums.Enumeration("Mode", {"Open": 0, "Closed": 7, "None": -1}, module="carried_enums")
    enums.Mode = mode
    assert repr(mode.Closed) == "<Mode.Closed: 7>"
    assert str(mode.Closed) == f"{mode.Closed}" == "Mode.Closed"
    assert mode.Open == mode(0)
    assert mode.Open != 0
    assert not (mode.Open == 0)  # noqa: SIM201 -- both operators are emulated
    assert hash(mode.Closed) == hash(7)
    assert repr(mode(5)) == "<Mode.???: 5>"
    assert mode(5) == mode(5)
    with pytest.raises(TypeError):
        mode("Open")
    assert copy.deepcopy(mode.Closed) is mode.Closed
    assert pickle.loads(pickle.dumps(mode.Closed)) is mode.Closed
    plain = enums.ConvertibleEnumeration("Plain", {"P": 1})
    assert plain.P == 1
    assert plain.P != 2
