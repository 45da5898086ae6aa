"""Every fault that needs no more than this machine is caught, but for those the catalogue explains."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from planted import alarms
from planted.bench import ROOT, Bench
from planted.catalogue import Fault, read_catalogue
from planted.edits import Change, Edit
from planted.page import BAR, keep, page

pytest.importorskip("torch")

FAULTS = read_catalogue()
CPU = [fault for fault in FAULTS if fault.needs == "cpu"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("faults"))
    yield made
    made.stop()


@pytest.mark.campaign
@pytest.mark.parametrize("fault", CPU, ids=lambda fault: fault.name)
def test_fault_is_caught(bench: Bench, fault: Fault) -> None:
    outcome = bench.try_fault(fault)
    keep(ROOT / "docs/results", [outcome])
    assert outcome.caught != bool(fault.escapes), outcome


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(1, alarms.SEEDS + 1))
@pytest.mark.parametrize("fixture", alarms.FIXTURES)
def test_no_seed_raises_a_false_alarm(
    fixture: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row = alarms.try_seed(fixture, tmp_path_factory.getbasetemp() / "alarms", seed)
    alarms.keep(row)
    assert not row["alarms"]
    assert row["equal"]


@pytest.mark.gpu
@pytest.mark.parametrize("fault", [f for f in FAULTS if f.needs == "gpu"], ids=lambda fault: fault.name)
def test_fault_is_caught_on_a_gpu(bench: Bench, fault: Fault) -> None:
    outcome = bench.try_fault(fault)
    keep(ROOT / "docs/results", [outcome])
    assert outcome.caught, outcome


def test_the_catalogue_is_large_and_its_misses_are_few_and_explained() -> None:
    assert len(CPU) >= 40
    assert not [name for name, count in Counter(fault.name for fault in FAULTS).items() if count > 1]
    known = [fault for fault in CPU if fault.escapes]
    assert len(known) <= (1 - BAR) * len(CPU)


def test_an_edit_without_its_place_is_not_planted(tmp_path: Path) -> None:
    (tmp_path / "a.cc").write_text("one; two; two;")
    edits = tuple(Edit(file, find, "x") for file, find in (("a.cc", "one"), ("a.cc", "two"), ("b.cc", "one")))
    change = Change("f", edits)
    assert change.misplaced(tmp_path) == ["f: 'two' occurs 2 times", "f: 'one' occurs 0 times"]
    with pytest.raises(LookupError):
        change.plant(tmp_path)
    assert (tmp_path / "a.cc").read_text() == "one; two; two;"


def test_the_page_of_alarms_adds_up_and_names_each(tmp_path: Path) -> None:
    row = {"fixture": "norm", "seed": 1, "commit": "abc", "equal": 3, "not_run": 1, "calls": 200,
           "alarms": [], "seconds": 1.0}  # fmt: skip
    alarms.keep(row, tmp_path)
    alarms.keep({**row, "seed": 2, "equal": 2, "alarms": ["m:f: Different result: 1 of 2"]}, tmp_path)
    alarms.keep({**row, "calls": 250}, tmp_path)
    text = (tmp_path / "alarms.md").read_text()
    assert "| norm | 2 | 2 or 3 | 1 | 450 | 1 | abc |" in text
    assert "- norm, seed 2: m:f: Different result: 1 of 2" in text


def test_the_page_says_what_was_missed_and_what_was_not_run() -> None:
    row = {"name": "a fault", "kind": "leak", "operators": ["m:f"], "caught": False, "verdict": "Equal",
           "shown": "", "escapes": "no result | changes", "commit": "abc"}  # fmt: skip
    text = page({"cpu": [row, {**row, "name": "b", "caught": True, "shown": "result: 1 of 2"}]})
    assert "1 of 2 caught (50.0%). Tried at commit abc." in text
    assert "| a fault | leak | `f` | **missed** | no result \\| changes |" in text
    assert "Shown by a GPU: not run." in text
