"""``python -m planted [NAME...] [--needs gpu] [--folder DIR]``: the campaign, and its page in docs/results.

A fault that is tried again takes the place of its last outcome. ``--check`` builds nothing: it says which
edits the fixtures, as they are migrated now, have no place for. ``--resume`` leaves out the faults that
were tried at this commit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from planted.bench import ROOT, Bench, Outcome
from planted.catalogue import read_catalogue
from planted.page import commit, keep, tried_at


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="faults by name; all of them without")
    parser.add_argument("--needs", default="cpu", choices=("cpu", "gpu", "gpus"))
    parser.add_argument("--folder", type=Path, help="keep the migrated fixtures here, to go on from them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-scripts", dest="scripts", action="store_false", help="do not run the scripts")
    parser.add_argument("--check", action="store_true", help="only look for the places of the edits")
    parser.add_argument("--resume", action="store_true", help="go on with a run of this commit")
    given = parser.parse_args()
    faults = [fault for fault in read_catalogue() if fault.needs == given.needs]
    if given.names:
        faults = [fault for fault in faults if fault.name in given.names]
    with tempfile.TemporaryDirectory(prefix="planted-") as scratch:
        bench = Bench(given.folder or Path(scratch), given.seed, scripts=given.scripts)
        if given.check:
            return _check(bench)
        if given.resume:
            known = tried_at(ROOT / "docs/results", commit())
            faults = [fault for fault in faults if fault.name not in known]
        outcomes = []
        for fault in faults:
            outcomes.append(bench.try_fault(fault))
            print(_line(outcomes[-1]), flush=True)
            keep(ROOT / "docs/results", outcomes)
        bench.stop()
    return int(any(not outcome.caught and not outcome.fault.escapes for outcome in outcomes))


def _check(bench: Bench) -> int:
    wrong = [text for fault in read_catalogue() for text in fault.misplaced(bench.tree(fault.fixture))]
    print("\n".join(wrong) or "every edit has its place")
    return int(bool(wrong))


def _line(outcome: Outcome) -> str:
    word = "caught" if outcome.caught else "MISSED"
    script = {None: "", True: ", script shows it", False: ", SCRIPT DOES NOT SHOW IT"}[outcome.script]
    return f"{word} {outcome.fault.name}: {outcome.verdict}{script} {outcome.shown} ({outcome.seconds:.0f} s)"


if __name__ == "__main__":
    sys.exit(main())
