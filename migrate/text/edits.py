"""Apply byte-range edits to a text, right to left; overlap is an error."""

from __future__ import annotations

from typing import Iterable

from migrate.model.source import Edit


class EditConflict(Exception):
    """Two edits of one file want different things of the same bytes."""

    def __init__(self, first: Edit, second: Edit) -> None:
        super().__init__(
            f"{first.file}: edits at bytes {first.start}-{first.end} and {second.start}-{second.end} overlap"
        )
        self.first, self.second = first, second


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """``text`` after all ``edits``; equal edits count once.

    >>> apply_edits("abc", [Edit("f", 1, 2, "X")])
    'aXc'
    """
    ordered = sorted(set(edits))
    for first, second in zip(ordered, ordered[1:]):
        if second.start < first.end or (second.start == first.start and second.end == first.end):
            raise EditConflict(first, second)
    for edit in reversed(ordered):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
