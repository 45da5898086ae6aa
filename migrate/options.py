"""Arguments and options that several verbs of the command line take."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, TypeVar

import click

from migrate.model.project import BACKENDS

Command = TypeVar("Command", bound=Callable[..., Any])


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


jobs = click.option(
    "-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes at a time (default: all cores)."
)
timings = click.option("--timings", is_flag=True, help="Print the seconds of each step on stderr.")
cache = click.option(
    "--cache", metavar="DIR", help="Where results are kept for the next time, '' for nowhere."
)
source = click.argument("source", metavar="SRC", type=click.Path(path_type=Path))
analysis = together(
    click.option("--backend", type=click.Choice(BACKENDS), help="Read the sources for this backend."),
    click.option("--define", "defines", multiple=True, metavar="NAME[=VALUE]", help="Define a macro."),
    cache,
    jobs,
    timings,
)
_file = click.Path(path_type=Path, dir_okay=False)
baseline = together(
    click.option("--baseline", metavar="FILE", type=_file, help="Show and fail on what FILE does not list."),
    click.option("--write-baseline", metavar="FILE", type=_file, help="List today's findings in FILE."),
)
tree = click.option(
    "-C", "tree", metavar="DIR", type=click.Path(path_type=Path), default=Path(), help="The migrated tree."
)
operators = click.argument("operators", nargs=-1, metavar="[OP]...")


def form(*names: str) -> Callable[[Command], Command]:
    choice = click.Choice(names)
    return click.option("--format", "form", type=choice, default="text", help="What stdout carries.")
