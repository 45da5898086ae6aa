"""A copy of the original tree in which its own tests run: built extensions lie where they are imported."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from migrate.entries import ORIGINAL

STAGE = ".migrate/record/original"
_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__")


def stage_original(tree: Path, libraries: Mapping[str, Path]) -> tuple[Path, tuple[Path, ...]]:
    """The folder, and what must be on Python's path there. ``libraries`` are by module name."""
    folder = tree / STAGE
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(tree / ORIGINAL, folder, symlinks=True, ignore=_LEFT_OUT)
    roots = [folder]
    for module, library in libraries.items():
        *package, leaf = module.split(".")
        root = _root_of(package, folder)
        place = root.joinpath(*package, f"{leaf}.so")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(library, place)
        roots.append(root)
    return folder, tuple(dict.fromkeys(roots))


def _root_of(package: Iterable[str], folder: Path) -> Path:
    """The folder that holds the top package: a tree may keep its packages under ``src`` or ``python``."""
    parts = tuple(package)
    if not parts or folder.joinpath(*parts).is_dir():
        return folder
    held = [path.parent for path in folder.glob(f"**/{'/'.join(parts)}/__init__.py")]
    found = sorted(held, key=lambda path: (len(path.parts), path))
    return found[0].parents[len(parts) - 1] if found else folder
