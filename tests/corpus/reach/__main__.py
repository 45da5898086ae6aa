"""`make cases`: the figures of docs/results/cases.md. The open trees need MIGRATE_CORPUS."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Optional

from sweep.trees import ROOT, select_trees

from migrate.build import build
from migrate.compare.manifest import read_modules
from migrate.errors import FatalError
from migrate.pipeline import Request, migrate
from reach.page import Figures, TreeRow, to_json, to_page
from reach.rows import Asked, Planned, asked, planned

RESULTS = ROOT / "docs" / "results"
FIXTURES = ("norm", "conv1d", "registry", "softblend", "border", "dispatcher")
# Those with a module that a CPU runs. pytorch3d's original takes half an hour of a core to build.
ON_CPU = ("extension-cpp", "pytorch_scatter", "pytorch_cluster", "pytorch3d")


def main() -> int:
    options = _options()
    corpus = Path(os.environ.get("MIGRATE_CORPUS", "") or "/nowhere")
    trees = [tree.name for tree in select_trees(options.trees)] if corpus.is_dir() else []
    if not trees:
        _say("MIGRATE_CORPUS names no folder: the open trees are left as they were")
    read = _kept(options.out / "cases.json")
    figures = Figures(
        _rows(
            options.fixtures,
            lambda name: _on_cpu(ROOT / "fixtures" / name, None, options),
            read["fixtures"],
        ),
        _rows(
            [name for name in ON_CPU if name in trees],
            lambda name: _on_cpu(corpus / name, "cpu", options),
            read["trees"],
        ),
        _rows(trees, lambda name: _planned(corpus / name, options), read["planned"]),
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "cases.json").write_text(to_json(figures), encoding="utf-8")
    (options.out / "cases.md").write_text(to_page(figures), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "migrate-cases"
    parser = argparse.ArgumentParser(prog="make cases", description=__doc__)
    parser.add_argument("--fixtures", nargs="*", default=FIXTURES, metavar="NAME", help="only these")
    parser.add_argument("--trees", nargs="*", default=[], metavar="NAME", help="only these open trees")
    parser.add_argument("--no-build", dest="build", action="store_false", help="ask what is built already")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--work", type=Path, default=cache, metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the page goes")
    return parser.parse_args()


def _rows(
    names: Iterable[str], found: Callable[[str], TreeRow], kept: dict[str, TreeRow]
) -> tuple[TreeRow, ...]:
    """Those of ``names`` anew, the others as they were."""
    for name in names:
        kept[name] = found(name)
        _say(f"{name}: {kept[name].reason or 'done'}")
    return tuple(kept.values())


def _on_cpu(source: Path, backend: Optional[str], options: argparse.Namespace) -> TreeRow:
    out = options.work.resolve() / source.name
    try:
        migrate(Request(source, backend=backend, jobs=options.jobs), out)
        if options.build:
            build(out, jobs=options.jobs, sides=("original",))
    except FatalError as error:
        return TreeRow(source.name, reason=str(error))
    rows = tuple(asked(out, options.work / "workers", options.seed))
    return TreeRow(source.name, rows, reason="" if rows else "no original is built")


def _planned(source: Path, options: argparse.Namespace) -> TreeRow:
    out = options.work.resolve() / "read" / source.name
    try:
        migrate(Request(source, jobs=options.jobs), out)
    except FatalError as error:
        return TreeRow(source.name, reason=str(error))
    rows = tuple(row for module in read_modules(out, ()) for row in planned(module))
    return TreeRow(source.name, planned=rows)


def _kept(path: Path) -> dict[str, dict[str, TreeRow]]:
    """The rows of the last page."""
    try:
        last = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        last = {}
    return {
        part: {
            row["name"]: TreeRow(
                row["name"],
                tuple(Asked(**operator) for operator in row["asked"]),
                tuple(Planned(**{**o, "broken": tuple(o["broken"])}) for o in row["planned"]),
                row["reason"],
            )
            for row in last.get(part, ())
        }
        for part in ("fixtures", "trees", "planned")
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
