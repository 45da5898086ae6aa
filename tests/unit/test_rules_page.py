"""docs/rules.md is what the rules and tables say today."""

from __future__ import annotations

from pathlib import Path

from migrate.rules_page import ABOUT, page, rule_folders
from migrate.tables.names import MACROS, NAMES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"


def test_every_rule_is_on_the_page() -> None:
    assert {folder.name for folder in rule_folders()} == set(ABOUT)


def test_every_row_is_on_the_page() -> None:
    text = page()
    rows = {**NAMES, **MACROS}.items()
    assert not [name for name, row in rows if f"| `{name}` | `{row.target}` |" not in text]
