"""The JSON form of reports and verdicts, schema version 1.

Other programs rely on these keys. A change that removes or renames one needs a new version and a
reader for the old one in ``report_from_json``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from migrate import __version__
from migrate.errors import TreeError
from migrate.model.source import Diagnostic, Edit
from migrate.model.verdicts import VERDICTS, Artifacts, Verdict, Verdicts
from migrate.report.rows import DeadRow, OperatorRow, Report

SCHEMA_VERSION = 1

Json = dict[str, Any]


def report_to_json(report: Report) -> str:
    """What ``scan --format json`` and ``run --format json`` print."""
    return dump(
        {
            "operators": [_operator(row) for row in report.operators],
            "dead": [_dead(row) for row in report.dead],
            "totals": report.totals,
            "diagnostics": [_diagnostic(item) for item in report.diagnostics],
            "order": list(report.order),
        }
    )


def report_from_json(text: str) -> Report:
    """The inverse of ``report_to_json``, for the verbs that work in a migrated tree."""
    try:
        value: Json = json.loads(text)
        version = value["schema_version"]
        if version != SCHEMA_VERSION:
            raise TreeError(
                f"this tree was written with report schema {version}, this program reads {SCHEMA_VERSION}",
                "Run `migrate run` again with this version",
            )
        return Report(
            tuple(_read_operator(item) for item in value["operators"]),
            tuple(DeadRow(**item) for item in value["dead"]),
            tuple(_read_diagnostic(item) for item in value["diagnostics"]),
            tuple(value["order"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TreeError("the report of this tree is damaged", "Run `migrate run` again") from error


def verdicts_to_json(verdicts: Verdicts) -> str:
    """What ``test --format json`` prints."""
    items = sorted(verdicts.items, key=lambda item: (item.module, item.name, item.id))
    return dump({"operators": [verdict_to_dict(item) for item in items], "totals": verdict_totals(verdicts)})


def artifacts_to_json(artifacts: Artifacts) -> str:
    """What ``build --format json`` prints."""
    return dump(
        {
            "artifacts": [
                {
                    "module": item.module,
                    "side": item.side,
                    "ok": item.ok,
                    "path": item.path,
                    "seconds": item.seconds,
                    "reason": item.reason,
                    "log": item.log,
                    "backend": item.backend,
                    "compilers": list(item.compilers),
                    "flags": asdict(item.flags) if item.flags else None,
                    "messages": [asdict(message) for message in item.messages],
                }
                for item in artifacts.items
            ]
        }
    )


def verdict_totals(verdicts: Verdicts) -> dict[str, int]:
    totals = {"found": len(verdicts.items)}
    for name in VERDICTS:
        totals[name] = sum(item.verdict == name for item in verdicts.items)
    for count in ("cases", "ran", "raised_both"):
        totals[count] = sum(getattr(item, count) for item in verdicts.items)
    return totals


def dump(body: Json) -> str:
    head: Json = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "migrate", "version": __version__},
    }
    return json.dumps({**head, **body}, indent=2) + "\n"


def _operator(row: OperatorRow) -> Json:
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "module": row.module,
        "file": row.file,
        "line": row.line,
        "signature": row.signature,
        "tier": row.tier,
        "verified": row.verified,
        "reason": row.reason,
        "files": list(row.files),
        "diagnostics": list(row.diagnostics),
    }


def _read_operator(value: Json) -> OperatorRow:
    fields = dict(value)
    fields["files"] = tuple(value["files"])
    fields["diagnostics"] = tuple(value["diagnostics"])
    return OperatorRow(**fields)


def _dead(row: DeadRow) -> Json:
    return {
        "kind": row.kind,
        "name": row.name,
        "module": row.module,
        "file": row.file,
        "line": row.line,
    }


def _diagnostic(item: Diagnostic) -> Json:
    return {
        "id": item.id,
        "severity": item.severity,
        "file": item.file,
        "line": item.line,
        "column": item.column,
        "operator": item.operator,
        "message": item.message,
        "hint": item.hint,
        "fix": [asdict(edit) for edit in item.fix],
    }


def _read_diagnostic(value: Json) -> Diagnostic:
    return Diagnostic(**{**value, "fix": tuple(Edit(**edit) for edit in value.get("fix", ()))})


def verdict_to_dict(item: Verdict) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "module": item.module,
        "cases": item.cases,
        "ran": item.ran,
        "raised_both": item.raised_both,
        "verdict": item.verdict,
        "worst": item.worst,
        "reason": item.reason,
    }
