"""The straight line. Read this first: each room is one call, from value to value.

    Path -scan-> Project -parse-> Model -plan-> Plan -render-> FileSet -write-> Tree
    Tree -build-> Artifacts -compare-> Verdicts -report-> Report

The parser also reads every FileSet, with torch undeclared: a file with an error is planned again.
This is the only file that sees every room. Rooms never call each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from migrate.branch import write_branch
from migrate.cache import Cache, key_of
from migrate.collector import paused_collector
from migrate.diff import Patch, diff
from migrate.entries import Entry
from migrate.errors import SourceError
from migrate.mapping import Answer, look_up
from migrate.model.bindings import Model
from migrate.model.measures import HEADERS, Measure, Measures
from migrate.model.plan import FileSet, Plan
from migrate.model.project import Project
from migrate.model.verdicts import Artifacts, Verdicts
from migrate.parse import fingerprint, parse
from migrate.parse.syntax import check_syntax
from migrate.plan import plan, refused_files, with_verified
from migrate.progress import SILENT, Progress
from migrate.record.journal import Bounds, Recording, read_recording
from migrate.render import render, with_manifest
from migrate.report import Report, report_to_json, summarise, with_findings
from migrate.request import Comparison as Comparison
from migrate.request import Request as Request
from migrate.request import Session as Session
from migrate.request import Stopwatch as Stopwatch
from migrate.request import Timing as Timing
from migrate.scan import read_settings, scan
from migrate.state import REPORT, Origin, keep_measures, keep_results, load_report, origin_files
from migrate.steps import Step, steps
from migrate.text.includes import find_includes
from migrate.write import Tree, check_place, pending, snapshot, write


@dataclass(frozen=True)
class Analysis:
    """Everything that is known before a file is rendered."""

    project: Project
    model: Model
    plan: Plan
    report: Report
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """Everything that a run writes, and its report."""

    files: FileSet
    report: Report


@dataclass(frozen=True)
class Migration:
    """A written tree. ``report`` includes what could not be written."""

    tree: Tree
    report: Report


def analyse(request: Request, progress: Progress = SILENT, watch: Optional[Stopwatch] = None) -> Analysis:
    """Nothing is written, nothing of the tree is executed."""
    watch = watch or Stopwatch()
    return _analysis(_scanned(request, watch), request, Cache(request.cache), progress, watch)


def survey(request: Request, progress: Progress = SILENT, watch: Optional[Stopwatch] = None) -> Report:
    """``migrate scan``: the report alone, from the cache if nothing changed."""
    watch, cache = watch or Stopwatch(), Cache(request.cache)
    project = _scanned(request, watch)
    return cache.remembered(
        lambda: key_of("report", fingerprint(project)),
        Report,
        lambda: _analysis(project, request, cache, progress, watch).report,
    )


def prepare(request: Request, progress: Progress = SILENT, watch: Optional[Stopwatch] = None) -> Prepared:
    """All that a run would write: what ``migrate check`` compares."""
    watch, cache = watch or Stopwatch(), Cache(request.cache)
    project = _scanned(request, watch)

    def anew() -> Prepared:
        analysis = _analysis(project, request, cache, progress, watch)
        analysis, files = _checked(analysis, request.jobs, progress, watch)
        return Prepared(_with_report(files, analysis.report), analysis.report)

    return cache.remembered(lambda: key_of("files", fingerprint(project)), Prepared, anew)


def migrate(
    request: Request, out: Path, progress: Progress = SILENT, watch: Optional[Stopwatch] = None
) -> Migration:
    """``migrate run``: the analysis, rendered and written to ``out``."""
    watch = watch or Stopwatch()
    check_place(request.source, out)
    prepared = prepare(request, progress, watch)
    with watch.room("write"):
        tree = write(request.source, _with_origin(prepared.files, request, out), out)
    return Migration(tree, with_findings(prepared.report, tree.diagnostics))


def commit(request: Request, out: Path, branch: str, progress: Progress = SILENT) -> int:
    """``migrate run --commits``: a branch of one commit per operator in ``out``; how many. Each holds a
    whole migrated tree: its equivalence tests need what ``run`` keeps for them."""
    watch, cache = Stopwatch(), Cache(request.cache)
    analysis = _analysis(_scanned(request, watch), request, cache, progress, watch)
    done, final = _checked(analysis, request.jobs, progress, watch)
    project, source = done.project, request.source

    def whole(step: Step) -> dict[str, Entry]:
        files, report = final, done.report
        if step.plan is not done.plan:
            files = with_manifest(project, step.plan, step.files)
            report = summarise(project, done.model, step.plan, files.diagnostics)
        return snapshot(source, _with_origin(_with_report(files, report), request, out))

    found = steps(project, done.model, done.plan, done.refused)
    return write_branch(source, ((step.message, whole(step)) for step in found), out, branch)


def check(tree: Path, request: Request, progress: Progress = SILENT) -> Migration:
    """``migrate check``: what ``migrate`` of ``request`` would change in ``tree``."""
    prepared = prepare(request, progress)
    found = pending(request.source, _with_origin(prepared.files, request, tree), tree)
    return Migration(found, with_findings(prepared.report, found.diagnostics))


def _scanned(request: Request, watch: Stopwatch) -> Project:
    if not request.source.is_dir():
        raise SourceError(f"{request.source} is not a folder", "Name the folder of the library's sources")
    with watch.room("scan"):
        project = scan(request.source, request.backend, request.defines)
    return replace(project, coexistence=request.coexistence)


@paused_collector()
def _analysis(
    project: Project, request: Request, cache: Cache, progress: Progress, watch: Stopwatch
) -> Analysis:
    with watch.room("parse"):
        model = parse(project, request.jobs, progress, cache)
    with watch.room("plan"):
        planned = plan(project, model)
    return Analysis(project, model, planned, summarise(project, model, planned))


_ROUNDS = 4


@paused_collector()
def _checked(
    analysis: Analysis, jobs: int, progress: Progress, watch: Stopwatch
) -> tuple[Analysis, FileSet]:
    """The files of ``analysis``, parsed once more without torch. A file with an error that is not its
    original's cannot leave torch: everything is planned again without it."""
    project, model, planned = analysis.project, analysis.model, analysis.plan
    known = {file.path for file in project.files}
    refused: dict[str, str] = {}
    for _ in range(_ROUNDS):
        with watch.room("render"):
            files = render(project, model, planned)
        with watch.room("check"):
            syntax = check_syntax(project, planned, files, jobs, progress)
        more = {path: why for path, why in refused_files(syntax, known).items() if path not in refused}
        if not more:
            break
        refused.update(more)
        with watch.room("plan"):
            planned = plan(project, model, refused)
    with watch.room("render"):
        planned = with_verified(planned, syntax, find_includes(project))
        files = with_manifest(project, planned, files)
    report = summarise(project, model, planned, files.diagnostics)
    return Analysis(project, model, planned, report, refused), files


