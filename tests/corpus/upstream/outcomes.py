"""One pytest run, as what became of each test. Only what pytest says passed has passed."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from upstream.stages import Stage

PASSED, FAILED, ERROR, SKIPPED = "passed", "failed", "error", "skipped"
_STATES = {"failure": FAILED, "error": ERROR, "skipped": SKIPPED}


@dataclass(frozen=True)
class Outcomes:
    """The state of each test by its id. ``broken`` says why there are none, or not all."""

    tests: Mapping[str, str] = field(default_factory=dict)
    broken: str = ""
    seconds: float = 0.0

    def count(self, state: str) -> int:
        return Counter(self.tests.values())[state]


def run_tests(python: Path, stage: Stage, tests: Sequence[str], limit: int) -> Outcomes:
    """pytest in the folder of ``stage``, where the tree's own settings are in force."""
    report = stage.folder / "upstream.xml"
    command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}", "-p", "no:cacheprovider"]
    command += ["--ignore-glob=*_equivalence.py", *tests]  # ours, which upstream does not have
    # Nothing of ours on the path: an import finds the stage or what is installed.
    environment = {**os.environ, "PYTHONPATH": str(stage.folder), "PYTHONDONTWRITEBYTECODE": "1"}
    start = time.perf_counter()
    try:
        run = subprocess.run(
            command, cwd=stage.folder, env=environment, capture_output=True, text=True, check=False,
            timeout=limit,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Outcomes(broken=f"stopped after {limit} s", seconds=limit)
    seconds = round(time.perf_counter() - start, 1)
    (stage.folder / "upstream.log").write_text(run.stdout + run.stderr, encoding="utf-8")
    found = read_junit(report.read_text(encoding="utf-8")) if report.is_file() else {}
    broken = "" if run.returncode in (0, 1) and found else f"pytest ended with {run.returncode}"
    return Outcomes(found, broken, seconds)


def read_junit(text: str) -> dict[str, str]:
    """States by test id. A test that failed and then broke in its teardown has two rows: the worse counts."""
    found: dict[str, str] = {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        name = f"{case.get('classname', '')}::{case.get('name', '')}"
        state = next((_STATES[child.tag] for child in case if child.tag in _STATES), PASSED)
        found[name] = state if found.get(name, PASSED) == PASSED else found[name]
    return found


def differences(before: Outcomes, after: Outcomes) -> dict[str, tuple[str, str]]:
    """Tests whose state differs, those that only one side collected among them."""
    absent = "not collected"
    names = sorted(before.tests.keys() | after.tests.keys())
    pairs = {name: (before.tests.get(name, absent), after.tests.get(name, absent)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
