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


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ("return x.contiguous();", "contiguous"),
        ("auto y = x.to(torch::kFloat).t(); return y;", "to"),
        ("torch::Tensor y = x; y = y.clone(); return y.view({-1});", "clone"),
        ("return flag ? x.contiguous() : torch::empty_like(x);", "contiguous"),
    ],
)
def test_a_recorded_copy_of_an_argument_is_not_handed_out(
    tmp_path: Path, body: str, operation: str
) -> None:
    text = f"torch::Tensor f(torch::Tensor x, bool flag) {{ {body} }}\n{module('f')}"
    tier, reason = plan_of(tmp_path, text)["f"]
    assert (tier, reason) == ("bridge", f"its result can require grad: torch records `{operation}`")


@pytest.mark.parametrize(
    "body",
    [
        "auto y = torch::empty_like(x); y.copy_(x.contiguous()); return y;",
        "auto y = flag ? torch::zeros_like(x) : torch::empty_like(x); return y.to(torch::kFloat);",
        "x = x.contiguous(); return torch::empty_like(x);",
        "return x.t();",
    ],
)
def test_fresh_results_and_views_are(tmp_path: Path, body: str) -> None:
    text = f"torch::Tensor f(torch::Tensor x, bool flag) {{ {body} }}\n{module('f')}"
    assert plan_of(tmp_path, text)["f"][0] in ("raw", "view")


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


def test_an_adaptor_never_overwrites_a_file_of_the_tree(tmp_path: Path) -> None:
    """The extension has the name of a Python package: nothing of the package may be lost."""
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("KEEP = 1\n")
    (tmp_path / "setup.py").write_text(
        "from setuptools import setup\n"
        "from torch.utils.cpp_extension import CppExtension\n"
        "setup(ext_modules=[CppExtension('pkg', ['ext.cpp'])])\n"
    )
    (tmp_path / "ext.cpp").write_text(
        "#include <torch/extension.h>\n"
        "int64_t rows(const torch::Tensor& x) { return x.size(0); }\n"
        "PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def(\"rows\", &rows); }\n"
    )
    (planned,) = analyse(Request(tmp_path, backend="cpu")).plan.modules
    assert planned.migrated is None
    assert "pkg/__init__.py" in planned.operators[0].reason
