"""Memory between guard zones, used again once nothing refers to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrate.compare import host_memory
from migrate.compare.host_memory import HostZones, host_zones

torch = pytest.importorskip("torch")

PATTERN, GUARD = 0xA5, 256


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    host_memory._BLOCKS.clear()
    yield
    host_memory._BLOCKS.clear()


def whole(zones: HostZones) -> bytes:
    return bytes(zones.buffer)


def tensor_in(zones: HostZones) -> object:
    return torch.frombuffer(zones.buffer, dtype=torch.uint8, count=zones.size, offset=zones.start)


def test_memory_whose_zones_held_is_used_again_and_holds_nothing_of_its_last_use() -> None:
    first = host_zones(100, PATTERN, GUARD)
    first.buffer[first.start : first.start + 100] = bytes(100)
    assert first.hold(PATTERN)
    known = id(first.buffer)
    del first
    second = host_zones(60, PATTERN, GUARD, alignment=8)
    assert id(second.buffer) == known
    assert whole(second) == bytes([PATTERN]) * len(second.buffer)


@pytest.mark.parametrize("where", ["before", "after", "last", "first"])
def test_a_zone_that_was_written_to_is_seen_and_its_memory_never_used_again(where: str) -> None:
    zones = host_zones(100, PATTERN, GUARD)
    places = {
        "before": zones.start - 1,
        "after": zones.start + 100,
        "last": len(zones.buffer) - 1,
        "first": 0,
    }
    zones.buffer[places[where]] = 0
    assert not zones.hold(PATTERN)
    known = zones.buffer
    del zones
    assert host_zones(100, PATTERN, GUARD).buffer is not known


def test_memory_of_a_tensor_that_somebody_keeps_is_left_alone() -> None:
    zones = host_zones(100, PATTERN, GUARD)
    kept, known = tensor_in(zones), id(zones.buffer)
    assert zones.hold(PATTERN)
    del zones
    assert id(host_zones(100, PATTERN, GUARD).buffer) != known
    del kept
    assert id(host_zones(100, PATTERN, GUARD).buffer) == known


def test_memory_that_was_not_looked_at_is_not_used_again() -> None:
    known = id(host_zones(100, PATTERN, GUARD).buffer)
    kept = [host_zones(100, PATTERN, GUARD) for _ in range(3)]
    assert known not in [id(zones.buffer) for zones in kept[1:]]
    assert len(host_memory._BLOCKS[PATTERN, len(kept[0].buffer)]) == 3


@pytest.mark.parametrize(("skipped", "alignment"), [(0, 0), (0, 8), (4096, 16), (70000, 0)])
def test_the_place_is_where_it_was_asked_for(skipped: int, alignment: int) -> None:
    zones = host_zones(10, PATTERN, GUARD, skipped, alignment)
    assert (tensor_in(zones).data_ptr() - alignment) % 64 == 0  # type: ignore[attr-defined]
    assert zones.start >= GUARD + skipped
    assert len(zones.buffer) - zones.start - 10 >= GUARD
    zones.buffer[zones.start - skipped] = 0  # of those before, that nobody may write to either
    assert zones.hold(PATTERN) == (skipped == 0)
