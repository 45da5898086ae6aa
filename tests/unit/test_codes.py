"""The catalogue of diagnostics: complete, permanent, documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate import codes
from migrate.model.source import SEVERITIES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = codes.catalogue()


@pytest.mark.parametrize("identifier", CATALOGUE)
def test_each_row_is_complete(identifier: str) -> None:
    row = CATALOGUE[identifier]
    assert re.fullmatch(r"MIG[1-5]\d\d", identifier)
    assert row.severity in SEVERITIES
    assert row.title
    assert row.hint, "every finding says what to do"
    assert row.title in (codes.explain(identifier) or "")


@pytest.mark.parametrize("spelling", ["MIG450", "mig450"])
def test_explain(spelling: str) -> None:
    page = codes.explain(spelling)
    assert page is not None
    assert page.startswith("MIG450: ")


def test_unknown_id() -> None:
    assert codes.explain("MIG000") is None


def test_every_id_in_the_program_is_in_the_catalogue() -> None:
    used = {
        found
        for path in (ROOT / "migrate").rglob("*.py")
        for found in re.findall(r"[\"'](MIG\d{3})[\"']", path.read_text(encoding="utf-8"))
    }
    assert used <= set(CATALOGUE)


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert page == codes.markdown(), "run: python -m migrate.codes > docs/diagnostics.md"
