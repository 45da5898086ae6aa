"""The sweep as one JSON file and one page, and what changed since the last one."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sweep.bars import Bar, kernel_pairs
from sweep.results import COMPILED, FAILED, TIERS, TreeResult, tree_from_json, tree_to_json
from sweep.trees import ROOT
from sweep.verified import WAYS

SCHEMA_VERSION = 1
_ABOUT = """\
Written by `make corpus` on {date} at commit {commit} ({machine}).
The trees and their commits are in `fixtures/corpus.toml`, every figure and
every file in [`corpus.json`](corpus.json)."""
_LEGEND = """\
`verified` counts raw and view operators: `compiled` where the shim and the kernel file compile, `syntax`
where the kernel file parses without torch and a compiler did not run. *Asking*: raw and view operators that
need no libtorch, but a host that computes some operations of torch for them (MIG321). *By the tool*:
original C++ lines that the tool changed, of these and the lines of manual operators that still name torch or
pybind11."""
_LISTED = 15  # failures or findings of one tree on the page; the JSON has them all


def to_json(results: Sequence[TreeResult], bars: Sequence[Bar]) -> str:
    value = {
        "schema_version": SCHEMA_VERSION,
        "where": where(),
        "bars": [asdict(bar) for bar in bars],
        "trees": [tree_to_json(result) for result in results],
    }
    return json.dumps(value, indent=1) + "\n"


def read_last(path: Path) -> dict[str, TreeResult]:
    """The trees of the last sweep; none where there was none, or one of another form."""
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if value["schema_version"] != SCHEMA_VERSION:
            return {}
        return {row["name"]: tree_from_json(row) for row in value["trees"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def where() -> dict[str, str]:
    run = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    cores = len(os.sched_getaffinity(0))
    return {
        "date": datetime.date.today().isoformat(),
        # A copy without its repository, on a machine with a GPU, is told.
        "commit": run.stdout.strip() or os.environ.get("GIT_COMMIT", "unknown")[:12],
        "machine": f"{cores} cores, {platform.machine()}, Python {platform.python_version()}",
    }


def to_page(results: Sequence[TreeResult], bars: Sequence[Bar], last: dict[str, TreeResult]) -> str:
    about = where()
    ways = (f"verified: {way}" for way in WAYS)
    operators = ("tree", "found", *TIERS, "asking", *ways, "by the tool", "scan s", "run s")
    compilers = ("tree", "shims", "kernel files", "original too", "original only", "failed", "skipped")
    comments = ("comments", "moved", "listed")
    texts = ("tree", "files changed", *comments, "strings", "findings", "second run rewrites")
    parts = [
        "# The corpus sweep",
        _ABOUT.format(**about),
        "## Bars",
        _table(("bar", "demand", "found", ""), [(b.title, b.demand, b.found, b.state) for b in bars]),
        "## Operators",
        _table(operators, [*map(_operators, results), _sum_of_operators(results)]),
        _LEGEND,
        "## Compilers",
        _table(compilers, [_compilers(result) for result in results if result.compilations]),
        "## Texts",
        _table(texts, [_texts(result) for result in results]),
        *_lists(results),
        "## Since the last sweep",
        _difference(results, last),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _operators(result: TreeResult) -> list[str]:
    if result.broken:
        return [result.name, f"broken: {result.broken}", *[""] * (len(TIERS) + len(WAYS) + 4)]
    return [
        result.name,
        *(str(result.totals[name]) for name in ("found", *TIERS)),
        str(result.asking),
        *(str(result.verified.get(way, 0)) for way in WAYS),
        f"{result.tool_share:.0%}",
        f"{result.scan_seconds:.1f}",
        f"{result.run_seconds:.1f}",
    ]


def _sum_of_operators(results: Sequence[TreeResult]) -> list[str]:
    whole = [result for result in results if not result.broken]
    tool = sum(result.tool_lines for result in whole)
    human = sum(result.human_lines for result in whole)
    return [
        "**all**",
        *(str(sum(result.totals[name] for result in whole)) for name in ("found", *TIERS)),
        str(sum(result.asking for result in whole)),
        *(str(sum(result.verified.get(way, 0) for result in whole)) for way in WAYS),
        f"{tool / (tool + human):.0%}" if tool + human else "",
        f"{sum(result.scan_seconds for result in whole):.1f}",
        f"{sum(result.run_seconds for result in whole):.1f}",
    ]


def _compilers(result: TreeResult) -> list[str]:
    shims = [row.state for row in result.compilations if row.side == "shim"]
    pairs = kernel_pairs(result)
    good = sum(migrated == COMPILED for _, migrated in pairs)
    return [
        result.name,
        f"{shims.count(COMPILED)} of {len(shims)}",
        f"{good} of {len(pairs)}",
        str(sum(pair == (COMPILED, COMPILED) for pair in pairs)),
        str(sum(original == COMPILED != migrated for original, migrated in pairs)),
        str(sum(row.state == FAILED for row in result.compilations)),
        str(sum(row.state not in (COMPILED, FAILED) for row in result.compilations)),
    ]


def _texts(result: TreeResult) -> list[str]:
    audit = result.audit
    comments = (audit.comments, audit.comments_moved, audit.comments_listed)
    numbers = (audit.files, *comments, audit.strings, len(audit.findings))
    return [result.name, *map(str, numbers), str(len(result.rewritten_by_second_run))]


def _lists(results: Sequence[TreeResult]) -> list[str]:
    """What failed and what the audit found, tree by tree, and why runs were skipped."""
    failed = [
        f"- {r.name}: {row.side} `{row.file}`: `{row.reason}`"
        for r in results
        for row in [row for row in r.compilations if row.state == FAILED][:_LISTED]
    ]
    found = [
        f"- {r.name}: {row.kind}: `{row.file}:{row.line}`: `{row.text}`"
        for r in results
        for row in r.audit.findings[:_LISTED]
    ]
    reasons: dict[tuple[str, str], int] = {}
    for r in results:
        for row in r.compilations:
            if row.state not in (COMPILED, FAILED):
                reasons[row.side, row.reason] = reasons.get((row.side, row.reason), 0) + 1
    skipped = [f"- {count} {side}: {reason}" for (side, reason), count in sorted(reasons.items())]
    sections = (("Failed to compile", failed), ("Audit findings", found), ("Not compiled, and why", skipped))
    return [f"## {title}\n\n" + "\n".join(rows) for title, rows in sections if rows]


def _difference(results: Sequence[TreeResult], last: dict[str, TreeResult]) -> str:
    if not last:
        return "This is the first one."
    rows = []
    for result in results:
        before = last.get(result.name)
        if before is None:
            rows.append(f"- {result.name}: new")
            continue
        changes = [*_changes(before.totals, result.totals), *_changes(_outcomes(before), _outcomes(result))]
        if changes:
            rows.append(f"- {result.name}: {', '.join(changes)}")
    rows += [f"- {name}: not in this sweep" for name in last if name not in {r.name for r in results}]
    return "\n".join(rows) or "No figure changed."


def _changes(before: dict[str, int], after: dict[str, int]) -> list[str]:
    names = [name for name in {**before, **after} if before.get(name, 0) != after.get(name, 0)]
    return [f"{name} {before.get(name, 0)} -> {after.get(name, 0)}" for name in names]


def _outcomes(result: TreeResult) -> dict[str, int]:
    rows = {f"verified {way}": result.verified.get(way, 0) for way in WAYS}
    for side in ("shim", "migrated", "original"):
        for state in (COMPILED, FAILED):
            count = sum(row.side == side and row.state == state for row in result.compilations)
            rows[f"{side} {state}"] = count
    rows["audit findings"] = len(result.audit.findings)
    return rows
