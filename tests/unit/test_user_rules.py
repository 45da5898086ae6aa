"""Rules from the user's file: read, checked, applied, and named when nothing uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pytest

from migrate.errors import UsageError
from migrate.model.project import Project, SourceFile
from migrate.pipeline import Analysis, Request, analyse, migrate
from migrate.render import render
from migrate.scan import read_settings
from migrate.text.suppressions import find_suppressions

HEAD = "#include <torch/extension.h>\n#include <mylib/torch_utils.h>\n"
MODULE = 'PYBIND11_MODULE(ops, m) { m.def("f", &f); }\n'


def tree(folder: Path, source: str, rules: str = "", file: str = "migrate.toml") -> Analysis:
    (folder / "ops.cpp").write_text(HEAD + source + MODULE)
    (folder / file).write_text(rules)
    return analyse(Request(folder, "cpu"))


def outcome(analysis: Analysis, name: str = "f") -> tuple[str, str]:
    rows = (row for row in analysis.report.operators if row.name == name)
    row = next(rows)
    return row.tier, row.reason


def text_of(analysis: Analysis) -> str:
    """All C++ that is written, whichever file it went to."""
    files = render(analysis.project, analysis.model, analysis.plan)
    rows = (data.decode() for path, data in files.write.items() if path.endswith((".cpp", "_ffi.cc")))
    return "\n".join(rows)


CHECKED = "at::Tensor f(at::Tensor x) { MY_CHECK(x.device() == at::kCPU); return x; }\n"
CHECK_ROW = '[[macro]]\nname = "MY_CHECK"\nkind = "check"\n'
HELPED = "at::Tensor f(at::Tensor x) { return mylib::twice(x); }\n"
NAME_ROW = """
[[name]]
name = "mylib::twice"
becomes = "mylib_ffi::twice"
header = "mylib/twice_ffi.h"
declare = "namespace mylib { at::Tensor twice(const at::Tensor& x); }"
"""


def test_without_a_row_an_outside_macro_is_left_as_it_is(tmp_path: Path) -> None:
    text = text_of(tree(tmp_path, CHECKED))
    assert "MY_CHECK(" in text
    assert "FFI_CHECK" not in text


def test_a_check_macro_becomes_ours_and_prints_what_it_printed(tmp_path: Path) -> None:
    analysis = tree(tmp_path, CHECKED, CHECK_ROW)
    assert outcome(analysis)[0] in ("raw", "view")
    assert 'FFI_CHECK_AS("x.device() == at::kCPU", x.device() == ffi_port::kCPU)' in text_of(analysis)
    assert "ffi_port/error.h" in text_of(analysis)


def test_a_check_macro_may_become_the_users(tmp_path: Path) -> None:
    row = CHECK_ROW + 'becomes = "MY_FFI_CHECK"\nheader = "mylib/ffi_check.h"\n'
    text = text_of(tree(tmp_path, CHECKED, row))
    assert "MY_FFI_CHECK(x.device() == ffi_port::kCPU)" in text
    assert '#include "mylib/ffi_check.h"' in text


def test_a_check_macro_constrains_the_generated_cases(tmp_path: Path) -> None:
    source = 'at::Tensor f(at::Tensor x) { MY_CHECK(x.dim() == 2, "rank"); return x; }\n'
    (tmp_path / "tree").mkdir()
    tree(tmp_path / "tree", source, CHECK_ROW)
    migrate(Request(tmp_path / "tree", "cpu"), tmp_path / "out")
    assert '"ndim"' in (tmp_path / "out" / ".migrate" / "manifest.json").read_text()


def test_a_dispatch_macro(tmp_path: Path) -> None:
    source = (
        'void f(at::Tensor x) { MY_DISPATCH(x.scalar_type(), "f", [&] { (void)x.data_ptr<scalar_t>(); }); }\n'
    )
    row = '[[macro]]\nname = "MY_DISPATCH"\nkind = "dispatch"\nlike = "AT_DISPATCH_ALL_TYPES"\n'
    analysis = tree(tmp_path, source, row)
    assert outcome(analysis)[0] in ("raw", "view"), outcome(analysis)
    assert "FFI_DISPATCH_ALL_TYPES(" in text_of(analysis)


def test_a_launch_check_macro(tmp_path: Path) -> None:
    row = '[[macro]]\nname = "MY_LAUNCH_CHECK"\nkind = "launch"\n'
    analysis = tree(tmp_path, "void f(at::Tensor x) { MY_LAUNCH_CHECK(); }\n", row)
    assert outcome(analysis)[0] in ("raw", "view"), outcome(analysis)
    assert "FFI_CUDA_KERNEL_LAUNCH_CHECK()" in text_of(analysis)


def test_a_plain_macro_keeps_its_name(tmp_path: Path) -> None:
    row = (
        '[[macro]]\nname = "MY_DEFAULT"\nkind = "plain"\ndefine = "MY_DEFAULT(n) (n)"\nheader = "mylib/m.h"\n'
    )
    analysis = tree(tmp_path, "int64_t f(at::Tensor x) { return MY_DEFAULT(x.size(0)); }\n", row)
    assert outcome(analysis)[0] in ("raw", "view"), outcome(analysis)
    assert "MY_DEFAULT(x.size(0))" in text_of(analysis)
    assert '#include "mylib/m.h"' in text_of(analysis)


def test_a_tensor_helper(tmp_path: Path) -> None:
    assert outcome(tree(tmp_path, HELPED))[0] == "bridge"
    analysis = tree(tmp_path, HELPED, NAME_ROW)
    assert outcome(analysis)[0] in ("raw", "view")
    assert "return mylib_ffi::twice(x);" in text_of(analysis)
    assert '#include "mylib/twice_ffi.h"' in text_of(analysis)


def test_a_helper_of_the_tree_that_needs_torch_is_replaced(tmp_path: Path) -> None:
    own = "namespace mylib { at::Tensor twice(const at::Tensor& x) { return x.inverse(); } }\n"
    assert "torch compute" in outcome(tree(tmp_path, own + HELPED))[1]
    analysis = tree(tmp_path, own + HELPED, NAME_ROW.replace("declare", "# declare"))
    assert outcome(analysis)[0] in ("raw", "view")
    assert "x.inverse" not in text_of(analysis)


def test_a_torch_function_that_has_no_row(tmp_path: Path) -> None:
    source = "at::Tensor f(at::Tensor x) { return torch::diff(x, 1); }\n"
    assert outcome(tree(tmp_path, source))[0] == "bridge"
    row = '[[name]]\nname = "at::diff"\nbecomes = "mylib_ffi::diff"\nheader = "mylib/diff.h"\n'
    analysis = tree(tmp_path, source, row)
    assert outcome(analysis)[0] in ("raw", "view"), outcome(analysis)
    assert "mylib_ffi::diff(x, 1)" in text_of(analysis)


def test_a_torch_function_that_the_host_would_compute(tmp_path: Path) -> None:
    source = "at::Tensor f(at::Tensor x) { return torch::cumsum(x, 0); }\n"
    assert "ffi_port::cumsum(x, 0)" in text_of(tree(tmp_path, source))
    row = '[[name]]\nname = "at::cumsum"\nbecomes = "mylib_ffi::cumsum"\nheader = "mylib/cumsum.h"\n'
    analysis = tree(tmp_path, source, row)
    assert outcome(analysis)[0] in ("raw", "view"), outcome(analysis)
    assert "mylib_ffi::cumsum(x, 0)" in text_of(analysis)
    assert [row.message for row in analysis.plan.diagnostics if row.id == "MIG321"] == []


def test_a_header_is_swapped_or_leaves(tmp_path: Path) -> None:
    source = "int g() { return 1; }\nint64_t f(at::Tensor x) { return x.size(0) + g(); }\n"
    row = '[[header]]\ninclude = "mylib/torch_utils.h"\nbecomes = "mylib/ffi_utils.h"\n'
    text = text_of(tree(tmp_path, source, row))
    assert '#include "mylib/ffi_utils.h"' in text
    assert "torch_utils" not in text


IGNORE = '[[ignore]]\noperator = "f"\nreason = "only the old tests call it"\n'


def test_an_ignored_operator_needs_no_human_and_stays_callable(tmp_path: Path) -> None:
    source = "at::Tensor f(at::Tensor x) { return x.det(); }\nint64_t g(at::Tensor x) { return x.dim(); }\n"
    module = 'PYBIND11_MODULE(ops, m) { m.def("f", &f); m.def("g", &g); }\n'
    (tmp_path / "ops.cpp").write_text(HEAD + source + module)
    (tmp_path / "migrate.toml").write_text(IGNORE)
    analysis = analyse(Request(tmp_path, "cpu"))
    assert outcome(analysis) == ("ignored", "only the old tests call it")
    totals = analysis.report.totals
    assert totals["found"] == totals["raw"] + totals["view"] + totals["ignored"] == 2
    assert analysis.report.exit_code == 0
    files = render(analysis.project, analysis.model, analysis.plan)
    adaptor = next(data.decode() for path, data in files.write.items() if path.endswith("ops/__init__.py"))
    assert "f = _original.f" in adaptor
    assert "MIGRATE-TODO" not in adaptor


def test_an_ignored_class_needs_no_human(tmp_path: Path) -> None:
    source = "struct S { int n; };\n"
    module = 'PYBIND11_MODULE(ops, m) { py::class_<S>(m, "S"); }\n'
    (tmp_path / "ops.cpp").write_text(HEAD + "namespace py = pybind11;\n" + source + module)
    (tmp_path / "migrate.toml").write_text(IGNORE.replace('"f"', '"S"'))
    report = analyse(Request(tmp_path, "cpu")).report
    assert [row.tier for row in report.operators] == ["ignored"]
    assert report.exit_code == 0


MANUAL = "{at}at::Tensor f(at::Tensor x, pybind11::object y) {{ return x; }}\n"


def test_a_suppressed_operator_is_ignored_with_the_reason(tmp_path: Path) -> None:
    source = MANUAL.format(at="// migrate: ignore[MIG301] -- deleted in the next release\n")
    analysis = tree(tmp_path, source)
    assert outcome(analysis)[0] == "ignored"
    assert outcome(analysis)[1].startswith("deleted in the next release (")
    assert analysis.report.exit_code == 0
    assert not [d for d in analysis.report.diagnostics if d.id in ("MIG301", "MIG131", "MIG132")]


@pytest.mark.parametrize(
    ("comment", "id_", "said"),
    [
        ("// migrate: ignore[MIG310] -- not launched here", "MIG131", "answers no finding"),
        ("// migrate: ignore[MIG999] -- no such id", "MIG131", "answers no finding"),
        ("// migrate: ignore[MIG301]", "MIG132", "has no reason"),
    ],
)
def test_a_suppression_that_answers_nothing_is_reported(
    tmp_path: Path, comment: str, id_: str, said: str
) -> None:
    analysis = tree(tmp_path, MANUAL.format(at=comment + "\n"))
    assert outcome(analysis)[0] == "manual"
    found = [d.message for d in analysis.report.diagnostics if d.id == id_]
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("id_", ["MIG150", "MIG302", "MIG450"])
def test_what_only_a_run_can_say_is_not_judged_by_a_scan(tmp_path: Path, id_: str) -> None:
    analysis = tree(tmp_path, MANUAL.format(at=f"// migrate: ignore[{id_}] -- done by hand\n"))
    assert not [d for d in analysis.report.diagnostics if d.id == "MIG131"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("// migrate: ignore[MIG310] -- why\nint a;\n", "int a;\n"),
        ("  # migrate: ignore[MIG310] -- why\r\nint a;\r\n", "int a;\r\n"),
        ("int a;  // migrate: ignore[MIG310] -- why\nint b;", "int a;\nint b;"),
        ("int a; /* migrate: ignore[MIG310] -- why */\r\n", "int a;\r\n"),
        ("/* migrate: ignore[MIG310] -- why */ int a;\n", None),  # code follows
        ("// migrate: ignore[MIG310, MIG311] -- why\nint a;\n", None),  # the other id may be used
        ("x\x0by\x85z\nint a; // migrate: ignore[MIG310] -- why\n", "x\x0by\x85z\nint a;\n"),
    ],
)
def test_the_fix_of_a_suppression_takes_the_comment_away(before: str, after: Optional[str]) -> None:
    data = before.encode("latin-1")
    file = SourceFile("a.cpp", "source", data)
    (row, *_) = find_suppressions(Project(Path(), "cpu", (file,), (), ()))
    if after is None:
        assert row.removal is None
        return
    assert row.removal is not None
    edit = row.removal
    assert data[: edit.start] + edit.text.encode() + data[edit.end :] == after.encode("latin-1")


def test_rows_that_match_nothing_are_named_with_their_line(tmp_path: Path) -> None:
    rows = (
        '[[macro]]\nname = "NEVER"\nkind = "check"\n\n[[name]]\nname = "at::never"\n\n'
        '[[header]]\ninclude = "never.h"\n\n[[ignore]]\noperator = "never"\nreason = "x"\n'
    )
    analysis = tree(tmp_path, "int64_t f(at::Tensor x) { return x.dim(); }\n", rows)
    found = [(d.file, d.line) for d in analysis.report.diagnostics if d.id == "MIG130"]
    assert sorted(found) == [("migrate.toml", line) for line in (1, 5, 8, 11)]


def test_used_rows_are_not_named(tmp_path: Path) -> None:
    analysis = tree(tmp_path, HELPED, NAME_ROW + '[[header]]\ninclude = "mylib/torch_utils.h"\n')
    assert not [d for d in analysis.report.diagnostics if d.id == "MIG130"]


def test_pyproject_and_settings(tmp_path: Path) -> None:
    rules = '[tool.migrate]\nbackend = "cuda"\ndefines = ["A=1"]\n'
    rules += '[[tool.migrate.macro]]\nname = "X"\nkind = "plain"\n'
    (tmp_path / "pyproject.toml").write_text(rules)
    settings = read_settings(tmp_path)
    assert (settings.backend, settings.defines) == ("cuda", ("A=1",))
    assert (settings.rules.file, settings.rules.macros[0].line) == ("pyproject.toml", 4)
    (tmp_path / "ops.cpp").write_text(HEAD)
    project = analyse(Request(tmp_path)).project
    assert (project.backend, project.defines) == ("cuda", ("A=1",))
    assert analyse(Request(tmp_path, "cpu", ("B",))).project.defines == ("A=1", "B")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("[[name]\n", "migrate.toml cannot be read"),
        ('colour = "red"\n', "migrate.toml:1: unknown key 'colour'. Known are backend"),
        ('\nbackend = "gpu"\n', "migrate.toml:2: backend = 'gpu' is none. It is one of cpu"),
        ("defines = 3\n", "migrate.toml:1: defines is no list"),
        ('[[name]]\nbecomes = "x"\n', "migrate.toml:1: [[name]] lacks 'name'"),
        ('[[name]]\nname = "a"\n\n[[name]]\nname = "a"\n', "migrate.toml:4: [[name]] 'a' stands twice"),
        ('[[name]]\nname = "a b"\n', "migrate.toml:1: 'a b' is not a C++ name"),
        ('[[name]]\nname = "a"\ncolour = "x"\n', "[[name]] has no key 'colour'. Its keys are name"),
        ('[[ignore]]\noperator = "f"\n', "[[ignore]] lacks 'reason'. Add reason"),
        ('[[macro]]\nname = "M"\nkind = "odd"\n', "kind = 'odd' is none. It is one of check"),
        ('[[macro]]\nname = "M"\nkind = "dispatch"\n', 'Add like = "AT_DISPATCH_FLOATING_TYPES"'),
        ('[[macro]]\nname = "M"\nkind = "check"\nlike = "TORCH_X"\n', "`migrate map TORCH_X` tells"),
        ('[[macro]]\nname = "M"\nkind = "plain"\ndefine = "N(x) x"\n', "define does not start with M"),
        ('name = "x"\n', "name is no list of rows. Write [[name]]"),
    ],
)
def test_a_wrong_file_is_one_error_with_a_place_and_a_next_step(
    tmp_path: Path, rules: str, said: str
) -> None:
    (tmp_path / "migrate.toml").write_text(rules)
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_declaration_that_does_not_parse_is_named(tmp_path: Path) -> None:
    rules = '\n\n[[name]]\nname = "a::b"\ndeclare = "namespace a { Unheard b(); }"\n'
    with pytest.raises(UsageError, match=r'migrate.toml:3: declare of \[\[name\]\] "a::b" does not parse'):
        tree(tmp_path, HELPED, rules)
