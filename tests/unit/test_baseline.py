"""What lives with a half-migrated tree in CI: baselines, annotations, fixes for code scanning."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samples
from click.testing import CliRunner, Result

from migrate.cli import commands
from migrate.errors import UsageError
from migrate.model.source import Diagnostic, Edit
from migrate.pipeline import Request, analyse
from migrate.report import Report
from migrate.report.baseline import (
    baseline_from_json,
    baseline_of,
    baseline_to_json,
    beyond,
    fingerprint,
    gone,
)
from migrate.report.github import report_to_github
from migrate.report.sarif import report_to_sarif

MANUAL = samples.MANUAL


def report(*said: Diagnostic) -> Report:
    return Report((), (), said, ())


def test_a_baseline_survives_its_file() -> None:
    written = baseline_of(report(MANUAL, MANUAL, samples.NOTE))
    assert baseline_from_json(baseline_to_json(written), "x") == written


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 2}', '{"schema_version": 1}'])
def test_another_file_is_no_baseline(text: str) -> None:
    with pytest.raises(UsageError, match="x is no baseline"):
        baseline_from_json(text, "x")


def test_a_finding_is_known_wherever_it_moves() -> None:
    moved = replace(MANUAL, line=70, message=f"{MANUAL.message} at csrc/a.cu:70:2 in line 9")
    placed = replace(MANUAL, message=f"{MANUAL.message} at csrc/a.cu:7:3 in line 12")
    assert fingerprint(moved) == fingerprint(placed) != fingerprint(MANUAL)
    left = beyond(report(moved), baseline_of(report(placed)))
    assert (left.diagnostics, left.exit_code) == ((), 0)


def test_one_more_of_the_same_is_new() -> None:
    again = replace(MANUAL, line=90)
    left = beyond(report(MANUAL, again), baseline_of(report(MANUAL)))
    assert (left.diagnostics, left.exit_code) == ((again,), 1)
    assert gone(report(), baseline_of(report(MANUAL, again))) == 2


def test_what_could_not_be_processed_is_never_known() -> None:
    broken = report(samples.ERROR)
    assert beyond(broken, baseline_of(broken)).exit_code == 2


SOURCE = """\
#include <ATen/cuda/CUDAContext.h>
#include <torch/extension.h>
__global__ void k(float* x) { x[0] = 1; }
void scale(at::Tensor x, int n) {
  const at::cuda::OptionalCUDAGuard guard(x.device());
  k<<<1, 32>>>(x.data_ptr<float>());
  k<<<dim3(1, 2), 32, sizeof(float) * n>>>(x.data_ptr<float>());
}
at::Tensor odd(at::Tensor x, pybind11::object y) { return x; }
PYBIND11_MODULE(ops, m) { m.def("scale", &scale); m.def("odd", &odd); }
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "ops.cu").write_text(SOURCE)
    return tmp_path / "tree"


def scan(*arguments: object) -> Result:
    return CliRunner().invoke(commands, ["scan", *map(str, arguments)], standalone_mode=False)


def test_only_new_findings_fail(tree: Path, tmp_path: Path) -> None:
    known = tmp_path / "baseline.json"
    assert scan(tree).return_value == 1
    written = scan(tree, "--write-baseline", known)
    assert (written.return_value, written.exception) == (0, None)
    source = (tree / "ops.cu").read_text()
    (tree / "ops.cu").write_text("// a line more\n" + source)
    again = scan(tree, "--baseline", known, "--format", "json")
    assert again.return_value == 0
    assert json.loads(again.stdout)["diagnostics"] == []
    assert json.loads(again.stdout)["totals"]["manual"] == 1, "the accounts stay whole"
    (tree / "ops.cu").write_text(source.replace("m.def", 'm.def("odder", &odd); m.def', 1))
    more = scan(tree, "--baseline", known, "--format", "json")
    assert more.return_value == 1
    assert {row["id"] for row in json.loads(more.stdout)["diagnostics"]} == {"MIG301"}
    (tree / "ops.cu").write_text(source.replace('m.def("odd", &odd);', ""))
    assert "of the baseline are gone" in scan(tree, "--baseline", known).stderr


def test_a_baseline_that_is_not_there(tree: Path, tmp_path: Path) -> None:
    assert "cannot be read" in str(scan(tree, "--baseline", tmp_path / "none.json").exception)


def test_annotations_say_the_gravest_first_and_escape() -> None:
    odd = Diagnostic("MIG120", "note", "a,b:c.cu", 0, 0, "100 %\nof it", "do: this")
    lines = report_to_github(report(odd, MANUAL, samples.ERROR)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert lines[2] == (
        "::notice file=a%2Cb%3Ac.cu,line=1,col=1,title=MIG120 backend chosen::100 %25%0Aof it. do: this"
    )


def test_scan_prints_annotations(tree: Path) -> None:
    result = scan(tree, "--format", "github")
    assert "::warning file=ops.cu,line=9," in result.stdout
    assert all(line.startswith("::") for line in result.stdout.splitlines())


def test_the_fix_of_a_launch_is_its_stream(tree: Path) -> None:
    (found,) = (row for row in analyse(Request(tree)).report.diagnostics if row.id == "MIG311")
    data = SOURCE
    for edit in sorted(found.fix, reverse=True):
        data = data[: edit.start] + edit.text + data[edit.end :]
    assert "k<<<1, 32, 0, at::cuda::getCurrentCUDAStream()>>>(" in data
    assert "k<<<dim3(1, 2), 32, sizeof(float) * n, at::cuda::getCurrentCUDAStream()>>>(" in data
    (tree / "ops.cu").write_text(data)
    assert not [row for row in analyse(Request(tree)).report.diagnostics if row.id == "MIG311"]


@pytest.mark.parametrize(
    ("before", "after", "given"),
    [
        ("#include <ATen/cuda/CUDAContext.h>\n", "", "1, 32>"),  # the name would have no header
        (
            "__global__ void k(",
            "#define LAUNCH 1, 32\n__global__ void k(",
            "LAUNCH>",
        ),  # how many arguments is not seen
    ],
)
def test_no_fix_where_the_edit_is_not_known(tree: Path, before: str, after: str, given: str) -> None:
    (tree / "ops.cu").write_text(SOURCE.replace(before, after).replace("1, 32>", given))
    found = [row.fix for row in analyse(Request(tree)).report.diagnostics if row.id == "MIG311"]
    assert found == [()]


def test_sarif_carries_the_fixes() -> None:
    edits = (Edit("b c.cu", 9, 9, ", s"), Edit("a.cu", 3, 5, ""))
    (run,) = json.loads(report_to_sarif(report(replace(MANUAL, fix=edits), samples.NOTE)))["runs"]
    fixed, plain = run["results"]
    assert "fixes" not in plain
    changes: list[Any] = fixed["fixes"][0]["artifactChanges"]
    assert [change["artifactLocation"]["uri"] for change in changes] == ["a.cu", "b%20c.cu"]
    assert changes[0]["replacements"] == [
        {"deletedRegion": {"byteOffset": 3, "byteLength": 2}, "insertedContent": {"text": ""}}
    ]
    assert fixed["partialFingerprints"]["migrate/v1"] == fingerprint(MANUAL)
