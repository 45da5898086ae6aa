"""Which ``libtvm_ffi`` a running program has loaded, and which package brought each.

Two of them in one process end it sooner or later: each has its own registry and its own errors. From
inside a program: ``from migrate.loaded import loaded_runtimes``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Union

from migrate import __version__
from migrate.audit.symbols import RUNTIME
from migrate.errors import UsageError
from migrate.report.text import Page

# address, permissions, offset, device, inode, path
_MAPPING = re.compile(r"\S+ \S+ \S+ (?P<device>\S+) (?P<inode>\d+)\s+(?P<path>/.*)")
_SITES = ("site-packages", "dist-packages")
_VERSION = """\
import ctypes, sys
version = (ctypes.c_uint32 * 3)()
ctypes.CDLL(sys.argv[1]).TVMFFIGetVersion(version)
print(*version, sep=".")
"""


@dataclass(frozen=True)
class Loaded:
    """One copy: where it was loaded from, the ABI version it reports, and whose it is."""

    path: str
    version: str
    package: str


def loaded_runtimes(process: Union[int, str] = "self") -> tuple[Loaded, ...]:
    """The copies that a process has mapped; more than one is a fault."""
    copies: dict[tuple[str, str], str] = {}
    for line in _maps(process).splitlines():
        mapping = _MAPPING.fullmatch(line)
        if mapping and RUNTIME.fullmatch(mapping["path"].rpartition("/")[2].replace(" (deleted)", "")):
            copies.setdefault((mapping["device"], mapping["inode"]), mapping["path"])
    return tuple(Loaded(path, _version(path), _package(Path(path))) for path in sorted(copies.values()))


def exit_code(found: Sequence[Loaded]) -> int:
    return 1 if len(found) > 1 else 0


def to_text(found: Sequence[Loaded], terminal: bool = False) -> str:
    page = Page(terminal)
    if not found:
        page.line("no libtvm_ffi is loaded")
        return page.text()
    rows = [(one.path, one.version, one.package) for one in found]
    page.table(("libtvm_ffi", "version", "brought by"), rows)
    if len(found) > 1:
        page.line()
        page.line(advice(found), "bold red")
    return page.text()


def advice(found: Sequence[Loaded]) -> str:
    """What to do about several copies: all but apache-tvm-ffi's own have to go."""
    others = [one.package for one in found if not one.package.startswith("apache-tvm-ffi")]
    who = ", ".join(dict.fromkeys(others)) or "one of them"
    return (
        f"{len(found)} copies of libtvm_ffi: errors and registrations of one are unknown to the other, and "
        f"the process will crash. Build {who} again without it: auditwheel repair --exclude libtvm_ffi.so"
    )


def to_json(found: Sequence[Loaded]) -> str:
    value = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "runtimes": [asdict(one) for one in found],
        "advice": advice(found) if len(found) > 1 else "",
    }
    return json.dumps(value, indent=2) + "\n"


def _maps(process: Union[int, str]) -> str:
    try:
        return Path(f"/proc/{process}/maps").read_text(encoding="utf-8", errors="surrogateescape")
    except PermissionError as error:
        raise UsageError(f"process {process} is not yours", "Ask as its owner or as root") from error
    except OSError as error:
        raise UsageError(f"there is no process {process} to look into", "`ps` lists them") from error


def _version(path: str) -> str:
    """Asked in a process of its own: to load a second copy here is what this is to prevent."""
    command = [sys.executable, "-c", _VERSION, path]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return run.stdout.strip() if run.returncode == 0 else "unknown"


def _package(path: Path) -> str:
    """The distribution whose list of files names ``path``, in the environment that the file lies in."""
    for site in path.parents:
        if site.name not in _SITES:
            continue
        for found in metadata.distributions(path=[str(site)]):
            if any(Path(str(file.locate())) == path for file in _named(found, path.name)):
                return f"{found.metadata['Name']} {found.version}"
        return f"no package of {site} lists it"
    return "no package: it lies outside every site-packages"


def _named(found: metadata.Distribution, name: str) -> list[metadata.PackagePath]:
    return [file for file in found.files or () if file.name == name]
