"""The user's command, with the recorder in every Python process that it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from migrate.errors import UsageError
from migrate.record.hook import SETTINGS
from migrate.record.journal import CALLS, Bounds
from migrate.record.targets import Targets

_PACKAGE = Path(__file__).resolve().parents[1]
_BOOTSTRAP = '''\
"""Written by `migrate record`: Python runs this file first, then the one that it hides."""

import importlib.machinery
import importlib.util
import os
import sys

if "{settings}" in os.environ:
    from migrate.record.hook import record_here

    record_here()

_here = os.path.dirname(os.path.abspath(__file__))
_rest = [entry for entry in sys.path if os.path.abspath(entry) != _here]
_spec = importlib.machinery.PathFinder.find_spec("sitecustomize", _rest)
if _spec is not None and _spec.loader is not None:
    _spec.loader.exec_module(importlib.util.module_from_spec(_spec))
'''


@dataclass(frozen=True)
class Place:
    """Where the command runs, what goes on Python's path before the user's own."""

    folder: Optional[Path] = None
    roots: tuple[Path, ...] = ()


def launch(
    tree: Path, command: Sequence[str], targets: Targets, bounds: Bounds, place: Place, quiet: bool = False
) -> int:
    """Run ``command`` and return its exit code. ``quiet``: what it prints goes to stderr."""
    folder = (tree / CALLS).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "settings.json"
    data = {
        "folder": str(folder),
        "modules": targets.modules,
        "dispatched": sorted(targets.dispatched),
        "bounds": asdict(bounds),
    }
    settings.write_text(json.dumps(data), encoding="utf-8")
    path = [str(_bootstrap(folder)), *map(str, place.roots), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        SETTINGS: str(settings),
        "PYTHONPATH": os.pathsep.join(entry for entry in path if entry),
    }
    try:
        return subprocess.run(
            list(command),
            cwd=place.folder,
            env=environment,
            stdout=sys.stderr if quiet else None,
            check=False,
        ).returncode
    except OSError as error:
        problem = f"{command[0]} cannot be run: {error.strerror}"
        raise UsageError(problem, "Name a command after `--`") from error


def _bootstrap(folder: Path) -> Path:
    """A folder that lends a foreign Python this package, and nothing else that lies beside it."""
    bootstrap = folder / "bootstrap"
    bootstrap.mkdir(exist_ok=True)
    text = _BOOTSTRAP.format(settings=SETTINGS)
    (bootstrap / "sitecustomize.py").write_text(text, encoding="utf-8")
    link = bootstrap / "migrate"
    if not link.is_symlink() or link.resolve() != _PACKAGE:
        link.unlink(missing_ok=True)
        link.symlink_to(_PACKAGE)
    return bootstrap
