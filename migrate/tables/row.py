"""The row that the name and macro tables share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``target`` is the carried spelling, ``header`` what declares it."""

    target: str
    header: str
