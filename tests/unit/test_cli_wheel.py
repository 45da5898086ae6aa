"""The wheel alone, unpacked somewhere, run from somewhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="not run: hatchling builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def call(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )


def test_resources_lie_inside_the_package(installed: Path, tmp_path: Path) -> None:
    program = "from migrate import resources; print(resources.csrc()); print(resources.templates())"
    run = call(installed, tmp_path, "-c", program)
    assert run.stdout.split() == [str(installed / "migrate/_data" / name) for name in ("csrc", "templates")]
    for name in ("csrc", "templates"):
        ours = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*.*") if path.is_file()}
        data = installed / "migrate/_data" / name
        packed = {path.relative_to(data) for path in data.rglob("*.*") if path.is_file()}
        assert {path for path in ours if "__pycache__" not in path.parts} == packed


def test_scans_from_any_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "a.cpp").write_text("int x;\n")
    run = call(installed, tmp_path, "-m", "migrate", "scan", "library", "--format", "json")
    assert run.returncode in (0, 1), run.stderr
    assert '"schema_version": 1' in run.stdout
