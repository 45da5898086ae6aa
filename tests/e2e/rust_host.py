"""examples/rust_host, compiled once and run on what a test gives it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from migrate.audit.shipments import installed_runtime

SOURCE = Path(__file__).resolve().parents[2] / "examples" / "rust_host" / "main.rs"


def compiled(folder: Path) -> Path:
    if shutil.which("rustc") is None:
        pytest.skip("not run: no rustc on this machine")
    program = folder / "rust_host"
    command = ["rustc", "--edition", "2021", "-O", "-D", "warnings", str(SOURCE), "-o", str(program)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return program


def runtime() -> str:
    found = installed_runtime()
    assert found is not None
    return found.path


def run(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True, check=False)
