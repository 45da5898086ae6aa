"""What measured figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Optional

from migrate.build import toolchain


def describe_machine(jobs: Optional[int] = None) -> tuple[tuple[str, str], ...]:
    """Names and values for people; what is absent says so."""
    cores = len(os.sched_getaffinity(0))
    return (
        ("processor", f"{_processor()}, {cores} cores, load {os.getloadavg()[0]:.1f}"),
        ("jobs", str(jobs or cores)),
        ("gpu", _gpu()),
        ("python", platform.python_version()),
        ("torch", _version("torch")),
        ("tvm-ffi", _version("apache-tvm-ffi")),
        ("g++", _first_line((toolchain.cxx(), "--version"))),
        ("nvcc", _first_line((toolchain.nvcc() or "nvcc", "--version"), r"release [\d.]+")),
        ("hipcc", _first_line((toolchain.hipcc() or "hipcc", "--version"))),
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*: (.*)", text)
    return found.group(1) if found else platform.machine()


def _gpu() -> str:
    return _first_line(("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _first_line(command: Sequence[str], wanted: str = r"[^\n]+") -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    found = re.search(wanted, run.stdout) if run.returncode == 0 else None
    return found.group(0) if found else "none"
