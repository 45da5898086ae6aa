"""The sanitizer's run: one process, the calls of every operator, and whose a finding is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from migrate.compare.call import Call, Value
from migrate.compare.protocol import LoadedBy
from migrate.compare.sanitize import MARK, Job, findings, sanitize, with_findings
from migrate.model.verdicts import Verdict

pytest.importorskip("torch")

OUTPUT = f"""\
========= COMPUTE-SANITIZER
{MARK}m:good
{MARK}m:bad
========= Invalid __global__ write of size 4 bytes
=========     at void kernel<float>(float*)+0x50
========= Invalid __global__ read of size 4 bytes
{MARK}end
========= ERROR SUMMARY: 2 errors
"""


def test_a_finding_belongs_to_the_operator_before_it() -> None:
    assert findings(OUTPUT) == {"m:bad": "Invalid __global__ write of size 4 bytes"}


def test_an_equal_operator_with_a_finding_is_different() -> None:
    rows = [Verdict(f"m:{name}", name, "m", "Equal") for name in ("good", "bad")]
    good, bad = with_findings(rows, findings(OUTPUT))
    assert good.verdict == "Equal"
    assert (bad.verdict, bad.worst) == (
        "Different", "compute-sanitizer: Invalid __global__ write of size 4 bytes"
    )  # fmt: skip
    (said,) = with_findings(rows[:1], {"": "no tool"})
    assert (said.verdict, said.reason) == ("Equal", "not sanitized: no tool")


def test_every_call_is_made_under_the_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the tool that runs what follows its options; the library reports like the tool."""
    tool = tmp_path / "bin" / "compute-sanitizer"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nshift 3\nexec "{sys.executable}" "$@"\n')
    tool.chmod(0o755)
    library = tmp_path / "library.py"
    library.write_text(
        "def good(x): assert x.sum() == 6\n"
        "def bad(x):\n    print('========= Invalid read of', *x.shape)\n    raise ValueError\n"
    )
    jobs = [
        Job(f"m:{name}", name, ("x",), (Call((Value("tensor", (2, 3), fill="ones"),)),))
        for name in ("good", "bad")
    ]
    where = (tmp_path / "compare", {}, LoadedBy("extension", "m", str(library)), jobs, "cpu")
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    assert sanitize(*where) == {"m:bad": "Invalid read of 2 3"}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sanitize(*where) == {"": "compute-sanitizer is not on PATH"}
