"""Which results are fresh, which may be an argument coming back, and what torch computes."""

from __future__ import annotations

import pytest
from parsed import analysed, function_of, reasons, rendered, tiers

from migrate.rules.results import handed_back, returns_only_fresh

RESULTS = {
    "at::Tensor f(at::Tensor x) { return at::empty_like(x); }": True,
    "at::Tensor f(at::Tensor x) { auto y = at::zeros({2}, x.options()); return y; }": True,
    "at::Tensor f(at::Tensor x) { return x; }": False,
    "at::Tensor f(at::Tensor x) { auto y = at::empty_like(x); return x.dim() ? x : y; }": False,
    "at::Tensor f(at::Tensor x, c10::optional<at::Tensor> o) { return o ? *o : x; }": False,
    "at::Tensor f(at::Tensor x) { at::Tensor y = at::empty_like(x); y = x; return y; }": False,
    "at::Tensor f(at::Tensor x) { return x.view({-1}); }": False,
    "std::vector<at::Tensor> f(at::Tensor x) { return {at::empty_like(x), at::empty_like(x)}; }": True,
    "std::vector<at::Tensor> f(at::Tensor x) { return {at::empty_like(x), x}; }": False,
    "std::tuple<at::Tensor, at::Tensor> f(at::Tensor x) { return {at::empty_like(x), x}; }": False,
    "std::tuple<at::Tensor, int> f(at::Tensor x) { return std::make_tuple(at::empty_like(x), 1); }": True,
    "int64_t f(at::Tensor x) { return x.dim(); }": True,
    "void f(at::Tensor x) {}": True,
}


@pytest.mark.parametrize(("source", "fresh"), RESULTS.items(), ids=list(RESULTS))
def test_fresh(source: str, fresh: bool) -> None:
    bound = source + '\nPYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'
    assert returns_only_fresh(function_of(bound, "f")) is fresh


TENSORS = "std::tuple<at::Tensor, at::Tensor>"
HANDED_BACK = {
    "at::Tensor f(at::Tensor x) { return x; }": (0,),
    "at::Tensor f(int n, at::Tensor x) { if (n) return x; x.fill_(n); return std::move(x); }": (1,),
    "at::Tensor &f(at::Tensor &x) { at::Tensor y = x; y = at::empty_like(y); return x; }": (0,),
    "int64_t g(at::Tensor &);\nat::Tensor f(const at::Tensor &x) { auto y = x; g(y); return x; }": (0,),
    "int64_t g(const at::Tensor &);\nat::Tensor f(at::Tensor x) { g(x); return x; }": (0,),
    f"{TENSORS} f(at::Tensor x) {{ return {{at::empty(x.sizes(), x.options()), x}}; }}": (None, 0),
    f"{TENSORS} f(at::Tensor x, at::Tensor y) {{ return std::make_tuple(y, x); }}": (1, 0),
    "std::pair<at::Tensor, at::Tensor> f(at::Tensor x) { return std::make_pair(x, x); }": (0, 0),
    "at::Tensor f(at::Tensor x, at::Tensor y) { return x.dim() ? x : y; }": (),
    "at::Tensor f(at::Tensor x, at::Tensor y) { if (x.dim()) return x; return y; }": (),
    "at::Tensor f(at::Tensor x) { if (x.dim()) return x; return at::empty({1}, x.options()); }": (),
    "at::Tensor f(at::Tensor x) { x = x.contiguous(); return x; }": (),
    "at::Tensor f(at::Tensor x) { at::Tensor &y = x; y = y.contiguous(); return x; }": (),
    "at::Tensor f(at::Tensor x) { auto g = [&] { x = x.contiguous(); }; g(); return x; }": (),
    "at::Tensor f(at::Tensor x) { { at::Tensor x = at::empty({1}); return x; } }": (),
    "at::Tensor f(at::Tensor x) { at::Tensor y = std::move(x); return x; }": (),
    "at::Tensor f(at::Tensor x) { if (x.dim()) x.reset(); return x; }": (),
    "at::Tensor f(at::Tensor x) { x.operator=(x.contiguous()); return x; }": (),
    "void g(at::Tensor &);\nat::Tensor f(at::Tensor x) { g(x); return x; }": (),
    "at::Tensor f(at::Tensor x) { return x.view({-1}); }": (),
    "at::Tensor f(at::Tensor x) { return at::empty_like(x); }": (),
    f"{TENSORS} f(at::Tensor x) {{ return {{x.t(), x}}; }}": (),
    f"{TENSORS} g(at::Tensor);\n{TENSORS} f(at::Tensor x) {{ return g(x); }}": (),
    "std::vector<at::Tensor> f(at::Tensor x) { return {x}; }": (),
    "at::Tensor f(std::optional<at::Tensor> x) { return *x; }": (),
}


