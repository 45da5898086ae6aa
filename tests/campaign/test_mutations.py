"""Broken sources: a seeded sample here, thousands by ``make campaign``."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import mutations
import pytest
import results

SAMPLE, FULL, WORKERS = 30, 5000, 2


@pytest.mark.parametrize("mutation", mutations.MUTATIONS)
def test_a_mutation_depends_on_its_seed_alone(mutation: Any) -> None:
    data = b"int f(int x) {\n  return (x + 1)[0];\n}\n" * 4
    spoilt = {mutation(data, random.Random(seed)) for seed in range(20)}
    assert len(spoilt) > 5
    assert spoilt == {mutation(data, random.Random(seed)) for seed in range(20)}


def test_wrong_accounts_and_exit_codes_are_seen() -> None:
    """The campaign itself is tested: a report that does not add up, or ends with another code."""
    totals = '"totals": {"found": 1, "raw": 0, "view": 0, "bridge": 0, "manual": %d, "ignored": 0}'
    row = '{"kind": "function", "id": "m:f", "tier": "manual"}'
    report = '{"operators": [%s], "diagnostics": [], %s}'
    assert mutations.wrong_with(report % (row, totals % 1), 1) == ""
    assert "exit code" in mutations.wrong_with(report % (row, totals % 1), 0)
    assert "do not close" in mutations.wrong_with(report % (row, totals % 0), 1)
    assert "twice" in mutations.wrong_with(report.replace("[%s]", f"[{row}, %s]") % (row, _two(totals)), 1)


def _two(totals: str) -> str:
    return totals.replace('"found": 1', '"found": 2') % 2


def test_a_sample_of_broken_sources(tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    for worker in mutations.share(0, range(SAMPLE), output, fixtures_only=True):
        worker.wait(600)
    rows = [row for row in mutations.rows_of(output) if "done" in row]
    assert sorted(row["done"] for row in rows) == list(range(SAMPLE))
    assert not [row for row in rows if row["wrong"]]


@pytest.mark.campaign
@pytest.mark.skipif("MIGRATE_CORPUS" not in os.environ, reason="not run: MIGRATE_CORPUS names no trees")
def test_thousands_of_broken_sources() -> None:
    """``MIGRATE_CAMPAIGN`` names a folder where an earlier, incomplete run goes on."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.environ.get("MIGRATE_CAMPAIGN", name))
        outputs = [folder / f"mutations-{share}.jsonl" for share in range(WORKERS)]
        for running in zip(*(_workers(share, output) for share, output in enumerate(outputs))):
            for worker in running:
                worker.wait()
        rows = [row for output in outputs for row in mutations.rows_of(output) if "done" in row]
    results.keep("mutations", summary(rows))
    assert len(rows) >= FULL
    assert not [row for row in rows if row["wrong"]]


def _workers(share: int, output: Path) -> Any:
    done = {row["done"] for row in mutations.rows_of(output) if "done" in row}
    left = [index for index in range(share, FULL, WORKERS) if index not in done]
    return mutations.share(1, left, output, fixtures_only=False)


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = Counter(row["name"].split(": ")[1].split(" in ")[0] for row in rows)
    return {
        "inputs": len(rows),
        "trees": len({row["name"].split("/")[0] for row in rows}),
        "by kind": dict(sorted(kinds.items())),
        "run": sum(row["verb"] == "run" for row in rows),
        "scan": sum(row["verb"] == "scan" for row in rows),
        "ended the parser": sum(bool(row.get("ended")) for row in rows),
        "slowest second": max((row.get("seconds", 0.0) for row in rows), default=0.0),
        "wrong": [f"{row['name']}: {row['wrong'][-200:]}" for row in rows if row["wrong"]],
    }
