"""Checks, dispatches and uses of a host function become demands on its arguments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from parsed import analysed, function_of, rendered

from migrate.rules.facts import find_facts, sources_of

DISPATCH = "AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, "


def found(params: str, body: str, before: str = "") -> list[dict[str, Any]]:
    """What ``void f(params) { body }`` demands."""
    source = f"{before}\nvoid f({params}) {{ {body} }}\n"
    source += 'PYBIND11_MODULE(ext, m) { m.def("f", &f); }\n'
    function = function_of(source, "f")
    names = tuple(param.name for param in function.params)
    return find_facts(function, names, sources_of(analysed(source).project))


def texts(params: str, body: str, before: str = "") -> list[str]:
    return [fact["text"] for fact in found(params, body, before)]


TWO = "at::Tensor x, at::Tensor w"


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("x.dim() == 2", ["x.dim() == 2"]),
        ("x.size(1) == w.size(0)", ["x.dim() >= 2", "w.dim() >= 1", "x.size(1) == w.size(0)"]),
        ("x.sizes() == w.sizes()", ["x.sizes() == w.sizes()"]),
        ("w.numel() == 1", ["w.numel() == 1"]),
        ("x.size(-1) % 8 == 0", ["x.dim() >= 1", "(x.size(-1) % 8) == 0"]),
        ("x.scalar_type() == w.scalar_type()", ["x.dtype() == w.dtype()"]),
        (
            "x.scalar_type() == at::kHalf || x.dtype() == torch::kFloat",
            ["x.dtype() in {`float16`, `float32`}"],
        ),
        ("x.is_contiguous() && w.is_contiguous()", ["x.is_contiguous()", "w.is_contiguous()"]),
        ("2 <= x.dim() and x.dim() <= 4", ["x.dim() >= 2", "x.dim() <= 4"]),
        ("!(x.dim() != 3 || w.dim() != 1)", ["x.dim() == 3", "w.dim() == 1"]),
        ("x.dim() >= w.dim()", ["x.dim() >= w.dim()"]),
        ("x.is_cuda()", []),
        ("x.dim() == 2 && x.is_cuda()", ["x.dim() == 2"]),
        ("x.dim() == 2 || x.is_cuda()", []),
    ],
)
def test_conditions(check: str, expected: list[str]) -> None:
    assert texts(TWO, f'TORCH_CHECK({check}, "no");') == expected


def test_terms_are_plain_json() -> None:
    (fact,) = found(TWO, "TORCH_CHECK(w.numel() == 1);")
    assert fact == {"text": "w.numel() == 1", "holds": ["==", ["numel", "w"], 1]}


def test_locals_stand_for_what_they_hold() -> None:
    body = """
      const int64_t n = x.size(1), m = x.size(0);
      const auto sizes = w.sizes();
      TORCH_CHECK_VALUE(sizes[0] == n, "no");
      const bool wide = n > 8;
      if (wide) { TORCH_CHECK(m <= 4096); }
      int64_t changed = m;
      for (int i = 0; i < 3; ++i) changed += i;
      TORCH_CHECK(changed == 7);
    """
    assert texts(TWO, body) == [
        "x.dim() >= 2",
        "w.dim() >= 1",
        "w.size(0) == x.size(1)",
        "(x.size(1) <= 8) or (x.size(0) <= 4096)",
    ]


def test_own_macros_are_written_out() -> None:
    before = """
    #define MAX_COLS 512 // longest row
    #define CHECK_SAME(a, b) TORCH_CHECK((a).scalar_type() == (b).scalar_type(), \\
                                         #a " and " #b)
    #define CHECK_SHAPE(x, ...) TORCH_CHECK(x.sizes() == at::IntArrayRef({__VA_ARGS__}), #x)
    #define CHECK_INPUT(x) CHECK_2D(x); TORCH_CHECK(x.is_contiguous(), #x)
    #define CHECK_2D(x) TORCH_CHECK(x.dim() == 2)
    """
    body = (
        "CHECK_INPUT(x); CHECK_SAME(x, w) CHECK_SHAPE(w, x.size(1), 4); TORCH_CHECK(x.size(1) <= MAX_COLS);"
    )
    assert texts(TWO, body, before) == [
        "x.dim() == 2",
        "x.is_contiguous()",
        "x.dtype() == w.dtype()",
        "w.dim() == 2",
        "w.size(0) == x.size(1)",
        "w.size(1) == 4",
        "x.size(1) <= 512",
    ]


def test_macro_with_two_meanings_says_nothing() -> None:
    before = "#ifdef A\n#define CHECK_IT(x) TORCH_CHECK(x.dim() == 2)\n#else\n"
    before += "#define CHECK_IT(x) TORCH_CHECK(x.dim() == 3)\n#endif"
    assert texts(TWO, "CHECK_IT(x);", before) == []


@pytest.mark.parametrize(
    "refusal",
    [
        'if (mode != "gelu" && mode != "tanh") throw std::invalid_argument("no");',
        'if (mode == "gelu") {} else if (mode == "tanh") {} else { AT_ERROR("no"); }',
        'if (mode == "gelu" || mode == "tanh") return; TORCH_CHECK(false, "no");',
    ],
)
def test_strings_that_are_not_refused(refusal: str) -> None:
    assert texts("at::Tensor x, std::string mode", refusal) == ["mode in {`gelu`, `tanh`}"]


def test_dispatch_lists_and_element_types() -> None:
    body = DISPATCH + 'x.scalar_type(), "f", [&] { w.data_ptr<scalar_t>(); }); x.accessor<float, 3>();'
    assert texts(TWO, body) == [
        "x.dtype() in {`float32`, `float64`, `float16`, `bfloat16`}",
        "w.dtype() == x.dtype()",
        "x.dtype() == `float32`",
        "x.dim() == 3",
    ]


def test_own_dispatch_macros() -> None:
    cases = """
    #define MY_CASES(...) AT_DISPATCH_CASE(at::kFloat, __VA_ARGS__) AT_DISPATCH_CASE(at::kHalf, __VA_ARGS__)
    #define MY_DISPATCH(T, N, ...) AT_DISPATCH_SWITCH(T, N, MY_CASES(__VA_ARGS__))
    """
    body = 'MY_DISPATCH(x.scalar_type(), "f", [&] { w.data_ptr<scalar_t>(); });'
    assert texts(TWO, body, cases) == ["x.dtype() in {`float32`, `float16`}", "w.dtype() == x.dtype()"]
    chain = """
    #define BY_TYPE(T, ...) if (T == at::ScalarType::Half) { using in_t = at::Half; __VA_ARGS__(); } \\
      else if (T == at::ScalarType::Char) { using in_t = int8_t; __VA_ARGS__(); } else { AT_ERROR("no"); }
    """
    body = "BY_TYPE(x.scalar_type(), [&] { x.data_ptr<in_t>(); w.data_ptr<in_t>(); });"
    rows = texts(TWO, body, chain)
    assert "x.dtype() in {`float16`, `int8`}" in rows
    assert "(x.dtype() != `float16`) or (w.dtype() == `float16`)" in rows


def test_switch_without_a_default_that_answers() -> None:
    body = "switch (x.scalar_type()) { case at::kInt: case at::kLong: break; default: throw 1; }"
    assert texts(TWO, body) == ["x.dtype() in {`int32`, `int64`}"]


def test_optional_arguments_demand_only_when_given() -> None:
    params = "at::Tensor x, std::optional<at::Tensor> b, std::optional<double> limit"
    body = """
      if (b.has_value()) { const auto t = b.value(); TORCH_CHECK(t.numel() == x.size(0)); }
      const float* p = b ? b->data_ptr<float>() : nullptr;
      TORCH_CHECK(!limit.has_value() || *limit > 0);
    """
    assert texts(params, body) == [
        "not b.has_value() or (x.dim() >= 1)",
        "not b.has_value() or (b.numel() == x.size(0))",
        "not b.has_value() or (b.dtype() == `float32`)",
        "not limit.has_value() or (limit > 0)",
    ]


def test_lists_pairs_and_ranges_of_numbers() -> None:
    params = "std::vector<at::Tensor> xs, std::pair<at::Tensor, at::Tensor> ab, int bits, double eps"
    body = """
      TORCH_CHECK(xs.size() == 2);
      for (const auto& x : xs) { TORCH_CHECK(x.dim() == 2); }
      const auto& [a, b] = ab;
      TORCH_CHECK(a.dim() == b.dim());
      TORCH_CHECK_GE(bits, 2); if (bits > 8) throw std::runtime_error("no");
      TORCH_CHECK(eps >= 0);
    """
    assert texts(params, body) == [
        "xs.len() == 2",
        "xs.*.dim() == 2 for every item of xs",
        "ab.0.dim() == ab.1.dim()",
        "bits >= 2",
        "bits <= 8",
        "eps >= 0",
    ]


def test_functions_of_the_tree_are_entered() -> None:
    before = """
    #define HOST_ASSERT(c) do { if (not (c)) throw std::runtime_error(#c); } while (false)
    template <typename T> static T up(const T& a, const T& b) { return (a + b - 1) / b; }
    static bool empty_rows(const at::Tensor& t, int64_t m) { HOST_ASSERT(t.size(0) == m); return m == 0; }
    static void run(const at::Tensor& a, const at::Tensor& b) {
      if (empty_rows(a, b.size(1))) return;
      HOST_ASSERT(a.scalar_type() == b.scalar_type());
    }
    """
    body = "run(x, w.transpose(0, 1)); TORCH_CHECK(x.size(1) == up<int64_t>(w.size(1), 4));"
    assert texts(TWO, body, before) == [
        "w.dim() >= 2",
        "x.size(0) == w.size(0)",
        "(w.size(0) == 0) or (x.dtype() == w.dtype())",
        "x.dim() >= 2",
        "x.size(1) == (((w.size(1) + 4) - 1) / 4)",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "#if defined(A)\nTORCH_CHECK(x.dim() == 2);\n#else\nTORCH_CHECK(x.dim() == 3);\n#endif\n",
        "x = something(x); TORCH_CHECK(x.dim() == 2);",
        "if (unknown()) { TORCH_CHECK(x.dim() == 2); }",
        "while (true) { TORCH_CHECK(x.dim() == 2); break; }",
    ],
)
def test_nothing_is_guessed(body: str) -> None:
    before = "at::Tensor something(at::Tensor); bool unknown();"
    assert texts(TWO, f"\n{body}", before) == []


def test_statements_that_are_not_understood_are_passed_over() -> None:
    body = "TORCH_CHECK(x.dim() == 2); kernel<<<grid, 32, 0, stream>>>(x.data_ptr<float>()); a >> b; "
    assert texts(TWO, body + "TORCH_CHECK(w.dim() == 1);") == ["x.dim() == 2", "w.dim() == 1"]


def test_manifest_carries_the_facts_under_the_names_of_python() -> None:
    source = "void g(at::Tensor x) { TORCH_CHECK(x.dim() == 2); }\n"
    source += 'PYBIND11_MODULE(ext, m) { m.def("g", &g, pybind11::arg("input")); }\n'
    operators = json.loads(rendered(source)[".migrate/manifest.json"])["modules"][0]["operators"]
    assert operators[0]["facts"] == [{"text": "input.dim() == 2", "holds": ["==", ["ndim", "input"], 2]}]


def test_constants_of_the_tree() -> None:
    before = "static constexpr int kMost = 16;"
    assert texts(TWO, "TORCH_CHECK(x.dim() <= kMost);", before) == ["x.dim() <= 16"]


LENGTHS = """
  auto x_a = x.accessor<float, 3>();
  auto len_a = w.accessor<int64_t, 1>();
  const int N = x.size(0);
  for (int n = 0; n < N; ++n) {
    const int64_t length = len_a[n];
    for (int64_t i = 0; i < length; ++i) { sum += x_a[n][i][2]; }
  }
