"""What ``bench`` measured, as text, JSON, and the line that goes into a pull request: ratios first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Optional

from migrate.model.measures import Measure, Measures, Spread
from migrate.report.schema import Json, dump
from migrate.report.text import Page

# How a unit is printed: the factor, the digits, the word.
_UNITS = {"s": (1.0, 2, " s"), "us": (1.0, 2, " us"), "bytes": (1e-6, 2, " MB"), "": (1.0, 0, "")}
# The rows of the line for a pull request, and what it calls them.
_LINE = (
    ("build, cold", "build"),
    ("build, one kernel touched", "after one kernel"),
    ("framework headers, processor", "framework headers"),
    ("library size", "library"),
    ("needed libraries", "needed libraries"),
    ("call", "call"),
    ("kernel", "kernel"),
)
_BESIDE = "adaptor beside direct call"


def measures_to_json(measures: Measures) -> str:
    """What ``bench --format json`` prints, and ``.migrate/results/bench.json`` holds."""
    rows = [_row(item) for item in measures.items]
    lines = {module: line(measures, module) for module in measures.modules}
    operators = [
        {"id": id_, "cases": [_case(item) for item in measures.items if item.operator == id_]}
        for id_ in dict.fromkeys(item.operator for item in measures.items if item.operator)
    ]
    value = {"machine": dict(measures.machine), "measures": rows, "operators": operators, "lines": lines}
    return dump(value)


def _case(item: Measure) -> Json:
    """One time of an operator, in microseconds: what the report page draws."""
    sides = {"original": item.original, "migrated": item.migrated}
    medians = {side: value.median if value else None for side, value in sides.items()}
    return {"case": item.what, **medians, "reason": item.reason, "detail": item.detail}


def _row(item: Measure) -> Json:
    return {
        "module": item.module,
        "subject": item.subject,
        "what": item.what,
        "unit": item.unit,
        "ratio": item.ratio,
        "original": _spread(item.original),
        "migrated": _spread(item.migrated),
        "reason": item.reason,
        "detail": item.detail,
    }


def _spread(value: Optional[Spread]) -> Optional[dict[str, Any]]:
    if value is None:
        return None
    return {"median": value.median, "low": value.low, "high": value.high, "count": value.count}


def measures_text(measures: Measures, terminal: bool = False) -> str:
    page = Page(terminal)
    for name, value in measures.machine:
        page.line(f"{name}: {value}", "dim")
    for module in measures.modules:
        rows = [item for item in measures.items if item.module == module]
        page.line()
        page.line(module, "bold")
        page.table(("# ratio", "what", "# original", "# migrated", "note"), map(_cells, rows))
        page.line(line(measures, module))
    return page.text()


def _cells(item: Measure) -> Sequence[str]:
    subject = "" if item.subject == item.module else f" {item.subject}"
    left = "direct " if item.what == _BESIDE else ""
    note = "; ".join(part for part in (item.reason, item.detail) if part)
    return (
        times(item),
        f"{item.what}{subject}",
        left + shown(item.original, item.unit) if item.original else "-",
        shown(item.migrated, item.unit),
        note,
    )


def times(item: Measure) -> str:
    """``18x`` smaller; for what may be a little larger, the migrated side as a multiple."""
    if item.ratio is None:
        return "-"
    if item.unit == "us":
        return f"{1 / item.ratio:.2f}x" if item.ratio else "-"
    return f"{item.ratio:.1f}x less" if item.ratio >= 1 else f"{1 / item.ratio:.1f}x more"


def shown(value: Optional[Spread], unit: str) -> str:
    if value is None:
        return "-"
    factor, digits, word = _UNITS[unit]
    text = f"{value.median * factor:.{digits}f}{word}"
    if value.count == 1:
        return text
    return f"{text} ({value.low * factor:.{digits}f} to {value.high * factor:.{digits}f}, n={value.count})"


def line(measures: Measures, module: str) -> str:
    """Before and after, for people to paste."""
    parts = []
    for what, word in _LINE:
        pair = _pair(measures.rows(module, what))
        if pair is not None:
            unit, before, after = pair
            parts.append(f"{word} {_plain(before, unit)} -> {_plain(after, unit)} ({_factor(before, after)})")
    missing = any(not item.original or not item.migrated for item in measures.items if item.module == module)
    text = ", ".join(parts) or "nothing was measured on both sides"
    return f"{module}: {text}" + ("; some rows were not run" if missing else "")


def _pair(rows: Iterable[Measure]) -> Optional[tuple[str, float, float]]:
    """One row's values; of several operators the geometric means."""
    found = [(row.original.median, row.migrated.median) for row in rows if row.original and row.migrated]
    if not found or any(min(pair) <= 0 for pair in found):
        return None
    before, after = (math.exp(sum(map(math.log, values)) / len(found)) for values in zip(*found))
    return next(iter(rows)).unit, before, after


def _plain(value: float, unit: str) -> str:
    return shown(Spread(value, value, value), unit)


def _factor(before: float, after: float) -> str:
    return f"{before / after:.1f}x less" if before >= after else f"{after / before:.2f}x"
