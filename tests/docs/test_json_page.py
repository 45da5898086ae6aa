"""docs/reference/json.md names every field that the program prints, and no other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrate.model.verdicts import Verdict, Verdicts
from migrate.report import verdicts_to_json

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "json.md"
SECTIONS = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.M)


def fields(section: int, table: int) -> set[str]:
    """The names in the first column of a table of a section."""
    tables = re.findall(r"(?:^\|.*\n)+", SECTIONS[section], re.M)
    rows = tables[table].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


@pytest.fixture(scope="module")
def scanned() -> dict[str, Any]:
    scan = ["scan", "fixtures/norm", "--format", "json", "--cache", ""]
    command = [sys.executable, "-m", "migrate", "-q", *scan]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    value: dict[str, Any] = json.loads(run.stdout)
    return value


def test_scan(scanned: dict[str, Any]) -> None:
    assert fields(1, 0) | {"schema_version", "tool"} == set(scanned)
    assert fields(1, 1) == set(scanned["operators"][0])
    assert fields(1, 2) == set(scanned["diagnostics"][0])
    row = next(line for line in SECTIONS[1].splitlines() if line.startswith("| `dead`"))
    assert set(re.findall(r"`(\w+)`", row)) - {"dead"} == set(scanned["dead"][0])


def test_verdicts() -> None:
    printed = json.loads(verdicts_to_json(Verdicts((Verdict("a:b", "b", "a", "Equal"),))))
    assert fields(2, 0) == set(printed["operators"][0])
    assert {"operators", "totals", "schema_version", "tool"} == set(printed)
