"""The command line: arguments in, exit codes out. What the verbs do stands in ``pipeline``.

stdout is data, stderr is progress and messages. Exit 0: done, nothing needs a human. 1: something
needs a human, or is not equivalent, or did not run. 2: usage or tool failure. 130: interrupted.

One file per family of verbs; each verb loads what it needs, so that help and usage errors are quick.
"""

from __future__ import annotations

from typing import NoReturn

import click

from migrate import __version__
from migrate.cli import analysis, proof, recording, reference, review, shipping, upkeep
from migrate.console import guarded

_EXITS = """\b
Exit codes: 0 done, nothing needs a human, all Equal or Close;
            1 needs a human, not equivalent, or not run;
            2 usage or tool failure, or a file that could not be processed."""

_VERBS = (
    *(analysis.scan, analysis.run, analysis.map_),
    *(proof.build, proof.test, proof.bench),
    *(recording.record,),
    *(review.diff, review.report, review.status),
    *(upkeep.check, upkeep.retire),
    *(shipping.wheel, shipping.audit),
    *(reference.doctor, reference.explain),
)


@click.group(epilog=_EXITS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="migrate")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def commands(context: click.Context, quiet: bool) -> None:
    """Migrate pybind11/torch C++, CUDA and HIP extensions to apache-tvm-ffi, and prove it."""
    context.obj = quiet


for _verb in _VERBS:
    commands.add_command(_verb)


def main() -> NoReturn:
    """The entry point: every failure becomes one line and an exit code, never a traceback."""
    guarded(lambda: commands.main(prog_name="migrate", standalone_mode=False))
