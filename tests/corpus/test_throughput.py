"""What `make bench` says of the pace of comparisons."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from bars.throughput import Throughput, processor_seconds, throughput_page

FOUND = Throughput(21, 21, 3000, 4.0, 5.0, 9.0, cores=2, lanes=2, load=0.2, worker=300 << 20, driver=21 << 20)


def test_the_rate_is_that_of_two_cores() -> None:
    assert (FOUND.by_clock, round(FOUND.by_processor)) == (600, 667)
    assert replace(FOUND, cores=4).by_clock == 300


def test_processor_time_counts_only_where_others_use_the_machine() -> None:
    slow = replace(FOUND, seconds=10.0)
    assert (FOUND.holds, slow.holds) == ("yes", "no")
    assert replace(slow, load=6.0).holds == "by processor time"
    assert replace(slow, load=6.0, processor=20.0).holds == "no"


def test_the_page_has_both_figures() -> None:
    page = throughput_page(FOUND, "today", "abc")
    assert "| compared cases per second after start-up, on 2 cores | 600 | 667 |" in page
    assert "| minutes for 1,000 operators x 100 cases | 2.8 | 2.5 |" in page
    assert "| MiB of the largest worker | 300 |" in page
    assert "| MiB that 1,000 operators add to the driver | 1000 |" in page
    assert "At least 500 compared cases per second: yes." in page


def test_processes_that_ended_are_counted() -> None:
    before = processor_seconds()
    program = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert processor_seconds() - before >= 0.25
