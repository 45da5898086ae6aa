"""Plant a fault into a copy of a built tree, rebuild what it touches, and ask ``migrate test``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from migrate.build import build
from migrate.compare import Session, Source
from migrate.model.verdicts import Verdict
from migrate.pipeline import Request, migrate
from planted.catalogue import Fault

ROOT = Path(__file__).resolve().parents[3]
LITTER = shutil.ignore_patterns("__pycache__", "*.so", "build", ".pytest_cache")
_ORDER = ("Equal", "Close", "NotRun", "Crashed", "Different")
_SCRIPT = "see .migrate/repro/"
_LIMIT = 20.0  # seconds for one call: a fault may be an endless loop


@dataclass(frozen=True)
class Outcome:
    """``verdict`` is the worst on the operators asked about. ``script``: whether the script that came
    with a difference was run and shows it; None where it was not run."""

    fault: Fault
    verdict: str
    shown: str
    seconds: float
    script: Optional[bool] = None

    @property
    def caught(self) -> bool:
        return self.verdict in ("Different", "Crashed")

    def row(self) -> dict[str, Any]:
        fault = self.fault
        named = {"name": fault.name, "kind": fault.kind, "needs": fault.needs}
        where = {"operators": list(fault.operators), "file": fault.edits[0].file}
        seen = {"caught": self.caught, "verdict": self.verdict, "shown": self.shown, "script": self.script}
        return {**named, **where, **seen, "escapes": fault.escapes, "seconds": round(self.seconds, 1)}


@dataclass
class Bench:
    """Migrated fixtures under ``folder``, each migrated on first use. ``scripts``: also run the script
    of every difference. One session per fixture: the originals are asked for their cases once."""

    folder: Path
    seed: int = 0
    cases: int = 100
    scripts: bool = True
    _sessions: dict[str, Session] = field(default_factory=dict)

    def tree(self, fixture: str) -> Path:
        tree = self.folder / fixture
        if not (tree / ".migrate/manifest.json").is_file():
            source = self.folder / f"{fixture}-source"
            shutil.copytree(ROOT / "fixtures" / fixture, source, ignore=LITTER)
            migrate(Request(source), tree)
            _without_optimisation(tree)
        return tree

    def try_fault(self, fault: Fault) -> Outcome:
        start = time.perf_counter()
        clean = self.tree(fault.fixture)
        build(clean, fault.operators)
        planted = self.folder / f"{fault.fixture}-planted"
        shutil.rmtree(planted, ignore_errors=True)
        shutil.copytree(clean, planted, symlinks=True)
        fault.plant(planted)
        worst = self._verdict(planted, fault)
        script = self._script_shows_it(planted, worst)
        return Outcome(fault, worst.verdict, _shown(worst), time.perf_counter() - start, script)

    def stop(self) -> None:
        for session in self._sessions.values():
            session.stop()
        self._sessions.clear()

    def _verdict(self, tree: Path, fault: Fault) -> Verdict:
        """A library that does not compile is NotRun: such a fault proves nothing."""
        if fault.fixture not in self._sessions:
            self._sessions[fault.fixture] = Session(tree, Source(self.seed, self.cases), _LIMIT)
        artifacts = build(tree, fault.operators)
        found = self._sessions[fault.fixture].compare(artifacts, fault.operators).items
        return max(found, key=lambda item: _ORDER.index(item.verdict))

    def _script_shows_it(self, tree: Path, verdict: Verdict) -> Optional[bool]:
        if not self.scripts or _SCRIPT not in verdict.reason:
            return None
        name = verdict.reason.rpartition(_SCRIPT)[2].split(".py")[0]
        script = tree / ".migrate/repro" / f"{name}.py"
        command = [sys.executable, str(script)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        return done.returncode == 1 and "--- migrated" in done.stdout


def _shown(verdict: Verdict) -> str:
    return (verdict.worst or verdict.reason.partition("; see .migrate/")[0])[:300]


def _without_optimisation(tree: Path) -> None:
    """Each fault compiles a file of the migrated side once, and the numbers are the same."""
    path = tree / ".migrate/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for module in manifest["modules"]:
        if module["migrated"] is not None:
            module["migrated"]["cxx_flags"].append("-O0")
    path.write_text(json.dumps(manifest), encoding="utf-8")
