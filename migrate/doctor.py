"""What this machine has, and which verb misses what.

``needed`` things missing or broken: exit 2, nothing works. ``build`` things: exit 1, ``build`` and
``test`` do not work. ``device`` things: exit 0, what needs them is reported as NotRun.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Callable, Optional

from migrate import __version__
from migrate.errors import FatalError
from migrate.report.text import Page

LIBCLANG = "18.1.1"


@dataclass(frozen=True)
class Finding:
    """One thing looked for. ``use`` is needed, build or device; ``hint`` says how to get it."""

    name: str
    use: str
    ok: bool
    found: str
    hint: str = ""


def examine(self_test: Callable[[], str]) -> tuple[Finding, ...]:
    """Look at everything. ``self_test`` parses a small extension and returns what is wrong, or ''."""
    return (
        _python(),
        _libclang(),
        _self_test(self_test),
        _package("apache-tvm-ffi", "build", "pip install 'apache-tvm-ffi>=0.1.15,<0.2'"),
        _package("torch", "build", "pip install torch; the original cannot be built without it"),
        _package("numpy", "build", "pip install numpy"),
        _tool("g++", "build", "install a C++17 compiler"),
        _ninja(),
        _tool("git", "device", "without git, diff cannot express binary files"),
        _tool("nvcc", "device", "install the CUDA toolkit to compile .cu files"),
        _tool("hipcc", "device", "install ROCm or hipcc to compile HIP files"),
        _device(),
    )


def exit_code(findings: Iterable[Finding]) -> int:
    missing = {item.use for item in findings if not item.ok}
    if "needed" in missing:
        return 2
    return 1 if "build" in missing else 0


def to_text(findings: Iterable[Finding], terminal: bool = False) -> str:
    page = Page(terminal)
    verbs = {"needed": "every verb", "build": "build, test", "device": "optional"}
    page.table(
        ("what", "for", "result", "found", "to do"),
        [
            (
                item.name,
                verbs[item.use],
                "ok" if item.ok else "missing",
                item.found,
                "" if item.ok else item.hint,
            )
            for item in findings
        ],
    )
    return page.text()


def to_json(findings: Iterable[Finding]) -> str:
    value = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "findings": [asdict(item) for item in findings],
    }
    return json.dumps(value, indent=2) + "\n"


def _python() -> Finding:
    ok = sys.version_info >= (3, 9)
    return Finding("Python", "needed", ok, platform.python_version(), "use Python 3.9 or newer")


def _libclang() -> Finding:
    version = _version("libclang")
    ok = version == LIBCLANG
    return Finding("libclang", "needed", ok, version or "", f"pip install libclang=={LIBCLANG}")


def _self_test(self_test: Callable[[], str]) -> Finding:
    name, hint = "parser self-test", "install tvm-ffi-migrate again"
    try:
        wrong = self_test()
    except FatalError as error:
        return Finding(name, "needed", False, error.what, error.next_step)
    except Exception as error:
        # Whatever the parser dies of on this machine is the finding.
        return Finding(name, "needed", False, f"{type(error).__name__}: {error}", hint)
    return Finding(name, "needed", not wrong, wrong or "one operator, fully typed", hint)


def _package(name: str, use: str, hint: str) -> Finding:
    version = _version(name)
    return Finding(name, use, version is not None, version or "", hint)


def _version(name: str) -> Optional[str]:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _ninja() -> Finding:
    version = _version("ninja")
    if version is not None:
        return Finding("ninja", "build", True, version)
    return _tool("ninja", "build", "pip install ninja")


def _tool(name: str, use: str, hint: str) -> Finding:
    path = shutil.which(name)
    if path is None:
        return Finding(name, use, False, "", hint)
    return Finding(name, use, True, _first_version(path), hint)


def _first_version(path: str) -> str:
    """The line of ``--version`` that holds a version; nvcc's comes fourth."""
    try:
        run = subprocess.run(
            [path, "--version"], capture_output=True, text=True, errors="replace", timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not run: {error}"
    lines = [line.strip() for line in run.stdout.splitlines() if line.strip()]
    numbered = [line for line in lines if any(mark in line.lower() for mark in ("release", "version"))]
    return (numbered or lines or [""])[0]


def _device() -> Finding:
    """A device as the kernel driver shows it: asking torch would load it."""
    name, hint = "GPU", "operators that need one are reported as NotRun"
    nvidia = sorted(path.name for path in Path("/dev").glob("nvidia[0-9]*"))
    amd = Path("/dev/kfd").exists()
    found = ", ".join([*nvidia, *(["kfd"] if amd else [])])
    if os.environ.get("CUDA_VISIBLE_DEVICES") == "" and nvidia:
        return Finding(name, "device", False, "hidden by CUDA_VISIBLE_DEVICES", hint)
    return Finding(name, "device", bool(found), found, hint)
