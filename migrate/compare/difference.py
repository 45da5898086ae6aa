"""Two observations side by side: what differs, in words, and by how much."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

from migrate.compare.process import FIRST_PATTERN, SECOND_PATTERN

Observation = dict[str, Any]
_METADATA = (
    "shape", "dtype", "strides", "device", "requires_grad", "is", "alias", "text", "keys",
    "name", "doc", "keywords", "aliases",
)  # fmt: skip
_WORDS = {
    "is": "which argument it is",
    "alias": "the argument whose memory it shares",
    "text": "the value",
    "doc": "the docstring",
    "keywords": "keywords and defaults",
    "aliases": "the names of the same object",
}


# What the migrated side may leave allocated after a call beyond what the original leaves.
_SPARE = {"bytes": 32.0, "objects": 0.0}


@dataclass(frozen=True)
class Difference:
    """``where``: ``result[1]``, ``argument x``, ``exception``.

    ``gaps`` are the absolute differences of the numbers that differ, each with the original's
    magnitude; empty where the difference is not one of numbers. ``ulps`` is the longest way between two
    of them in steps of their type, None where one is not a number or the type has no such steps.
    """

    where: str
    what: str
    gaps: tuple[tuple[float, float], ...] = ()
    ulps: Optional[int] = None

    @property
    def size(self) -> Optional[float]:
        """The largest gap; inf where one is not a number."""
        if not self.gaps:
            return None
        return max(gap if gap == gap else math.inf for gap, _ in self.gaps)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def differences(original: Observation, migrated: Observation) -> Iterator[Difference]:
    """All differences, the gravest kind first. Nothing is compared below a different outcome."""
    if original == migrated:
        return  # as nearly always; it takes a fraction of the time
    if original["outcome"] != migrated["outcome"]:
        words = f"{outcome_text(original)} in the original, {outcome_text(migrated)} in the migrated"
        yield Difference("outcome", words)
        return
    if original["outcome"] == "raise":
        yield from _errors(original["error"], migrated["error"])
    else:
        yield from _values(original["value"], migrated["value"], "result")
    for name in sorted({*original.get("args", ()), *migrated.get("args", ())}):
        yield from _arguments(original, migrated, name)
    if migrated.get("overrun", []) != original.get("overrun", []):
        names = ", ".join(migrated["overrun"]) or "none"
        yield Difference("memory", f"writes outside of its arguments: {names}")
    for name, value in original.get("state", {}).items():
        other = migrated.get("state", {}).get(name)
        if "state" in migrated and other != value:
            yield Difference("state", f"{name} {value} after the original, {other} after the migrated")
    yield from _kept(original.get("kept", {}), migrated.get("kept", {}))


def _kept(original: dict[str, float], migrated: dict[str, float]) -> Iterator[Difference]:
    for name, spare in _SPARE.items():
        one, other = original.get(name, 0.0), migrated.get(name, 0.0)
        if other > one + spare:
            words = f"{other:.0f} {name} stay allocated after each call, {one:.0f} in the original"
            yield Difference("memory", words)


def outcome_text(seen: Observation) -> str:
    if seen["outcome"] != "raise":
        return "a result"
    text = seen["error"]["text"].splitlines()
    return f"{_short(seen['error']['type'])}({(text or [''])[0][:160]!r})"


def _short(kind: str) -> str:
    return kind[9:] if kind.startswith("builtins.") else kind


def _errors(original: dict[str, Any], migrated: dict[str, Any]) -> Iterator[Difference]:
    if original["type"] != migrated["type"]:
        words = f"{_short(original['type'])} in the original, {_short(migrated['type'])} in the migrated"
        yield Difference("exception", f"{words} ({migrated['text'][:160]!r})")
    elif original["text"] != migrated["text"] and not original["conversion"]:
        words = f"{original['text'][:200]!r} in the original, {migrated['text'][:200]!r} in the migrated"
        yield Difference("exception", f"text {words}")


def _values(original: dict[str, Any], migrated: dict[str, Any], path: str) -> Iterator[Difference]:
    if original["kind"] != migrated["kind"]:
        yield Difference(path, f"{_short(original['kind'])} became {_short(migrated['kind'])}")
        return
    for name in _METADATA:
        one, other = original.get(name), migrated.get(name)
        unknown = name == "keywords" and (one is None or other is None)
        if one != other and not unknown and "bits" not in original:
            words = f"{_quoted(one)} in the original, {_quoted(other)} in the migrated"
            yield Difference(path, f"{_WORDS.get(name, name)} {words}")
    if original.get("bits") != migrated.get("bits"):
        first, second = _double(original["bits"]), _double(migrated["bits"])
        gaps = ((abs(first - second), abs(first)),)
        ulps = steps(original["bits"], migrated["bits"], "float64")
        yield Difference(path, f"{original['text']} became {migrated['text']}{_apart(ulps)}", gaps, ulps)
    items, others = original.get("items", []), migrated.get("items", [])
    if len(items) != len(others):
        yield Difference(path, f"length {len(items)} in the original, {len(others)} in the migrated")
    for index, (item, counterpart) in enumerate(zip(items, others)):
        yield from _values(item, counterpart, f"{path}[{index}]")
    same_form = all(original.get(key) == migrated.get(key) for key in ("shape", "dtype"))
    if same_form and original.get("data") != migrated.get("data"):
        yield _contents(path, original["data"], migrated["data"], original["dtype"])


def _quoted(value: Any) -> str:
    return repr(value[:200]) if isinstance(value, str) and "\n" in value else str(value)


def _arguments(original: Observation, migrated: Observation, name: str) -> Iterator[Difference]:
    where = f"argument {name} after the call"
    before, after = original["views"].get(name), migrated["views"].get(name)
    if before != after:
        yield Difference(where, f"{before} in the original, {after} in the migrated")
    elif original["args"].get(name) != migrated["args"].get(name):
        dtype = before["dtype"] if before else "torch.uint8"
        yield _contents(where, original["args"].get(name, b""), migrated["args"].get(name, b""), dtype)


def _contents(where: str, one: bytes, other: bytes, dtype: str) -> Difference:
    if len(one) != len(other):
        return Difference(where, f"{len(one)} bytes in the original, {len(other)} in the migrated")
    first, second = numbers(one, dtype), numbers(other, dtype)
    width = max(1, len(one) // max(1, len(first)))
    starts = range(0, len(first) * width, width)
    bad = [at // width for at in starts if one[at : at + width] != other[at : at + width]]
    readable = dtype.rpartition(".")[2] in (*_CODES, "bfloat16")
    gaps = tuple((abs(first[i] - second[i]), abs(first[i])) for i in bad) if readable else ()
    place = bad[0] if bad else 0
    words = f"{len(bad)} of {len(first)} elements differ; element {place} is {first[place]!r}"
    ulps = steps(one, other, dtype)
    words = f"{words} in the original, {second[place]!r} in the migrated{_apart(ulps)}"
    return Difference(where, words, gaps, ulps)


def _apart(ulps: Optional[int]) -> str:
    return "" if ulps is None else f" (at most {ulps} ULP apart)"


def spread(one: Observation, other: Observation) -> dict[str, float]:
    """By how much two runs of the same call differ, per place; inf where it is not about numbers."""
    found: dict[str, float] = {}
    for difference in differences(one, other):
        size = math.inf if difference.size is None else difference.size
        found[difference.where] = max(found.get(difference.where, 0.0), size)
    return found


def depends_on_memory(one: Observation, other: Observation) -> bool:
    """Whether two runs on different fresh memory differ in more than elements nobody wrote.

    An unwritten element of an ``empty`` result still holds the pattern of its run; anything else that
    differs was computed from memory outside of the arguments.
    """
    if one["outcome"] != other["outcome"]:
        return True
    if one["outcome"] == "raise":
        return bool(spread(one, other))
    return any(not _only_unwritten(one, other, difference.where) for difference in differences(one, other))


def _only_unwritten(one: Observation, other: Observation, where: str) -> bool:
    pairs = [(dict(buffers(seen["value"], "result"))).get(where) for seen in (one, other)]
    if pairs[0] is None or pairs[1] is None:
        return False
    both = zip(pairs[0]["data"], pairs[1]["data"])
    return all(a == b or (a == FIRST_PATTERN and b == SECOND_PATTERN) for a, b in both)


def buffers(node: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tensors of a result, each with the place it has there."""
    if "data" in node:
        yield path, node
    for index, item in enumerate(node.get("items", [])):
        yield from buffers(item, f"{path}[{index}]")


