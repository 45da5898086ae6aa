"""Every way to name what is bound."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsing import bound, function_of, functions, ids, model_of, only

DECLARED = """
int64_t plain(torch::Tensor x) { return x.size(0); }
static int64_t hidden(torch::Tensor x) { return x.size(0); }
namespace outer { namespace inner { int64_t nested(torch::Tensor x) { return x.size(0); } } }
namespace { int64_t unnamed(torch::Tensor x) { return x.size(0); } }
template <typename T> int64_t generic(torch::Tensor x, T bias) { return x.size(0) + bias; }
int64_t over(torch::Tensor x) { return x.size(0); }
int64_t over(torch::Tensor x, int64_t n) { return x.size(0) + n; }
"""
SIZED = """
enum class Mode { Slow, Fast };
template <typename T, unsigned char N, bool B, Mode M> int64_t sized(torch::Tensor x) { return N; }
"""
SIZED_BY_MACRO = '#define OP(T, wide) m.def("f", &sized<T, 200, wide, Mode::Fast>)\nOP(at::Half, true);'


@pytest.mark.parametrize(
    ("target", "qualified"),
    [
        ("&plain", "plain"),
        ("plain", "plain"),
        ("&::plain", "plain"),
        ("(&plain)", "plain"),
        ("&hidden", "hidden"),
        ("&unnamed", "unnamed"),
        ("&outer::inner::nested", "outer::inner::nested"),
        ("outer::inner::nested", "outer::inner::nested"),
        ("&generic<int64_t>", "generic"),
        ("static_cast<int64_t (*)(torch::Tensor, int64_t)>(&over)", "over"),
        ("(int64_t (*)(torch::Tensor, int64_t)) &over", "over"),
        ("py::overload_cast<torch::Tensor, int64_t>(&over)", "over"),
    ],
)
def test_a_named_function(tmp_path: Path, target: str, qualified: str) -> None:
    operator = only(bound(tmp_path, f'm.def("f", {target});', DECLARED))
    assert operator.registration.unresolved == ""
    assert function_of(operator).qualified == qualified
    assert function_of(operator).body_span is not None
    if "over" in target:
        assert len(function_of(operator).params) == 2


@pytest.mark.parametrize(
    ("binding", "spelled", "last"),
    [
        ('m.def("f", &generic< int64_t >);', "generic< int64_t >", "int"),
        ('m.def("f", (int64_t (*)(torch::Tensor, double)) &generic);', "generic<double>", "float"),
        ('#define OP(name, T) m.def(name, &generic<T>)\nOP("f", float);', "generic<float>", "float"),
        (SIZED_BY_MACRO, "sized<c10::Half, 200, true, static_cast<Mode>(1)>", "tensor"),
    ],
)
def test_an_instance_of_a_template_is_spelled_out(
    tmp_path: Path, binding: str, spelled: str, last: str
) -> None:
    """Also where a macro wrote it: nothing else may say which instance is meant."""
    operator = only(bound(tmp_path, binding, DECLARED + SIZED))
    assert operator.registration.target_text == spelled
    assert function_of(operator).params[-1].type.kind == last


def test_a_lambda_is_a_function_of_its_own(tmp_path: Path) -> None:
    operator = only(
        bound(
            tmp_path, 'm.def("rows", [](const torch::Tensor& x, bool all) -> int64_t { return x.size(0); });'
        )
    )
    function = function_of(operator)
    assert function.is_lambda
    assert [(p.name, p.type.kind) for p in function.params] == [("x", "tensor"), ("all", "bool")]
    assert function.returns.kind == "int"
    assert function.captures == ()


@pytest.mark.parametrize("capture", ["[base]", "[=]", "[&]", "[&base]"])
def test_captures_are_seen_however_they_are_written(tmp_path: Path, capture: str) -> None:
    body = f'int64_t base = 7; m.def("f", {capture}(int64_t x) {{ int64_t y = x; return y + base; }});'
    assert function_of(only(bound(tmp_path, body))).captures == ("base",)


def test_a_lambda_held_in_a_variable(tmp_path: Path) -> None:
    body = 'auto rows = [](torch::Tensor x) { return x.size(0); }; m.def("rows", rows);'
    assert function_of(only(bound(tmp_path, body))).is_lambda


def test_an_object_like_macro_registers(tmp_path: Path) -> None:
    before = (
        DECLARED
        + '#define PLAIN_PYBIND \\\n  m.def("plain", &plain, py::arg("x")); \\\n  m.def("hidden", &hidden);\n'
    )
    model = bound(tmp_path, "PLAIN_PYBIND", before)
    assert {(o.registration.name, o.registration.macro) for o in functions(model)} == {
        ("plain", "PLAIN_PYBIND"),
        ("hidden", "PLAIN_PYBIND"),
    }
    assert model.dead == ()


def test_a_macro_with_parameters_registers(tmp_path: Path) -> None:
    before = DECLARED + "#define BIND(name) m.def(#name, &name)\n"
    model = bound(tmp_path, "BIND(plain); BIND(hidden);", before)
    assert [o.registration.name for o in functions(model)] == ["hidden", "plain"]
    assert all(o.function is not None for o in functions(model))


def test_helpers_and_submodules(tmp_path: Path) -> None:
    helper = DECLARED + (
        "namespace api { void register_more(pybind11::module_& m) {"
        ' m.def("nested", &outer::inner::nested); auto deep = m.def_submodule("deep");'
        ' deep.def("hidden", &hidden); } }\n'
        'void never(py::module_& m) { m.def("lost", &plain); }\n'
    )
    body = 'm.def("plain", &plain); auto sub = m.def_submodule("sub", "doc"); api::register_more(sub);'
    model = bound(tmp_path, body, helper)
    assert [(o.registration.module, o.registration.name) for o in functions(model)] == [
        ("ext", "plain"),
        ("ext.sub", "nested"),
        ("ext.sub.deep", "hidden"),
    ]
    assert [row.name for row in model.dead] == ["lost"]


def test_overloads_get_ids_of_their_own(tmp_path: Path) -> None:
    body = """
      m.def("over", py::overload_cast<torch::Tensor>(&over));
      m.def("over", py::overload_cast<torch::Tensor, int64_t>(&over));
    """
    rows = functions(bound(tmp_path, body, DECLARED))
    assert [row.id for row in rows] == ["ext:over", "ext:over#2"]
    assert [len(function_of(row).params) for row in rows] == [1, 2]


def test_a_function_defined_in_another_file(tmp_path: Path) -> None:
    model = model_of(
        tmp_path,
        {
            "csrc/ext.cpp": """
                #include <torch/extension.h>
                #include "ops.h"
                int64_t later(torch::Tensor x);
                PYBIND11_MODULE(ext, m) {
                  m.def("twice", &ops::twice);
                  m.def("later", &later);
                  m.def("padded", &get_padded);
                  m.def("nowhere", &nowhere);
                }
                int64_t later(torch::Tensor x) { return x.numel(); }
            """,
            "csrc/ops.h": """
                #pragma once
                namespace ops { void twice(torch::Tensor x, double scale = 2.0); }
                int get_padded(int n);
                int nowhere(int n);
            """,
            "csrc/ops.cu": """
                #include <torch/all.h>
                #include "ops.h"
                void ops::twice(torch::Tensor x, double scale) { x.mul_(scale); }
            """,
            "csrc/plain.cpp": '#include "ops.h"\nint get_padded(int n) { return n; }\n',
        },
    )
    places = {
        o.registration.name: (function_of(o).span.file, function_of(o).body_span is not None)
        for o in functions(model)
    }
    assert places == {
        "twice": ("csrc/ops.cu", True),
        "later": ("csrc/ext.cpp", True),
        "padded": ("csrc/plain.cpp", True),
        "nowhere": ("csrc/ops.h", False),
    }
    assert "MIG211" in ids(model)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('if (std::getenv("X")) { m.def("plain", &plain); }', "run-time condition"),
        ('for (int i = 0; i < 2; ++i) m.def("plain", &plain);', "inside a loop"),
        ('const char* name = "a"; m.def(name, &plain);', "not a literal"),
        ('m.def("plain", &ghost);', "dropped it after an error"),
        ('m.def("plain", &generic<Unknown>);', "dropped it after an error"),
    ],
)
def test_what_cannot_be_known_needs_a_human(tmp_path: Path, body: str, reason: str) -> None:
    model = bound(tmp_path, body, DECLARED)
    assert reason in only(model).registration.unresolved
    assert "MIG210" in ids(model)


def test_a_helper_called_under_a_condition(tmp_path: Path) -> None:
    before = DECLARED + 'void more(py::module_& m) { m.def("plain", &plain); }\n'
    row = only(bound(tmp_path, 'if (std::getenv("X")) more(m);', before)).registration
    assert "run-time condition" in row.unresolved


def test_an_unknown_type_in_a_signature_is_no_inactive_branch(tmp_path: Path) -> None:
    before = "void on(torch::Tensor x, const acme::view& v) { x.zero_(); }\n"
    row = only(bound(tmp_path, 'm.def("on", &on);', before)).registration
    assert "dropped" in row.unresolved
