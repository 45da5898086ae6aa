"""Why an operator stays with the original: what a migrated library could not do the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.pipeline import Request, analyse, migrate


def plan_of(folder: Path, text: str) -> dict[str, tuple[str, str]]:
    (folder / "ext.cpp").write_text(f"#include <torch/extension.h>\n{text}\n", encoding="utf-8")
    planned = analyse(Request(folder, backend="cpu")).plan
    rows = [row for module in planned.modules for row in module.operators]
    return {row.operator.registration.name: (row.tier, row.reason) for row in rows}


def module(*names: str) -> str:
    rows = "\n".join(f'  m.def("{name}", &{name});' for name in names)
    return f"PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {{\n{rows}\n}}"


HELPERS = """\
torch::Tensor first(torch::Tensor a, torch::Tensor b) { return a; }
torch::Tensor twice(torch::Tensor a) { return a.clone(); }
torch::Tensor new_one(const torch::Tensor a, const int n);
torch::Tensor new_one(torch::Tensor a, int n) { return torch::empty({n}, a.options()); }
std::tuple<torch::Tensor, torch::Tensor> pair_of(torch::Tensor a) {
  auto b = torch::empty_like(a), c = torch::zeros_like(a);
  return std::make_tuple(b, c);
}
void fill(torch::Tensor a) { a.fill_(1); }
void put(torch::Tensor a, torch::Tensor b) { a.copy_(b); }
"""


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ("return x.contiguous();", "contiguous"),
        ("auto y = x.to(torch::kFloat).t(); return y;", "to"),
        ("torch::Tensor y = x; y = y.clone(); return y.view({-1});", "clone"),
        ("return flag ? x.contiguous() : torch::empty_like(x);", "contiguous"),
        ("auto y = torch::empty_like(x); y.copy_(x.contiguous()); return y;", "copy_"),
        ("auto y = torch::empty_like(x); y[0] = x[0]; return y;", "operator="),
        ("auto y = torch::zeros_like(x); y.select(0, 1) += x; return y;", "operator+="),
        ("auto y = torch::zeros_like(x), z = x.t(); y.add_(z); return y;", "add_"),
        ("return first(x.contiguous(), x);", "contiguous"),
        ("auto y = twice(x); return y.view({-1});", "clone"),
        ("return x.to(torch::kHalf);", "to"),
    ],
)
def test_the_adaptor_keeps_a_recorded_copy_of_an_argument(tmp_path: Path, body: str, operation: str) -> None:
    text = f"{HELPERS}torch::Tensor f(torch::Tensor x, bool flag) {{ {body} }}\n{module('f')}"
    tier, reason = plan_of(tmp_path, text)["f"]
    assert (tier, reason) == ("view", f"its result can require grad: torch records `{operation}`")


@pytest.mark.parametrize(
    "body",
    [
        "auto y = torch::empty_like(x), z = torch::ones_like(x); y.copy_(z); y[0] = z[0]; return y;",
        "auto y = torch::empty_like(x); y[0] = 3; y[1][0] += 0.5; return y;",
        "return new_one(x.contiguous(), 3);",
        "return std::get<0>(pair_of(x.contiguous()));",
        "return x.to(torch::kInt);",
        "auto y = flag ? torch::zeros_like(x) : torch::empty_like(x); return y.to(torch::kFloat);",
        "x = x.contiguous(); return torch::empty_like(x);",
        "return x.t();",
    ],
)
def test_fresh_results_and_views_are(tmp_path: Path, body: str) -> None:
    text = f"{HELPERS}torch::Tensor f(torch::Tensor x, bool flag) {{ {body} }}\n{module('f')}"
    tier, reason = plan_of(tmp_path, text)["f"]
    assert tier in ("raw", "view"), reason


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ("out.copy_(x);", "copy_"),
        ("out[0] = x[1];", "operator="),
        ("out -= x.t();", "operator-="),
        ("auto y = torch::empty_like(x); y.copy_(x); out.copy_(y);", "copy_"),
        ("auto y = torch::empty_like(x); fill(y); out.copy_(y);", ""),
        ("put(out, x);", "copy_"),
        ("out[0] = 1; out *= 2; out.zero_();", ""),
    ],
)
def test_arguments_written_from_arguments(tmp_path: Path, body: str, operation: str) -> None:
    text = f"{HELPERS}void f(torch::Tensor out, torch::Tensor x) {{ {body} }}\n{module('f')}"
    tier, reason = plan_of(tmp_path, text)["f"]
    if operation:
        expected = f"an argument it writes can come to require grad: torch records `{operation}`"
        assert (tier, reason) == ("view", expected)
    else:
        assert tier in ("raw", "view"), reason


@pytest.mark.parametrize(
    ("body", "tier"),
    [
        ("return x.sum(0);", "view"),
        ("auto y = x.detach(); y.copy_(x.sum(0)); return y;", "bridge"),
        ("auto y = torch::from_blob(x.data_ptr(), {1}); x.copy_(x + 1); return y.t();", "bridge"),
        ("auto y = torch::from_blob(x.data_ptr(), {1}); x.copy_(y); return x;", "raw"),
        ("return x.sum(0, false, torch::kFloat, 4);", "bridge"),  # no such form is carried
        ("return x - 2 * torch::max(x, x);", "view"),
    ],
)
def test_what_the_host_computes_is_recorded(tmp_path: Path, body: str, tier: str) -> None:
    text = f"torch::Tensor f(torch::Tensor x) {{ {body} }}\n{module('f')}"
    got, reason = plan_of(tmp_path, text)["f"]
    assert got == tier, reason
    assert tier == "raw" or "torch records" in reason or "torch compute" in reason


def test_a_helper_is_found_whatever_its_declaration_says_of_const(tmp_path: Path) -> None:
    text = """\
