"""One wheel, built once: its tests pass in every Python, without torch, and with several torches.

``make pythons`` runs it and writes docs/results/pythons.{json,md}. What cannot be installed is in there
with the reason, and is no pass.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Optional

import pytest

from migrate import pipeline
from migrate.audit import audit
from migrate.build.wheel import build_wheel

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "fixtures" / "conv1d"
RESULTS = ROOT / "docs" / "results"
WORK = ROOT / "build" / "pythons"
LIBRARY = "shortconv_cpu/_shortconv_cpu.so"
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
TORCHES = tuple(os.environ.get("MIGRATE_TORCHES", "2.13.0 2.14.1").split())
TVM_FFI = "apache-tvm-ffi==0.1.15.post2"

pytestmark = pytest.mark.campaign


@dataclass(frozen=True)
class Row:
    """One environment: what is in it, the digest of the library it loaded, how its tests ended."""

    python: str
    torch: str
    numpy: str = ""
    tvm_ffi: str = ""
    md5: str = ""
    passed: int = 0
    failed: int = 0
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.passed > 0 and self.failed == 0 and not self.reason


@pytest.fixture(scope="module")
def wheel() -> Path:
    pytest.importorskip("scikit_build_core", reason="not run: scikit-build-core builds the wheel")
    tree, dist = WORK / "tree", WORK / "dist"
    pipeline.migrate(pipeline.Request(SOURCE), tree)
    shutil.rmtree(dist, ignore_errors=True)
    made = build_wheel(tree, dist, ("cpu",))
    verdicts = audit(made.path)
    assert verdicts.kept, verdicts.promises
    return Path(made.path)


@pytest.fixture(scope="module")
def rows(wheel: Path) -> list[Row]:
    found = [without_torch(version, wheel) for version in PYTHONS]
    found += [with_torch(version, wheel) for version in TORCHES]
    keep(wheel, found)
    return found


def test_every_python_without_torch(rows: list[Row]) -> None:
    here = [row for row in rows if not row.torch]
    assert len(here) == len(PYTHONS)
    assert all(row.ok for row in here), here


def test_two_versions_of_torch(rows: list[Row]) -> None:
    here = [row for row in rows if row.torch and not row.reason]
    if len(here) < 2:
        pytest.skip(f"not run: {'; '.join(row.reason for row in rows if row.reason)}")
    assert all(row.ok for row in here), here


def test_it_is_one_library(rows: list[Row]) -> None:
    assert len({row.md5 for row in rows if row.md5}) == 1


def without_torch(version: str, wheel: Path) -> Row:
    base = interpreter(version)
    if base is None:
        return Row(version, "", reason=f"there is no Python {version} on this machine")
    python, reason = environment(version, base, ["numpy", "pytest", TVM_FFI])
    if python is None:
        return Row(version, "", reason=reason)
    return measured(python, wheel, Path(__file__).with_name("without_torch.py"), "")


def with_torch(version: str, wheel: Path) -> Row:
    """On this Python; the fixture's own tests, as they are."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    needs = [f"torch=={version}", "numpy", "pytest", TVM_FFI]
    python, reason = environment(f"torch-{version}", Path(sys.executable), needs)
    if python is None:
        return Row(here, version, reason=reason)
    return measured(python, wheel, SOURCE / "tests" / "test_shortconv.py", version)


def interpreter(version: str) -> Optional[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(pyenv.glob(f"{version}.*/bin/python"))
    # pyenv's own stand-ins on PATH answer for versions that are not chosen, so the folders come first.
    named = shutil.which(f"python{version}")
    return found[-1] if found else Path(named) if named else None


def environment(name: str, base: Path, needs: list[str]) -> tuple[Optional[Path], str]:
    """The Python of an environment with these packages, or why there is none. It is kept for the next run."""
    folder = WORK / name
    python, stamp = folder / "bin" / "python", folder / "needs.txt"
    if stamp.is_file() and stamp.read_text() == "\n".join(needs):
        return python, ""
    for command in ([base, "-m", "venv", "--clear", folder], [python, "-m", "pip", "install", "-q", *needs]):
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if run.returncode:
            errors = [line for line in run.stderr.splitlines() if "ERROR" in line] or ["cannot be installed"]
            return None, f"{name}: {errors[-1].removeprefix('ERROR: ')}"
    stamp.write_text("\n".join(needs))
    return python, ""


_VERSIONS = """\
import importlib.metadata as found, json, platform, sysconfig
print(json.dumps([platform.python_version(), found.version("numpy"), found.version("apache-tvm-ffi"),
                  sysconfig.get_path("purelib")]))
"""


def measured(python: Path, wheel: Path, tests: Path, torch: str) -> Row:
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--force-reinstall", wheel]
    subprocess.run(list(map(str, install)), check=True, capture_output=True)
    said = subprocess.run([str(python), "-c", _VERSIONS], check=True, capture_output=True, text=True)
    version, numpy, tvm_ffi, site = json.loads(said.stdout)
    folder = WORK / "tests"
    folder.mkdir(exist_ok=True)
    copy = shutil.copy(tests, folder)  # away from the sources, which must not be what is imported
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), copy]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", run.stdout)}
    return Row(
        python=version,
        torch=torch,
        numpy=numpy,
        tvm_ffi=tvm_ffi,
        md5=hashlib.md5((Path(site) / LIBRARY).read_bytes()).hexdigest(),
        passed=counts.get("passed", 0),
        failed=counts.get("failed", 0) + counts.get("error", 0),
        reason="" if run.returncode == 0 else run.stdout.strip().rpartition("\n")[2],
    )


def keep(wheel: Path, rows: list[Row]) -> None:
    value: dict[str, Any] = {
        "schema_version": 1,
        "wheel": wheel.name,
        "library": LIBRARY,
        "rows": [asdict(row) for row in rows],
    }
    (RESULTS / "pythons.json").write_text(json.dumps(value, indent=1) + "\n")
    lines = [
        "# One library under every Python and torch",
        "",
        f"Written by `make pythons`. `migrate wheel` made `{wheel.name}` of `fixtures/conv1d`,",
        f"once; in each environment it was installed, and the digest is that of its `{LIBRARY}`.",
        "Without torch, the tests are [`without_torch.py`](../../tests/ship/without_torch.py): NumPy arrays,",
        "and outputs that the caller brings;",
        "with torch, the fixture's own, unchanged.",
        "",
        "| Python | torch | NumPy | apache-tvm-ffi | md5 of the library | passed | failed | not run |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.python} | {row.torch or 'none'} | {row.numpy} | {row.tvm_ffi} | {row.md5} "
        f"| {row.passed} | {row.failed} | {row.reason} |"
        for row in rows
    ]
    (RESULTS / "pythons.md").write_text("\n".join(lines) + "\n")
