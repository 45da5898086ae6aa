"""The report of a migrated tree with what was proved of it: ``migrate report``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from migrate.model.plan import TIERS
from migrate.model.verdicts import VERDICTS, Verdict
from migrate.report.excerpts import Source
from migrate.report.rows import OperatorRow, Report
from migrate.report.schema import report_to_json, verdict_to_dict
from migrate.report.text import Page, totals_line

NOT_RUN = "NotRun"
Json = dict[str, Any]


@dataclass(frozen=True)
class Review:
    """``verdicts`` and ``bench`` are the last results by operator id. ``title`` names the tree."""

    title: str
    report: Report
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    bench: Mapping[str, Json] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    def verdict_of(self, row: OperatorRow) -> str:
        """What was never run says so; what has nothing to run (a class, a manual operator) is ''."""
        verdict = self.verdicts.get(row.id)
        if verdict is not None:
            return verdict.verdict
        return NOT_RUN if row.kind == "function" and row.tier in ("raw", "view", "bridge") else ""


def review_to_dict(review: Review) -> Json:
    """The report's JSON; each operator also has ``verdict`` and ``bench`` (None: not run)."""
    value: Json = json.loads(report_to_json(review.report))
    for item in value["operators"]:
        verdict = review.verdicts.get(item["id"])
        item["verdict"] = None if verdict is None else verdict_to_dict(verdict)
        item["bench"] = review.bench.get(item["id"])
    verdicts = [review.verdict_of(row) for row in review.report.operators]
    value["proof"] = {name: verdicts.count(name) for name in VERDICTS}
    return value


def review_to_json(review: Review) -> str:
    """What ``migrate report --format json`` prints."""
    return json.dumps(review_to_dict(review), indent=2) + "\n"


def review_text(review: Review, terminal: bool = False) -> str:
    """One line a module, then every operator that needs a look, with the reason."""
    page = Page(terminal)
    rows = review.report.operators
    table = []
    for module in sorted({row.module for row in rows}):
        here = [row for row in rows if row.module == module and row.kind == "function"]
        tiers = [str(sum(row.tier == tier for row in here)) for tier in TIERS]
        verdicts = [str(sum(review.verdict_of(row) == name for row in here)) for name in VERDICTS]
        table.append((module, str(len(here)), *tiers, *verdicts))
    columns = ("module", "# operators", *(f"# {name}" for name in (*TIERS, *VERDICTS)))
    page.table(columns, table)
    page.line()
    page.line(totals_line(review.report), "bold")
    look = [(row, why) for row in rows if (why := _why_look(review, row)) is not None]
    if look:
        page.line()
        page.line(f"{len(look)} to look at:", "bold")
        page.table(
            ("operator", "place", "tier", "verdict", "why"),
            [(row.id, f"{row.file}:{row.line}", row.tier, review.verdict_of(row), why) for row, why in look],
        )
    return page.text()


def exit_code(review: Review) -> int:
    """As ``scan``'s, and 1 for an operator whose last verdict is neither Equal nor Close."""
    worst = any(review.verdict_of(row) not in ("", "Equal", "Close") for row in review.report.operators)
    return max(review.report.exit_code, 1 if worst else 0)


def _why_look(review: Review, row: OperatorRow) -> Optional[str]:
    verdict = review.verdicts.get(row.id)
    if verdict is not None and verdict.verdict in ("Different", "Crashed"):
        return "; ".join(part for part in (verdict.worst, verdict.reason) if part) or verdict.verdict
    if row.tier == "manual":
        return row.reason
    return None
