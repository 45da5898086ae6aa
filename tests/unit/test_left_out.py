"""A torch name where nothing compiles it does not keep a file from leaving torch."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.plan import Plan
from migrate.pipeline import Request, analyse
from migrate.render import render

SETUP = """
from setuptools import setup
from torch.utils.cpp_extension import CppExtension
setup(ext_modules=[CppExtension("ext", ["ext.cpp"]{more})])
"""
SOURCE = """
#include <torch/extension.h>
{condition}
using Released = pybind11::gil_scoped_release;
#endif
void f(torch::Tensor x) {{ x.zero_(); }}
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {{ m.def("f", &f); }}
"""


def planned(folder: Path, condition: str, more: str = "", defines: tuple[str, ...] = ()) -> Plan:
    (folder / "setup.py").write_text(SETUP.format(more=more), encoding="utf-8")
    (folder / "ext.cpp").write_text(SOURCE.format(condition=condition), encoding="utf-8")
    return analyse(Request(folder, "cpu", defines)).plan


def tier_and_reason(plan: Plan) -> tuple[str, str]:
    (module,) = plan.modules
    (row,) = module.operators
    return row.tier, row.reason


@pytest.mark.parametrize("condition", ["#ifdef WITH_VENDOR", "#if defined(WITH_VENDOR)", "#if WITH_VENDOR"])
def test_a_name_nothing_compiles_is_a_note(tmp_path: Path, condition: str) -> None:
    plan = planned(tmp_path, condition)
    assert tier_and_reason(plan)[0] in ("raw", "view")
    (note,) = [row for row in plan.diagnostics if row.id == "MIG215"]
    assert (note.severity, note.file, note.line) == ("note", "ext.cpp", 4)
    assert "WITH_VENDOR is" in note.message
    assert "`pybind11::gil_scoped_release`" in note.message


@pytest.mark.parametrize(
    ("condition", "more", "defines"),
    [
        ("#ifdef WITH_VENDOR", ', define_macros=[("WITH_VENDOR", None)]', ()),
        ("#ifdef WITH_VENDOR", "", ("WITH_VENDOR=1",)),
        ("#ifndef WITH_VENDOR", "", ()),
        ("#ifdef __aarch64__", "", ()),  # a compiler's own
        ("#define HERE\n#ifdef HERE", "", ()),
    ],
)
def test_a_name_that_may_be_compiled_keeps_the_file(
    tmp_path: Path, condition: str, more: str, defines: tuple[str, ...]
) -> None:
    plan = planned(tmp_path, condition, more, defines)
    assert "pybind11::gil_scoped_release" in tier_and_reason(plan)[1]
    assert [row for row in plan.diagnostics if row.id == "MIG215"] == []


def test_without_a_build_file_nothing_counts_as_left_out(tmp_path: Path) -> None:
    planned(tmp_path, "#ifdef WITH_VENDOR")
    (tmp_path / "setup.py").unlink()
    plan = analyse(Request(tmp_path, "cpu")).plan
    assert "pybind11::gil_scoped_release" in tier_and_reason(plan)[1]


def test_an_unused_function_that_leaves_is_said(tmp_path: Path) -> None:
    text = """
    #include <torch/extension.h>
    torch::Tensor helper(torch::Tensor x) { return torch::inverse(x); }
    void f(torch::Tensor x) { x.zero_(); }
    PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("f", &f); }
    """
    (tmp_path / "ext.cpp").write_text(text, encoding="utf-8")
    plan = analyse(Request(tmp_path, "cpu")).plan
    (note,) = [row for row in plan.diagnostics if row.id == "MIG303"]
    assert (note.file, note.line) == ("ext.cpp", 3)
    assert "`helper` needs torch and no operator calls it" in note.message


def test_a_function_that_a_bridge_keeps_is_not_said_to_leave(tmp_path: Path) -> None:
    text = """
    #include <torch/extension.h>
    torch::Tensor helper(torch::Tensor x) { return torch::inverse(x); }
    void f(torch::Tensor x) { x.zero_(); }
    torch::Tensor g(torch::Tensor x) { return helper(x); }
    PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("f", &f); m.def("g", &g); }
    """
    (tmp_path / "ext.cpp").write_text(text, encoding="utf-8")
    plan = analyse(Request(tmp_path, "cpu")).plan
    assert [row for row in plan.diagnostics if row.id == "MIG303"] == []


def test_a_function_that_was_not_read_stays_where_it_stands(tmp_path: Path) -> None:
    """What a header outside the tree declares may be all that it uses; other code may call it."""
    text = """
    #include <torch/extension.h>
    inline void report(int code) {
      if (code == kUnheardOf) TORCH_CHECK(false, "unheard of"); // said once
    }
    inline void sized(torch::Tensor x) { unheard_of<x.size(0)>(); }
    void f(torch::Tensor x) { x.zero_(); }
    """
    binding = '#include "f.h"\nPYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("f", &f); }\n'
    (tmp_path / "f.h").write_text(text, encoding="utf-8")
    (tmp_path / "ext.cpp").write_text(binding, encoding="utf-8")
    analysis = analyse(Request(tmp_path, "cpu"))
    header = render(analysis.project, analysis.model, analysis.plan).write["f.h"].decode()
    assert 'FFI_CHECK(false, "unheard of"); // said once' in header
    assert "sized" not in header
    assert "`sized`" in " ".join(row.message for row in analysis.plan.diagnostics if row.id == "MIG303")