torch::Tensor helper(const torch::Tensor x, const int k);
torch::Tensor f(torch::Tensor x) { return helper(x, 1); }
torch::Tensor helper(torch::Tensor x, int k) { return torch::softmax(x, k); }
""" + module("f")
    tier, reason = plan_of(tmp_path, text)["f"]
    assert tier == "bridge"
    assert "softmax" in reason


def test_compute_in_a_template_that_is_called_counts(tmp_path: Path) -> None:
    text = """\
template <class T> void helper(torch::Tensor x) { x.copy_(torch::softmax(x, 0)); }
void f(torch::Tensor x) { helper<float>(x); }
""" + module("f")
    tier, reason = plan_of(tmp_path, text)["f"]
    assert tier == "bridge"
    assert "softmax" in reason


def test_a_template_instance_is_bound_with_its_own_types(tmp_path: Path) -> None:
    text = """\
template <class T> T twice(const T& x) { return x + x; }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("twice_i", &twice<int>, py::arg("x"));
  m.def("twice_d", &twice<double>, py::arg("x"));
}"""
    assert {tier for tier, _ in plan_of(tmp_path, text).values()} <= {"raw", "view"}


def test_the_entry_of_a_lambda_stands_in_its_namespace(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "api").mkdir(parents=True)
    (source / "api" / "levels.hpp").write_text(
        """#pragma once
namespace lib::api {
static int level(int x) { return x; }
}
""",
        encoding="utf-8",
    )
    (source / "api" / "bind.hpp").write_text(
        """#pragma once
#include <algorithm>
#include "levels.hpp"
namespace lib::api {
static void bind(pybind11::module_& m) {
  m.def("level", [](int x) { return level(x); });
}
}
""",
        encoding="utf-8",
    )
    (source / "ext.cpp").write_text(
        """#include <torch/extension.h>
#include "api/bind.hpp"
static int plain(int x) { return x; }
PYBIND11_MODULE(ext, m) {
  lib::api::bind(m);
  m.def("plain", &plain);
}
""",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    migrate(Request(source, backend="cpu"), out)
    text = (out / "ext.cpp").read_text(encoding="utf-8")
    assert "namespace lib::api::ext_entry {" in text
    # `bind.hpp` is gone: what it included is included in its place.
    assert not (out / "api" / "bind.hpp").exists()
    assert '#include "api/levels.hpp"' in text
    assert "#include <algorithm>" in text


@pytest.mark.parametrize("name", ["__init__.py", "_arguments.py", "_enums.py", "_history.py"])
def test_an_adaptor_never_overwrites_a_file_of_the_tree(tmp_path: Path, name: str) -> None:
    """The extension has the name of a Python package: nothing of the package may be lost."""
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / name).write_text("KEEP = 1\n")
    (tmp_path / "setup.py").write_text(
        "from setuptools import setup\n"
        "from torch.utils.cpp_extension import CppExtension\n"
        "setup(ext_modules=[CppExtension('pkg', ['ext.cpp'])])\n"
    )
    (tmp_path / "ext.cpp").write_text(
        "#include <torch/extension.h>\n"
        "int64_t rows(const torch::Tensor& x) { return x.size(0); }\n"
        'PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("rows", &rows); }\n'
    )
    (planned,) = analyse(Request(tmp_path, backend="cpu")).plan.modules
    assert planned.migrated is None
    assert f"pkg/{name}" in planned.operators[0].reason


UNREAD = """
float* torchs(float* p) { at::linear(at::zeros({1}), at::zeros({1})); return p; }
template <class Group, class T> void helper(const T* from, T* to, int n) {
  using Tangent = lost::Matrix<T, Group::K, 1>;
  at::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) lost::Map<Tangent>(to + i) = Tangent(CALLED from + i);
  });
}
struct G { static constexpr int K = 3; };
void f(torch::Tensor x) { helper<G, float>(x.data_ptr<float>(), x.data_ptr<float>(), x.size(0)); }
"""


def test_a_called_function_may_be_read_in_part(tmp_path: Path) -> None:
    """What it does with names of a library that is not there is text that stays: nothing of torch's."""
    source = UNREAD.replace("CALLED", "") + module("f")
    assert plan_of(tmp_path, source)["f"][0] == "view"
    notes = [d.message for d in analyse(Request(tmp_path, backend="cpu")).plan.diagnostics]
    assert any("`f` uses `helper`, of which the parser read only a part" in message for message in notes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CALLED from", "torchs((float*)from)"),  # in a statement that the parser dropped
        ("CALLED", "(at::lost(), 1)"),
        ("const T* from", "T own, const T* from"),  # which may be a tensor
        ("CALLED", "(PyLong_FromLong(1), 1)"),
    ],
)
def test_an_unread_part_that_may_need_torch_keeps_it(tmp_path: Path, old: str, new: str) -> None:
    source = UNREAD.replace(old, new).replace("CALLED", "")
    source = source.replace("helper<G, float>(", "helper<G, float>(1, ") if "own" in new else source
    assert plan_of(tmp_path, source + module("f"))["f"][0] in ("bridge", "manual")


