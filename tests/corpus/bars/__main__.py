"""`make bench`: builds and calls of fixtures, original beside migrated, and the pace of comparisons, against
the bars they must hold.

Exit code 1 when a bar does not hold; one that was not measured says so and holds nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from bars.throughput import measure, write_throughput
from migrate.model.measures import HEADERS, PARTS, Measure, Measures
from migrate.pipeline import Request, Timing, bench_tree, migrate
from migrate.report.bench import line, measures_to_json, shown, times

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "docs" / "results"
BUILD, CALL = PARTS
# Whose code is read from MIGRATE_CORPUS, where that is set.
OPEN_TREES = os.environ.get("MIGRATE_CORPUS")
# Both sides' comparison is the tool's own time: it has a page of its own.
COMPARE = "compare"


@dataclass(frozen=True)
class Subject:
    """A module of a fixture or of an open tree, and which part of ``bench`` it is measured with."""

    tree: str
    module: str
    part: str


@dataclass(frozen=True)
class Bar:
    """``least`` is the ratio of original to migrated that a row must reach."""

    module: str
    what: str
    least: float
    words: str


SUBJECTS = (
    Subject("norm", "fastnorm.jit.module_norm_cuda", BUILD),
    Subject("conv1d", "shortconv_cuda", BUILD),
    # To build it takes half an hour for the original's nine architectures.
    Subject("causal-conv1d", "causal_conv1d_cuda", HEADERS),
    Subject("norm", "fastnorm.jit.module_norm", CALL),
    Subject("norm", "fastnorm.jit.module_norm_cuda", CALL),
)
_CUDA = "fastnorm.jit.module_norm_cuda"
BARS = (
    Bar(_CUDA, "build, cold, processor", 10, "a cold build takes at most a tenth"),
    Bar(_CUDA, "build, one kernel touched, processor", 5, "after one kernel, at most a fifth"),
    Bar("shortconv_cuda", "framework headers, processor", 10, "framework headers take at most a tenth"),
    Bar("causal_conv1d_cuda", "framework headers, processor", 10, "framework headers take at most a tenth"),
    Bar("fastnorm.jit.module_norm", "adaptor beside direct call", 1 / 1.15, "an adaptor adds at most 15%"),
    Bar(_CUDA, "call", 1 / 1.10, "a call, launch included, takes at most 10% more than pybind11's"),
    Bar(_CUDA, "kernel", 1 / 1.03, "kernels take at most 3% more"),
)


def main() -> int:
    options = _options()
    good = COMPARE not in options.parts or _compare(options)
    if options.parts != [COMPARE]:
        good = _bench(options) and good
    return 0 if good else 1


def _compare(options: argparse.Namespace) -> bool:
    jobs = options.jobs or len(os.sched_getaffinity(0))
    found = measure(ROOT / "fixtures", options.work, jobs)
    write_throughput(found, options.out, datetime.date.today().isoformat(), _commit())
    rates = f"{found.by_clock:.0f} by the clock, {found.by_processor:.0f} by processor time"
    print(f"compared cases per second after start-up: {rates}", file=sys.stderr, flush=True)
    return found.holds != "no" and found.equal == found.operators


def _bench(options: argparse.Namespace) -> bool:
    found: list[Measure] = []
    machine: tuple[tuple[str, str], ...] = ()
    for subject in SUBJECTS:
        if (options.modules and subject.module not in options.modules) or subject.part not in options.parts:
            continue
        source = _source(subject.tree)
        if source is None:
            continue
        tree = options.work / subject.tree
        migrate(Request(source, jobs=1), tree)
        timing = Timing((subject.module,), (subject.part,), options.repeat)
        measures = bench_tree(tree, timing, options.jobs)
        print(line(measures, subject.module), file=sys.stderr, flush=True)
        found += measures.items
        machine = machine or measures.machine
    measures = Measures(tuple(found), machine)
    options.out.mkdir(parents=True, exist_ok=True)
    value = json.loads(measures_to_json(measures))
    value["commit"], value["date"] = _commit(), datetime.date.today().isoformat()
    (options.out / "bench.json").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    (options.out / "bench.md").write_text(page(measures), encoding="utf-8")
    return not any(_state(measures, bar)[0] == "no" for bar in BARS)


def _source(tree: str) -> Optional[Path]:
    """A fixture's folder, or an open tree's; None where the machine has none."""
    folders = [ROOT / "fixtures"] + ([Path(OPEN_TREES)] if OPEN_TREES else [])
    return next((folder / tree for folder in folders if (folder / tree).is_dir()), None)


def _options() -> argparse.Namespace:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "migrate-bench"
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="only these")
    parts = [*PARTS, HEADERS, COMPARE]
    parser.add_argument("--parts", nargs="+", default=parts, choices=parts, help="only these")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="cold builds per side")
    parser.add_argument("--jobs", type=int, default=None, metavar="N")
    parser.add_argument("--work", type=Path, default=cache, metavar="DIR", help="where it works")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the page goes")
    return parser.parse_args()


def page(measures: Measures) -> str:
    """The bars first, then every row."""
    lines = [
        "# Original beside migrated",
        "",
        f"Written by `make bench` on {datetime.date.today().isoformat()} at commit {_commit()}.",
        *(f"{name}: {value}." for name, value in measures.machine),
        "",
        "Medians of one run. *Processor* seconds are those of all compiler processes together, which a busy",
        "machine changes less than the clock. Framework headers' seconds are those of a file reduced to its",
        "includes, less those of the same file without the framework's; what it names of the standard",
        "library and of the GPU toolkit stays in both. Of several operators the worst decides. Every value",
        "is in [`bench.json`](bench.json).",
        "",
        "| bar | module | holds | measured |",
        "| --- | --- | --- | --- |",
    ]
    for bar in BARS:
        state, figure = _state(measures, bar)
        lines.append(f"| {bar.words} | {bar.module} | {state} | {figure} |")
    for module in measures.modules:
        lines += ["", f"## {module}", "", f"`{line(measures, module)}`", ""]
        lines += ["| ratio | what | original | migrated | note |", "| --- | --- | --- | --- | --- |"]
        lines += [_table_row(item) for item in measures.items if item.module == module]
    return "\n".join(lines) + "\n"


def _table_row(item: Measure) -> str:
    subject = "" if item.subject == item.module else f" {item.subject}"
    note = "; ".join(part for part in (item.reason, item.detail) if part)
    cells = (
        times(item),
        item.what + subject,
        shown(item.original, item.unit),
        shown(item.migrated, item.unit),
        note,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _state(measures: Measures, bar: Bar) -> tuple[str, str]:
    rows = measures.rows(bar.module, bar.what)
    worst = _worst(rows)
    if worst is None or worst.ratio is None:
        reasons = sorted({row.reason for row in rows if row.reason})
        return "not run", "; ".join(reasons) or "not measured in this run"
    words = f"{shown(worst.original, worst.unit)} -> {shown(worst.migrated, worst.unit)}"
    subject = "" if worst.subject == worst.module else f"{worst.subject}: "
    return "yes" if worst.ratio >= bar.least else "no", f"{subject}{times(worst)}, {words}"


def _worst(rows: Sequence[Measure]) -> Optional[Measure]:
    measured = [row for row in rows if row.ratio is not None]
    return min(measured, key=lambda row: row.ratio or 0.0, default=None)


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
