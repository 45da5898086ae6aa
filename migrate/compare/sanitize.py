"""``migrate test --sanitize``: the migrated side's calls once more, under compute-sanitizer.

One process per module makes them all; a line that it prints before each operator says whose the
sanitizer's findings are.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.compare.call import Call
from migrate.compare.manifest import Entry
from migrate.compare.protocol import LoadedBy
from migrate.model.verdicts import Verdict

TOOL = "compute-sanitizer"
MARK = "=== operator "
_SECONDS = 1800
_FINDING = re.compile(
    r"^=========\s+(?!COMPUTE-SANITIZER|ERROR SUMMARY|LEAK SUMMARY|Target application)(\S.*)$"
)


@dataclass(frozen=True)
class Job:
    """One operator and what it is called with."""

    id: str
    path: str
    names: tuple[str, ...]
    calls: tuple[Call, ...]


def job_of(entry: Entry, calls: Sequence[Call]) -> Job:
    return Job(entry.id, entry.path, entry.names, tuple(calls))


def sanitize(
    folder: Path, places: dict[str, str], library: LoadedBy, jobs: Sequence[Job], device: str
) -> dict[str, str]:
    """What was found, by operator; ``""`` as a key for what kept it from running at all."""
    tool = shutil.which(TOOL)
    if tool is None:
        return {"": f"{TOOL} is not on PATH"}
    payload = folder / "sanitize.pickle"
    folder.mkdir(parents=True, exist_ok=True)
    payload.write_bytes(pickle.dumps((library, tuple(jobs), device)))
    home = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, **places, "PYTHONPATH": home, "PYTHONUNBUFFERED": "1"}
    # Blocks of torch's cache are larger than what is asked of it: nobody would see their ends.
    environment["PYTORCH_NO_CUDA_MEMORY_CACHING"] = "1"
    command = [tool, "--tool", "memcheck", sys.executable, "-m", "migrate.compare.sanitized", str(payload)]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"": f"{TOOL} was stopped after {_SECONDS} s"}
    (folder / "sanitize.log").write_text(run.stdout + run.stderr, encoding="utf-8")
    if f"{MARK}end" not in run.stdout:
        return {**findings(run.stdout), "": f"the sanitized process ended early ({run.returncode})"}
    return findings(run.stdout)


def with_findings(verdicts: Sequence[Verdict], found: dict[str, str]) -> list[Verdict]:
    """What is Equal to the last bit and reads or writes where it must not is Different all the same."""
    rows = []
    for verdict in verdicts:
        if verdict.id in found and verdict.verdict in ("Equal", "Close"):
            verdict = replace(verdict, verdict="Different", worst=f"{TOOL}: {found[verdict.id]}")
        elif "" in found and verdict.verdict != "NotRun":
            reason = "; ".join(part for part in (verdict.reason, f"not sanitized: {found['']}") if part)
            verdict = replace(verdict, reason=reason)
        rows.append(verdict)
    return rows


def findings(output: str) -> dict[str, str]:
    """The first finding of each operator."""
    found: dict[str, str] = {}
    operator = ""
    for line in output.splitlines():
        if line.startswith(MARK):
            operator = line[len(MARK) :].strip()
            continue
        match = _FINDING.match(line)
        if match and operator:
            found.setdefault(operator, match[1])
    return found