def test_padding_is_the_hosts_in_the_form_that_is_carried(tmp_path: Path) -> None:
    source = """
#define PAD(x, options) torch::nn::functional::pad(x, torch::nn::functional::PadFuncOptions({0, 2})options)
torch::Tensor constant(torch::Tensor x) { return PAD(x, .value(1.0)); }
torch::Tensor reflected(torch::Tensor x, int mode) { return PAD(x, .mode(mode)); }
torch::Tensor other(torch::Tensor x) { return torch::nn::functional::silu(x); }
"""
    rows = plan_of(tmp_path, source + module("constant", "reflected", "other"))
    assert rows["constant"] == ("view", "the host computes `pad`, which torch records")
    assert rows["reflected"][0] == rows["other"][0] == "bridge"


RESIZE = """
std::function<char*(size_t)> resizer(torch::Tensor& t) {
  return [&t](size_t n) {
    t.resize_({(long long)n});
    return (char*)t.contiguous().data_ptr();
  };
}
void fill(std::function<char*(size_t)> give) { give(8); }
"""


@pytest.mark.parametrize(
    ("body", "tier"),
    [
        ("auto t = torch::empty({0}, x.options()); fill(resizer(t)); return t;", "view"),
        ("torch::Tensor t = torch::zeros_like(x); t.resize_({4}); return t;", "raw"),
        ("x.resize_({4}); return x;", "bridge"),  # the caller's
        ("fill(resizer(x)); return x;", "bridge"),
        ("auto t = x; t.resize_({4}); return t;", "bridge"),
        ("auto t = torch::empty({0}); t = x.view({-1}); t.resize_({4}); return t;", "bridge"),
        ("auto t = x.clone(); t.resize_({4}); return t;", "bridge"),  # made by the host
        ("auto t = torch::empty({2}); t[0].resize_({4}); return t;", "bridge"),
        ("auto t = torch::empty({2}); t.resize_({4}, at::MemoryFormat::Preserve); return t;", "bridge"),
    ],
)
def test_only_memory_of_its_own_is_resized(tmp_path: Path, body: str, tier: str) -> None:
    text = f"{RESIZE}torch::Tensor f(torch::Tensor x) {{ {body} }}\n{module('f')}"
    assert plan_of(tmp_path, text)["f"][0] == tier


def test_a_result_of_another_size_is_not_handed_in(tmp_path: Path) -> None:
    text = "torch::Tensor f(torch::Tensor x) { auto t = torch::empty_like(x); RESIZED return t; }\n"
    for statement, outputs in (("t.resize_({4});", 0), ("", 1)):
        (tmp_path / "ext.cpp").write_text(
            "#include <torch/extension.h>\n" + text.replace("RESIZED", statement) + module("f"),
            encoding="utf-8",
        )
        (row,) = analyse(Request(tmp_path, backend="cpu")).plan.modules[0].operators
        assert row.split is not None
        assert len(row.split.outputs) == outputs


def test_a_header_of_the_trees_own_stays_included_whatever_its_name(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "torch").mkdir(parents=True)
    (source / "torch_common.h").write_text(
        "#pragma once\n#include <torch/extension.h>\n#define MINE(x) TORCH_CHECK(x)\n"
    )
    (source / "torch" / "rows.h").write_text("#pragma once\nconstexpr int ROWS = 2;\n")
    (source / "ext.cpp").write_text(
        '#include "torch_common.h"\n#include "torch/rows.h"\n#include <torch_npu/none.h>\n'
        "void f(torch::Tensor x) { MINE(x.size(0) == ROWS); }\n" + module("f")
    )
    report = migrate(Request(source, backend="cpu"), out).report
    assert [row.tier for row in report.operators if row.name == "f"] == ["view"]
    includes = [line for line in (out / "ext.cpp").read_text().splitlines() if line.startswith("#include")]
    assert includes[:2] == ['#include "torch_common.h"', '#include "torch/rows.h"']
    assert not any("torch_npu" in line for line in includes)
