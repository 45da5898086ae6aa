"""``migrate report``: what it gathers of a migrated tree, as text, data and a page's contents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import samples
from click.testing import CliRunner, Result

from migrate import state
from migrate.cli import commands
from migrate.model.verdicts import Verdict, Verdicts
from migrate.report import report_to_json, summarise
from migrate.report.excerpts import Source, definitions, python_lines, sheets_of, statement_lines
from migrate.report.page import page_data
from migrate.report.review import Review, exit_code, review_text, review_to_dict
from migrate.report.rows import OperatorRow

KERNEL = """\
// One kernel, two launchers.
#define CHECK(x) TORCH_CHECK(x)

// Doubles.
torch::Tensor twice(const torch::Tensor& x) {
  if (x.dim() == 0) { return helper(x); }
  return x;
}

torch::Tensor thrice(torch::Tensor x) { return twice(x); }
"""
BINDING = 'PYBIND11_MODULE(_C, m) {\n  m.def("twice", &twice,\n        "doc; with );");\n}\n'
SHIM = """\
namespace host {
ffi_port::Tensor twice(const ffi_port::Tensor& x) { return x; }
}
Tensor twice_ffi(TensorView x) {
  return guarded([&] { return to_ffi(host::twice(from_ffi(x))); });
}
TVM_FFI_DLL_EXPORT_TYPED_FUNC(twice, twice_ffi);
"""
ADAPTOR = '_twice = bind("twice")\n\n\ndef twice(x):\n    """twice(x)\n"""\n    return _twice(x)\n'
SOURCES = {
    "csrc/a.cu": Source(KERNEL, KERNEL.replace("torch", "ffi_port")),
    "csrc/b.cpp": Source(BINDING, None),
    "csrc/ffi/a_ffi.cc": Source(None, SHIM),
    "lib/_C/__init__.py": Source(None, ADAPTOR),
    "bridge/csrc/a.cu": Source(None, KERNEL),
}
ROW = OperatorRow(
    "lib._C:twice", "function", "twice", "lib._C", "csrc/b.cpp", 2,
    "torch::Tensor twice(const torch::Tensor & x)", "raw", "syntax", "",
    ("csrc/a.cu", "csrc/ffi/a_ffi.cc", "lib/_C/__init__.py"), (),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("twice", ((4, 8),)),  # with its comment; not its calls
        ("thrice", ((10, 10),)),
        ("helper", ()),
        ("CHECK", ()),
    ],
)
def test_definitions(name: str, lines: Any) -> None:
    assert definitions(KERNEL, name) == lines


def test_a_declaration_counts_where_nothing_is_defined() -> None:
    assert definitions("int g();\nvoid f(int x,\n       int y);\n", "f") == ((2, 3),)
    assert definitions("void f(int x);\nvoid f(int x) {}\n", "f") == ((2, 2),)


@pytest.mark.parametrize("text", ["", "f(", "void f(", "void f(((", "void f) {", 'void f("', "/* void f("])
def test_broken_text_has_no_definition(text: str) -> None:
    assert definitions(text, "f") == ()
    assert statement_lines(text, 1) == (1, 1)
    assert statement_lines(text, 99)[0] == 99


def test_a_statement_ends_where_its_brackets_close() -> None:
    assert statement_lines(BINDING, 2) == (2, 3)


def test_python_lines() -> None:
    assert python_lines(ADAPTOR, "twice") == ((1, 1), (4, 7))
    assert python_lines("def broken(:\n", "broken") == ()


def test_sheets() -> None:
    found = {sheet.kind: sheet for sheet in sheets_of(ROW, SOURCES)}
    assert list(found) == ["source", "shim", "adaptor"]
    assert [place.lines for place in found["source"].after] == [((4, 8),)]
    assert [(place.path, place.lines) for place in found["shim"].before] == [
        ("csrc/b.cpp", ((2, 3),)),
        ("csrc/a.cu", ((4, 8),)),  # the host code that the shim took over
    ]
    assert found["shim"].after[0].lines == ((2, 2), (4, 6), (7, 7))


def test_a_bridged_copy_is_compared_with_its_original() -> None:
    row = OperatorRow(**{**ROW.__dict__, "tier": "bridge", "files": ("bridge/csrc/a.cu",)})
    (sheet, binding) = sheets_of(row, SOURCES)
    assert (sheet.before[0].path, sheet.after[0].path) == ("csrc/a.cu", "bridge/csrc/a.cu")
    assert binding.kind == "binding"


def test_a_manual_operator_shows_its_original() -> None:
    row = OperatorRow(**{**ROW.__dict__, "tier": "manual", "files": ()})
    (sheet,) = sheets_of(row, SOURCES)
    assert (sheet.kind, sheet.before[0].path) == ("binding", "csrc/b.cpp")


def review(*verdicts: str) -> Review:
    rows = {samples.operator(f"op{n}"): "raw" for n in range(3)}
    report = summarise(samples.project(), samples.model(*rows), samples.plan(rows))
    known = {
        row.id: Verdict(row.id, row.name, row.module, verdict, 100, 99, 3, "0x1 != 0x2")
        for row, verdict in zip(report.operators, verdicts)
    }
    return Review("tree", report, known, {}, {"csrc/a.cu": SOURCES["csrc/a.cu"]})


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("Equal", "Close", "Equal"), 0),
        (("Equal", "Equal"), 1),  # one was not run
        (("Equal", "Equal", "Different"), 1),
    ],
)
def test_exit_code(verdicts: tuple[str, ...], code: int) -> None:
    assert exit_code(review(*verdicts)) == code


def test_not_run_is_said() -> None:
    value = review_to_dict(review("Equal", "Different"))
    assert value["proof"] == {"Equal": 1, "Close": 0, "Different": 1, "Crashed": 0, "NotRun": 1}
    assert [item["verdict"] and item["verdict"]["ran"] for item in value["operators"]] == [99, 99, None]
    text = review_text(review("Equal", "Different"))
    assert "1 to look at" in text
    assert "0x1 != 0x2" in text


def test_a_source_is_stored_once() -> None:
    data = page_data(review())
    assert list(data["files"]) == ["csrc/a.cu"]
    assert data["diffs"]["csrc/a.cu"]["from"] == "csrc/a.cu"
    assert data["diffs"]["csrc/a.cu"]["changes"] == [[4, 5, 4, 5], [9, 10, 9, 10]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    found = review()
    (tmp_path / ".migrate").mkdir()
    (tmp_path / state.REPORT).write_text(report_to_json(found.report))
    state.keep_results(tmp_path, Verdicts((Verdict("pkg._C.op0", "op0", "pkg._C", "Equal", 100, 100),)))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["report", *map(str, arguments)], standalone_mode=False)


def test_the_verb(tree: Path) -> None:
    result = run("-C", tree, "--format", "json")
    assert result.return_value == 1
    assert json.loads(result.stdout)["operators"][0]["verdict"]["verdict"] == "Equal"
    assert "op0" not in run("-C", tree).stdout, "what is well is only counted"
    page = run("-C", tree, "--html").stdout
    assert page.startswith("<!doctype html>")


def test_output_goes_to_a_file(tree: Path) -> None:
    result = run("-C", tree, "--html", "-o", tree / "report.html")
    assert result.stdout == ""
    assert (tree / "report.html").read_text().startswith("<!doctype html>")
    failed = run("-C", tree, "-o", tree / "no" / "such" / "report.html")
    assert "cannot be written" in str(failed.exception)
    assert sorted(path.name for path in tree.iterdir()) == [".migrate", "report.html"]
