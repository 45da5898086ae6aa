"""`make gpu`: the CUDA modules of the fixtures compared on a device, as docs/results/gpu.{json,md}.

Exit code 1 where an operator is not Equal or Close.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from migrate.model.verdicts import Verdict
from migrate.pipeline import Comparison, Request, compare_tree, migrate

ROOT = Path(__file__).resolve().parents[2]
MODULES = (("norm", "fastnorm.jit.module_norm_cuda"), ("conv1d", "shortconv_cuda"))
HEAD = ("operator", "verdict", "cases", "both raised", "note")
ABOUT = """\
# The fixtures on a GPU

Written by `make gpu` on {date} at commit {commit}: {device}, torch {torch}, CUDA {cuda}.

Each CUDA module is migrated, both sides are built with nvcc, and every operator is called with the same
inputs on both: results and mutated arguments bit for bit, the side stream behind a busy device, CUDA graph
capture and replay among the situations.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make gpu", description=__doc__)
    parser.add_argument("--cases", type=int, default=100, metavar="N")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results", metavar="DIR")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        found = pool.map(lambda row: _compared(Path(folder), row[0], row[1], options.cases), MODULES)
        verdicts = [verdict for verdicts in found for verdict in verdicts]
    where = _where()
    options.out.mkdir(parents=True, exist_ok=True)
    value = {"schema_version": 1, **where, "operators": [asdict(verdict) for verdict in verdicts]}
    (options.out / "gpu.json").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    (options.out / "gpu.md").write_text(_page(where, verdicts), encoding="utf-8")
    sys.stdout.write(_page(where, verdicts))
    return 0 if all(verdict.verdict in ("Equal", "Close") for verdict in verdicts) else 1


def _compared(folder: Path, fixture: str, module: str, cases: int) -> tuple[Verdict, ...]:
    tree = folder / fixture
    migrate(Request(ROOT / "fixtures" / fixture), tree)
    return compare_tree(tree, Comparison((module,), cases=cases)).items


def _where() -> dict[str, str]:
    import torch

    git = ["git", "rev-parse", "--short=12", "HEAD"]
    run = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "date": datetime.date.today().isoformat(),
        "commit": run.stdout.strip() or os.environ.get("GIT_COMMIT", "unknown")[:12],
        "device": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "cuda": str(torch.version.cuda),
    }


def _page(where: dict[str, str], verdicts: list[Verdict]) -> str:
    rows = [_row(HEAD), _row("---" for _ in HEAD)]
    for item in verdicts:
        note = "; ".join(part for part in (str(item.worst or ""), item.reason) if part).replace("|", "\\|")
        rows.append(_row((item.id, item.verdict, str(item.ran), str(item.raised_both), note)))
    return "\n".join([ABOUT.format(**where), *rows, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
