"""The comparison itself is compared: good code is Equal, and every planted fault is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hand_made_tree import ADAPTOR, SHIM, make_tree, plant

from migrate.build import build
from migrate.compare import compare
from migrate.model.verdicts import Verdict

pytestmark = pytest.mark.e2e
pytest.importorskip("torch")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good tree, built once: torch's headers cost most of the time."""
    tree = make_tree(tmp_path_factory.mktemp("hand_made") / "tree")
    artifacts = build(tree)
    assert all(item.ok for item in artifacts.items), artifacts
    return tree


@pytest.fixture
def tree(built: Path, tmp_path: Path) -> Path:
    return make_tree(tmp_path / "a tree", built)


def verdict(tree: Path, operator: str, **options: float) -> Verdict:
    artifacts = build(tree, [operator])
    assert all(item.ok for item in artifacts.items), artifacts
    (found,) = compare(tree, artifacts, [operator], **options).items  # type: ignore[arg-type]
    return found


def test_good_code_is_equal(tree: Path) -> None:
    verdicts = compare(tree, build(tree)).items
    assert [(item.name, item.verdict) for item in verdicts] == [("soften", "Equal"), ("accumulate_", "Equal")]
    for item in verdicts:
        assert item.ran >= 100
        assert item.ran - item.raised_both >= item.ran // 2


_SOFT, _SUM = "soften", "accumulate_"
_RUN = "x.size(1), x.stride(0), eps)"
_TAKES = '_tensor("soften", x)'
_CALL = 'return _backend.library.soften(x, scale, _float("soften", eps))'
_RATIO = """weight * value / std::sqrt(value * value + static_cast<float>(eps))"""
_COUNTED = """globals().update(n=globals().get('n', 0) + 1)
    return y if n % 7 else None
"""

FAULTS = {
    "wrong stride": (_SOFT, SHIM, _RUN, "x.size(1), x.size(1), eps)"),
    "swapped arguments": (_SUM, ADAPTOR, "accumulate_(y, x, _int", "accumulate_(x, y, _int"),
    "dropped check": (_SUM, SHIM, "if (factor < 0)", "if (false)"),
    "segfault": (_SUM, SHIM, "to = pointer<float>(y)", "to = total ? nullptr : pointer<float>(y)"),
    "dropped contiguity check": (_SOFT, SHIM, "if (x.stride(1) != 1)", "if (false)"),
    "wrong dtype branch": (_SOFT, SHIM, "run<_Float16>", "run<BFloat16>"),
    "missing dtype branch": (_SOFT, SHIM, "type.code == kDLBfloat)", "false)"),
    "wrong class": (_SUM, SHIM, "TVM_FFI_THROW(ValueError)", "TVM_FFI_THROW(RuntimeError)"),
    "wrong text": (_SOFT, SHIM, "must have one entry", "must have an entry"),
    "another object": (_SUM, ADAPTOR, "return y\n", "return y.view_as(y)\n"),
    "a copy": (_SUM, ADAPTOR, "return y\n", "return y.clone()\n"),
    "a tuple": (_SOFT, ADAPTOR, _CALL, f"return ({_CALL[7:]},)"),
    "result strides": (_SOFT, ADAPTOR, _CALL, f"{_CALL}.t().contiguous().t()"),
    "unwritten tail": (_SOFT, SHIM, "x.size(0), " + _RUN, "x.size(0) - 1, " + _RUN),
    "changed input": (_SOFT, ADAPTOR, _TAKES, f"{_TAKES}.detach().abs_()"),
    "other default": (_SOFT, ADAPTOR, "eps=1e-6", "eps=1e-5"),
    "other keyword": (_SUM, ADAPTOR, "(y, x, factor=1)", "(y, x, scale=1, factor=1)"),
    "random numbers drawn": (_SOFT, ADAPTOR, _TAKES, "torch.rand(1)"),
    "default dtype": (_SOFT, ADAPTOR, _TAKES, "torch.set_default_dtype(torch.float64)"),
    "one bit": (_SOFT, SHIM, _RATIO, _RATIO.replace("value / ", "(value / ") + ")"),
    "not repeatable": (_SUM, ADAPTOR, "return y\n", _COUNTED),
    "write outside": (_SUM, SHIM, "i < total; ++i", "i < total + (total > 0); ++i"),
}
# The faults that every run plants; all of them with MIGRATE_CAMPAIGN set, which takes two minutes.
SAMPLE = ("wrong stride", "swapped arguments", "dropped check", "unwritten tail", "write outside")
PLANTED = tuple(FAULTS) if os.environ.get("MIGRATE_CAMPAIGN") else SAMPLE


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_fault_is_found(tree: Path, fault: str) -> None:
    operator, *change = FAULTS[fault]
    plant(tree, *change)
    found = verdict(tree, operator)
    assert found.verdict == ("Crashed" if fault == "segfault" else "Different"), found
    assert found.worst or fault == "segfault"
    assert "see .migrate/repro/" in found.reason


