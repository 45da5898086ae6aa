"""What every verb does with its result: print it in the form asked for, and choose the exit code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import click

from migrate.console import colours, emit, say
from migrate.errors import UsageError, WriteError
from migrate.progress import Progress, progress_on_stderr

if TYPE_CHECKING:
    from migrate.report import Report


def report_as(form: str, report: Report) -> str:
    from migrate.report.github import report_to_github
    from migrate.report.sarif import report_to_sarif
    from migrate.report.schema import report_to_json
    from migrate.report.text import report_text

    if form == "json":
        return report_to_json(report)
    if form == "sarif":
        return report_to_sarif(report)
    if form == "github":
        return report_to_github(report)
    return report_text(report, colours())


def against_baseline(report: Report, known: Optional[Path], write: Optional[Path]) -> Report:
    """``report`` without what ``known`` lists; ``write`` keeps all of it as the next baseline."""
    from migrate.report import baseline

    if write is not None:
        written = baseline.baseline_of(report)
        write_file(write, baseline.baseline_to_json(written))
        say(f"{write}: {sum(written.known.values())} findings")
        return baseline.beyond(report, written)
    if known is None:
        return report
    try:
        text = known.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{known} cannot be read", "Write it with --write-baseline") from error
    value = baseline.baseline_from_json(text, str(known))
    left = baseline.beyond(report, value)
    say(f"{len(report.diagnostics) - len(left.diagnostics)} findings are in the baseline")
    if stale := baseline.gone(report, value):
        say(f"{stale} of the baseline are gone: write it again with --write-baseline {known}")
    return left


def shown(page: str, code: int) -> int:
    """The exit code of a verb that only looks: a reader that went away is no finding, but a failure
    stays one."""
    taken = emit(page)
    return code if taken or code == 2 else 0


def write_file(path: Path, text: str) -> None:
    """A result into the file the user named: all of it, or the file stays as it was."""
    beside = path.with_name(f".{path.name}.migrate-{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", errors="surrogateescape")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        what = f"{path} cannot be written: {error.strerror}"
        raise WriteError(what, "Name another file with -o") from error


def progress_of(context: click.Context) -> Progress:
    return progress_on_stderr(hidden=bool(context.obj))


def cores() -> int:
    return len(os.sched_getaffinity(0))  # not cpu_count: containers are often given fewer


def print_timings(seconds: dict[str, float], wanted: bool) -> None:
    if wanted:
        for room, spent in seconds.items():
            say(f"{room:8} {spent:8.3f} s")
        say(f"{'total':8} {sum(seconds.values()):8.3f} s")
