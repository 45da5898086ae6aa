"""Diagnostics as workflow commands: GitHub shows each at its line of a pull request."""

from __future__ import annotations

from collections.abc import Mapping

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
        annotation(
            _COMMANDS[item.severity],
            {
                "file": item.file,
                "line": max(item.line, 1),
                "col": max(item.column, 1),
                "title": f"{item.id} {codes.title_of(item.id)}",
            },
            ". ".join(part for part in (item.message, item.hint) if part),
        )
        for item in order
    )


def annotation(command: str, properties: Mapping[str, object], message: str) -> str:
    """One command: ``error``, ``warning`` or ``notice``."""
    given = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items())
    return f"::{command} {given}::{_escaped(message, _DATA)}\n"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
