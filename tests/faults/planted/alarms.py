"""``python -m planted.alarms [FIXTURE...] [--seeds N] [--folder DIR]``: fixtures that nothing was planted in.

Every operator that runs on a CPU, compared on the cases of other seeds: each must be Equal. The figures go
to docs/results/alarms.json and alarms.md; what was tried at this commit is not tried again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrate.build import build
from migrate.compare import compare
from migrate.pipeline import Request, migrate
from planted.bench import LITTER, ROOT
from planted.page import commit

FIXTURES = ("norm", "conv1d", "registry", "softblend", "border", "dispatcher")
SEEDS = 20  # of 1 and up: 0 is what every run of the suite compares with
_RESULTS = ROOT / "docs/results"
Row = dict[str, Any]


def built(fixture: str, folder: Path) -> tuple[Path, Any, list[str]]:
    """The migrated tree, its libraries for a CPU, and the names of their modules."""
    tree = folder / fixture
    if not (tree / ".migrate/manifest.json").is_file():
        source = folder / f"{fixture}-source"
        shutil.copytree(ROOT / "fixtures" / fixture, source, ignore=LITTER)
        migrate(Request(source), tree)
    manifest = json.loads((tree / ".migrate/manifest.json").read_text(encoding="utf-8"))
    modules = [m["name"] for m in manifest["modules"] if m["original"]["backend"] == "cpu"]
    operators = [o["id"] for m in manifest["modules"] if m["name"] in modules for o in m["operators"]]
    return tree, build(tree, tuple(operators)), modules


def try_seed(fixture: str, folder: Path, seed: int) -> Row:
    tree, artifacts, modules = built(fixture, folder)
    start = time.perf_counter()
    found = compare(tree, artifacts, modules, seed).items
    alarms = [item for item in found if item.verdict not in ("Equal", "NotRun")]
    return {
        "fixture": fixture,
        "seed": seed,
        "commit": commit(),
        "equal": sum(item.verdict == "Equal" for item in found),
        "not_run": sum(item.verdict == "NotRun" for item in found),
        "calls": sum(item.ran for item in found),
        "alarms": [f"{item.id}: {item.verdict} {item.worst} {item.reason}" for item in alarms],
        "seconds": round(time.perf_counter() - start, 1),
    }


def known(results: Path = _RESULTS) -> list[Row]:
    path = results / "alarms.json"
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))["seeds"] if path.is_file() else []
    return rows


def keep(row: Row, results: Path = _RESULTS) -> None:
    """The row takes the place of the last one of its fixture and seed."""
    rows = {(each["fixture"], each["seed"]): each for each in [*known(results), row]}
    ordered = sorted(rows.values(), key=lambda each: (FIXTURES.index(each["fixture"]), each["seed"]))
    data = json.dumps({"schema_version": 1, "seeds": ordered}, indent=1, ensure_ascii=False)
    (results / "alarms.json").write_text(data + "\n", encoding="utf-8")
    (results / "alarms.md").write_text(page(ordered), encoding="utf-8")


def page(rows: Sequence[Row]) -> str:
    lines = [
        "# False alarms",
        "",
        "Written by `PYTHONPATH=tests/faults python -m planted.alarms`. Fixtures with no fault planted,",
        "migrated, built both ways and compared on the cases of several seeds: no operator may be Different,",
        "Crashed or Close. What cannot run says why in `migrate test`.",
        "",
        "| fixture | seeds | operators Equal | not run | calls compared | false alarms | commits |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for fixture in dict.fromkeys(row["fixture"] for row in rows):
        tried = [row for row in rows if row["fixture"] == fixture]
        equal, idle = (" or ".join(_different(row[key] for row in tried)) for key in ("equal", "not_run"))
        calls, alarms = (sum(row["calls"] for row in tried), sum(len(row["alarms"]) for row in tried))
        commits = ", ".join(_different(row["commit"] for row in tried))
        lines.append(f"| {fixture} | {len(tried)} | {equal} | {idle} | {calls} | {alarms} | {commits} |")
    texts = [f"- {row['fixture']}, seed {row['seed']}: {text}" for row in rows for text in row["alarms"]]
    lines += [""] * bool(texts) + texts
    return "\n".join(lines) + "\n"


def _different(values: Any) -> list[str]:
    return [str(value) for value in sorted(set(values))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixtures", nargs="*", default=FIXTURES)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--folder", type=Path, help="keep the migrated fixtures here, to go on from them")
    given = parser.parse_args()
    version, alarms = commit(), 0
    tried = {(row["fixture"], row["seed"]) for row in known() if row["commit"] == version}
    with tempfile.TemporaryDirectory(prefix="alarms-") as scratch:
        for seed in range(1, given.seeds + 1):
            for fixture in given.fixtures:
                if (fixture, seed) in tried:
                    continue
                row = try_seed(fixture, given.folder or Path(scratch), seed)
                keep(row)
                alarms += len(row["alarms"])
                print(json.dumps(row, ensure_ascii=False), flush=True)
    return int(bool(alarms))


if __name__ == "__main__":
    sys.exit(main())
