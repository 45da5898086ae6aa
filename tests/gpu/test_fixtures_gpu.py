"""The CUDA modules of the fixtures, compared on a device. Not run where there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def migrate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "migrate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("fixture", "module"), [("norm", "fastnorm.jit.module_norm_cuda"), ("conv1d", "shortconv_cuda")]
)
def test_every_cuda_operator_is_equal(fixture: str, module: str, tmp_path: Path) -> None:
    tree = tmp_path / fixture
    migrate("run", f"fixtures/{fixture}", "--out", str(tree))
    done = migrate("test", "-C", str(tree), "--format", "json", module)
    rows = json.loads(done.stdout)["operators"]
    assert rows
    assert {row["id"]: row["verdict"] for row in rows if row["verdict"] != "Equal"} == {}


@pytest.mark.gpu
def test_the_sanitizer_finds_nothing_in_an_equal_operator(tmp_path: Path) -> None:
    """Situations (side stream, busy default stream, graph) are part of every comparison on a device."""
    tree, operator = tmp_path / "norm", "fastnorm.jit.module_norm_cuda:rms_norm"
    migrate("run", "fixtures/norm", "--out", str(tree))
    done = migrate("test", "-C", str(tree), "--sanitize", "--format", "json", operator)
    (row,) = json.loads(done.stdout)["operators"]
    assert row["verdict"] == "Equal", row
    if "compute-sanitizer is not on PATH" in row["reason"]:
        pytest.skip(f"not run: {row['reason']}")
    assert "not sanitized" not in row["reason"], row
