"""The faults, as data: ``catalogue.toml`` read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import tomllib
except ImportError:
    import tomli as tomllib  # type: ignore[import-not-found]

CATALOGUE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True)
class Edit:
    """``find``, which must occur once in ``file``, becomes ``replace``."""

    file: str
    find: str
    replace: str

    def count(self, tree: Path) -> int:
        path = tree / self.file
        return path.read_text(encoding="latin-1").count(self.find) if path.is_file() else 0


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

    def misplaced(self, tree: Path) -> list[str]:
        """Edits that the migrated ``tree`` has no place for, or several, in words."""
        counts = [(edit, edit.count(tree)) for edit in self.edits]
        return [f"{self.name}: {edit.find!r} occurs {count} times" for edit, count in counts if count != 1]

    def plant(self, tree: Path) -> None:
        wrong = self.misplaced(tree)
        if wrong:
            raise LookupError(wrong[0])
        for edit in self.edits:
            path = tree / edit.file
            text = path.read_text(encoding="latin-1")
            path.write_text(text.replace(edit.find, edit.replace), encoding="latin-1")


def read_catalogue() -> tuple[Fault, ...]:
    rows = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["fault"]
    return tuple(_fault(row) for row in rows)


def _fault(row: dict[str, Any]) -> Fault:
    changes = [{"find": row.pop("find"), "replace": row.pop("replace")}, *row.pop("also", ())]
    file = row.pop("file")
    edits = tuple(Edit(**{"file": file, **change}) for change in changes)
    return Fault(**{**row, "operators": tuple(row["operators"]), "edits": edits})