@pytest.mark.parametrize(("source", "parameters"), HANDED_BACK.items(), ids=list(HANDED_BACK))
def test_handed_back(source: str, parameters: tuple[object, ...]) -> None:
    bound = source + '\nPYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'
    assert handed_back(function_of(bound, "f")) == parameters


def test_what_is_known_to_come_back_does_not_cross_the_border() -> None:
    files = rendered(
        "std::tuple<at::Tensor, at::Tensor, at::Tensor> f(at::Tensor x) {\n"
        "  auto y = at::empty_like(x);\n  auto z = at::empty_like(x);\n  return {y, x, z};\n}\n"
        "at::Tensor g(at::Tensor x) { x.fill_(1); return x; }\n"
        'PYBIND11_MODULE(ops, m) { m.def("f", &f); m.def("g", &g); }\n'
    )
    shim, adaptor = files["ffi/ops_ffi.cc"], files["ops/__init__.py"]
    assert "return to_ffi(std::tuple(std::get<0>(made), std::get<2>(made)));" in shim
    assert "void g_ffi(TensorView x)" in shim
    assert "return (result[0], arg0, result[1])" in adaptor
    assert "return arg0" in adaptor
    assert "resolve" not in adaptor.split("__all__")[0].replace(".resolve", "")


COMPUTE = {
    "at::Tensor f(at::Tensor x) { auto y = x ^ x; return y; }": "operator^",
    "at::Tensor f(at::Tensor x) { return 1 ^ x; }": "operator^",
    "void f(at::Tensor x) { x &= x; }": "operator&=",
    "void f(at::Tensor x) { x.add_(x, 2); }": "add_",
    "void f(at::Tensor x) { x[0] = x[1] % 2; }": "operator%",
    "at::Tensor f(at::Tensor x) { return inverse(x); }": "inverse",
    "using namespace at;\nat::Tensor f(at::Tensor x) { return inverse(x); }": "inverse",
    "at::Tensor f(at::Tensor x) { return x.index({x}); }": "index",
    "at::Tensor f(at::Tensor x) { return x.inverse(); }": "inverse",
    "at::Tensor f(at::Tensor x) { return x.sum(0, true, at::kFloat, 1); }": "sum",
}
HOSTED = {
    "at::Tensor f(at::Tensor x) { auto y = x + x; return y; }": "operator+",
    "at::Tensor f(at::Tensor x) { return -x; }": "operator-",
    "void f(at::Tensor x) { x[0] = x[1] + 1; }": "operator+",
    "at::Tensor f(at::Tensor x) { return sum(x); }": "sum",
    "using namespace at;\nat::Tensor f(at::Tensor x) { return cat({x, x}); }": "cat",
    "at::Tensor f(at::Tensor x) { return x.matmul(x); }": "matmul",
}
METADATA = [
    "void f(at::Tensor x) { x *= 2; }",
    "void f(at::Tensor x) { x.select(0, 1) = 3; }",
    "void f(at::Tensor x) { at::TensorArg a{x, \"x\", 1}; at::checkDim(\"f\", a, 2); }",
    "void f(at::Tensor x) { at::globalContext().alertNotDeterministic(\"f\"); }",
    "void f(at::Tensor x) { x.fill_(at::promote_types(x.scalar_type(), torch::kI8) == at::kInt); }",
    "at::Tensor f(at::Tensor x) { return at::arange(3, x.options().dtype(torch::kI64)); }",
    "void f(at::Tensor x) { at::Tensor y; y = x; x = x.t(); }",
    "void f(at::Tensor x) { std::vector<at::Tensor> v(2); v[0] = x; }",
    "int64_t f(at::Tensor x) { return x.index({torch::indexing::Slice(), 0}).dim(); }",
    "bool f(at::Tensor x) { return x.sizes() == x.strides() && x.dtype() == at::kHalf; }",
    "using namespace at;\nat::Tensor f(at::Tensor x) { return empty_like(x); }",
]


@pytest.mark.parametrize(("source", "name"), COMPUTE.items(), ids=list(COMPUTE))
def test_torch_compute_is_seen_however_it_is_spelled(source: str, name: str) -> None:
    bound = source + '\nPYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'
    assert tiers(bound) == {"f": "bridge"}
    assert f"`{name}`" in reasons(bound)["f"]


@pytest.mark.parametrize(("source", "name"), HOSTED.items(), ids=list(HOSTED))
def test_compute_of_the_host_is_seen_however_it_is_spelled(source: str, name: str) -> None:
    bound = source + '\nPYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'
    assert tiers(bound) == {"f": "view"}
    (note,) = [row for row in analysed(bound).plan.diagnostics if row.id == "MIG321"]
    assert note.message.startswith(f"`f` asks its host for `{name}` (ops.cpp:")


@pytest.mark.parametrize("source", METADATA)
def test_metadata_is_not_compute(source: str) -> None:
    bound = source + '\nPYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'
    assert tiers(bound)["f"] in ("raw", "view"), reasons(bound)
    assert "MIG321" not in {row.id for row in analysed(bound).plan.diagnostics}
