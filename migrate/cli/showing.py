"""What every verb does with its result: print it in the form asked for, and choose the exit code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate.console import colours, emit, say
from migrate.errors import WriteError
from migrate.progress import Progress, progress_on_stderr

if TYPE_CHECKING:
    from migrate.report import Report


def report_as(form: str, report: Report) -> str:
    from migrate.report.sarif import report_to_sarif
    from migrate.report.schema import report_to_json
    from migrate.report.text import report_text

    if form == "json":
        return report_to_json(report)
    if form == "sarif":
        return report_to_sarif(report)
    return report_text(report, colours())


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
