"""``// migrate: ignore[MIG310] -- reason``: findings that the author of the source has answered.

The comment stands on the finding's line, or alone on the lines right above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Optional

from migrate.model.project import Project
from migrate.model.source import Diagnostic, Edit

_MARK = b"migrate: ignore["
_COMMENT = re.compile(r"(?P<before>.*?)(?://|/\*|#)\s*migrate: ignore\[(?P<ids>[^\]\n]*)\](?P<rest>[^\n]*)")
_REASON = re.compile(r"\s*--\s*(?P<reason>.*?)\s*(?:\*/.*)?$")


@dataclass(frozen=True)
class Suppression:
    """One id of one comment. ``lines`` are those whose findings it answers; ``reason`` may be missing.

    ``removal`` takes the comment away; None where it answers other ids too.
    """

    file: str
    line: int
    lines: tuple[int, ...]
    id: str
    reason: str
    removal: Optional[Edit] = None

    def answers(self, finding: Diagnostic) -> bool:
        same = (self.file, self.id) == (finding.file, finding.id)
        return same and finding.line in self.lines and bool(self.reason) and finding.severity != "error"


def find_suppressions(project: Project) -> tuple[Suppression, ...]:
    """All of them, in the order of files and lines."""
    return tuple(
        row
        for file in project.files
        if _MARK in file.data
        for row in _in_text(file.path, file.data.decode("latin-1").split("\n"))
    )


def _in_text(path: str, lines: list[str]) -> Iterable[Suppression]:
    start = end = 0
    for number, line in enumerate(lines, 1):
        start, end = end, end + len(line) + 1
        match = _COMMENT.match(line)
        if match is None:
            continue
        meant = [number]
        if not match["before"].strip():
            following = number
            while following < len(lines) and _COMMENT.match(lines[following]):
                following += 1
            meant.append(following + 1)
        reason = _REASON.match(match["rest"])
        ids = match["ids"].split(",")
        removal = _removal(path, line, match, start) if len(ids) == 1 else None
        for id_ in ids:
            text = reason["reason"] if reason else ""
            yield Suppression(path, number, tuple(meant), id_.strip(), text, removal)


def _removal(path: str, line: str, match: re.Match[str], start: int) -> Optional[Edit]:
    """The comment goes, with its line where it stands alone; None where code follows it."""
    closed = match["rest"].find("*/")
    rest = match["rest"][closed + 2 :] if closed >= 0 else ""
    if rest.strip():
        return None
    before = match["before"].rstrip()
    if not before:
        return Edit(path, start, start + len(line) + 1, "")
    return Edit(path, start + len(before), start + len(line.rstrip("\r")), "")
