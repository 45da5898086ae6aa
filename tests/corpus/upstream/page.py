"""The results as one JSON file and one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sweep.pages import where

from upstream.outcomes import ERROR, FAILED, PASSED, SKIPPED, Outcomes, differences

_ABOUT = """\
Written by `{command}` on {date} at commit {commit} ({machine}{device}).

Each tree is migrated with `--backend {backend}` and `migrate build` builds both sides. The tree's own test
files, byte for byte as upstream has them, then run twice under pytest: in a copy of the original tree with
the original library, and in the migrated tree. A test skipped, or not collected, did not pass. Commits
and test folders are in `fixtures/corpus.toml`, every test's state in
[`{page}.json`]({page}.json)."""


@dataclass(frozen=True)
class Result:
    """One tree. ``reason`` says why it was not run; ``needs_python`` which migrated library does."""

    name: str
    commit: str
    tests: tuple[str, ...]
    before: Outcomes = field(default_factory=Outcomes)
    after: Outcomes = field(default_factory=Outcomes)
    not_built: tuple[str, ...] = ()
    needs_python: dict[str, tuple[str, ...]] = field(default_factory=dict)
    libraries: int = 0
    reason: str = ""

    @property
    def differing(self) -> dict[str, tuple[str, str]]:
        return differences(self.before, self.after)

    @property
    def good(self) -> bool:
        """Something passed before, and every test has the same state after."""
        sound = not (self.reason or self.before.broken or self.after.broken)
        return sound and self.before.count(PASSED) > 0 and not self.differing


def to_json(results: Sequence[Result]) -> str:
    rows: list[dict[str, Any]] = [{**asdict(row), "good": row.good} for row in results]
    return json.dumps({"schema_version": 1, "where": where(), "trees": rows}, indent=1) + "\n"


def to_page(results: Sequence[Result], device: str = "") -> str:
    """``device`` names the GPU of a run that needed one."""
    head = ("tree", "commit", "tests", "passed before", "passed after", "failed", "skipped", "differences")
    about = _ABOUT.format(
        **where(),
        command="make upstream TREES=--gpu" if device else "make upstream",
        device=f", {device}" if device else "",
        backend="cuda" if device else "cpu",
        page="upstream_gpu" if device else "upstream",
    )
    lines = [f"# Upstream's own tests on {'a GPU' if device else 'the CPU'}", "", about, ""]
    lines += [_row(head), _row("---" for _ in head), *(_row(_cells(result)) for result in results), ""]
    lines += ["*Failed* (errors among them) and *skipped*: before / after.", ""]
    for result in results:
        notes = _notes(result)
        lines += [f"## {result.name}", "", *(f"- {note}" for note in notes), ""] if notes else []
    return "\n".join(lines).rstrip() + "\n"


def _cells(result: Result) -> tuple[str, ...]:
    start = (result.name, result.commit[:12])
    if result.reason:
        return (*start, "not run", "", "", "", "", "")
    before, after = result.before, result.after
    failed = [str(side.count(FAILED) + side.count(ERROR)) for side in (before, after)]
    skipped = [str(side.count(SKIPPED)) for side in (before, after)]
    passed = [str(side.count(PASSED)) for side in (before, after)]
    total = str(len(before.tests.keys() | after.tests.keys()))
    return (*start, total, *passed, " / ".join(failed), " / ".join(skipped), str(len(result.differing)))


def _notes(result: Result) -> list[str]:
    if result.reason:
        return [f"Not run: {result.reason}."]
    sides = (("original", result.before), ("migrated", result.after))
    notes = [f"The {side} run: {found.broken}." for side, found in sides if found.broken]
    notes += [f"`{name}`: {old} before, {new} after" for name, (old, new) in result.differing.items()]
    notes += [f"Not built: {text}" for text in result.not_built]
    notes += [f"`{path}` needs Python: {', '.join(names[:5])}" for path, names in result.needs_python.items()]
    if result.libraries and not result.needs_python:
        asked = "asks for a Python library or leaves a `Py*` symbol undefined"
        notes.append(f"No migrated library ({result.libraries} built) {asked}.")
    return notes


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
