"""Diagnostics as SARIF 2.1.0, for code-scanning pages of forges."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any
from urllib.parse import quote

from migrate import __version__, codes
from migrate.model.source import Diagnostic
from migrate.report.baseline import fingerprint
from migrate.report.rows import Report

_LEVELS = {"note": "note", "manual": "warning", "error": "error"}


def report_to_sarif(report: Report) -> str:
    used = sorted({item.id for item in report.diagnostics})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "migrate",
                "version": __version__,
                "rules": [_rule(id_) for id_ in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": item.id,
                "ruleIndex": used.index(item.id),
                "level": _LEVELS[item.severity],
                "message": {"text": f"{item.message}. {item.hint}".rstrip(". ") + "."},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": quote(item.file), "uriBaseId": "%SRCROOT%"},
                            "region": {
                                "startLine": max(item.line, 1),
                                "startColumn": max(item.column, 1),
                            },
                        }
                    }
                ],
                "partialFingerprints": {"migrate/v1": fingerprint(item)},
                "properties": {"operator": item.operator},
                **({"fixes": [_fix(item)]} if item.fix else {}),
            }
            for item in report.diagnostics
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2) + "\n"


def _fix(item: Diagnostic) -> dict[str, Any]:
    """The edits that answer a finding; offsets are in bytes of the file."""
    changes = [
        {
            "artifactLocation": {"uri": quote(file), "uriBaseId": "%SRCROOT%"},
            "replacements": [
                {
                    "deletedRegion": {"byteOffset": edit.start, "byteLength": edit.end - edit.start},
                    "insertedContent": {"text": edit.text},
                }
                for edit in sorted(edits)
            ],
        }
        for file, edits in groupby(sorted(item.fix), key=lambda edit: edit.file)
    ]
    return {"description": {"text": item.hint or item.message}, "artifactChanges": changes}


def _rule(id_: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": id_}
    title, hint = codes.title_of(id_), codes.hint_of(id_)
    if title:
        rule["shortDescription"] = {"text": title}
    if hint:
        rule["help"] = {"text": hint}
    return rule
