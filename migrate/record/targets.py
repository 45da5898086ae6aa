"""The part of ``.migrate/manifest.json`` that says which functions are operators."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate.errors import OperatorError, TreeError


@dataclass(frozen=True)
class Targets:
    """What to watch: per module the path of each function and the operator it is (``module:path``),
    and operators of torch's dispatcher (``torch.ops.ns.op.overload``)."""

    modules: dict[str, dict[str, str]]
    dispatched: frozenset[str]


def read_targets(tree: Path, modules: Sequence[str] = ()) -> Targets:
    """The functions of a migrated tree, or of some of its modules."""
    try:
        data = json.loads((tree / ".migrate" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TreeError(
            f"{tree} has no readable .migrate/manifest.json",
            "Run `migrate run SRC --out DIR`, then name DIR with -C",
        ) from error
    names = [entry["name"] for entry in data["modules"]]
    unknown = sorted(set(modules) - set(names))
    if unknown:
        raise OperatorError(f"no such module: {', '.join(unknown)}", "`migrate status` lists them")
    paths: dict[str, dict[str, str]] = {}
    dispatched: set[str] = set()
    for entry in data["modules"]:
        if modules and entry["name"] not in modules:
            continue
        for operator in entry["operators"]:
            if operator.get("kind", "function") == "function" and operator.get("tier") != "ignored":
                _add(entry["name"], operator, paths, dispatched)
    return Targets(paths, frozenset(dispatched))


def _add(
    module: str, operator: dict[str, Any], paths: dict[str, dict[str, str]], dispatched: set[str]
) -> None:
    if operator.get("dispatch"):
        dispatched.add(operator["dispatch"])
        return
    scope = str(operator.get("scope") or module)[len(module) :].strip(".")
    path = f"{scope}.{operator['name']}" if scope else operator["name"]
    paths.setdefault(module, {})[path] = f"{module}:{path}"
