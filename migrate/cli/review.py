"""Verbs that show a migrated tree: ``diff``, ``status``."""

from __future__ import annotations

from pathlib import Path

import click

from migrate import options
from migrate.cli.showing import shown
from migrate.console import colours, emit, say


@click.command()
@options.operators
@options.tree
def diff(operators: tuple[str, ...], tree: Path) -> int:
    """Print the patch from the original for `git apply`; what stays manual goes to stderr."""
    from migrate import pipeline

    patch, report = pipeline.show_diff(tree, operators)
    taken = emit(patch.text)
    manual = report.manual()
    if manual:
        say(f"{len(manual)} stay manual:")
    for row in manual:
        say(f"  {row.module}.{row.name} ({row.file}:{row.line}): {row.reason}")
    return 1 if manual and taken else 0


@click.command()
@options.tree
def status(tree: Path) -> int:
    """Where each operator of a migrated tree stands."""
    from migrate import state
    from migrate.report.text import status_text

    report = state.load_report(tree)
    code = shown(status_text(report, state.load_results(tree), colours()), report.exit_code)
    for path in state.hand_edits(tree):
        say(f"not as migrate wrote it: {path}")
    return code
