"""Verbs that build and run a migrated tree: ``build``, ``test``, ``bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from migrate import options
from migrate.cli.showing import print_timings, progress_of
from migrate.console import colours, emit
from migrate.model.measures import HEADERS, PARTS


@click.command()
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
    artifacts = pipeline.build_tree(tree, operators, jobs, progress_of(context), watch)
    print_timings(watch.seconds, timings)
    emit(artifacts_to_json(artifacts) if form == "json" else artifacts_text(artifacts, colours()))
    return 0 if artifacts.items and all(item.ok for item in artifacts.items) else 1


@click.command()
@options.operators
@options.tree
@options.form("text", "json", "junit")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the generated cases.")
@click.option("--cases", type=click.IntRange(1), default=100, show_default=True, help="Cases per operator.")
@click.option("--replay", is_flag=True, help="Make the calls that `migrate record` kept instead.")
@click.option("--sanitize", is_flag=True, help="On a GPU, run the migrated side under compute-sanitizer.")
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
    replay: bool,
    sanitize: bool,
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Build both sides, call both with the same inputs, compare bit for bit."""
    from migrate import pipeline
    from migrate.report.junit import verdicts_to_junit
    from migrate.report.schema import verdicts_to_json
    from migrate.report.text import verdicts_text

    watch = pipeline.Stopwatch()
    comparison = pipeline.Comparison(operators, seed, cases, replay, sanitize)
    verdicts = pipeline.compare_tree(tree, comparison, jobs, progress_of(context), watch)
    print_timings(watch.seconds, timings)
    if form == "json":
        emit(verdicts_to_json(verdicts))
    elif form == "junit":
        emit(verdicts_to_junit(verdicts))
    else:
        emit(verdicts_text(verdicts, colours()))
    passed = all(item.verdict in ("Equal", "Close") for item in verdicts.items)
    return 0 if verdicts.items and passed else 1


@click.command()
@options.operators
@options.tree
@options.form("text", "json", "svg")
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice((*PARTS, HEADERS)),
    help="Only builds, only calls, or of the builds only what framework headers cost.",
)
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Cold builds per side.")
@options.jobs
@click.pass_context
def bench(
    context: click.Context,
    operators: tuple[str, ...],
    tree: Path,
    form: str,
    parts: tuple[str, ...],
    repeat: int,
    jobs: Optional[int],
) -> int:
    """Measure original and migrated side by side: builds, sizes, imports, calls, kernels."""
    from migrate import pipeline
    from migrate.report.bench import measures_text, measures_to_json
    from migrate.report.plot import measures_to_svg

    timing = pipeline.Timing(operators, parts or PARTS, repeat)
    measures = pipeline.bench_tree(tree, timing, jobs, progress_of(context))
    forms = {"json": measures_to_json, "svg": measures_to_svg}
    emit(forms[form](measures) if form in forms else measures_text(measures, colours()))
    return 1 if any(item.reason.startswith("not run") for item in measures.items) else 0
