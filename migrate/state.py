"""What a migrated tree remembers under ``.migrate/``: its report, what compiled, the last verdicts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from migrate.errors import TreeError
from migrate.model.measures import Measures
from migrate.model.verdicts import Verdicts
from migrate.report import Report, report_from_json, verdicts_to_json
from migrate.report.bench import measures_to_json
from migrate.report.plot import measures_to_svg
from migrate.write import edited_by_hand

REPORT = ".migrate/report.json"
RESULTS = ".migrate/results/test.json"
MEASURES, PLOT = ".migrate/results/bench.json", ".migrate/results/bench.svg"


def load_report(tree: Path) -> Report:
    """The report that ``run`` left in a migrated tree; operators that compiled since then say so."""
    from migrate.build.record import compiled_operators

    try:
        text = (tree / REPORT).read_text(encoding="utf-8")
    except OSError as error:
        raise TreeError(
            f"{tree} is not a migrated tree", "Run `migrate run SRC --out DIR`, then name DIR with -C"
        ) from error
    report, compiled = report_from_json(text), compiled_operators(tree)
    rows = (
        replace(row, verified="compiled") if row.id in compiled and row.tier in ("raw", "view") else row
        for row in report.operators
    )
    return replace(report, operators=tuple(rows))


def load_results(tree: Path) -> dict[str, str]:
    """The verdict of each operator in the last ``migrate test`` of this tree, by operator id."""
    try:
        value = json.loads((tree / RESULTS).read_text(encoding="utf-8"))
        return {str(item["id"]): str(item["verdict"]) for item in value["operators"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # never tested, or by another version: the same as not run


def hand_edits(tree: Path) -> tuple[str, ...]:
    """Files of a migrated tree that are not as ``run`` wrote them."""
    return edited_by_hand(tree)


def keep_results(tree: Path, verdicts: Verdicts) -> None:
    path = tree / RESULTS
    path.parent.mkdir(parents=True, exist_ok=True)
    # A partial test replaces the file: verdicts from before the last build would be stale.
    path.write_text(verdicts_to_json(verdicts), encoding="utf-8")


def keep_measures(tree: Path, measures: Measures) -> None:
    """What ``bench`` found, for ``report``: figures and their plot."""
    for place, text in ((MEASURES, measures_to_json(measures)), (PLOT, measures_to_svg(measures))):
        path = tree / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
