"""What a tolerance of the case file covers: absolute and relative gaps, ULP, or the error against a
float64 reference.

The reference is the original itself on float64 tensors: the migrated side may be off from it by
``reference`` times as much as the original is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

from migrate.compare.casefile import Tolerance
from migrate.compare.difference import Difference, Observation, buffers, numbers


@dataclass
class Allowance:
    """``ask`` calls the original on float64 tensors, for the calls that need it."""

    tolerance: Optional[Tolerance]
    ask: Callable[[], Optional[Observation]]
    _asked: list[Optional[Observation]] = field(default_factory=list)

    def covers(self, difference: Difference, original: Observation, migrated: Observation) -> bool:
        given = self.tolerance
        if given is None or not difference.gaps:
            return False
        if all(gap <= given.absolute + given.relative * scale for gap, scale in difference.gaps):
            return True
        if difference.ulps is not None and difference.ulps <= given.ulp:
            return True
        return given.reference > 0 and self._near_reference(difference.where, original, migrated)

    def _near_reference(self, where: str, original: Observation, migrated: Observation) -> bool:
        if not self._asked:
            self._asked.append(self.ask())
        exact = self._asked[0]
        rows = [dict(_values(seen)).get(where) for seen in (exact, original, migrated) if seen is not None]
        if len(rows) < 3 or any(row is None or len(row) != len(rows[0] or ()) for row in rows):
            return False
        wanted, before, after = (row or [] for row in rows)
        assert self.tolerance is not None
        return _error(after, wanted) <= self.tolerance.reference * _error(before, wanted)


def _error(found: list[float], wanted: list[float]) -> float:
    """The largest relative error; what is no number must be the same."""
    largest = 0.0
    for value, exact in zip(found, wanted):
        gap = abs(value - exact)
        if gap != gap:  # infinities cancel, and two not-a-numbers agree
            gap = 0.0 if str(value) == str(exact) else float("inf")
        largest = max(largest, gap / max(abs(exact), 1e-30) if gap else 0.0)
    return largest


def _values(seen: Observation) -> Iterator[tuple[str, list[float]]]:
    """Every place of an observation that holds numbers."""
    if seen["outcome"] == "value":
        yield from ((path, numbers(node["data"], node["dtype"])) for path, node in _nodes(seen["value"]))
    for name, data in seen.get("args", {}).items():
        view: dict[str, Any] = seen["views"].get(name, {"dtype": "torch.uint8"})
        yield f"argument {name} after the call", numbers(data, view["dtype"])


def _nodes(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if "bits" in value:
        yield "result", {"data": value["bits"], "dtype": "float64"}
    yield from buffers(value, "result")
