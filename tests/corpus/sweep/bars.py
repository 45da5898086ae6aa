"""What a sweep must reach, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sweep.results import COMPILED, FAILED, TreeResult

PASSED, MISSED, NOT_RUN = "pass", "MISSED", "not run"


@dataclass(frozen=True)
class Bar:
    """One demand. ``state`` is ``not run`` where nothing was measured, which is no pass."""

    title: str
    demand: str
    found: str
    state: str


def judge(results: Sequence[TreeResult], compiled: bool) -> tuple[Bar, ...]:
    return (
        _accounts(results),
        *_tiers(results),
        _shims(results, compiled),
        _kernels(results, compiled),
        _texts(results),
        _lines(results),
        _second_run(results),
        _seconds(results),
    )


def _bar(title: str, demand: str, found: str, good: bool) -> Bar:
    return Bar(title, demand, found, PASSED if good else MISSED)


def _accounts(results: Sequence[TreeResult]) -> Bar:
    bad = [r.name for r in results if r.broken or not r.accounts_close or not r.expected]
    found = f"{len(results) - len(bad)} of {len(results)}" + (f"; not: {', '.join(bad)}" if bad else "")
    return _bar("accounts close, counts as pinned", "every tree", found, not bad)


def _tiers(results: Sequence[TreeResult]) -> tuple[Bar, Bar]:
    found = sum(r.totals.get("found", 0) for r in results)
    good = sum(r.migrated for r in results)
    manual = sum(r.totals.get("manual", 0) for r in results)
    shares = (good / found, manual / found) if found else (0.0, 1.0)
    return (
        _bar("raw + view", ">= 75%", f"{good} of {found} = {shares[0]:.1%}", shares[0] >= 0.75),
        _bar("manual", "<= 5%", f"{manual} of {found} = {shares[1]:.1%}", shares[1] <= 0.05),
    )


def _shims(results: Sequence[TreeResult], compiled: bool) -> Bar:
    states = [row.state for r in results for row in r.compilations if row.side == "shim"]
    good = states.count(COMPILED)
    bar = _bar("shims that g++ compiles", "100%", f"{good} of {len(states)}", good == len(states) > 0)
    return bar if compiled else Bar(bar.title, bar.demand, "", NOT_RUN)


def _kernels(results: Sequence[TreeResult], compiled: bool) -> Bar:
    """Of the kernel files whose original compiled, those whose migrated file did."""
    good = whole = waiting = 0
    for result in results:
        for originals, migrated in kernel_pairs(result):
            whole += originals == COMPILED
            good += originals == migrated == COMPILED
            waiting += originals not in (COMPILED, FAILED)
    found = f"{good} of {whole}" + (f" = {good / whole:.1%}" if whole else "")
    found += f"; {waiting} originals not compiled here" if waiting else ""
    bar = _bar("migrated kernel files that compile, of those whose original does", ">= 95%", found,
               bool(whole) and good / whole >= 0.95)  # fmt: skip
    return bar if compiled else Bar(bar.title, bar.demand, "", NOT_RUN)


def kernel_pairs(result: TreeResult) -> list[tuple[str, str]]:
    """(state of the original, state of the migrated file) of every kernel file."""
    states = {(row.side, row.file): row.state for row in result.compilations}
    files = [file for side, file in states if side == "migrated"]
    return [(states.get(("original", file), ""), states["migrated", file]) for file in files]


def _texts(results: Sequence[TreeResult]) -> Bar:
    kinds = ("comment lost", "comment edited", "string lost", "string edited")
    counts = {kind: sum(r.audit.count(kind) for r in results) for kind in kinds}
    comments = sum(r.audit.comments for r in results)
    found = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "none lost or edited"
    title = "no edit in a comment or string, every comment kept, moved or listed"
    return _bar(title, "none", f"{found} of {comments} comments", not any(counts.values()))


def _lines(results: Sequence[TreeResult]) -> Bar:
    count = sum(r.audit.count("line changed outside an edit") for r in results)
    return _bar("lines changed outside an edit", "none", str(count), count == 0)


def _second_run(results: Sequence[TreeResult]) -> Bar:
    rows = [f"{r.name} ({len(r.rewritten_by_second_run)})" for r in results if r.rewritten_by_second_run]
    broken = [r.name for r in results if r.broken]
    found = ", ".join(rows) or "nothing rewritten"
    return _bar("files that a second run changes", "none", found, not rows and not broken)


def _seconds(results: Sequence[TreeResult]) -> Bar:
    total = sum(r.scan_seconds for r in results)
    return _bar("all scans", "< 120 s on 2 cores", f"{total:.0f} s", total < 120)
