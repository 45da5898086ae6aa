"""A folder per side: the tree, with the libraries that ``migrate build`` made where they are imported."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate.model.verdicts import Artifacts

ORIGINAL, MIGRATED = "original", "migrated"


@dataclass(frozen=True)
class Stage:
    """Where one side's tests run, and the libraries that they load there."""

    side: str
    folder: Path
    libraries: tuple[Path, ...]


def staged_original(source: Path, out: Path, built: Artifacts, folder: Path) -> Stage:
    """``source``, with its extensions beside the Python that imports them."""
    _copied(source, folder)
    found = [item for item in built.items if item.side == "original" and item.ok]
    placed = [_placed(out / item.path, folder, item.module) for item in found]
    return Stage(ORIGINAL, folder, tuple(placed))


def staged_migrated(out: Path, built: Artifacts, folder: Path) -> Stage:
    """The migrated tree. Adaptors look for their libraries in its build folder; a bridge without an
    adaptor lies where the extension lay."""
    _copied(out, folder)
    (folder / ".migrate").mkdir()
    (folder / ".migrate" / "build").symlink_to(out / ".migrate" / "build")
    adaptors = {row["name"]: row["adaptor"] for row in _modules(out)}
    placed = []
    for item in built.items:
        if item.ok and item.side == "bridge" and adaptors[item.module] is None:
            placed.append(_placed(out / item.path, folder, item.module))
        elif item.ok and item.side != "original":
            placed.append(out / item.path)
    return Stage(MIGRATED, folder, tuple(placed))


def changed_files(source: Path, stage: Stage, tests: Iterable[str]) -> tuple[str, ...]:
    """Files below ``tests`` that are not upstream's, byte for byte. The equivalence tests that a run
    adds are no upstream tests: ``run_tests`` leaves them out."""
    before, after = (_digests(root, tests) for root in (source, stage.folder))
    ours = {path for path in after.keys() - before.keys() if path.endswith("_equivalence.py")}
    paths = (before | after).keys() - ours
    return tuple(sorted(path for path in paths if before.get(path) != after.get(path)))


def _copied(tree: Path, folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(tree, folder, ignore=shutil.ignore_patterns(".git", ".migrate", "__pycache__"))


def _placed(library: Path, folder: Path, module: str) -> Path:
    path = folder.joinpath(*module.split(".")).with_suffix(".so")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(library, path)
    return path


def _modules(out: Path) -> list[dict[str, Any]]:
    manifest: dict[str, Any] = json.loads((out / ".migrate" / "manifest.json").read_text(encoding="utf-8"))
    modules: list[dict[str, Any]] = manifest["modules"]
    return modules


def _digests(root: Path, tests: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in tests:
        top = root / name
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            found[path.relative_to(root).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
