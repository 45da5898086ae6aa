"""Helpers that a module is handed to, with names for their operators, and templates of such helpers."""

from __future__ import annotations

from pathlib import Path

from parsing import model_of

from migrate.model.bindings import Model

HEAD = """
#include <torch/extension.h>
#include <string>
at::Tensor plain(at::Tensor x) { return at::empty_like(x); }
template <class T> at::Tensor scale(at::Tensor x, T k) { return x; }
enum class Mode { A };
"""


def found(folder: Path, body: str) -> Model:
    return model_of(folder, {"ops.cpp": HEAD + body})


def rows(model: Model) -> list[tuple[str, str, bool]]:
    """Kind, name, and whether a function of the tree is bound."""
    every = [operator.registration for operator in model.operators]
    return sorted((row.kind, f"{row.module}.{row.name}", bool(row.target)) for row in every)


def test_a_name_is_put_together_from_what_the_helper_is_handed(tmp_path: Path) -> None:
    model = found(
        tmp_path,
        """
void inner(py::module_& m, const char* name) { m.def(name, &plain); }
void named(py::module_& m, std::string kind, int n) {
  m.def((kind + "_a").c_str(), &plain);
  m.def(("b_" + kind + "_c").data(), [](at::Tensor x) { return x; });
  m.def(std::to_string(n).c_str(), &plain);
  inner(m, (kind + "_d").c_str());
}
PYBIND11_MODULE(ops, m) {
  named(m, "one", 1);
  auto sub = m.def_submodule("sub");
  named(sub, std::string("two"), 2);
}
""",
    )
    assert rows(model) == [
        ("function", "ops.", True),
        ("function", "ops.b_one_c", True),
        ("function", "ops.one_a", True),
        ("function", "ops.one_d", True),
        ("function", "ops.sub.", True),
        ("function", "ops.sub.b_two_c", True),
        ("function", "ops.sub.two_a", True),
        ("function", "ops.sub.two_d", True),
    ]
    unnamed = [o.registration.unresolved for o in model.operators if not o.registration.name]
    assert unnamed == ["its Python name is not a literal"] * 2
    assert not any(o.registration.unresolved for o in model.operators if o.registration.name)


def test_what_a_template_registers_is_found_for_each_call(tmp_path: Path) -> None:
    model = found(
        tmp_path,
        """
template <typename T> void bind(py::module &m, const std::string &suffix) {
  m.def((std::string("scale") + suffix).c_str(), &scale<T>, py::arg("x"));
  m.def(("own" + suffix).c_str(), [](at::Tensor x, T k) { return x; });
  m.def(("plain" + suffix).c_str(), &plain).def("late", &scale<T>);
  py::class_<T>(m, ("Class" + suffix).c_str()).def("size", &T::size).def("more", &T::more);
  py::class_<T> named(m, ("Named" + suffix).c_str());
  named.def("size", &T::size);
  py::enum_<Mode>(m, ("Mode" + suffix).c_str()).value("A", Mode::A);
  if constexpr (sizeof(T) == 4) m.def(("four" + suffix).c_str(), &plain);
}
struct A { int size(); int more(); };
struct B { int size(); int more(); };
PYBIND11_MODULE(ops, m) {
  bind<A>(m, "_a");
  bind<B>(m, "_b");
}
""",
    )
    for suffix in "ab":
        mine = [row for row in rows(model) if row[1].endswith(f"_{suffix}")]
        assert mine == [
            ("class", f"ops.Class_{suffix}", False),
            ("class", f"ops.Named_{suffix}", False),
            ("enum", f"ops.Mode_{suffix}", False),
            ("function", f"ops.four_{suffix}", True),
            ("function", f"ops.own_{suffix}", False),
            ("function", f"ops.plain_{suffix}", True),
            ("function", f"ops.scale_{suffix}", False),
        ]
    others = [row for row in rows(model) if not row[1].endswith(("_a", "_b"))]
    assert others == [("function", "ops.late", False)] * 2
    why = "it is registered in a function template, whose instances the parser does not see"
    unresolved = {o.registration.name[:4]: o.registration.unresolved for o in model.operators}
    assert unresolved["scal"] == unresolved["own_"] == unresolved["four"] == unresolved["late"] == why
    assert unresolved["plai"] == ""


def test_a_template_that_no_module_reaches_is_said_to_be_dead(tmp_path: Path) -> None:
    model = found(
        tmp_path,
        """
template <typename T> void bind(py::module &m) { m.def("scale", &scale<T>); }
PYBIND11_MODULE(ops, m) { m.def("plain", &plain); }
""",
    )
    assert [row.name for row in model.dead] == ["scale"]
