"""One row: what it costs to answer a finding, and how."""

from __future__ import annotations

from dataclasses import dataclass

EFFORTS = ("none", "minutes", "hours", "no equivalent")


@dataclass(frozen=True)
class Remedy:
    """``effort`` is that of one finding, ``by_hand`` the way. ``before`` raises the finding, ``after``
    does not; both may be empty where no text would show it. ``cause`` is for rows that have none."""

    effort: str
    by_hand: str
    before: str = ""
    after: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        assert self.effort in EFFORTS
