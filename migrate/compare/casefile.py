"""``tests/cases/<module>.json``: cases and tolerances that the user writes.

    {"operators": {"rms_norm": {
        "cases": [{"args": {"x": {"shape": [4, 64], "dtype": "float16"}, "eps": 1e-5}}],
        "tolerance": {"absolute": 1e-6, "relative": 1e-5, "reason": "sums in another order"}}}}

A tolerance may also say ``"ulp": 2``, or ``"reference": 1.5``: off from the original on float64 tensors
by at most 1.5 times as much as the original is.
``args`` is a list, or an object by parameter name; parameters that are not named are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from migrate.compare.call import ABSENT, Call, value_from_json
from migrate.compare.manifest import Entry
from migrate.errors import UsageError


@dataclass(frozen=True)
class Tolerance:
    absolute: float
    relative: float
    reason: str
    ulp: int = 0
    reference: float = 0.0


@dataclass(frozen=True)
class Written:
    """What the case file says of one operator."""

    calls: tuple[Call, ...] = ()
    tolerance: Optional[Tolerance] = None


def case_file(module: str) -> str:
    return f"tests/cases/{module}.json"


def read_case_file(tree: Path, module: str, entry: Entry) -> Written:
    path = tree / case_file(module)
    if not path.is_file():
        return Written()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        operators = data["operators"]
        section = operators.get(entry.id) or operators.get(entry.name) or {}
        calls = tuple(_call(case, entry) for case in section.get("cases", ()))
        return Written(calls, _tolerance(section.get("tolerance")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{case_file(module)} cannot be used: {error}", "Correct the case file") from error


def _call(case: dict[str, Any], entry: Entry) -> Call:
    given = case["args"]
    named = dict(zip(entry.names, given)) if isinstance(given, list) else dict(given)
    unknown = sorted(set(named) - set(entry.names))
    if unknown or (isinstance(given, list) and len(given) > len(entry.names)):
        raise ValueError(f"{entry.name} has no parameter {', '.join(unknown) or 'for every argument'}")
    values = tuple(value_from_json(named[name]) if name in named else ABSENT for name in entry.names)
    return Call(values, note=str(case.get("note", "case file")))


def _tolerance(data: Optional[dict[str, Any]]) -> Optional[Tolerance]:
    if data is None:
        return None
    if not str(data.get("reason", "")).strip():
        raise ValueError("a tolerance needs a reason")
    gaps = float(data.get("absolute", 0)), float(data.get("relative", 0))
    return Tolerance(*gaps, str(data["reason"]), int(data.get("ulp", 0)), float(data.get("reference", 0)))
