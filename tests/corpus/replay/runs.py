"""One tree through all steps: built, tested plainly, recorded, shadowed, replayed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sweep.trees import ROOT
from upstream.outcomes import Outcomes, read_junit, run_tests
from upstream.stages import ORIGINAL, Stage

from migrate.errors import FatalError
from migrate.model.verdicts import Verdict
from migrate.pipeline import Comparison, Request, Session, compare_tree, migrate, record_tree
from migrate.record.journal import Bounds, Recording, forget
from migrate.record.stage import STAGE
from replay.subjects import Subject

_COMPARED = re.compile(r"^(\d+) calls compared, (\d+) differ$", re.MULTILINE)
_NOT_COMPARED = re.compile(r"^(\d+) (calls (?!compared).*|module was .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Operator:
    """``seen`` and ``kept`` calls, those ``left_out`` by reason, and the verdict of their replay."""

    name: str
    seen: int
    kept: int
    left_out: dict[str, int]
    verdict: str = "NotRun"
    ran: int = 0
    raised: int = 0
    why: str = ""


@dataclass(frozen=True)
class Result:
    """One tree. ``plain``, ``recorded`` and ``shadowed`` are the same tests; ``differ`` of the ``compared``
    calls did so in the shadow."""

    name: str
    commit: str
    plain: Outcomes = field(default_factory=Outcomes)
    recorded: Outcomes = field(default_factory=Outcomes)
    shadowed: Outcomes = field(default_factory=Outcomes)
    operators: tuple[Operator, ...] = ()
    compared: int = 0
    differ: int = 0
    not_compared: dict[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def good(self) -> bool:
        """Nobody noticed, and every recorded call is Equal."""
        undisturbed = self.plain.tests and self.plain.tests == self.recorded.tests == self.shadowed.tests
        equal = all(row.verdict in ("Equal", "Close") for row in self.operators if row.kept)
        return bool(undisturbed and equal and self.compared and not self.differ)


def run_subject(subject: Subject, work: Path, python: Path, limit: int, jobs: int) -> Result:
    result = Result(subject.name, subject.commit)
    if not subject.source.is_dir():
        return _without(result, "not under MIGRATE_CORPUS")
    out, report = work / subject.name, work / f"{subject.name}.xml"
    report.unlink(missing_ok=True)
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *subject.tests)
    try:
        migrate(Request(subject.source, backend="cpu", jobs=jobs), out)
        forget(out)
        session = Session((str(python), *tests), quiet=True)
        code, recording = record_tree(out, session, Bounds(), jobs)
        recorded = Outcomes(
            read_junit(report.read_text(encoding="utf-8")) if report.is_file() else {},
            "" if code in (0, 1) else f"pytest ended with {code}",
        )
        verdicts = compare_tree(out, Comparison(replay=True), jobs).items
    except FatalError as error:
        return _without(result, str(error))
    stage = Stage(ORIGINAL, out / STAGE, ())
    plain = run_tests(python, stage, subject.tests, limit)
    options = ("-p", "migrate.shadow", "--migrate-shadow", f"--migrate-tree={out}")
    shadowed = run_tests(python, stage, (*options, *subject.tests), limit, (ROOT,))
    text = (stage.folder / "upstream.log").read_text(encoding="utf-8")
    compared, differ = map(int, (_COMPARED.findall(text) or [("0", "0")])[-1])
    return Result(
        subject.name, subject.commit, plain, recorded, shadowed,
        _operators(recording, verdicts), compared, differ,
        {what: int(count) for count, what in _NOT_COMPARED.findall(text)},
    )  # fmt: skip


def _without(result: Result, reason: str) -> Result:
    return Result(result.name, result.commit, reason=reason)


def _operators(recording: Recording, verdicts: Sequence[Verdict]) -> tuple[Operator, ...]:
    rows = []
    for name, seen, kept, left_out in recording.rows():
        module, _, path = name.rpartition(":")
        leaf = path.split(".")[2:] if not module else [path.rpartition(".")[2]]
        found = [row for row in verdicts if _is_of(row, module, leaf) and row.verdict != "NotRun"]
        # Overloads share a name: the gravest of them counts.
        worst = min(found, key=lambda row: row.verdict in ("Equal", "Close"), default=None)
        if worst is None:
            rows.append(Operator(name, seen, kept, left_out))
            continue
        ran, raised = sum(row.ran for row in found), sum(row.raised_both for row in found)
        why = "; ".join(part for part in (worst.worst, worst.reason) if part)
        rows.append(Operator(name, seen, kept, left_out, worst.verdict, ran, raised, why))
    return tuple(rows)


def _is_of(row: Verdict, module: str, names: Sequence[str]) -> bool:
    if module:
        return row.module == module and row.name == names[0]
    space, name, overload = names
    whole = name if overload == "default" else f"{name}.{overload}"
    return row.id.endswith(f":{space}::{whole}") or row.id.endswith(f":{space}::{name}.{overload}")
