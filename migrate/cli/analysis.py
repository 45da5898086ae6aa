"""Verbs on a source tree: ``scan``, ``run``; and ``map``, which answers for one name."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from migrate import options
from migrate.cache import chosen_folder, user_folder
from migrate.cli.showing import against_baseline, cores, print_timings, progress_of, report_as, shown
from migrate.console import emit, say
from migrate.entries import CACHE


@click.command()
@options.source
@options.form("text", "json", "sarif", "github")
@options.baseline
@options.analysis
@click.pass_context
def scan(
    context: click.Context,
    source: Path,
    form: str,
    baseline: Optional[Path],
    write_baseline: Optional[Path],
    backend: Optional[str],
    defines: tuple[str, ...],
    cache: Optional[str],
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Analyse SRC: how far each operator would get, and why not further. Writes nothing but its
    cache."""
    from migrate import pipeline

    watch = pipeline.Stopwatch()
    folder = chosen_folder(cache, user_folder())
    request = pipeline.Request(source, backend, defines, jobs or cores(), folder)
    report = pipeline.survey(request, progress_of(context), watch)
    print_timings(watch.seconds, timings)
    report = against_baseline(report, baseline, write_baseline)
    return shown(report_as(form, report), report.exit_code)


@click.command()
@options.source
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where the tree is written."
)
@options.form("text", "json")
@click.option("--coexist", is_flag=True, help="Keep the old extensions; MIGRATE_OLD picks them.")
@click.option("--commits", is_flag=True, help="A git branch in DIR, one commit per operator; --coexist.")
@click.option("--branch", metavar="NAME", default="migrate", show_default=True, help="Its name.")
@options.analysis
@click.pass_context
def run(
    context: click.Context,
    source: Path,
    out: Path,
    form: str,
    coexist: bool,
    commits: bool,
    branch: str,
    backend: Optional[str],
    defines: tuple[str, ...],
    cache: Optional[str],
    jobs: Optional[int],
    timings: bool,
) -> int:
    """Write a migrated copy of SRC to DIR. SRC itself is never touched."""
    from migrate import pipeline
    from migrate.branch import check_branch
    from migrate.state import coexistence_of

    watch = pipeline.Stopwatch()
    folder = chosen_folder(cache, out / CACHE)
    switch = coexistence_of(out, coexist or commits)
    request = pipeline.Request(source, backend, defines, jobs or cores(), folder, switch)
    if commits:
        check_branch(out, branch)
    migration = pipeline.migrate(request, out, progress_of(context), watch)
    print_timings(watch.seconds, timings)
    tree = migration.tree
    emit(report_as(form, migration.report))
    say(
        f"{out}: {len(tree.written)} files written, {tree.unchanged} unchanged, {len(tree.removed)} removed, "
        f"{len(tree.edited)} edited by hand"
    )
    if commits:
        count = pipeline.commit(request, out, branch, progress_of(context))
        say(f"branch {branch}: {count} commits; review with git -C {out} log -p --stat {branch}")
    say(f"next: migrate diff -C {out}; migrate test -C {out}")
    return migration.report.exit_code


@click.command("map")
@click.argument("api", metavar="API")
@options.tree
@options.form("text", "json")
def map_(api: str, tree: Path, form: str) -> int:
    """What a name of torch's or pybind11's becomes, and why: at::empty, x.view, torch/all.h."""
    from migrate import mapping, pipeline

    answer = pipeline.map_api(api, tree)
    page = mapping.to_json(answer) if form == "json" else mapping.to_text(answer)
    return shown(page, 0 if answer.known else 1)
