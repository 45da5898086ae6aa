"""The faults, as data: ``catalogue.toml`` read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planted.edits import Change, read_rows

CATALOGUE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True)
class Fault(Change):
    """``needs``: cpu, gpu or gpus. ``escapes`` says why it is known not to be caught."""

    kind: str
    fixture: str
    operators: tuple[str, ...]
    needs: str = "cpu"
    escapes: str = ""


def read_catalogue() -> tuple[Fault, ...]:
    rows = read_rows(CATALOGUE, "fault")
    return tuple(Fault(**{**row, "operators": tuple(row["operators"])}) for row in rows)
