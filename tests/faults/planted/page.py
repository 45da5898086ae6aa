"""docs/results/faults.json and faults.md: what the campaign caught, and what it missed and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planted.bench import Outcome
from planted.catalogue import read_catalogue

BAR = 0.95
_NEEDS = {
    "cpu": "Shown by a CPU",
    "gpu": "Shown by a GPU",
    "gpus": "Shown by two GPUs",
}


def keep(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Replace the rows of the faults that were tried; the others keep what was found last."""
    path = folder / "faults.json"
    known = json.loads(path.read_text(encoding="utf-8"))["faults"] if path.is_file() else []
    rows = {row["name"]: row for row in [*known, *(outcome.row() for outcome in outcomes)]}
    ordered = [rows[fault.name] for fault in read_catalogue() if fault.name in rows]
    parts = {needs: [row for row in ordered if row["needs"] == needs] for needs in _NEEDS}
    data = {"schema_version": 1, "faults": ordered}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "faults.md").write_text(page({n: rows for n, rows in parts.items() if rows}), encoding="utf-8")


def page(parts: dict[str, list[dict[str, Any]]]) -> str:
    lines = [
        "# Planted faults",
        "",
        "Written by `PYTHONPATH=tests/faults python -m planted`. One at a time, each fault of",
        "`tests/faults/planted/catalogue.toml` is edited into a copy of a migrated",
        "fixture, the library it touches is rebuilt, and `migrate test` compares the operators named: caught",
        f"means Different or Crashed. At least {BAR:.0%} must be caught.",
    ]
    for needs, rows in parts.items():
        lines += ["", f"## {_NEEDS[needs]}", "", _sum(rows), ""]
        lines += ["| fault | kind | operator | | what showed it |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(row) for row in rows]
    missing = [text for needs, text in _NEEDS.items() if needs not in parts]
    if missing:
        lines += ["", *(f"{text}: not run." for text in missing)]
    return "\n".join(lines) + "\n"


def _sum(rows: Sequence[dict[str, Any]]) -> str:
    caught = sum(row["caught"] for row in rows)
    return f"{caught} of {len(rows)} caught ({caught / max(1, len(rows)):.1%})."


def _row(row: dict[str, Any]) -> str:
    word = "caught" if row["caught"] else "**missed**"
    shown = row["shown"] if row["caught"] else row["escapes"] or row["shown"] or row["verdict"]
    cell = " ".join(shown.split())[:160].replace("|", "\\|")
    operators = ", ".join(name.rpartition(":")[2] for name in row["operators"])
    return f"| {row['name']} | {row['kind']} | `{operators}` | {word} | {cell} |"
