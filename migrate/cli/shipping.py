"""Verbs about what is shipped: ``wheel``, ``audit``."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from migrate import options
from migrate.cli.showing import shown
from migrate.console import colours, say
from migrate.model.project import BACKENDS


@click.command()
@options.tree
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("dist"), help="The wheel's folder (default: dist)."
)
@click.option(
    "--backend",
    "backends",
    multiple=True,
    type=click.Choice(BACKENDS),
    help="Only the modules for this backend, and those for the CPU; may be repeated.",
)
@options.form("text", "json")
@options.jobs
def wheel(tree: Path, out: Path, backends: tuple[str, ...], form: str, jobs: Optional[int]) -> int:
    """Build one wheel for every Python and every torch, and say what it can promise.

    The project that is built lies in wheel/ of the migrated tree. Exit code 1: something of the tree is
    not in the wheel, or a promise is broken.
    """
    from migrate.audit import audit, to_json, to_text
    from migrate.build.wheel import build_wheel

    made = build_wheel(tree, out, backends, jobs)
    audited = audit(made.path)
    say(f"{made.path}: {', '.join(made.modules)} in {made.seconds:.1f} s")
    for row in made.left_out:
        say(f"not in it: {row.module}: {row.reason}")
    page = to_json(audited, made) if form == "json" else to_text(audited, colours())
    return shown(page, 1 if made.left_out or not audited.kept else 0)


@click.command()
@click.argument("subject", metavar="FILE|WHEEL|PACKAGE")
@options.form("text", "json")
def audit(subject: str, form: str) -> int:
    """Say what a built library, wheel or installed package can promise.

    Any Python, any torch, one tvm-ffi, the installed tvm-ffi, a tag that fits the content. FILE may be
    a folder too: of a migrated tree, what `migrate build` made. Nothing is loaded or imported.
    """
    from migrate.audit import audit, to_json, to_text

    result = audit(subject)
    page = to_json(result) if form == "json" else to_text(result, colours())
    return shown(page, 0 if result.kept else 1)
