"""What the preprocessor leaves out is said, and is no operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsing import bound, function_of, functions, ids, model_of, only

from migrate.parse import parse
from migrate.scan import scan
from migrate.text.conditions import conditions_at

PLAIN = "int64_t plain(torch::Tensor x) { return x.size(0); }\n"
DEBUG = """
#ifdef DEBUG_TOOLS
m.def("dump", &plain);
#endif
m.def("plain", &plain);
"""


def test_an_inactive_registration_is_a_note(tmp_path: Path) -> None:
    model = bound(tmp_path, DEBUG, PLAIN)
    assert only(model).registration.name == "plain"
    assert model.dead == ()
    (note,) = [row for row in model.diagnostics if row.id == "MIG213"]
    assert (note.severity, note.file, note.line) == ("note", "ext.cpp", 7)
    assert note.message == "`dump` is registered only where DEBUG_TOOLS is defined"
    assert note.hint == "scan with --define DEBUG_TOOLS to include it"


@pytest.mark.parametrize("define", ["DEBUG_TOOLS", "DEBUG_TOOLS=1"])
def test_a_define_includes_it(tmp_path: Path, define: str) -> None:
    model = bound(tmp_path, DEBUG, PLAIN, [define])
    assert [row.registration.name for row in functions(model)] == ["dump", "plain"]
    assert "MIG213" not in ids(model)


def test_a_define_reaches_headers_and_files_of_no_extension(tmp_path: Path) -> None:
    files = {
        "ext.cpp": '#include <torch/extension.h>\n#include "api.h"\nPYBIND11_MODULE(ext, m) { more(m); }\n',
        "api.h": f"#pragma once\n{PLAIN}inline void more(py::module_& m) {{{DEBUG}}}\n",
        "setup.py": "from setuptools import setup\nsetup(name='x')\n",
    }
    assert [r.registration.name for r in functions(model_of(tmp_path, files))] == ["plain"]
    model = model_of(tmp_path, files, ["DEBUG_TOOLS"])
    assert [r.registration.name for r in functions(model)] == ["dump", "plain"]


def test_two_branches_of_one_name_are_one_operator(tmp_path: Path) -> None:
    body = '#ifdef FAST\nm.def("f", &plain);\n#else\nm.def("f", &other);\n#endif\n'
    before = PLAIN + "int64_t other(torch::Tensor x) { return x.size(1); }\n"
    model = bound(tmp_path, body, before)
    assert function_of(only(model)).name == "other"
    assert "MIG213" not in ids(model)


def test_an_error_in_an_active_branch_is_still_an_error(tmp_path: Path) -> None:
    body = '#ifndef FAST\nm.def("f", &ghost);\n#endif\n'
    assert "dropped" in only(bound(tmp_path, body, PLAIN)).registration.unresolved


def test_an_inactive_use_of_a_macro(tmp_path: Path) -> None:
    before = PLAIN + '#define MORE m.def("more", &plain);\n'
    model = bound(tmp_path, "#if defined(WITH_MORE)\nMORE\n#endif\n", before)
    assert functions(model) == []
    assert [row.message for row in model.diagnostics if row.id == "MIG213"] == [
        "`more` is registered only where WITH_MORE is defined"
    ]


def test_tensor_uses_of_an_inactive_branch_are_said(tmp_path: Path) -> None:
    before = """
int64_t rows(torch::Tensor x) {
#if USE_ROCM
  return x.size(1);
#else
  return x.size(0);
#endif
}
"""
    model = bound(tmp_path, 'm.def("rows", &rows);', before)
    assert function_of(only(model)).unseen_uses == ("size at line 5 (only where USE_ROCM is true)",)
    assert [(row.severity, row.line) for row in model.diagnostics if row.id == "MIG214"] == [("note", 3)]


@pytest.mark.parametrize(
    ("lines", "texts", "defines"),
    [
        (["#ifdef A"], ["A is defined"], ["A"]),
        (["#ifndef A"], ["A is not defined"], [""]),
        (["#ifndef A", "#else"], ["A is defined"], ["A"]),
        (["#ifdef A", "#else"], ["A is not defined"], [""]),
        (["#if defined(A)  // why"], ["A is defined"], ["A"]),
        (["#if !defined(A)"], ["A is not defined"], [""]),
        (["#if A"], ["A is true"], ["A"]),
        (["#if 0"], ["`0` holds"], [""]),
        (["#if A > 2 && \\", "    B"], ["`A > 2 && B` holds"], [""]),
        (["#if A > 2", "#else"], ["`A > 2` does not hold"], [""]),
        (["#ifdef A", "#elif defined(B)"], ["B is defined"], ["B"]),
        (["#ifdef A", "#endif"], [], []),
        (["#ifdef A", "#ifdef B"], ["A is defined", "B is defined"], ["A", "B"]),
        (["#ifndef GUARD_H", "#define GUARD_H", "#ifdef A"], ["A is defined"], ["A"]),
        (["// #ifdef A", '"#ifdef B"'], [], []),
    ],
)
def test_conditions(lines: list[str], texts: list[str], defines: list[str]) -> None:
    text = "\n".join([*lines, "here"])
    found = conditions_at(text, text.index("here"))
    assert [condition.text for condition in found] == texts
    assert [condition.define for condition in found] == defines


def test_the_registry_fixture() -> None:
    tree = Path(__file__).resolve().parents[2] / "fixtures" / "registry"
    plain, debug = (parse(scan(tree, "cpu", set_), 2) for set_ in ((), ("TINYGEMM_DEBUG_TOOLS",)))
    assert "dump_blocking" not in {row.registration.name for row in plain.operators}
    (note,) = [row for row in plain.diagnostics if row.id == "MIG213"]
    assert "TINYGEMM_DEBUG_TOOLS is defined" in note.message
    assert note.hint == "scan with --define TINYGEMM_DEBUG_TOOLS to include it"
    assert "dump_blocking" in {row.registration.name for row in debug.operators}
    assert "MIG213" not in ids(debug)
