"""Findings that are known already: with a baseline, only new ones are shown and fail.

A finding is known by what it says, not by where it stands: lines move. A file that could not be
processed is never known, for nothing in it was looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from migrate.errors import UsageError
from migrate.model.source import Diagnostic
from migrate.report.rows import Report

_PLACES = re.compile(r":\d+(?::\d+)?\b|\blines? \d+(?:, \d+)*")
Key = tuple[str, str, str, str]  # id, file, operator, message without its places
VERSION = 1


@dataclass(frozen=True)
class Baseline:
    """How often each finding is known, and the ids of manual operators."""

    known: Mapping[Key, int]
    manual: frozenset[str]


def baseline_of(report: Report) -> Baseline:
    known = Counter(_key(item) for item in report.diagnostics if item.severity != "error")
    return Baseline(known, frozenset(row.id for row in report.manual()))


def beyond(report: Report, baseline: Baseline) -> Report:
    """``report`` with the findings that ``baseline`` does not know; its exit code is theirs."""
    left, new = dict(baseline.known), []
    for item in report.diagnostics:
        key = _key(item)
        if item.severity != "error" and left.get(key, 0) > 0:
            left[key] -= 1
        else:
            new.append(item)
    return replace(report, diagnostics=tuple(new), accepted=baseline.manual)


def gone(report: Report, baseline: Baseline) -> int:
    """How many findings of ``baseline`` no longer occur."""
    now = baseline_of(report).known
    return sum(max(0, count - now.get(key, 0)) for key, count in baseline.known.items())


def fingerprint(item: Diagnostic) -> str:
    """The same for the same finding on another line."""
    return hashlib.sha256("\0".join(_key(item)).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def baseline_to_json(baseline: Baseline) -> str:
    names = ("id", "file", "operator", "message")
    rows = [{**dict(zip(names, key)), "count": count} for key, count in sorted(baseline.known.items())]
    value = {"schema_version": VERSION, "findings": rows, "manual": sorted(baseline.manual)}
    return json.dumps(value, indent=1) + "\n"


def baseline_from_json(text: str, name: str) -> Baseline:
    try:
        value = json.loads(text)
        if value["schema_version"] != VERSION:
            raise ValueError("another version")
        known = {
            (str(row["id"]), str(row["file"]), str(row["operator"]), str(row["message"])): int(row["count"])
            for row in value["findings"]
        }
        return Baseline(known, frozenset(map(str, value["manual"])))
    except (ValueError, KeyError, TypeError) as error:
        what = f"{name} is no baseline of this version"
        raise UsageError(what, "Write it with --write-baseline") from error


def _key(item: Diagnostic) -> Key:
    return item.id, item.file, item.operator or "", _PLACES.sub("", item.message)
