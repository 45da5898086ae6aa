"""``python -m planted.removals [HAZARD...]``: rules taken out of the tool one by one, and what fails.

Each removal of ``tests/hazards/removals.toml`` is planted into a copy of the tool, and the tests of its
hazard, ``test_hazard_NN_*``, run there. The figures go to docs/results/hazards.json and hazards.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from planted.bench import ROOT
from planted.edits import Change, read_rows
from planted.page import commit

TESTS = "tests/hazards"
_CATALOGUE = ROOT / TESTS / "removals.toml"
_RESULTS = ROOT / "docs/results"
_PARTS = ("migrate", "csrc", "templates", TESTS, "tests/conftest.py", "pyproject.toml")
# The first compiles no library: with -x, the second is not reached for what it shows.
_FILES = (f"{TESTS}/test_hazards_generated.py", f"{TESTS}/test_hazards_called.py")
_LIMIT = 300.0
_SHOWN = 100  # characters
Row = dict[str, Any]


@dataclass(frozen=True)
class Removal(Change):
    """``name`` says what is taken out; ``hazard`` is the number of what it is there for."""

    hazard: int


@dataclass(frozen=True)
class Run:
    """How a run of pytest ended. ``errors`` are tests that could not begin: they prove nothing. ``shown`` is
    how the first test failed."""

    code: int
    passed: int
    failed: tuple[str, ...]
    errors: tuple[str, ...]
    shown: str
    seconds: float

    @property
    def is_caught(self) -> bool:
        return self.code == 1 and bool(self.failed) and not self.errors


def read_removals() -> tuple[Removal, ...]:
    return tuple(Removal(name=row.pop("what"), **row) for row in read_rows(_CATALOGUE, "removal"))


def copied(folder: Path) -> Path:
    """The tool and its tests of hazards, under ``folder``."""
    for part in _PARTS:
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        else:
            shutil.copy2(ROOT / part, folder / part)
    return folder


def try_removal(tree: Path, removal: Removal) -> Run:
    """``tree`` is afterwards as it was."""
    removal.plant(tree)
    try:
        return run_tests(tree, "-x", "-k", f"test_hazard_{removal.hazard:02}_", PYTHONDONTWRITEBYTECODE="1")
    finally:
        for edit in removal.edits:
            shutil.copy2(ROOT / edit.file, tree / edit.file)


def run_tests(tree: Path, *options: str, **variables: str) -> Run:
    """The hazards' tests of ``tree``, on its own package."""
    start, said = time.perf_counter(), tree / "junit.xml"
    said.unlink(missing_ok=True)
    plain = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--junitxml={said}", f"--basetemp={tree}/tmp")
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTEST_ADDOPTS": "", **variables}
    command = [sys.executable, "-m", "pytest", *plain, *options, *_FILES]
    try:
        ended = subprocess.run(
            command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, timeout=_LIMIT, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        ended = -1
    seconds = time.perf_counter() - start
    cases = list(ElementTree.parse(said).iter("testcase")) if said.is_file() else []
    failures = _with(cases, "failure")
    shown = _short(next(iter(failures.values()), "").replace(str(tree), ""))
    passed = sum(not len(case) for case in cases)
    return Run(ended, passed, tuple(failures), tuple(_with(cases, "error")), shown, seconds)


def _short(message: str) -> str:
    """Without what is of one run alone, and without pytest's explanation of where a value is from."""
    plain = re.sub(r" at 0x[0-9a-f]+", "", " ".join(message.split()))
    return plain.partition(" + where ")[0].replace("`", "'")[:_SHOWN]


def _with(cases: Iterable[ElementTree.Element], word: str) -> dict[str, str]:
    """Messages by the name of the test."""
    found = ((case.get("name", ""), case.find(word)) for case in cases)
    return {name: child.get("message", "") for name, child in found if child is not None}


def keep(removal: Removal, run: Run, results: Path = _RESULTS) -> None:
    """The row takes the place of the last one of its removal; those of removals that are no more go."""
    path = results / "hazards.json"
    known = json.loads(path.read_text(encoding="utf-8"))["removals"] if path.is_file() else []
    rows = {(row["hazard"], row["what"]): row for row in [*known, _row(removal, run)]}
    keys = [(each.hazard, each.name) for each in read_removals()]
    ordered = [rows[key] for key in keys if key in rows]
    data = json.dumps({"schema_version": 1, "removals": ordered}, indent=1, ensure_ascii=False)
    path.write_text(data + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(page(ordered), encoding="utf-8")


def _row(removal: Removal, run: Run) -> Row:
    return {
        "hazard": removal.hazard,
        "what": removal.name,
        "files": list(dict.fromkeys(edit.file for edit in removal.edits)),
        "caught": run.is_caught,
        "failed": list(run.failed),
        "shown": run.shown,
        "exit_code": run.code,
        "seconds": round(run.seconds, 1),
        "date": time.strftime("%Y-%m-%d"),
        "commit": commit(TESTS),
    }


def page(rows: Sequence[Row]) -> str:
    caught = sum(row["caught"] for row in rows)
    lines = [
        "# Hazards and their rules",
        "",
        "Written by `PYTHONPATH=tests/faults python -m planted.removals`. One at a time, each rule of",
        "`tests/hazards/removals.toml` is taken out of a copy of the tool, and the tests of the hazard that",
        "it is there for run on that: the first that fails is named. None may pass.",
        "",
        f"{caught} of {len(rows)} removals caught, of {len({row['hazard'] for row in rows})} hazards, in "
        f"{sum(row['seconds'] for row in rows):.0f} seconds. Tried on {_different(rows, 'date')} at "
        f"{_different(rows, 'commit')}.",
        "",
        "| hazard | what was taken out | the test that failed | how |",
        "| --- | --- | --- | --- |",
        *map(_line, rows),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    names = ", ".join(f"`{name}`" for name in row["failed"])
    word = names if row["caught"] else f"**none** (exit code {row['exit_code']}) {names}".rstrip()
    cells = (f"{row['hazard']:02}", row["what"], word, f"`{row['shown']}`" if row["shown"] else "")
    return " | ".join(["", *(cell.replace("|", "\\|") for cell in cells), ""]).strip()


def _different(rows: Iterable[Row], key: str) -> str:
    return ", ".join(sorted({row[key] for row in rows}))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hazards", nargs="*", type=int, help="numbers; all of them without")
    given = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory(prefix="removals-") as scratch:
        tree = copied(Path(scratch))
        for removal in read_removals():
            if given.hazards and removal.hazard not in given.hazards:
                continue
            run = try_removal(tree, removal)
            keep(removal, run)
            missed += not run.is_caught
            word = "caught" if run.is_caught else f"MISSED ({run.code})"
            names = ", ".join((*run.failed, *run.errors))
            print(f"{word} {removal.hazard:02} {removal.name}: {names} ({run.seconds:.0f} s)", flush=True)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
