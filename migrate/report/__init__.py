"""The last room: values of the pipeline -> what a person or a program reads."""

from __future__ import annotations

from migrate.report.rows import DeadRow, OperatorRow, Report
from migrate.report.schema import report_from_json, report_to_json, verdicts_to_json
from migrate.report.summary import summarise, with_findings

__all__ = [
    "DeadRow",
    "OperatorRow",
    "Report",
    "report_from_json",
    "report_to_json",
    "summarise",
    "verdicts_to_json",
    "with_findings",
]
