"""What the generated ``test_<module>_equivalence.py`` calls: operators as pytest items.

    with opened(__file__, "pkg._C") as sides:
        sides.check("pkg._C:norm", seed=0)

pytest-xdist spreads the items over processes and machines; a process builds what is not built, one at
a time per tree, and takes the GPU of its number.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

import pytest

from migrate import pipeline
from migrate.compare import Session, Source
from migrate.errors import TreeError
from migrate.model.verdicts import Artifacts, Verdict

__all__ = ["Sides", "opened", "seeds"]

_DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")


def seeds() -> range:
    """One, or as many as the environment says: each seed draws other arguments."""
    return range(int(os.environ.get("MIGRATE_SEEDS", "1")))


class Sides:
    """Original and migrated library of one module, built, in sessions that last as long as its tests."""

    def __init__(self, tree: Path, module: str, cases: int) -> None:
        self._tree = tree
        self._module = module
        self._cases = cases
        self._artifacts: Optional[Artifacts] = None
        self._sessions: dict[int, Session] = {}

    def check(self, operator: str, seed: int = 0) -> None:
        """Equal and Close pass; NotRun is skipped with its reason; anything else fails."""
        verdict = self.verdict(operator, seed)
        text = "; ".join(part for part in (verdict.worst, verdict.reason) if part)
        if verdict.verdict == "NotRun":
            pytest.skip(f"not run: {text}")
        if verdict.verdict not in ("Equal", "Close"):
            pytest.fail(f"{verdict.id} is {verdict.verdict}: {text}", pytrace=False)

    def verdict(self, operator: str, seed: int = 0) -> Verdict:
        if self._artifacts is None:
            with _one_at_a_time(self._tree):
                self._artifacts = pipeline.build_tree(self._tree, (self._module,))
        if seed not in self._sessions:
            self._sessions[seed] = Session(self._tree, Source(seed, self._cases))
        (found,) = self._sessions[seed].compare(self._artifacts, (operator,)).items
        return found

    def stop(self) -> None:
        for session in self._sessions.values():
            session.stop()
        self._sessions.clear()


@contextmanager
def opened(test_file: str, module: str, cases: int = 100) -> Iterator[Sides]:
    """The sides of ``module`` in the migrated tree that ``test_file`` lies in."""
    _take_own_device()
    sides = Sides(_tree_of(Path(test_file)), module, cases)
    try:
        yield sides
    finally:
        sides.stop()


def _tree_of(path: Path) -> Path:
    for folder in path.resolve().parents:
        if (folder / ".migrate/manifest.json").is_file():
            return folder
    raise TreeError(f"{path} does not lie in a migrated tree", "Run `migrate run SRC --out DIR`")


@contextmanager
def _one_at_a_time(tree: Path) -> Iterator[None]:
    """Processes of one test run share a tree: the first one builds, the others find it built."""
    with (tree / ".migrate" / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _take_own_device() -> None:
    """Process number n of pytest-xdist takes GPU n, round and round; its workers inherit that."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not process.startswith("gw") or "MIGRATE_OWN_DEVICE" in os.environ:
        return
    given = next((os.environ[name] for name in _DEVICES if os.environ.get(name)), "")
    devices = given.split(",") if given else [str(number) for number in range(_device_count())]
    if devices:
        own = devices[int(process[2:]) % len(devices)]
        os.environ.update(dict.fromkeys(_DEVICES, own), MIGRATE_OWN_DEVICE=own)


def _device_count() -> int:
    """From the driver's files: asking torch would start the devices' runtime."""
    nvidia = len(list(Path("/dev").glob("nvidia[0-9]*")))
    return nvidia or len(list(Path("/dev/dri").glob("renderD*"))) * Path("/dev/kfd").exists()
