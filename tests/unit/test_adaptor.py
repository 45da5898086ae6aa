"""The generated Python: it parses as Python 3.9, and its signatures are those of the bindings."""

from __future__ import annotations

import ast

import pytest
from parsed import rendered, tiers

SOURCE = r"""
at::Tensor scale(const at::Tensor& x, double eps, int n) { auto y = at::empty_like(x); return y; }
at::Tensor same(at::Tensor x, c10::optional<at::Tensor> y) { return y ? *y : x; }
std::tuple<at::Tensor, at::Tensor> both(const at::Tensor& x, bool flag) {
  auto a = at::empty_like(x);
  auto b = at::empty_like(x);
  return std::make_tuple(a, b);
}
void many(at::Tensor first_input, at::Tensor second_input, at::Tensor third_input, int64_t fourth,
          double fifth, std::vector<int64_t> sixth, std::string seventh) {}
std::string name(at::Device d, at::ScalarType t) { return at::toString(t); }
at::Tensor needs_torch(at::Tensor x) { return x.inverse(); }
at::Tensor needs_host(at::Tensor x) { return x.matmul(x); }
PYBIND11_MODULE(ops, m) {
  m.doc() = "Ops with \"quotes\".";
  m.def("scale", &scale, "Scales.\n\nA \\ and \"\"\".", py::arg("x"), py::arg("eps") = 1e-6, py::kw_only(),
        py::arg("n") = 3);
  m.def("same", &same);
  m.def("_same", &same);
  m.def("resolve", &same, py::arg("result"), py::arg("result_tensor") = py::none());
  m.def("bind", &same);
  m.def("both", &both, py::arg("lambda"), py::arg("flag") = true);
  m.def("many", &many, py::arg("first_input"), py::arg("second_input"), py::arg("third_input"),
        py::arg("fourth"), py::arg("fifth"), py::arg("sixth"), py::arg("seventh") = "a'b");
  m.def("name", &name, py::arg("d"), py::arg("t") = at::kHalf);
  m.def("needs_torch", &needs_torch);
  m.def("needs_host", &needs_host);
  m.def("a-b", &same);
}
"""


def module(path: str = "ops/__init__.py") -> ast.Module:
    return ast.parse(rendered(SOURCE)[path], feature_version=(3, 9))


def functions() -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in module().body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    "name",
    [
        *("__init__.py", "__init__.pyi", "_arguments.py", "_backend.py"),
        *("_history.py", "_runtime.py", "_torch.py"),
    ],
)
def test_it_parses_as_python_3_9(name: str) -> None:
    path = f"ops/{name}"
    module(path)
    compile(rendered(SOURCE)[path], path, "exec")


def test_every_migrated_operator_has_a_def() -> None:
    raw = {name for name, tier in tiers(SOURCE).items() if tier != "manual"}
    assert raw == set(functions())


def test_names_and_defaults() -> None:
    scale = functions()["scale"].args
    assert [a.arg for a in scale.args] == ["x", "eps"]
    assert [a.arg for a in scale.kwonlyargs] == ["n"]
    assert [ast.literal_eval(d) for d in scale.defaults] == [1e-06]
    assert [ast.literal_eval(d) for d in scale.kw_defaults if d is not None] == [3]


def test_unnamed_arguments_are_positional_only() -> None:
    same = functions()["same"].args
    assert [a.arg for a in same.posonlyargs] == ["arg0", "arg1"]
    assert not same.args


def test_a_keyword_as_name_gets_an_underscore() -> None:
    assert [a.arg for a in functions()["both"].args.args] == ["lambda_", "flag"]


def test_the_docstring_is_pybind11s() -> None:
    doc = ast.get_docstring(functions()["scale"], clean=False)
    assert doc is not None
    assert doc.startswith("scale(x: torch.Tensor, eps: ")
    assert doc.endswith('-> torch.Tensor\n\nScales.\n\nA \\ and """.\n')
    assert ast.get_docstring(module()) == 'Ops with "quotes".'


def test_code_lines_are_short() -> None:
    """Docstrings aside: their lines are pybind11's."""
    text = rendered(SOURCE)["ops/__init__.py"].split("\n")
    docs = {
        line
        for node in functions().values()
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    assert all(len(line) <= 100 for number, line in enumerate(text, 1) if number not in docs)


def calls(name: str) -> list[str]:
    return [
        n.func.id
        for n in ast.walk(functions()[name])
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    ]


def test_no_operator_hides_what_another_calls() -> None:
    """Each name that a body calls is bound once, or is an import that no operator shadows."""
    assigned = [
        target.id
        for node in module().body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(assigned) == len(set(assigned))
    for name in functions():
        assert not set(calls(name)) & set(functions()), name
        assert name not in assigned


def test_results_are_the_kinds_pybind11_returned() -> None:
    assert calls("both")[0] == "tuple"
    assert "str" in calls("name")


def test_what_stays_is_served_by_the_original() -> None:
    text = rendered(SOURCE)["ops/__init__.py"]
    assert "# MIGRATE-TODO[MIG301]: no `def` can have the name `a-b`\n" in text
    assert 'globals()["a-b"] = getattr(_original, "a-b")\n' in text


def test_what_keeps_libtorch_is_called_through_the_dispatcher() -> None:
    text = rendered(SOURCE)["ops/__init__.py"]
    assert "# Keeps libtorch: `inverse` at ops.cpp:14 is torch compute.\n" in text
    assert '_needs_torch = bridge("needs_torch", ("Tensor",))\n' in text
    assert "    return _needs_torch(arg0)\n" in text


def test_exported_names() -> None:
    exported = next(
        ast.literal_eval(node.value)
        for node in module().body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    assert {"scale", "needs_torch", "name"} <= set(exported)
    assert "_same" not in exported


LEAN = """
#include <torch/extension.h>
void f(at::Tensor again, double args, int64_t result) { again.data_ptr<float>()[result] = args; }
at::ScalarType g(at::ScalarType dtype, at::Tensor x) { return x.scalar_type(); }
int64_t h() { return 1; }
PYBIND11_MODULE(ops, m) {
  m.def("f", &f, py::arg("again"), py::arg("args"), py::arg("result"));
  m.def("g", &g, py::arg("dtype"), py::arg("x"));
  m.def("h", &h);
}
"""


def test_a_call_goes_straight_to_the_library() -> None:
    """Parameters may have the names of what the adaptor uses; only what tvm-ffi would take wrongly is
    read before a call."""
    text = rendered(LEAN)["ops/__init__.py"]
    assert "    args_ = (again, args, result)\n    try:\n        return _f(*args_)\n" in text
    assert "        return again_(_f, args_, refusal)\n" in text
    assert "import again as again_, bind, read\n" in text
    assert "    args = read(_g, dtype, x)\n" in text
    assert "    return _h()\n" in text


def test_a_library_without_a_device_asks_for_no_stream() -> None:
    assert "_on_current_stream" not in rendered(LEAN)["ops/_backend.py"]
