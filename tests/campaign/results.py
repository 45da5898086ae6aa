"""docs/results/campaign.json, and the page made from it. Each campaign writes its own part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PLACE = Path(__file__).resolve().parents[2] / "docs" / "results" / "campaign.json"

_ABOUT = {
    "branches": "`migrate run --commits` of each fixture: every commit checked out, built by the fixture's "
    "own setup.py, its tests passed with the new modules and the old ones, and the equivalence tests of the "
    "modules it touches; then `migrate retire` (tests/campaign/branches.py).",
    "interruptions": "`migrate run` killed at random, and its tree edited by hand: every edit must still be "
    "there, and the tree must have the bytes of one that was never interrupted "
    "(tests/campaign/interruptions.py).",
    "mutations": "One file of a small tree spoilt, then `migrate scan` or `migrate run`: no traceback, no "
    "hang over 60 s, the exit code that the report asks for, and accounts that close "
    "(tests/campaign/mutations.py).",
}


def keep(name: str, figures: dict[str, Any]) -> None:
    """Replace the part of one campaign."""
    known = json.loads(PLACE.read_text(encoding="utf-8")) if PLACE.exists() else {"schema_version": 1}
    known[name] = figures
    PLACE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PLACE.with_suffix(".md").write_text(page(known), encoding="utf-8")


def page(known: dict[str, Any]) -> str:
    lines = ["# Campaigns", "", "Written by `make campaign`; do not edit."]
    for name in sorted(known.keys() & _ABOUT.keys()):
        lines += ["", f"## {name.capitalize()}", "", _ABOUT[name], "", "| what | figure |", "|---|---|"]
        for key, value in known[name].items():
            if isinstance(value, dict):
                shown = ", ".join(f"{kind} {count}" for kind, count in value.items())
            else:
                shown = str(len(value)) if isinstance(value, list) else str(value)
            lines.append(f"| {key} | {shown} |")
    return "\n".join(lines) + "\n"
