"""`make corpus`: sweep all pinned trees, or those of ``--trees``. Exit code 1 when a bar is missed."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sweep.audit import changed_lines
from sweep.auditing import audited
from sweep.bars import MISSED, NOT_RUN, judge
from sweep.compiling import Job, Settings, by_tree, compile_all, jobs_of
from sweep.migrating import Migrated, human_lines, migrate_twice
from sweep.pages import read_last, to_json, to_page
from sweep.results import TreeResult
from sweep.trees import ROOT, Tree, select_trees
from sweep.verified import verified

RESULTS = ROOT / "docs" / "results"


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments or sys.argv[1:])
    corpus = os.environ.get("MIGRATE_CORPUS", "")
    if not Path(corpus).is_dir() or not corpus:
        _say("MIGRATE_CORPUS names no folder: check out the trees of fixtures/corpus.toml there")
        return 2
    results, jobs, runs = [], [], {}
    for tree in select_trees(options.trees):
        try:
            done = migrate_twice(tree, Path(corpus).resolve(), options.work / "trees")
            results.append(_described(tree, done))
            jobs += jobs_of(tree.name, done.out) if options.compile else []
            runs[tree.name] = done
        except Exception as error:  # one broken tree never stops the others
            traceback.print_exc()
            results.append(TreeResult(tree.name, tree.commit, broken=f"{type(error).__name__}: {error}"))
        _say(f"{tree.name}: {results[-1].broken or results[-1].totals}")
    results = _compiled(results, jobs, runs, options)
    return _publish(results, options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make corpus", description=__doc__)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "migrate-sweep"
    parser.add_argument("--trees", nargs="+", default=[], metavar="NAME", help="only these")
    parser.add_argument("--no-compile", dest="compile", action="store_false", help="run none")
    parser.add_argument("--sample", type=int, metavar="N", help="N kernel files of each tree, the smallest")
    parser.add_argument("--limit", type=int, default=300, metavar="S", help="seconds of one compiler")
    parser.add_argument("--budget", type=int, metavar="S", help="start none after S seconds")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--work", type=Path, default=cache, metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the page goes")
    options = parser.parse_args(arguments)
    partial = options.trees or not options.compile or options.sample is not None
    # Only a whole sweep takes the place of the last one.
    options.out = options.out or (options.work / "results" if partial else RESULTS)
    return options


def _described(tree: Tree, done: Migrated) -> TreeResult:
    changes, found = audited(done)
    model = done.analysis.model
    kinds = [operator.registration.kind for operator in model.operators]
    bound = tuple(kinds.count(kind) for kind in ("function", "class", "enum"))
    return TreeResult(
        tree.name,
        tree.commit,
        totals=done.migration.report.totals,
        expected=(*bound, len(model.modules), len(model.dead))
        == (tree.functions, tree.classes, tree.enums, tree.modules, tree.dead),
        scan_seconds=round(done.scan_seconds, 2),
        run_seconds=round(done.run_seconds, 2),
        rewritten_by_second_run=done.rewritten,
        tool_lines=sum(map(changed_lines, changes)),
        human_lines=human_lines(done),
        audit=found,
        asking=sum(
            row.kind == "function" and row.tier in ("raw", "view") and "MIG321" in row.diagnostics
            for row in done.migration.report.operators
        ),
    )


def _compiled(
    results: list[TreeResult], jobs: list[Job], runs: dict[str, Migrated], options: argparse.Namespace
) -> list[TreeResult]:
    settings = Settings(options.work, options.jobs, options.limit, options.budget, options.sample)
    found = by_tree(compile_all(jobs, settings, _say))
    rows = []
    for result in results:
        done = runs.get(result.name)
        if done is not None:
            mine = found.get(result.name, ())
            ways = verified(done.migration.report, done.analysis.plan.modules, mine)
            result = replace(result, compilations=mine, verified=ways)
        rows.append(result)
    return rows


def _publish(results: list[TreeResult], options: argparse.Namespace) -> int:
    bars = judge(results, options.compile)
    last = read_last(RESULTS / "corpus.json")
    options.out.mkdir(parents=True, exist_ok=True)
    page = to_page(results, bars, last)
    (options.out / "corpus.md").write_text(page, encoding="utf-8")
    (options.out / "corpus.json").write_text(to_json(results, bars), encoding="utf-8")
    print(page, end="")
    for bar in bars:
        _say(f"{bar.state:8} {bar.title}: {bar.found}")
    bad = (MISSED, NOT_RUN) if options.compile else (MISSED,)
    return 1 if any(bar.state in bad for bar in bars) else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
