"""Which operators' libraries compiled: what ``build`` found out, kept for ``status`` and ``report``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from migrate.build.manifest import read_modules
from migrate.model.verdicts import Artifacts

RECORD = ".migrate/results/build.json"


def keep(tree: Path, artifacts: Artifacts) -> None:
    """Remember the operators whose migrated library was built, beside those of earlier builds."""
    done = {item.module: item.ok for item in artifacts.items if item.side == "migrated"}
    compiled = set(compiled_operators(tree))
    for module in read_modules(tree):
        if module.name in done:
            ids = {id_ for id_, _ in module.operators}
            compiled = compiled | ids if done[module.name] else compiled - ids
    path = tree / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    value = {"manifest": _digest(tree), "compiled": sorted(compiled)}
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def compiled_operators(tree: Path) -> frozenset[str]:
    """The ids that ``keep`` wrote; none once ``run`` has changed the tree."""
    try:
        value = json.loads((tree / RECORD).read_text(encoding="utf-8"))
        return frozenset(value["compiled"]) if value["manifest"] == _digest(tree) else frozenset()
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()  # never built, or by another version


def _digest(tree: Path) -> str:
    """The manifest holds the digests of all files that ``run`` wrote."""
    return hashlib.sha256((tree / ".migrate" / "manifest.json").read_bytes()).hexdigest()
