"""Three-way merge of one file, by git: what the user made of it, what migrate wrote, what it writes now."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

_OURS, _BASE, _THEIRS = "edited by hand", "written by the last run", "written by migrate"
_FIRST_MARK = f"<<<<<<< {_OURS}".encode()


@dataclass(frozen=True)
class Merged:
    """``conflicts`` are the lines, from 1, at which a conflict is marked."""

    data: bytes
    conflicts: tuple[int, ...]


def conflict_lines(data: bytes) -> tuple[int, ...]:
    """Lines with a mark of ours that nobody has resolved yet."""
    if _FIRST_MARK not in data:
        return ()
    return tuple(number for number, line in enumerate(data.split(b"\n"), 1) if line.startswith(_FIRST_MARK))


def merge(ours: bytes, base: bytes, theirs: bytes) -> Optional[Merged]:
    """None where git is missing or cannot merge such a file: binary ones, for example."""
    git = shutil.which("git")
    if git is None:
        return None
    with tempfile.TemporaryDirectory(prefix="migrate-merge-") as folder:
        names = ("ours", "base", "theirs")
        for name, data in zip(names, (ours, base, theirs)):
            (Path(folder) / name).write_bytes(data)
        labels = [part for label in (_OURS, _BASE, _THEIRS) for part in ("-L", label)]
        run = subprocess.run(
            [git, "merge-file", "-p", "--diff3", *labels, *names],
            cwd=folder,
            env=_quiet(folder),
            capture_output=True,
            check=False,
        )
    # The exit code is the number of conflicts, at most 127; above that it is an error.
    if not 0 <= run.returncode <= 127:
        return None
    lines = conflict_lines(run.stdout)
    return Merged(run.stdout, lines) if bool(lines) == bool(run.returncode) else None


def _quiet(folder: str) -> dict[str, str]:
    """No repository and no configuration of the user's may change a merge."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CEILING_DIRECTORIES": str(Path(folder).resolve().parent),
        "LC_ALL": "C",
    }
