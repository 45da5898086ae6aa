"""Each hazard of ``fixtures/hostile`` under ``migrate scan``: what is listed, said and returned."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrate.cli import commands

HOSTILE = Path(__file__).resolve().parents[2] / "fixtures" / "hostile"


def _value(text: str) -> object:
    """A TOML value of the kinds the table uses; TOML comes with Python 3.11 only."""
    text = re.sub(r'\s+#(?=[^"\']*$).*', "", text).strip()
    if text.startswith("'"):
        return text[1:-1]
    return json.loads(text)


def _table() -> dict[str, dict[str, Any]]:
    cases: dict[str, dict[str, Any]] = {}
    for line in (HOSTILE / "cases.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            case = cases.setdefault(line.strip("[]").strip('"'), {})
        elif "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            case[key.strip()] = _value(value)
    return cases


CASES = _table()


def _source(name: str, case: dict[str, Any], folder: Path) -> Path:
    if "make" not in case:
        return HOSTILE / name
    script, *arguments = case["make"]
    made = folder / "made"
    subprocess.run([sys.executable, HOSTILE / script, *arguments, made], check=True)
    return made


def _places(case: dict[str, Any], source: Path) -> list[int]:
    """Lines of the registration without a fixed name, if the case has one."""
    if "manual_place" not in case:
        return []
    lines = (source / "ext.cpp").read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if case["manual_place"] in line]


def test_the_table_names_every_folder() -> None:
    made = {name for name, case in CASES.items() if "make" in case}
    assert {path.name for path in HOSTILE.iterdir() if path.is_dir()} - {"__pycache__"} == set(CASES) - made
    assert len(CASES) == 48


@pytest.mark.parametrize("name", CASES)
def test_hostile(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    if case.get("skip_as_root") and os.geteuid() == 0:
        pytest.skip("not run: root may read every file")
    source = _source(name, case, tmp_path)
    start = time.monotonic()
    run = CliRunner().invoke(commands, ["scan", str(source), "--format", "json"], standalone_mode=False)
    # Generous: a loaded machine with two cores runs this beside a compiler.
    assert time.monotonic() - start < 60
    assert run.exception is None, run.exception
    assert run.return_value == case["exit"]
    assert run.stderr == ""
    report = json.loads(run.stdout)
    assert {row["name"] for row in report["dead"]} == set(case.get("dead", []))
    _check_operators(case, report, _places(case, source))
    _check_said(case, report)


def _check_operators(case: dict[str, Any], report: dict[str, Any], places: list[int]) -> None:
    rows = [row for row in report["operators"] if row["kind"] == "function"]
    totals = report["totals"]
    outcomes = ("raw", "view", "bridge", "manual", "ignored")
    assert totals["found"] == len(rows) == sum(totals[outcome] for outcome in outcomes)
    assert len({row["id"] for row in report["operators"]}) == len(report["operators"])
    names = {row["name"] for row in (*report["operators"], *report["dead"])}
    assert not names & set(case.get("absent", []))
    classes = [row["name"] for row in report["operators"] if row["kind"] == "class"]
    assert classes == case.get("classes", [])
    if "count" in case:
        assert len(rows) == case["count"]
    if "found" not in case:
        return
    nameless = [row for row in rows if not row["name"]]
    assert len(nameless) == len(places)
    assert all(row["tier"] == "manual" for row in nameless)
    assert sorted(row["name"] for row in rows if row["name"]) == sorted(case["found"])
    manual = [row["name"] for row in rows if row["tier"] == "manual" and row["name"]]
    assert sorted(manual) == sorted(case.get("manual", []))


def _check_said(case: dict[str, Any], report: dict[str, Any]) -> None:
    """The diagnostic of the hazard, at a file and a line; and no other error."""
    for row in report["diagnostics"]:
        assert row["file"]
        assert row["line"] >= 1
        assert row["message"]
    said = {row["id"] for row in report["diagnostics"]}
    assert not case["says"] or case["id"] in said, said
    errors = {row["id"] for row in report["diagnostics"] if row["severity"] == "error"}
    assert errors == ({case["id"]} if case["exit"] == 2 else set())
