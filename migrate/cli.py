"""The command line: arguments in, exit codes out. What the verbs do stands in ``pipeline``.

stdout is data, stderr is progress and messages. Exit 0: done, nothing needs a human. 1: something
needs a human, or is not equivalent, or did not run. 2: usage or tool failure. 130: interrupted.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Optional

import click

from migrate import __version__, options
from migrate.console import colours, emit, guarded, say
from migrate.errors import UsageError
from migrate.progress import Progress, progress_on_stderr

if TYPE_CHECKING:  # the verbs load what they need, so that help and usage errors are quick
    from migrate.report import Report

_EXITS = """\b
Exit codes: 0 done, nothing needs a human, all Equal or Close;
            1 needs a human, not equivalent, or not run;
            2 usage or tool failure, or a file that could not be processed."""

@click.group(epilog=_EXITS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="migrate")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def commands(context: click.Context, quiet: bool) -> None:
    """Migrate pybind11/torch C++, CUDA and HIP extensions to apache-tvm-ffi, and prove it."""
    context.obj = quiet


@commands.command()
@options.source
@options.form("text", "json", "sarif")
@options.analysis
@click.pass_context
def scan(
    context: click.Context,
    source: Path,
    form: str,
    backend: Optional[str],
    defines: tuple[str, ...],
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Analyse SRC: how far each operator would get, and why not further. Writes nothing."""
    from migrate import pipeline

    watch = pipeline.Stopwatch()
    request = pipeline.Request(source, backend, defines, jobs or _cores())
    report = pipeline.analyse(request, _progress(context), watch).report
    _print_timings(watch.seconds, timings)
    return _shown(_report_as(form, report), report.exit_code)


@commands.command()
@options.source
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where the tree is written."
)
@options.form("text", "json")
@options.analysis
@click.pass_context
def run(
    context: click.Context,
    source: Path,
    out: Path,
    form: str,
    backend: Optional[str],
    defines: tuple[str, ...],
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Write a migrated copy of SRC to DIR. SRC itself is never touched."""
    from migrate import pipeline

    watch = pipeline.Stopwatch()
    request = pipeline.Request(source, backend, defines, jobs or _cores())
    migration = pipeline.migrate(request, out, _progress(context), watch)
    _print_timings(watch.seconds, timings)
    tree = migration.tree
    emit(_report_as(form, migration.report))
    say(
        f"{out}: {len(tree.written)} files written, {tree.unchanged} unchanged, {len(tree.removed)} removed"
    )
    say(f"next: migrate diff -C {out}; migrate test -C {out}")
    return migration.report.exit_code


@commands.command()
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


@commands.command()
@options.operators
@options.tree
@options.form("text", "json")
@options.jobs
@options.timings
@click.pass_context
def build(
    context: click.Context,
    operators: tuple[str, ...],
    tree: Path,
    form: str,
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Build the original and the migrated libraries side by side."""
    from migrate import pipeline
    from migrate.report.schema import artifacts_to_json
    from migrate.report.text import artifacts_text

    watch = pipeline.Stopwatch()
    artifacts = pipeline.build_tree(tree, operators, jobs, _progress(context), watch)
    _print_timings(watch.seconds, timings)
    emit(artifacts_to_json(artifacts) if form == "json" else artifacts_text(artifacts, colours()))
    return 0 if artifacts.items and all(item.ok for item in artifacts.items) else 1


@commands.command()
@options.operators
@options.tree
@options.form("text", "json", "junit")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the generated cases.")
@click.option("--cases", type=click.IntRange(1), default=100, show_default=True, help="Cases per operator.")
@options.jobs
@options.timings
@click.pass_context
def test(
    context: click.Context,
    operators: tuple[str, ...],
    tree: Path,
    form: str,
    seed: int,
    cases: int,
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Build both sides, call both with the same inputs, compare bit for bit."""
    from migrate import pipeline
    from migrate.report.junit import verdicts_to_junit
    from migrate.report.schema import verdicts_to_json
    from migrate.report.text import verdicts_text

    watch = pipeline.Stopwatch()
    comparison = pipeline.Comparison(operators, seed, cases)
    verdicts = pipeline.compare_tree(tree, comparison, jobs, _progress(context), watch)
    _print_timings(watch.seconds, timings)
    if form == "json":
        emit(verdicts_to_json(verdicts))
    elif form == "junit":
        emit(verdicts_to_junit(verdicts))
    else:
        emit(verdicts_text(verdicts, colours()))
    passed = all(item.verdict in ("Equal", "Close") for item in verdicts.items)
    return 0 if verdicts.items and passed else 1


@commands.command()
@options.tree
def status(tree: Path) -> int:
    """Where each operator of a migrated tree stands."""
    from migrate import pipeline
    from migrate.report.text import status_text

    report = pipeline.load_report(tree)
    code = _shown(status_text(report, pipeline.load_results(tree), colours()), report.exit_code)
    for path in pipeline.hand_edits(tree):
        say(f"not as migrate wrote it: {path}")
    return code


@commands.command()
@options.form("text", "json")
def doctor(form: str) -> int:
    """Show what this machine has, and what is missing for which verb."""
    from migrate import doctor as checks
    from migrate import pipeline

    findings = checks.examine(pipeline.self_test)
    page = checks.to_json(findings) if form == "json" else checks.to_text(findings, colours())
    return _shown(page, checks.exit_code(findings))


@commands.command()
@click.argument("identifier", metavar="[ID]", required=False)
def explain(identifier: Optional[str]) -> int:
    """Explain a diagnostic; without ID, list them all."""
    from migrate import codes

    if identifier is None:
        emit("".join(f"{id_}  {row.severity:6}  {row.title}\n" for id_, row in codes.catalogue().items()))
        return 0
    page = codes.explain(identifier)
    if page is None:
        raise UsageError(f"there is no diagnostic {identifier!r}", "`migrate explain` lists them all")
    emit(page)
    return 0


@commands.command("map")
@click.argument("api", metavar="API")
@options.tree
@options.form("text", "json")
def map_(api: str, tree: Path, form: str) -> int:
    """What a name of torch's or pybind11's becomes, and why: at::empty, x.view, torch/all.h."""
    from migrate import mapping, pipeline

    answer = pipeline.map_api(api, tree)
    page = mapping.to_json(answer) if form == "json" else mapping.to_text(answer)
    return _shown(page, 0 if answer.known else 1)


def main() -> NoReturn:
    """The entry point: every failure becomes one line and an exit code, never a traceback."""
    guarded(lambda: commands.main(prog_name="migrate", standalone_mode=False))


def _report_as(form: str, report: Report) -> str:
    from migrate.report.sarif import report_to_sarif
    from migrate.report.schema import report_to_json
    from migrate.report.text import report_text

    if form == "json":
        return report_to_json(report)
    if form == "sarif":
        return report_to_sarif(report)
    return report_text(report, colours())


def _shown(page: str, code: int) -> int:
    """The exit code of a verb that only looks: a reader that went away is no finding, but a failure
    stays one."""
    taken = emit(page)
    return code if taken or code == 2 else 0


def _progress(context: click.Context) -> Progress:
    return progress_on_stderr(hidden=bool(context.obj))


def _cores() -> int:
    return len(os.sched_getaffinity(0))  # not cpu_count: containers are often given fewer


def _print_timings(seconds: dict[str, float], wanted: bool) -> None:
    if wanted:
        for room, spent in seconds.items():
            say(f"{room:8} {spent:8.3f} s")
        say(f"{'total':8} {sum(seconds.values()):8.3f} s")
