"""Verbs that need no tree: ``doctor``, ``explain``."""

from __future__ import annotations

from typing import Optional

import click

from migrate import options
from migrate.cli.showing import shown
from migrate.console import colours, emit


@click.command()
@options.form("text", "json")
@click.option("--process", type=int, metavar="PID", help="Look into a running program instead.")
def doctor(form: str, process: Optional[int]) -> int:
    """Show what this machine has, and what is missing for which verb.

    With --process: which libtvm_ffi a program has loaded, and which package brought each. Two are a
    fault (exit code 1).
    """
    if process is not None:
        return _loaded(process, form)
    from migrate import doctor as checks
    from migrate.self_test import self_test

    findings = checks.examine(self_test)
    page = checks.to_json(findings) if form == "json" else checks.to_text(findings, colours())
    return shown(page, checks.exit_code(findings))


def _loaded(process: int, form: str) -> int:
    from migrate import loaded

    found = loaded.loaded_runtimes(process)
    page = loaded.to_json(found) if form == "json" else loaded.to_text(found, colours())
    return shown(page, loaded.exit_code(found))


@click.command()
@click.argument("identifier", metavar="[ID]", required=False)
@options.form("text", "json")
def explain(identifier: Optional[str], form: str) -> int:
    """Explain a diagnostic: cause, what to do, effort. Without ID, list them all."""
    from migrate import codes

    if form == "json":
        emit(codes.to_json(identifier))
        return 0
    if identifier is None:
        emit("".join(f"{id_}  {row.severity:6}  {row.title}\n" for id_, row in codes.catalogue().items()))
        return 0
    emit(codes.explain(identifier))
    return 0
