"""Kills and hand edits: a seeded sample here, hundreds by ``make campaign``."""

from __future__ import annotations

import interruptions
import pytest
import results


def test_a_sample_of_kills_and_edits() -> None:
    found = interruptions.run(seed=7, interruptions=6, edits=6, outside_every=0)
    assert found["wrong"] == []


@pytest.mark.campaign
def test_hundreds_of_kills_and_edits() -> None:
    found = interruptions.run(seed=1, interruptions=200, edits=200, outside_every=20)
    results.keep("interruptions", found)
    assert found["wrong"] == []
    assert min(found["interruptions"], found["edits"]) >= 200
    assert found["during the exchange"] > 0
