"""Edits of files as data, and how they are planted into a tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import tomllib
except ImportError:
    import tomli as tomllib  # type: ignore[import-not-found]


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
class Change:
    """What goes wrong, by a name: the edits that it takes."""

    name: str
    edits: tuple[Edit, ...]

    def misplaced(self, tree: Path) -> list[str]:
        """Edits that ``tree`` has no place for, or several, in words."""
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


def read_rows(catalogue: Path, table: str) -> list[dict[str, Any]]:
    """The rows of ``table``, where ``edits`` takes the place of ``file``, ``find``, ``replace`` and ``also``,
    further edits, of the same file unless they name another."""
    rows = tomllib.loads(catalogue.read_text(encoding="utf-8"))[table]
    return [_with_edits(dict(row)) for row in rows]


def _with_edits(row: dict[str, Any]) -> dict[str, Any]:
    file = row.pop("file")
    changes = [{"find": row.pop("find"), "replace": row.pop("replace")}, *row.pop("also", ())]
    return {**row, "edits": tuple(Edit(**{"file": file, **change}) for change in changes)}
