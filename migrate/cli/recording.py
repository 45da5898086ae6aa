"""The verb that runs the user's own tests: ``record``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Optional

import click

from migrate import options
from migrate.cli.showing import progress_of
from migrate.console import emit


@click.command(context_settings={"allow_interspersed_args": False})
@options.tree
@click.option("--module", "modules", multiple=True, metavar="M", help="Only the operators of this module.")
@click.option("--here", is_flag=True, help="Run CMD here, on the library that is installed.")
@click.option("--fresh", is_flag=True, help="Forget what was recorded before.")
@click.option("--calls", type=click.IntRange(1), default=1000, show_default=True, help="Kept per operator.")
@click.option(
    "--alike", type=click.IntRange(1), default=50, show_default=True,
    help="Kept of those that differ only in what tensors hold.",
)  # fmt: skip
@click.option(
    "--contents", type=click.IntRange(0), default=1024, show_default=True, metavar="KIB",
    help="A larger tensor is stood in for by seeded numbers in its range.",
)  # fmt: skip
@click.option(
    "--total", type=click.IntRange(1), default=256, show_default=True, metavar="MIB", help="On disk."
)
@options.jobs
@options.form("text", "json")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- CMD...")
@click.pass_context
def record(
    context: click.Context,
    tree: Path,
    modules: tuple[str, ...],
    here: bool,
    fresh: bool,
    calls: int,
    alike: int,
    contents: int,
    total: int,
    jobs: Optional[int],
    form: str,
    command: tuple[str, ...],
) -> int:
    """Run CMD (the library's own tests) on the original, and keep each call of an operator.

    CMD runs in a copy of the original tree with freshly built extensions. `migrate test --replay` then
    makes the same calls on both sides. Running it again adds to what is there.
    """
    from migrate import pipeline
    from migrate.record.journal import Bounds, forget

    if fresh:
        forget(tree)
    session = pipeline.Session(command, modules, here, quiet=form == "json")
    bounds = Bounds(calls, alike, contents << 10, total << 20)
    code, recording = pipeline.record_tree(tree, session, bounds, jobs, progress_of(context))
    rows = recording.rows()
    emit(json.dumps(_value(code, rows), indent=1) if form == "json" else _text(code, rows))
    return 0 if code == 0 and recording.calls else 1


def _value(code: int, rows: Any) -> dict[str, Any]:
    from migrate import __version__

    names = ("operator", "seen", "kept", "left_out")
    operators = [dict(zip(names, row)) for row in rows]
    tool = {"name": "migrate", "version": __version__}
    return {"schema_version": 1, "tool": tool, "exit_code": code, "operators": operators}


def _text(code: int, rows: Any) -> str:
    lines = []
    for operator, seen, kept, left_out in rows:
        reasons = "".join(f"; {count} {reason}" for reason, count in left_out.items())
        lines.append(f"{operator}: {seen} calls, {kept} kept{reasons}")
    lines = lines or ["no operator of this tree was called"]
    return "\n".join([*lines, *[f"the command ended with {code}"] * bool(code)])
