"""Broken sources under ``migrate scan`` and ``migrate run``: no traceback, no hang, honest accounts.

Each input is one source file of the fixtures or of an open tree, with the headers and the build file
it needs, one of which is spoilt. Input N of a seed is the same everywhere. A worker process runs its
share of the inputs inside itself, with the preludes compiled once; the parent starts it again behind
an input that ended it, and gives that one to the real command line, where a crash is to cost one file.

    python tests/campaign/mutations.py SEED FIRST LAST STEP OUTPUT [--fixtures]
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Optional
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 60.0
_LARGEST = 60_000
_TOKEN = re.compile(rb"\w+|[^\w\s]|\s+")
_BRACKETS = b"()[]{}<>"
_MARKS = (b"PYBIND11_MODULE", b"TORCH_LIBRARY", b"RegisterOperators", b"torch::Tensor", b"at::Tensor")
_BUILD = ("setup.py", "CMakeLists.txt", "pyproject.toml", "migrate.toml")


@dataclass(frozen=True)
class Case:
    """A small tree: ``files`` by path, and what was done to which of them."""

    name: str
    files: dict[str, bytes]
    verb: str


def _delete_tokens(data: bytes, rng: random.Random) -> bytes:
    tokens = _TOKEN.findall(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        if tokens:
            del tokens[rng.randrange(len(tokens))]
    return b"".join(tokens)


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _swap_brackets(data: bytes, rng: random.Random) -> bytes:
    places = [index for index, byte in enumerate(data) if byte in _BRACKETS]
    if len(places) < 2:
        return data
    text = bytearray(data)
    for _ in range(rng.choice((1, 1, 3))):
        one, two = rng.sample(places, 2)
        text[one], text[two] = text[two], text[one]
    return bytes(text)


def _random_bytes(data: bytes, rng: random.Random) -> bytes:
    text = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        place = rng.randrange(len(text) + 1)
        text[place : place + rng.randrange(2)] = rng.randbytes(rng.choice((1, 1, 4)))
    return bytes(text)


def _move_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    start = rng.randrange(len(lines))
    part = lines[start : start + rng.choice((1, 1, 10))]
    if rng.random() < 0.5:
        del lines[start : start + len(part)]
    place = rng.randrange(len(lines) + 1)
    return b"\n".join([*lines[:place], *part, *lines[place:]])


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _delete_tokens,
    _truncate,
    _swap_brackets,
    _random_bytes,
    _move_lines,
)


def trees(fixtures_only: bool) -> list[Path]:
    """Where inputs come from."""
    fixtures = [path for path in sorted((ROOT / "fixtures").iterdir()) if path.is_dir()]
    corpus = os.environ.get("MIGRATE_CORPUS")
    if fixtures_only or not corpus:
        return fixtures
    return [*fixtures, *(path for path in sorted(Path(corpus).iterdir()) if path.is_dir())]


@cache
def _tree(root: Path) -> tuple[Any, Any, tuple[str, ...]]:
    from migrate.scan import scan
    from migrate.text.includes import find_includes

    project = scan(root)
    units = tuple(
        file.path
        for file in project.files
        if file.kind == "source"
        and len(file.data) < _LARGEST
        and any(mark in file.data for mark in _MARKS)
    )
    return project, find_includes(project), units


def case(seed: int, index: int, fixtures_only: bool) -> Case:
    """Input ``index`` of ``seed``."""
    rng = random.Random(f"{seed}:{index}")
    while True:
        project, includes, units = _tree(rng.choice(trees(fixtures_only)))
        if units:
            break
    unit = rng.choice(units)
    closure = [path for path in includes.closure(unit) if len(project.file(path).data) < _LARGEST][:30]
    build = [file.path for file in project.files if file.path in _BUILD]
    files = {path: project.file(path).data for path in dict.fromkeys((unit, *closure, *build))}
    spoilt = rng.choice([unit, unit, unit, *closure, *build])
    mutation = rng.choice(MUTATIONS)
    files[spoilt] = mutation(files[spoilt], rng)
    verb = "run" if rng.random() < 0.25 else "scan"
    return Case(f"{project.root.name}/{unit}: {mutation.__name__.strip('_')} in {spoilt}", files, verb)


def lay(case: Case, folder: Path) -> Path:
    source = folder / "source"
    for path, data in case.files.items():
        place = source / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return source


def arguments(case: Case, source: Path) -> list[str]:
    more = ["--out", str(source.parent / "out")] if case.verb == "run" else []
    return [case.verb, str(source), "--format", "json", "-j", "1", "--cache", "", *more]


def wrong_with(text: str, code: object) -> str:
    """What is wrong with a report and its exit code, or ''."""
    report = json.loads(text)
    rows, totals = report["operators"], report["totals"]
    functions = [row for row in rows if row["kind"] == "function"]
    outcomes = ("raw", "view", "bridge", "manual", "ignored")
    if not totals["found"] == len(functions) == sum(totals[outcome] for outcome in outcomes):
        return f"accounts do not close: {totals}"
    if len({row["id"] for row in rows}) != len(rows):
        return "an id stands twice"
    said = {row["severity"] for row in report["diagnostics"]}
    manual = any(row["tier"] == "manual" for row in rows) or "manual" in said
    expected = 2 if "error" in said else 1 if manual else 0
    return "" if code == expected else f"exit code {code}, not {expected}"


def run_here(case: Case) -> str:
    """What is wrong with how ``case`` went in this process, or ''."""
    from click.testing import CliRunner

    from migrate.cli import commands
    from migrate.errors import FatalError

    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        source = lay(case, Path(name))
        run = CliRunner().invoke(commands, ["-q", *arguments(case, source)], standalone_mode=False)
    if isinstance(run.exception, FatalError):
        return ""
    if run.exception is not None:
        assert run.exc_info is not None
        return "".join(traceback.format_exception(*run.exc_info)[-8:])
    return wrong_with(run.stdout, run.return_value)


def run_outside(case: Case) -> str:
    """The same by the real command line."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        source = lay(case, Path(name))
        command = [sys.executable, "-m", "migrate", "-q", *arguments(case, source)]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=2 * LIMIT, cwd=ROOT)
        except subprocess.TimeoutExpired:
            return "hangs"
    if run.returncode == 2 and not run.stdout and run.stderr.count("\n") <= 2:
        return "" if "bug in migrate" not in run.stderr else run.stderr
    return wrong_with(run.stdout, run.returncode) if run.stdout else f"{run.returncode}: {run.stderr[-2000:]}"


