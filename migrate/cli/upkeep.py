"""Verbs for a tree that lives on beside its upstream: ``check``, ``retire``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import click

from migrate import options
from migrate.cache import chosen_folder
from migrate.cli.showing import cores, progress_of, shown
from migrate.console import say
from migrate.entries import CACHE
from migrate.errors import TreeError, UsageError

if TYPE_CHECKING:
    from migrate.pipeline import Migration

_SERVED = ("raw", "view", "bridge")


@click.command()
@options.tree
@click.option(
    "--source", type=click.Path(path_type=Path), metavar="SRC", help="The source tree, if it has moved."
)
@options.form("text", "json", "github")
@options.cache
@options.jobs
@click.pass_context
def check(
    context: click.Context,
    tree: Path,
    source: Optional[Path],
    form: str,
    cache: Optional[str],
    jobs: Optional[int],
) -> int:
    """Would `run` change anything? Ends with 1 if it would, for CI. Writes nothing but its cache."""
    from migrate import pipeline, state

    origin = state.load_origin(tree, source)
    folder = chosen_folder(cache, tree / CACHE)
    request = pipeline.Request(
        origin.source, origin.backend, origin.defines, jobs or cores(), folder, origin.coexistence
    )
    found = pipeline.check(tree, request, progress_of(context))
    rows = _rows(found)
    code = 2 if found.report.exit_code == 2 else int(bool(rows))
    if rows:
        say(f"next: migrate run {origin.source} --out {tree}, then review `git diff`")
    return shown(_page(form, rows), code)


@click.command()
@options.operators
@options.tree
@options.cache
@options.jobs
@click.pass_context
def retire(
    context: click.Context,
    operators: tuple[str, ...],
    tree: Path,
    cache: Optional[str],
    jobs: Optional[int],
) -> int:
    """Take the old implementation of operators away, all without OP: each must be Equal or Close.

    A module's old extension goes with the last operator that it serves.
    """
    from migrate import pipeline, state
    from migrate.model.project import Coexistence

    origin = state.load_origin(tree)
    if origin.coexistence is None:
        raise UsageError(f"{tree} keeps no old implementations", "`migrate run --coexist` does")
    if state.changed_upstream(tree) != ():
        raise TreeError(f"{origin.source} is not as the last run saw it", "Run `migrate run` and test again")
    rows = [row for row in state.load_report(tree).select(operators) if row.kind in ("function", "enum")]
    verdicts = state.load_results(tree)
    functions = [row for row in rows if row.kind == "function"]
    open_rows = [row for row in functions if verdicts.get(row.id) not in ("Equal", "Close")]
    for row in open_rows:
        why = f"last verdict {verdicts.get(row.id, 'NotRun')}" if row.tier in _SERVED else f"tier {row.tier}"
        say(f"not retired: {row.module}.{row.name} ({why})")
    if open_rows:
        say("nothing was changed; next: migrate test")
        return 1
    gone = tuple(sorted({*origin.coexistence.retired, *(row.id for row in rows if row.tier in _SERVED)}))
    folder = chosen_folder(cache, tree / CACHE)
    request = pipeline.Request(
        origin.source, origin.backend, origin.defines, jobs or cores(), folder, Coexistence(gone)
    )
    found = pipeline.migrate(request, tree, progress_of(context)).tree
    for said in found.diagnostics:
        say(f"{said.file}:{said.line}: {said.id} {said.message}")
    say(f"retired: {len(rows)} operators; {len(found.written)} files written, {len(found.removed)} removed")
    return int(any(said.severity != "note" for said in found.diagnostics))


def _rows(found: Migration) -> list[tuple[str, int, str]]:
    """File, line and what is to be said of it."""
    tree = found.tree
    written = [(path, 1, "run would rewrite it") for path in tree.written]
    removed = [(path, 1, "run would remove it") for path in tree.removed]
    said = [(row.file, row.line, f"{row.id} {row.message}") for row in tree.diagnostics]
    return sorted([*written, *removed, *(row for row in said if not row[2].startswith("MIG454"))])


def _page(form: str, rows: list[tuple[str, int, str]]) -> str:
    if form == "json":
        from migrate import __version__

        files = [{"file": file, "line": line, "message": message} for file, line, message in rows]
        tool = {"name": "migrate", "version": __version__}
        return json.dumps({"schema_version": 1, "tool": tool, "files": files}, indent=1) + "\n"
    if form == "github":
        return "".join(f"::error file={file},line={line}::{message}\n" for file, line, message in rows)
    lines = [f"{file}:{line}: {message}\n" for file, line, message in rows]
    return "".join(lines) or "up to date\n"