def show_diff(tree: Path, operators: Sequence[str] = ()) -> tuple[Patch, Report]:
    """``migrate diff``: the patch, and the report that says what stays manual."""
    report = load_report(tree)
    rows = report.select(operators)
    only = frozenset(path for row in rows for path in (*row.files, row.file)) if operators else None
    return diff(tree, only), replace(report, operators=rows)


def build_tree(
    tree: Path,
    operators: Sequence[str] = (),
    jobs: Optional[int] = None,
    progress: Progress = SILENT,
    watch: Optional[Stopwatch] = None,
) -> Artifacts:
    """``migrate build``: original and migrated libraries, side by side."""
    # Not at the top: building and comparing load torch and numpy, which scan must not need.
    from migrate.build import build
    from migrate.build.record import keep

    ids = tuple(row.id for row in load_report(tree).select(operators)) if operators else ()
    with (watch or Stopwatch()).room("build"):
        artifacts = build(tree, ids, jobs, progress)
    keep(tree, artifacts)
    return artifacts


def compare_tree(
    tree: Path,
    comparison: Comparison,
    jobs: Optional[int] = None,
    progress: Progress = SILENT,
    watch: Optional[Stopwatch] = None,
) -> Verdicts:
    """``migrate test``: what ``build`` made, compared per operator."""
    from migrate import compare

    watch = watch or Stopwatch()
    artifacts = build_tree(tree, comparison.operators, jobs, progress, watch)
    rows = load_report(tree).select(comparison.operators)
    ids = tuple(row.id for row in rows) if comparison.operators else ()
    recorded = read_recording(tree).calls if comparison.replay else None
    source = compare.Source(comparison.seed, comparison.cases, recorded, comparison.sanitize)
    with compare.Session(tree, source, jobs=jobs) as session:
        with watch.room("start"):
            session.start(artifacts, ids)
        with watch.room("compare"):
            verdicts = session.compare(artifacts, ids, progress)
    keep_results(tree, verdicts)
    return verdicts


def record_tree(
    tree: Path, session: Session, bounds: Bounds, jobs: Optional[int] = None, progress: Progress = SILENT
) -> tuple[int, Recording]:
    """``migrate record``: the exit code of the command, and all calls that are recorded by now."""
    from migrate.record.launch import Place, launch
    from migrate.record.stage import stage_original
    from migrate.record.targets import read_targets

    targets, place = read_targets(tree, session.modules), Place()
    if not session.here:
        built = build_tree(tree, session.modules, jobs, progress).items
        libraries = {row.module: tree / row.path for row in built if row.ok and row.side == "original"}
        place = Place(*stage_original(tree.resolve(), libraries))
    code = launch(tree, session.command, targets, bounds, place, session.quiet)
    return code, read_recording(tree)


def map_api(name: str, source: Path) -> Answer:
    """``migrate map``: what a name becomes under our tables and the rules of ``source``."""
    return look_up(name, read_settings(source).rules)


def _with_origin(files: FileSet, request: Request, out: Path) -> FileSet:
    origin = Origin(request.source, request.backend, request.defines, request.coexistence)
    return replace(files, write={**files.write, **origin_files(origin, out)})


def _with_report(files: FileSet, report: Report) -> FileSet:
    return replace(files, write={**files.write, REPORT: report_to_json(report).encode()})


def bench_tree(
    tree: Path, timing: Timing, jobs: Optional[int] = None, progress: Progress = SILENT
) -> Measures:
    """``migrate bench``: original and migrated, builds and calls, measured in one run."""
    from migrate.build.machine import describe_machine
    from migrate.build.timed import time_builds, time_headers

    ids = tuple(row.id for row in load_report(tree).select(timing.operators)) if timing.operators else ()
    rows: tuple[Measure, ...] = ()
    if "build" in timing.parts:
        rows += time_builds(tree, ids, jobs, timing.repeat, progress)
    if HEADERS in timing.parts and "build" not in timing.parts:
        rows += time_headers(tree, ids, progress)
    if "call" in timing.parts:
        from migrate.compare.timed import time_calls

        rows += time_calls(tree, build_tree(tree, ids, jobs, progress), ids, progress)
    measures = Measures(rows, describe_machine(jobs))
    keep_measures(tree, measures)
    return measures