@contextmanager
def in_one_process(folder: Path) -> Iterator[None]:
    """One prelude per backend for all inputs, and no pool of processes per input."""
    import migrate.parse
    from migrate.parse import memory, prelude, syntax

    @cache
    def compiled(root: Path, backend: str, torch: bool) -> Any:
        place = Path(tempfile.mkdtemp(dir=folder))
        return prelude.precompiled_prelude(root, backend, place, torch)

    def ready(root: Path, backend: str, _folder: Path, torch: bool = True) -> Any:
        return compiled(root, backend, torch)

    def inline(task: Any, items: Sequence[Any], *_: object) -> list[Any]:
        return [task(item) for item in items]

    with ExitStack() as stack:
        for module, name, instead in (
            (migrate.parse, "precompiled_prelude", ready),
            (migrate.parse, "text_prelude", ready),
            (syntax, "precompiled_prelude", ready),
            (syntax, "run_all", inline),
            (memory, "run_all", inline),
        ):
            stack.enter_context(patch.object(module, name, instead))
        yield


def work(seed: int, indexes: Sequence[int], output: Path, fixtures_only: bool) -> None:
    """One worker: a line per input begun, and one per input done."""
    with tempfile.TemporaryDirectory() as name, output.open("a") as lines, in_one_process(Path(name)):
        for index in indexes:
            made = case(seed, index, fixtures_only)
            lines.write(json.dumps({"begun": index}) + "\n")
            lines.flush()
            faulthandler.dump_traceback_later(LIMIT, exit=True)
            start = time.monotonic()
            wrong = run_here(made)
            faulthandler.cancel_dump_traceback_later()
            row = {"done": index, "name": made.name, "verb": made.verb, "wrong": wrong}
            lines.write(json.dumps({**row, "seconds": round(time.monotonic() - start, 2)}) + "\n")
            lines.flush()


def rows_of(output: Path) -> Iterator[dict[str, Any]]:
    for line in output.read_text().splitlines() if output.exists() else ():
        with suppress(ValueError):  # the end of a worker's last line, if it was killed
            yield json.loads(line)


def share(
    seed: int, indexes: Sequence[int], output: Path, fixtures_only: bool, until: Optional[float] = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker for ``indexes``, and again behind each input that ends it. Yields each worker,
    to be waited for."""
    left = list(indexes)
    while left and (until is None or time.monotonic() < until):
        flags = ["--fixtures"] if fixtures_only else []
        span = [str(left[0]), str(left[-1]), str(left[1] - left[0] if len(left) > 1 else 1)]
        command = [sys.executable, __file__, str(seed), *span, str(output), *flags]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MIGRATE_CACHE": ""}
        yield subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        begun = [row["begun"] for row in rows_of(output) if "begun" in row]
        done = {row["done"] for row in rows_of(output) if "done" in row}
        ended = [index for index in begun if index not in done and index in left]
        for index in ended:
            made = case(seed, index, fixtures_only)
            row = {"done": index, "name": made.name, "verb": made.verb, "wrong": run_outside(made)}
            with output.open("a") as lines:
                lines.write(json.dumps({**row, "ended": True}) + "\n")
        if not ended:
            return
        left = [index for index in left if index > max(ended)]


if __name__ == "__main__":
    _seed, _first, _last, _step = map(int, sys.argv[1:5])
    work(_seed, range(_first, _last + 1, _step), Path(sys.argv[5]), "--fixtures" in sys.argv)
