"""The part of ``.migrate/manifest.json`` that says how each library is compiled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Optional

from migrate.errors import OperatorError, TreeError
from migrate.model.plan import BuildSpec


@dataclass(frozen=True)
class ModuleEntry:
    """One module of a migrated tree: its libraries, and the ids and names of its operators."""

    name: str
    original: BuildSpec
    migrated: Optional[BuildSpec]
    legacy: Optional[BuildSpec]
    operators: tuple[tuple[str, str], ...]
    bridge: Optional[BuildSpec] = None


def read_modules(tree: Path) -> tuple[ModuleEntry, ...]:
    path = tree / ".migrate" / "manifest.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TreeError(
            f"{tree} has no readable .migrate/manifest.json",
            "Run `migrate run SRC --out DIR`, then name DIR with -C",
        ) from error
    return tuple(_module(entry) for entry in data["modules"])


def select_modules(modules: Sequence[ModuleEntry], operators: Sequence[str]) -> tuple[ModuleEntry, ...]:
    """The modules that hold ``operators`` (ids, names, module names or patterns); all for none."""
    if not operators:
        return tuple(modules)
    chosen = []
    matched: set[str] = set()
    for module in modules:
        labels = {module.name, *(label for pair in module.operators for label in pair)}
        hits = {
            wish for wish in operators if wish in labels or any(fnmatchcase(label, wish) for label in labels)
        }
        matched |= hits
        if hits:
            chosen.append(module)
    unknown = [wish for wish in operators if wish not in matched]
    if unknown:
        raise OperatorError(f"no such operator: {', '.join(unknown)}", "`migrate status` lists them")
    return tuple(chosen)


def _module(entry: dict[str, Any]) -> ModuleEntry:
    original = read_spec(entry.get("original"))
    return ModuleEntry(
        name=entry["name"],
        original=original or BuildSpec(name=entry["name"], sources=()),
        migrated=read_spec(entry.get("migrated")),
        bridge=read_spec(entry.get("bridge")),
        legacy=read_spec(entry.get("legacy")),
        operators=tuple((op["id"], op["name"]) for op in entry["operators"]),
    )


def read_spec(entry: Optional[dict[str, Any]]) -> Optional[BuildSpec]:
    if entry is None:
        return None
    return BuildSpec(
        name=entry["name"],
        sources=tuple(entry.get("sources", ())),
        include_dirs=tuple(entry.get("include_dirs", ())),
        defines=tuple(entry.get("defines", ())),
        cxx_flags=tuple(entry.get("cxx_flags", ())),
        device_flags=tuple(entry.get("device_flags", ())),
        link_flags=tuple(entry.get("link_flags", ())),
        backend=entry.get("backend", "cpu"),
        origin=entry.get("origin", "inferred"),
    )
