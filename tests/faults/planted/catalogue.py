"""The faults, as data: ``catalogue.toml`` read and checked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CATALOGUE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True)
class Edit:
    """``find``, which must occur once in ``file``, becomes ``replace``."""

    file: str
    find: str
    replace: str


@dataclass(frozen=True)
class Fault:
    """``needs``: cpu, gpu or gpus. ``escapes`` says why it is known not to be caught."""

    name: str
    kind: str
    fixture: str
    operators: tuple[str, ...]
    edits: tuple[Edit, ...]
    needs: str = "cpu"
    escapes: str = ""

    def plant(self, tree: Path) -> None:
        for edit in self.edits:
            path = tree / edit.file
            text = path.read_text(encoding="latin-1")
            if text.count(edit.find) != 1:
                raise LookupError(f"{self.name}: {edit.find!r} occurs {text.count(edit.find)} times")
            path.write_text(text.replace(edit.find, edit.replace), encoding="latin-1")


def read_catalogue() -> tuple[Fault, ...]:
    rows = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["fault"]
    return tuple(_fault(row) for row in rows)


def _fault(row: dict[str, Any]) -> Fault:
    changes = [{"find": row.pop("find"), "replace": row.pop("replace")}, *row.pop("also", ())]
    file = row.pop("file")
    edits = tuple(Edit(**{"file": file, **change}) for change in changes)
    return Fault(**{**row, "operators": tuple(row["operators"]), "edits": edits})
