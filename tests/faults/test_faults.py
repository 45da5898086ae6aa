"""Every fault that needs no more than this machine is caught, but for those the catalogue explains."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from planted.bench import Bench
from planted.catalogue import Fault, read_catalogue
from planted.page import BAR, page

pytest.importorskip("torch")

FAULTS = read_catalogue()
CPU = [fault for fault in FAULTS if fault.needs == "cpu"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("faults"))


@pytest.mark.campaign
@pytest.mark.parametrize("fault", CPU, ids=lambda fault: fault.name)
def test_fault_is_caught(bench: Bench, fault: Fault) -> None:
    outcome = bench.try_fault(fault)
    assert outcome.caught != bool(fault.escapes), outcome


@pytest.mark.gpu
@pytest.mark.parametrize("fault", [f for f in FAULTS if f.needs == "gpu"], ids=lambda fault: fault.name)
def test_fault_is_caught_on_a_gpu(bench: Bench, fault: Fault) -> None:
    assert bench.try_fault(fault).caught


def test_the_catalogue_is_large_and_its_misses_are_few_and_explained() -> None:
    assert len(CPU) >= 40
    assert not [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1]
    known = [fault for fault in CPU if fault.escapes]
    assert len(known) <= (1 - BAR) * len(CPU)


def test_the_page_says_what_was_missed_and_what_was_not_run() -> None:
    row = {"name": "a fault", "kind": "leak", "operators": ["m:f"], "caught": False, "verdict": "Equal",
           "shown": "", "escapes": "no result | changes"}  # fmt: skip
    text = page({"cpu": [row, {**row, "name": "b", "caught": True, "shown": "result: 1 of 2"}]})
    assert "1 of 2 caught (50.0%)" in text
    assert "| a fault | leak | `f` | **missed** | no result \\| changes |" in text
    assert "Shown by a GPU: not run." in text
