"""The results as one JSON file and one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sweep.pages import where
from upstream.outcomes import PASSED, Outcomes

from replay.runs import Operator, Result

_ABOUT = """\
Written by `make replay` on {date} at commit {commit} ({machine}).

Each tree is migrated with `--backend cpu` and both sides are built. The tree's own tests then run on the
original three times: plainly, under `migrate record`, and with `--migrate-shadow`, which makes every call on
the migrated side too. `migrate test --replay` makes the recorded calls on both sides in processes of their
own, some of them again in other situations (from threads, in inference mode, ...), and compares docstring and
keywords: *replayed* counts all of these. A call that is seen and neither kept nor left out is the repeat of
one that was kept. Calls that TorchScript or C++ make are not seen: they do not pass through Python. Every
test's state is in [`replay.json`](replay.json)."""


def to_json(results: Sequence[Result]) -> str:
    rows: list[dict[str, Any]] = [{**asdict(row), "good": row.good} for row in results]
    return json.dumps({"schema_version": 1, "where": where(), "trees": rows}, indent=1) + "\n"


def to_page(results: Sequence[Result]) -> str:
    head = (
        "tree", "passed plainly", "recorded", "shadowed", "calls seen", "kept", "replayed", "equal",
        "shadowed calls", "differ",
    )  # fmt: skip
    lines = ["# Recorded, replayed and shadowed calls", "", _ABOUT.format(**where()), ""]
    lines += [_row(head), _row("---" for _ in head), *(_row(_cells(result)) for result in results), ""]
    for result in results:
        lines += [f"## {result.name}", "", *_notes(result), ""]
    return "\n".join(lines).rstrip() + "\n"


def _cells(result: Result) -> tuple[str, ...]:
    if result.reason:
        return (result.name, "not run", *[""] * 8)
    states = [str(found.count(PASSED)) for found in (result.plain, result.recorded, result.shadowed)]
    rows = result.operators
    equal = sum(row.ran for row in rows if row.verdict in ("Equal", "Close"))
    numbers = (
        sum(row.seen for row in rows), sum(row.kept for row in rows), sum(row.ran for row in rows), equal,
        result.compared, result.differ,
    )  # fmt: skip
    return (result.name, *states, *map(str, numbers))


def _notes(result: Result) -> list[str]:
    if result.reason:
        return [f"Not run: {result.reason}."]
    runs = (("plain", result.plain), ("recording", result.recorded), ("shadow", result.shadowed))
    notes = [f"- The {name} run: {found.broken}." for name, found in runs if found.broken]
    for name, found in runs[1:]:
        notes += [f"- `{test}`: {state} in the {name} run" for test, state in _changed(result.plain, found)]
    notes += [f"- In the shadow, {count} {what}" for what, count in sorted(result.not_compared.items())]
    head = ("operator", "seen", "kept", "replayed", "raised", "verdict", "left out, reason")
    table = [_row(head), _row("---" for _ in head), *map(_operator, result.operators)]
    return [*notes, *[""] * bool(notes), *table]


def _changed(plain: Outcomes, other: Outcomes) -> list[tuple[str, str]]:
    names = sorted(plain.tests.keys() | other.tests.keys())
    return [
        (name, other.tests.get(name, "not collected"))
        for name in names
        if plain.tests.get(name) != other.tests.get(name)
    ]


def _operator(row: Operator) -> str:
    reasons = [f"{count} {why}" for why, count in sorted(row.left_out.items())]
    text = "; ".join([*reasons, *[row.why] * bool(row.why)])
    return _row((f"`{row.name}`", *map(str, (row.seen, row.kept, row.ran, row.raised)), row.verdict, text))


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
