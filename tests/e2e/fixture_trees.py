"""Fixtures migrated, built and compared through the command line; every tree is made in a scratch folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
CPP = (".c", ".cc", ".cpp", ".cxx", ".cu", ".cuh", ".h", ".hpp", ".hip", ".inc")
_LITTER = shutil.ignore_patterns("__pycache__", "*.so", "build", ".pytest_cache")


@dataclass(frozen=True)
class Case:
    """One fixture: the untouched ``source``, the migrated ``tree``, and what ``migrate test`` said."""

    name: str
    source: Path
    tree: Path
    before: str
    code: int
    verdicts: list[dict[str, Any]]

    @property
    def manifest(self) -> dict[str, Any]:
        text = (self.tree / ".migrate/manifest.json").read_text(encoding="utf-8")
        loaded: dict[str, Any] = json.loads(text)
        return loaded

    @property
    def modules(self) -> list[dict[str, Any]]:
        """The modules that run on this machine."""
        return [module for module in self.manifest["modules"] if module["original"]["backend"] == "cpu"]

    @property
    def original(self) -> Path:
        """A copy of the source with the built originals where its own build would have put them."""
        folder = self.tree.parent / "original"
        if not folder.exists():
            shutil.copytree(self.source, folder)
            for module in self.modules:
                package, _, leaf = module["name"].rpartition(".")
                built = self.tree / f".migrate/build/original/{module['name']}/{leaf}.so"
                shutil.copy(built, folder.joinpath(*package.split(".")) / f"{leaf}.so")
        return folder


def make_case(name: str, scratch: Path) -> Case:
    """``migrate run``, then ``migrate test``, which builds both sides first."""
    source = shutil.copytree(FIXTURES / name, scratch / "source", ignore=_LITTER)
    before = tree_hash(source)
    tree = scratch / "tree"
    done = migrate("run", source, "--out", tree)
    assert done.returncode in (0, 1), done.stderr
    done = migrate("test", "-C", tree, "--format", "json")
    assert done.returncode in (0, 1), done.stderr
    return Case(name, source, tree, before, done.returncode, json.loads(done.stdout)["operators"])


def migrate(*arguments: object, check: bool = False) -> subprocess.CompletedProcess[str]:
    """The command, as a user's shell would run it."""
    return python("-m", "migrate", *map(str, arguments), folder=ROOT, path=ROOT, check=check)


def own_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """The library's own tests, unchanged, on whatever its import name finds in ``folder``."""
    own = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--ignore-glob=*_equivalence.py", "tests")
    return python(*own, folder=folder, path=folder)


def python(
    *arguments: str, folder: Path, path: Path, check: bool = False
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=check,
    )


def files_of(tree: Path) -> dict[str, bytes]:
    """Contents by path; what is built, cached or version control's is left out."""
    skipped = {".migrate", ".git", "__pycache__", ".pytest_cache"}
    return {
        path.relative_to(tree).as_posix(): path.read_bytes()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not skipped & set(path.relative_to(tree).parts)
    }


def tree_hash(tree: Path) -> str:
    found = hashlib.sha256()
    for name, data in files_of(tree).items():
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()
