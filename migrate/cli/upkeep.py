"""Verbs for a tree that lives on beside its upstream: ``check``."""

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

if TYPE_CHECKING:
    from migrate.write import Tree


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
    request = pipeline.Request(origin.source, origin.backend, origin.defines, jobs or cores(), folder)
    found = pipeline.check(tree, request, progress_of(context))
    rows = _rows(found.tree)
    code = 2 if found.report.exit_code == 2 else int(bool(rows))
    if rows:
        say(f"next: migrate run {origin.source} --out {tree}, then review `git diff`")
    return shown(_page(form, rows), code)


def _rows(tree: Tree) -> list[tuple[str, int, str]]:
    """File, line and what is to be said of it."""
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
        from migrate.report.github import annotation

        return "".join(
            annotation("error", {"file": file, "line": line}, message) for file, line, message in rows
        )
    lines = [f"{file}:{line}: {message}\n" for file, line, message in rows]
    return "".join(lines) or "up to date\n"
