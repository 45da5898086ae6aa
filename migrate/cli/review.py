"""Verbs that show a migrated tree: ``diff``, ``report``, ``status``."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from migrate import options
from migrate.cli.showing import shown, write_file
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
@options.form("text", "json")
@click.option("--html", is_flag=True, help="One self-contained page, for a browser.")
@click.option(
    "-o", "output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write it to FILE."
)
def report(tree: Path, form: str, html: bool, output: Optional[Path]) -> int:
    """Everything known of a migrated tree: tiers, verdicts, measurements, findings, sources."""
    from migrate import state
    from migrate.report import review

    found = state.load_review(tree)
    code = review.exit_code(found)
    if html:
        from migrate.report.page import review_to_html

        page = review_to_html(found)
    elif form == "json":
        page = review.review_to_json(found)
    else:
        page = review.review_text(found, colours() and output is None)
    if output is None:
        return shown(page, code)
    write_file(output, page)
    say(f"{output}: {len(page.encode()) // 1024} KiB")
    return code


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
    source, changed = state.load_origin(tree).source, state.changed_upstream(tree)
    if changed is None:
        say(f"{source} is gone: whether this tree is stale is not known")
    elif changed:
        shown_paths = ", ".join(changed[:3]) + (", ..." if len(changed) > 3 else "")
        say(f"stale: {len(changed)} files of {source} changed since the last run ({shown_paths})")
        say(f"next: migrate run {source} --out {tree}; hand edits are merged")
    return code or int(bool(changed))
