"""Diagnostics as workflow commands: GitHub shows each at its line of a pull request."""

from __future__ import annotations

from migrate import codes
from migrate.model.source import SEVERITIES
from migrate.report.rows import Report

_COMMANDS = {"note": "notice", "manual": "warning", "error": "error"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def report_to_github(report: Report) -> str:
    """The gravest first: a step shows ten annotations of a kind and keeps the rest to its log."""
    order = sorted(report.diagnostics, key=lambda item: -SEVERITIES.index(item.severity))
    return "".join(
        f"::{_COMMANDS[item.severity]} file={_escaped(item.file, _PROPERTY)},line={max(item.line, 1)},"
        f"col={max(item.column, 1)},title={_escaped(f'{item.id} {codes.title_of(item.id)}', _PROPERTY)}::"
        f"{_escaped('. '.join(part for part in (item.message, item.hint) if part), _DATA)}\n"
        for item in order
    )


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
