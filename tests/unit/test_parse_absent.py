"""Names from headers outside the tree: host code around them is read, and nothing is papered over."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsing import function_of, model_of, only

from migrate.model.bindings import Model
from migrate.model.cpp import Function
from migrate.plan import plan
from migrate.scan import scan

ABSENT = '#include "vendor/fused.h"\n'
BIND = 'PYBIND11_MODULE(ext, m) { m.def("op", &op); }\n'


def read(folder: Path, body: str, before: str = "", include: str = ABSENT, backend: str = "cuda") -> Function:
    """The bound function ``op`` of one file, with ``body`` around a tensor ``x``."""
    return function_of(only(tree(folder, body, before, include, backend)))


def tree(folder: Path, body: str, before: str = "", include: str = ABSENT, backend: str = "cuda") -> Model:
    function = f"int64_t op(torch::Tensor x, int64_t n) {{\n{body}\nreturn x.size(0);\n}}\n"
    text = f"#include <torch/extension.h>\n{include}{before}\n{function}{BIND}"
    return model_of(folder, {"ext.cu": text}, backend=backend)


def names(function: Function) -> list[str]:
    return [name.name for name in function.opaque]


# Each body uses x.data_ptr() next to what the header would declare: none may be lost.
USES = {
    "function": ("fused(x.data_ptr(), n);", ["fused"]),
    "result": ("int size = width(n); float f = width(n) * 2; fused(x.data_ptr());", ["fused", "width"]),
    "braced arguments": ("fused({true, {n, 1}}, {x.data_ptr(), nullptr, 3.0f, n}, {0});", ["fused"]),
    "class": ("Params p; p.input = x.data_ptr(); p.rows = n; fused(p, 0);", ["Params", "fused"]),
    "braced object": ("Params p{x.data_ptr(), n, 1.0f}; fused(p);", ["Params", "fused"]),
    "pointer to a class": ("Config* c = &table; c->find(n); (void)x.data_ptr();", ["Config", "table"]),
    "class template": ("Tile<float, 4> t(x.data_ptr()); t.run(n);", ["Tile"]),
    "function template": ("fused<float>(x.data_ptr<float>(), n);", ["fused"]),
    "template argument": ("std::vector<Half> v(n); fused(v, x.data_ptr());", ["Half", "fused"]),
    "namespace": ("lib::Params p; lib::run(p, x.data_ptr(), lib::kFast);", ["Params", "kFast", "run"]),
    "nested namespace": ("lib::ops::run<128>(x.data_ptr(), lib::Layout::kRow);", ["Layout", "kRow", "run"]),
    "constant": ("std::array<int, MAX_DIM> dims; fused(dims, x.data_ptr());", ["MAX_DIM", "fused"]),
    "case label": ("switch (n) { case MODE_A: fused(x.data_ptr()); break; }", ["MODE_A", "fused"]),
    "kernel": ("fused<<<1, 32>>>(x.data_ptr<float>(), n);", ["fused"]),
    "macro with types": (
        "std::set<int> t = {TABLE(float, int)}; fused(t, x.data_ptr());",
        ["TABLE", "fused"],
    ),
    "empty table": ("std::map<int, int> t{TABLE()}; fused(t, x.data_ptr());", ["TABLE", "fused"]),
    "statement macro": ("CHECK_ALIGNED(x.data_ptr())\nfused(n);", ["CHECK_ALIGNED", "fused"]),
    "loop over a map": ("for (auto& [k, v] : all) { if (k == n) fused(x.data_ptr(), v); }", ["all", "fused"]),
    "text": ("std::string s; s = row.name; s += row.name; fused(s, x.data_ptr());", ["fused", "row"]),
    "choice": ("int m = n > 3 ? 0 : config.tile; fused(x.data_ptr(), m);", ["config", "fused"]),
    "callback": ("std::function<void(void*)> f = find_kernel(n); f(x.data_ptr());", ["find_kernel"]),
}


@pytest.mark.parametrize(("body", "expected"), USES.values(), ids=USES.keys())
def test_host_code_around_an_absent_name_is_read(tmp_path: Path, body: str, expected: list[str]) -> None:
    function = read(tmp_path, body)
    assert (function.errors, function.unseen_uses) == ((), ())
    assert names(function) == expected
    assert {name.exchanges for name in function.opaque} == {""}
    assert {name.headers for name in function.opaque} == {(("vendor/fused.h", "ext.cu", 2),)}


@pytest.mark.parametrize(("body", "expected"), USES.values(), ids=USES.keys())
def test_without_an_absent_header_the_file_is_broken(tmp_path: Path, body: str, expected: list[str]) -> None:
    function = read(tmp_path, body, include="")
    assert function.errors
    assert function.opaque == ()


BROKEN = {
    "a name of the standard library": "std::frobnicate(x.data_ptr());",
    "a name of torch": "at::frobnicate(x.data_ptr());",
    "a macro of torch": "TORCH_FROBNICATE(x.data_ptr());",
    "a method of a tensor": "x.frobnicate();",
    "a type the file declares wrongly": "Mine m; m.go(x.data_ptr());",
    "an argument that does not fit": "Known k = x; fused(k);",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_no_absent_header_explains_stays_an_error(tmp_path: Path, body: str) -> None:
    before = "using Mine = std::frobnicator<int>;\nstruct Known { int n; };"
    function = read(tmp_path, body, before)
    assert function.errors
    assert "migrate_absent" not in "".join(function.errors)


def test_an_error_names_what_the_file_says(tmp_path: Path) -> None:
    """Not what our declarations make of it."""
    function = read(tmp_path, "Known k = fused(x.data_ptr()) + x.frobnicate();", "struct Known { int n; };")
    assert function.errors[0].endswith("use of undeclared identifier 'fused'")


EXCHANGES = {
    "argument": "fused(x);",
    "in braces": "fused({x, n}, 1);",
    "member": "Params p; p.input = x;",
    "result": "torch::Tensor y = fused(x.data_ptr());",
    "dtype": "fused(x.data_ptr(), x.scalar_type());",
    "function that takes a tensor": "std::function<void(torch::Tensor&)> f = find_kernel(n); f(x);",
    "table of functions": "std::map<int, std::function<void(torch::Tensor&)>> t{TABLE(float)};",
    "reference": "fused(&x);",
    "macro": "CHECK_INPUT(x)\nfused(n);",
}


@pytest.mark.parametrize("body", EXCHANGES.values(), ids=EXCHANGES.keys())
def test_a_framework_type_that_passes_through_is_told(tmp_path: Path, body: str) -> None:
    function = read(tmp_path, body)
    assert function.errors == ()
    assert any("`at::Tensor`" in n.exchanges or "`c10::ScalarType`" in n.exchanges for n in function.opaque)


def test_a_stream_is_no_exchange(tmp_path: Path) -> None:
    function = read(tmp_path, "fused({at::cuda::getCurrentCUDAStream()}, x.data_ptr());")
    assert [(n.name, n.exchanges) for n in function.opaque] == [("fused", "")]


def test_an_exchange_behind_an_alias_and_a_template_is_told(tmp_path: Path) -> None:
    before = (
        "using Kernel = std::function<torch::Tensor(torch::Tensor&)>;\n"
        "template <class T> Kernel pick(int n) { return made_kernel<T, 64>; }\n"
    )
    model = tree(tmp_path, "pick<float>(n)(x);", before)
    (helper,) = (function for function in model.functions if function.name == "pick")
    assert helper.errors == ()
    assert [(n.name, n.exchanges) for n in helper.opaque] == [("made_kernel", "`at::Tensor` at ext.cu:4")]


def test_a_helper_without_torch_does_not_block(tmp_path: Path) -> None:
    before = "int rows(int n) { lib::Plan<float, 3> p(n); return p.rows() + lib::pad<p.kTile>(n); }"
    model = tree(tmp_path, "rows(n);", before)
    (helper,) = (function for function in model.functions if function.name == "rows")
    assert helper.errors == ()
    assert {"Plan"} <= set(names(helper))


def test_a_bound_lambda_is_read(tmp_path: Path) -> None:
    text = (
        f"#include <torch/extension.h>\n{ABSENT}PYBIND11_MODULE(ext, m) {{\n"
        '  m.def("op", [](torch::Tensor x) { fused({x.data_ptr(), 1}); }, "doc");\n}\n'
    )
    function = function_of(only(model_of(tmp_path, {"ext.cpp": text})))
    assert function.errors == ()
    assert names(function) == ["fused"]


def test_a_type_in_a_signature_is_the_same_in_every_unit(tmp_path: Path) -> None:
    files = {
        "op.h": f"#include <torch/extension.h>\n{ABSENT}int64_t op(torch::Tensor x, Config* c);\n",
        "op.cpp": '#include "op.h"\nint64_t op(torch::Tensor x, Config* c) { return x.size(c->axis); }\n',
        "ext.cpp": f'#include "op.h"\n{BIND}',
    }
    function = function_of(only(model_of(tmp_path, files)))
    assert (function.errors, function.span.file) == ((), "op.cpp")
    assert function.params[1].type.args[0].kind == "opaque"


def test_a_header_of_the_tree_is_not_absent(tmp_path: Path) -> None:
    text = f'#include "own.h"\nint64_t op(torch::Tensor x) {{ return own(x.size(0)); }}\n{BIND}'
    model = model_of(tmp_path, {"ext.cpp": text, "own.h": "#include <torch/extension.h>\n"})
    assert function_of(only(model)).errors


def test_only_what_a_binding_reaches_is_read_again(tmp_path: Path) -> None:
    """Each reading costs: a function nobody binds stays as it is."""
    other = f"#include <torch/all.h>\n{ABSENT}void unbound(torch::Tensor x) {{ fused(x.data_ptr()); }}\n"
    text = f"#include <torch/extension.h>\nint64_t op(torch::Tensor x) {{ return x.size(0); }}\n{BIND}"
    model = model_of(tmp_path, {"ext.cpp": text, "other.cpp": other})
    (unbound,) = (function for function in model.functions if function.name == "unbound")
    assert unbound.errors


def test_two_parses_give_the_same(tmp_path: Path) -> None:
    body = "".join(f"{{ {body} }}\n" for body, _ in USES.values())
    first, second = tree(tmp_path, body), tree(tmp_path, body)
    assert repr(first) == repr(second)
    assert function_of(only(first)).opaque


def test_the_plan_says_what_was_not_seen(tmp_path: Path) -> None:
    model = tree(tmp_path, "fused(x.data_ptr(), n);")
    planned = plan(scan(tmp_path, "cuda"), model)
    assert [row.tier for module in planned.modules for row in module.operators] != ["manual"]
    (note,) = (row for row in planned.diagnostics if row.id == "MIG320")
    assert note.message == (
        "`op` uses `fused` from a header that is not in the tree (`vendor/fused.h` included at ext.cu:2)"
    )


def test_an_exchange_keeps_the_operator_with_torch(tmp_path: Path) -> None:
    model = tree(tmp_path, "fused(x, n);")
    (module,) = plan(scan(tmp_path, "cuda"), model).modules
    assert [row.tier for row in module.operators] == ["bridge"]
    assert module.operators[0].reason == (
        "`fused` exchanges `at::Tensor` at ext.cu:5 with a header that is not in the tree "
        "(`vendor/fused.h` included at ext.cu:2)"
    )
