"""`make upstream`: the tests of the trees named, or of all that have some. Exit code 1 when one differs.

With ``--gpu`` it is those that need a CUDA device, and the page is upstream_gpu.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from sweep.trees import ROOT, Tree, select_trees

from migrate.errors import FatalError
from migrate.pipeline import Request, build_tree, migrate
from upstream.outcomes import run_tests
from upstream.page import Result, to_json, to_page
from upstream.stages import changed_files, staged_migrated, staged_original
from upstream.symbols import python_needs

RESULTS = ROOT / "docs" / "results"


def main() -> int:
    options = _options()
    corpus = Path(os.environ.get("MIGRATE_CORPUS", "") or "/nowhere")
    if not corpus.is_dir():
        print("MIGRATE_CORPUS names no folder: check out the trees of fixtures/corpus.toml there")
        return 2
    results = []
    for tree in select_trees(options.trees):
        tree = replace(tree, tests=tree.gpu_tests) if options.gpu else tree
        if tree.tests:
            results.append(_tested(tree, corpus.resolve(), options))
            print(to_page(results[-1:]).partition("\n| ")[2], file=sys.stderr, flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    name = "upstream_gpu" if options.gpu else "upstream"
    (options.out / f"{name}.md").write_text(to_page(results, _device(options)), encoding="utf-8")
    (options.out / f"{name}.json").write_text(to_json(results), encoding="utf-8")
    return 0 if all(result.good for result in results if not result.reason) else 1


def _options() -> argparse.Namespace:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "migrate-upstream"
    parser = argparse.ArgumentParser(prog="make upstream", description=__doc__)
    parser.add_argument("trees", nargs="*", metavar="TREE", help="only these; the others keep no row")
    parser.add_argument("--leave-out", nargs="+", default=[], metavar="TREE", help="listed as not run")
    parser.add_argument("--why", default="left out on the command line", help="for those left out")
    parser.add_argument("--gpu", action="store_true", help="build for CUDA, run the tests that need a device")
    parser.add_argument("--select", metavar="EXPR", help="pytest's -k, for a run that is shorter")
    python = Path(sys.executable)
    parser.add_argument("--python", type=Path, default=python, metavar="EXE", help="runs the tests")
    parser.add_argument("--limit", type=int, default=1800, metavar="S", help="seconds of one test run")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--work", type=Path, default=cache, metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the page goes")
    return parser.parse_args()


def _device(options: argparse.Namespace) -> str:
    """The name of the GPU that the tests ran on."""
    if not options.gpu:
        return ""
    ask = "import torch; print(torch.cuda.get_device_name(), 'torch', torch.__version__)"
    found = subprocess.run([options.python, "-c", ask], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "no device"


def _tested(tree: Tree, corpus: Path, options: argparse.Namespace) -> Result:
    source, work = corpus / tree.name, options.work.resolve() / tree.name
    if tree.name in options.leave_out:
        return Result(tree.name, tree.commit, tree.tests, reason=options.why)
    if not source.is_dir():
        return Result(tree.name, tree.commit, tree.tests, reason="not under MIGRATE_CORPUS")
    out = work / "out"
    try:
        migrate(Request(source, backend="cuda" if options.gpu else "cpu", jobs=options.jobs), out)
        built = build_tree(out, jobs=options.jobs)
    except FatalError as error:
        return Result(tree.name, tree.commit, tree.tests, reason=str(error))
    stages = (
        staged_original(source, out, built, work / "original"),
        staged_migrated(out, built, work / "migrated"),
    )
    for stage in stages:
        changed = changed_files(source, stage, tree.tests)
        if changed:
            reason = f"the {stage.side} tree's tests are not upstream's: {', '.join(changed)}"
            return Result(tree.name, tree.commit, tree.tests, reason=reason)
    chosen = [*tree.tests, *(("-k", options.select) if options.select else ())]
    before, after = (run_tests(options.python, stage, chosen, options.limit) for stage in stages)
    needs = {path.name: names for path in stages[1].libraries if (names := python_needs(path))}
    missing = tuple(f"{row.module}, {row.side}: {row.reason}" for row in built.items if not row.ok)
    return Result(
        tree.name, tree.commit, tree.tests, before, after, missing, needs, len(stages[1].libraries)
    )


if __name__ == "__main__":
    sys.exit(main())