def test_repro_script_shows_the_difference_and_its_absence(tree: Path) -> None:
    plant(tree, SHIM, "x.size(1), x.stride(0), eps)", "x.size(1), x.size(1), eps)")
    assert verdict(tree, "soften").verdict == "Different"
    script = tree / ".migrate/repro/soft_soften.py"
    assert str(tree) not in script.read_text(encoding="utf-8")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "--- original" in run.stdout
    plant(tree, SHIM, "x.size(1), x.size(1), eps)", "x.size(1), x.stride(0), eps)")
    build(tree)
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_crash_is_a_verdict_and_the_rest_goes_on(tree: Path) -> None:
    plant(tree, SHIM, "float* to = pointer<float>(y);", "float* to = total ? nullptr : pointer<float>(y);")
    crashed, equal = sorted(compare(tree, build(tree)).items, key=lambda item: item.name)
    assert (crashed.verdict, equal.verdict) == ("Crashed", "Equal")
    assert "SIGSEGV" in crashed.reason


def test_abort_is_a_verdict(tree: Path) -> None:
    plant(tree, SHIM, "if (factor < 0) {", "if (factor < 0) {\n    std::terminate();")
    found = verdict(tree, "accumulate_")
    assert found.verdict == "Crashed"
    assert "SIGABRT" in found.reason


def test_hang_is_a_crash_with_the_time_limit_as_reason(tree: Path) -> None:
    plant(tree, SHIM, "if (factor < 0) {", "if (factor < 0) {\n    for (volatile int i = 0;; i = i + 1) {}")
    found = verdict(tree, "accumulate_", time_limit=1.0)
    assert found.verdict == "Crashed"
    assert "time limit" in found.reason


def test_module_that_does_not_import_is_crashed(tree: Path) -> None:
    plant(tree, ADAPTOR, "import operator\n", "import operator\nimport no_such_module\n")
    found = verdict(tree, "soften")
    assert found.verdict == "Crashed"
    assert "no_such_module" in found.reason


def test_compiler_failure_is_an_artifact_and_nothing_is_run(tree: Path) -> None:
    plant(tree, SHIM, "bool is_float(", "int no_such_type is_float(")
    artifacts = build(tree)
    original, migrated = artifacts.items
    assert original.ok
    assert not migrated.ok
    assert "error" in migrated.reason
    assert (tree / migrated.log).is_file()
    assert {item.verdict for item in compare(tree, artifacts).items} == {"NotRun"}


def test_case_file_adds_cases_and_tolerance(tree: Path) -> None:
    plant(tree, *FAULTS["one bit"][1:])
    cases = tree / "tests/cases/soft.json"
    cases.parent.mkdir(parents=True)
    halves = {"x": {"shape": [4, 64], "dtype": "float16"}, "scale": {"shape": [64], "dtype": "float16"}}
    case = {"args": halves}
    tolerance = {"absolute": 1e-2, "relative": 1e-1, "reason": "one rounding less"}
    cases.write_text(json.dumps({"operators": {"soften": {"cases": [case], "tolerance": tolerance}}}))
    found = verdict(tree, "soften")
    assert found.verdict == "Close", found


def test_second_build_does_nothing(tree: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (tree / ".migrate/build").rglob("*.so")}
    assert all(item.ok for item in build(tree).items)
    assert before == {path: path.stat().st_mtime_ns for path in (tree / ".migrate/build").rglob("*.so")}
