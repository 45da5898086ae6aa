"""Verbs about what is shipped: ``audit``."""

from __future__ import annotations

import click

from migrate import options
from migrate.cli.showing import shown
from migrate.console import colours


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
