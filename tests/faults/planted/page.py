"""docs/results/faults.json and faults.md: what the campaign caught, and what it missed and why."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planted.bench import ROOT, Outcome
from planted.catalogue import read_catalogue

BAR = 0.95
_NEEDS = {
    "cpu": "Shown by a CPU",
    "gpu": "Shown by a GPU",
    "gpus": "Shown by two GPUs",
}


def commit(*more: str) -> str:
    """What is tried, in ``more`` paths too. Uncommitted changes of what the campaign writes itself are none
    of it."""
    paths = ("migrate", "templates", "csrc", "fixtures", "tests/faults", *more)
    named = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", *paths], cwd=ROOT)
    return named.stdout.strip() + ("-changed" if changed.returncode else "")


def tried_at(folder: Path, version: str) -> set[str]:
    """The faults that were tried at that commit."""
    return {row["name"] for row in _known(folder) if row.get("commit") == version}


def _known(folder: Path) -> list[dict[str, Any]]:
    path = folder / "faults.json"
    rows: list[dict[str, Any]] = []
    if path.is_file():
        rows = json.loads(path.read_text(encoding="utf-8"))["faults"]
    return rows


def keep(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Replace the rows of the faults that were tried; the others keep what was found last."""
    path = folder / "faults.json"
    version = commit()
    tried = [{**outcome.row(), "commit": version} for outcome in outcomes]
    rows = {row["name"]: row for row in [*_known(folder), *tried]}
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
        lines += ["", f"## {_NEEDS[needs]}", "", f"{_sum(rows)} {_versions(rows)}", ""]
        lines += ["| fault | kind | operator | | what showed it |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(row) for row in rows]
    missing = [text for needs, text in _NEEDS.items() if needs not in parts]
    if missing:
        lines += ["", *(f"{text}: not run." for text in missing)]
    return "\n".join(lines) + "\n"


def _sum(rows: Sequence[dict[str, Any]]) -> str:
    caught = sum(row["caught"] for row in rows)
    return f"{caught} of {len(rows)} caught ({caught / max(1, len(rows)):.1%})."


def _versions(rows: Sequence[dict[str, Any]]) -> str:
    found = sorted({row.get("commit", "") or "one unknown" for row in rows})
    return f"Tried at {'commit' if len(found) == 1 else 'commits'} {', '.join(found)}."


def _row(row: dict[str, Any]) -> str:
    word = "caught" if row["caught"] else "**missed**"
    shown = row["shown"] if row["caught"] else row["escapes"] or row["shown"] or row["verdict"]
    cell = " ".join(shown.split())[:160].replace("|", "\\|")
    operators = ", ".join(name.rpartition(":")[2] for name in row["operators"])
    return f"| {row['name']} | {row['kind']} | `{operators}` | {word} | {cell} |"