_CODES = {
    "float64": ("d", 8), "float32": ("f", 4), "float16": ("e", 2), "int64": ("q", 8), "int32": ("i", 4),
    "int16": ("h", 2), "int8": ("b", 1), "uint8": ("B", 1), "bool": ("?", 1),
}  # fmt: skip


def numbers(data: bytes, dtype: str) -> list[float]:
    """The elements as Python numbers; types that Python cannot read come as raw bytes."""
    name = dtype.rpartition(".")[2]
    if name == "bfloat16":
        halves = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
        words = struct.pack(f"<{len(halves)}I", *(half << 16 for half in halves))
        return list(struct.unpack(f"<{len(halves)}f", words))
    code, size = _CODES.get(name, ("B", 1))
    return list(struct.unpack(f"<{len(data) // size}{code}", data[: len(data) // size * size]))


_STEPS = {"float64": "q", "float32": "i", "float16": "h", "bfloat16": "h"}


def steps(one: bytes, other: bytes, dtype: str) -> Optional[int]:
    """The most floats of ``dtype`` that lie between an element and its counterpart, plus one."""
    code = _STEPS.get(dtype.rpartition(".")[2])
    found = numbers(one, dtype) + numbers(other, dtype)
    if code is None or len(one) != len(other) or any(value != value for value in found):
        return None
    width = struct.calcsize(code)
    first, second = (struct.unpack(f"<{len(data) // width}{code}", data) for data in (one, other))
    magnitude = (1 << (8 * width - 1)) - 1
    # Floats of one sign are ordered as their bits are; the negative ones backwards.
    lines = [[n if n >= 0 else -(n & magnitude) for n in row] for row in (first, second)]
    return max((abs(a - b) for a, b in zip(*lines)), default=0)


def _double(bits: bytes) -> float:
    value: float = struct.unpack("<d", bits)[0]
    return value
