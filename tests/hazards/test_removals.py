"""Every hazard has a test that fails when the rule that keeps it away is taken out: ``removals.toml``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

from planted.bench import ROOT
from planted.removals import Removal, copied, keep, page, read_removals, run_tests, try_removal

REMOVALS = read_removals()


def test_every_hazard_has_a_test_and_a_rule_to_take_out() -> None:
    found: set[int] = set()
    for path in sorted(Path(__file__).parent.glob("test_hazards_*.py")):
        text = path.read_text()
        found |= {int(number) for number in re.findall(r"^def test_hazard_(\d\d)_", text, re.MULTILINE)}
    assert found == {removal.hazard for removal in REMOVALS} == set(range(1, 43))


def test_every_edit_has_its_place() -> None:
    assert [text for removal in REMOVALS for text in removal.misplaced(ROOT)] == []
    assert len({removal.name for removal in REMOVALS}) == len(REMOVALS)


def test_each_was_tried_and_seen_to_fail() -> None:
    """New or reworded, one is tried by ``PYTHONPATH=tests/faults python -m planted.removals HAZARD``."""
    rows = json.loads((ROOT / "docs/results/hazards.json").read_text(encoding="utf-8"))["removals"]
    assert {row["what"] for row in rows if row["caught"]} == {removal.name for removal in REMOVALS}


def test_the_page_names_what_no_test_saw() -> None:
    when = {"seconds": 2.4, "date": "2026-01-02", "commit": "abc"}
    missed = {**when, "hazard": 8, "what": "a|b", "failed": [], "shown": "", "caught": False, "exit_code": 0}
    seen = {"hazard": 7, "failed": ["test_hazard_07_x"], "shown": "assert 1 == 2", "caught": True}
    text = page([{**missed, **seen}, missed])
    assert "1 of 2 removals caught, of 2 hazards, in 5 seconds. Tried on 2026-01-02 at abc." in text
    assert "| 07 | a\\|b | `test_hazard_07_x` | `assert 1 == 2` |\n" in text
    assert "| 08 | a\\|b | **none** (exit code 0) |  |\n" in text


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("tool"))


@pytest.mark.campaign
def test_with_all_rules_in_every_test_passes(tool: Path) -> None:
    run = run_tests(tool)
    assert (run.code, run.failed, run.errors) == (0, (), ())
    assert run.passed > len(REMOVALS) / 2


@pytest.mark.campaign
@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: f"{removal.hazard:02} {removal.name}")
def test_without_the_rule_a_test_fails(tool: Path, removal: Removal) -> None:
    run = try_removal(tool, removal)
    keep(removal, run)
    assert run.is_caught, run
