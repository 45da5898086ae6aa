"""The catalogue of diagnostics: complete, permanent, documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from migrate import codes, codes_page
from migrate.errors import UsageError
from migrate.model.source import SEVERITIES
from migrate.remedies import EFFORTS, REMEDIES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = codes.catalogue()


@pytest.mark.parametrize("identifier", CATALOGUE)
def test_each_row_is_complete(identifier: str) -> None:
    row = CATALOGUE[identifier]
    assert re.fullmatch(r"MIG[1-5]\d\d", identifier)
    assert row.severity in SEVERITIES
    assert row.title
    assert row.hint, "every finding says what to do"
    assert row.cause
    assert row.effort in EFFORTS
    assert row.by_hand, "every finding says how to do it by hand"
    assert (row.before == "") <= (row.after == ""), "an `after` without its `before`"
    page = codes.explain(identifier)
    assert all(text in page for text in (row.title, row.cause, row.by_hand))


@pytest.mark.parametrize("spelling", ["MIG450", "mig450"])
def test_explain(spelling: str) -> None:
    assert codes.explain(spelling).startswith("MIG450: ")
    assert [row["id"] for row in json.loads(codes.to_json(spelling))] == ["MIG450"]


def test_unknown_id() -> None:
    with pytest.raises(UsageError, match="MIG000"):
        codes.explain("MIG000")


def test_no_remedy_without_its_row() -> None:
    assert set(REMEDIES) <= set(CATALOGUE)


def test_every_id_in_the_program_is_in_the_catalogue() -> None:
    used = {
        found
        for path in (ROOT / "migrate").rglob("*.py")
        for found in re.findall(r"[\"'](MIG\d{3})[\"']", path.read_text(encoding="utf-8"))
    }
    assert used <= set(CATALOGUE)


@pytest.mark.parametrize(("path", "text"), list(codes_page.pages()), ids=lambda value: value[:30])
def test_the_pages_are_up_to_date(path: str, text: str) -> None:
    assert (ROOT / "docs" / path).read_text(encoding="utf-8") == text, "run: make docs"


def test_no_page_of_an_id_that_never_was() -> None:
    assert {path.stem for path in (ROOT / "docs" / "diagnostics").iterdir()} == set(CATALOGUE)
