"""`make bench`: how many cases are compared in a second, once the processes have started."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from migrate import compare
from migrate.pipeline import Request, build_tree, migrate

FIXTURE = "norm"
MODULES = ("fastnorm.jit.module_norm", "fastnorm.jit.module_activation", "fastnorm.jit.module_quant")
# On so many cores, in a second.
CORES, LEAST = 2, 500
# Python's default, which an environment may turn off: each child would compile the adaptor anew.
KEEPS_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
# What a large library asks for: operators, and cases of each.
LIBRARY = (1000, 100)

_ABOUT = """\
Written by `make bench` on {date} at commit {commit}: all operators of the CPU modules of
`fixtures/{fixture}`, compared once, on {cores} cores at a load of {load} (1 minute, before the run).

A case is a call that was made on both sides, three times on each, and compared; its generation is part
of the time. *After start-up*: every process has imported torch. Python keeps its bytecode, as it does
unless told otherwise. *By processor time* takes the seconds that all processes together had a processor,
shared out to {bar_cores} cores: what the clock shows where nobody else works on the machine and all cores
are kept busy. Every operator has processes of its own, so that no worker holds more for more operators; the
driver keeps the cases."""


@dataclass(frozen=True)
class Throughput:
    """``cases`` compared of so many ``operators``, with the clock's and the processors' seconds."""

    operators: int
    equal: int
    cases: int
    start: float
    seconds: float
    processor: float
    cores: int
    lanes: int
    load: float
    # Of the largest worker at its height, and what this process came to hold more, in bytes.
    worker: int
    driver: int

    @property
    def by_clock(self) -> float:
        return self.cases / self.seconds * CORES / self.cores

    @property
    def by_processor(self) -> float:
        return self.cases / self.processor * CORES

    @property
    def holds(self) -> str:
        """By the clock; where the machine is busy with other work, by processor time."""
        if self.by_clock >= LEAST:
            return "yes"
        return "by processor time" if self.load > self.cores / 2 and self.by_processor >= LEAST else "no"


def measure(fixtures: Path, work: Path, jobs: int) -> Throughput:
    tree = work / FIXTURE
    migrate(Request(fixtures / FIXTURE, jobs=1), tree)
    artifacts = build_tree(tree, MODULES, jobs)
    load = os.getloadavg()[0]
    with compare.Session(tree, compare.Source(), environment=KEEPS_BYTECODE, jobs=jobs) as session:
        begin = time.perf_counter()
        lanes = session.start(artifacts, MODULES)
        ready, before, held = time.perf_counter(), processor_seconds(), _status(os.getpid(), "VmRSS")
        verdicts = session.compare(artifacts, MODULES)
        end, after = time.perf_counter(), processor_seconds()
        driver = _status(os.getpid(), "VmRSS") - held
        worker = max(_status(process, "VmHWM") for process in _processes() if process != os.getpid())
    equal = sum(row.verdict == "Equal" for row in verdicts.items)
    cases = sum(row.ran for row in verdicts.items)
    seconds = (ready - begin, end - ready, after - before)
    return Throughput(len(verdicts.items), equal, cases, *seconds, jobs, lanes, load, worker, driver)


def processor_seconds() -> float:
    """Of this process and all below it; of those that have ended, too."""
    return sum(_processes().values()) / os.sysconf("SC_CLK_TCK")


def _status(process: int, field: str) -> int:
    """Bytes; 0 of a process that has just ended."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith(field)), 0)


def _processes() -> dict[int, int]:
    """The ticks of this process and of all below it."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        ticks[int(folder.name)] = sum(map(int, fields[11:15]))
    found, left = {}, [os.getpid()]
    while left:
        process = left.pop()
        found[process] = ticks[process]
        left += children.get(process, ())
    return found


def write_throughput(found: Throughput, out: Path, date: str, commit: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    value = {"schema_version": 1, "date": date, "commit": commit, **asdict(found)}
    value.update(by_clock=found.by_clock, by_processor=found.by_processor, holds=found.holds)
    (out / "throughput.json").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    (out / "throughput.md").write_text(throughput_page(found, date, commit), encoding="utf-8")


def throughput_page(found: Throughput, date: str, commit: str) -> str:
    load = f"{found.load:.1f}"
    about = _ABOUT.format(
        date=date, commit=commit, fixture=FIXTURE, cores=found.cores, load=load, bar_cores=CORES
    )
    operators, cases = LIBRARY
    grown = found.driver / found.operators * operators
    minutes = [operators * cases / rate / 60 for rate in (found.by_clock, found.by_processor)]
    rows = [
        ("", "by the clock", "by processor time"),
        ("---", "---", "---"),
        (
            f"compared cases per second after start-up, on {CORES} cores",
            f"{found.by_clock:.0f}",
            f"{found.by_processor:.0f}",
        ),
        (f"minutes for {operators:,} operators x {cases} cases", *(f"{each:.1f}" for each in minutes)),
        ("seconds of this run", f"{found.seconds:.1f}", f"{found.processor:.1f}"),
        ("seconds of the start-up", f"{found.start:.1f}", ""),
        ("MiB of the largest worker", f"{found.worker / (1 << 20):.0f}", ""),
        (f"MiB that {operators:,} operators add to the driver", f"{grown / (1 << 20):.0f}", ""),
    ]
    lines = ["# Comparisons per second", "", about, ""]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    lines += [
        "",
        f"At least {LEAST} compared cases per second: {found.holds}.",
        f"{found.cases} cases of {found.operators} operators in {found.lanes} lanes, {found.equal} Equal.",
    ]
    return "\n".join(lines) + "\n"
