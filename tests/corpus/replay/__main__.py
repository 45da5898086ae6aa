"""`make replay`: exit code 1 where a test noticed, a recorded call differs, or a shadowed one does."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from sweep.trees import ROOT

from replay.page import to_json, to_page
from replay.runs import run_subject
from replay.subjects import subjects

RESULTS = ROOT / "docs" / "results"


def main() -> int:
    options = _options()
    named = os.environ.get("MIGRATE_CORPUS", "")
    results = []
    options.work.mkdir(parents=True, exist_ok=True)
    for subject in subjects(options.trees, Path(named).resolve() if named else None):
        if subject.name in options.leave_out:
            continue
        result = run_subject(subject, options.work.resolve(), options.python, options.limit, options.jobs)
        results.append(result)
        print(to_page([result]).partition("\n| ")[2], file=sys.stderr, flush=True)
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "replay.md").write_text(to_page(results), encoding="utf-8")
        (options.out / "replay.json").write_text(to_json(results), encoding="utf-8")
    return 0 if all(result.good for result in results if not result.reason) else 1


def _options() -> argparse.Namespace:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "migrate-replay"
    parser = argparse.ArgumentParser(prog="make replay", description=__doc__)
    parser.add_argument("trees", nargs="*", metavar="TREE", help="only these; the others keep no row")
    parser.add_argument("--leave-out", nargs="+", default=[], metavar="TREE")
    python = Path(sys.executable)
    parser.add_argument("--python", type=Path, default=python, metavar="EXE", help="runs the tests")
    parser.add_argument("--limit", type=int, default=1800, metavar="S", help="seconds of one test run")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--work", type=Path, default=cache, metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the page goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