"""


def test_counters_and_indices_stay_inside_of_what_they_index() -> None:
    rows = found(TWO, LENGTHS)
    assert [row["text"] for row in rows if row.get("memory")] == [
        "x.size(0) <= w.size(0)",
        "(w.limit() - 1) <= x.size(1)",
        "x.size(2) >= 3",
    ]
    assert [row["text"] for row in rows if not row.get("memory")] == [
        "x.dtype() == `float32`", "x.dim() == 3", "w.dtype() == `int64`", "w.dim() == 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("p[i * m + j] = 0;", ["(x.size(0) * x.size(1)) <= x.numel()"]),
        ("p[k[i]] = 0;", ["x.size(0) <= w.numel()", "w.limit() <= x.numel()"]),
        ("float y = i + 1 < n ? p[i + 1] : 0;", []),
    ],
)
def test_elements_behind_a_pointer_stay_inside_of_the_tensor(body: str, expected: list[str]) -> None:
    before = "auto* p = x.data_ptr<float>(); auto* k = w.data_ptr<int64_t>();"
    sizes = "const int64_t n = x.size(0), m = x.size(1);"
    loops = f"for (int64_t i = 0; i < n; i++) {{ for (int64_t j = 0; j < m; j++) {{ {body} }} }}"
    rows = found(TWO, f"{before} {sizes} at::parallel_for(0, n, 1, [&](int64_t b, int64_t e) {{ {loops} }});")
    assert [row["text"] for row in rows if row.get("memory")] == expected


def test_commas_of_template_arguments_divide_nothing() -> None:
    before = "void g(std::tuple<int, int> s, at::Tensor y) { TORCH_CHECK(y.size(0) == std::get<0>(s)); }"
    params = "std::tuple<int, int> s, at::Tensor x"
    assert texts(params, "g(s, x);", before) == ["x.dim() >= 1", "x.size(0) == s.0"]
