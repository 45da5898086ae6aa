"""Runs the ``console`` blocks of a page: each line after ``$ `` is a command, the lines below it are what
it prints. ``...`` stands for anything, within a line or for lines."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """One command of a page. Without a line below it, nothing is said of what it prints."""

    line: int
    command: str
    expected: str


def read_steps(text: str) -> Iterator[Step]:
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        rows = block[1].splitlines(keepends=True)
        starts = [index for index, row in enumerate(rows) if row.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(rows)]):
            yield Step(first + start, rows[start][2:].strip(), "".join(rows[start + 1 : end]))


def matches(expected: str, printed: str) -> bool:
    """``...`` alone on a line is any number of lines, elsewhere any text."""
    parts = [re.escape(part) for part in re.split(r"\.\.\.", expected.strip())]
    return re.fullmatch(".*".join(parts), printed.strip(), re.S) is not None


def run_page(path: Path, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """What is not as the page says, by line. A command that fails must be followed by ``echo $?``."""
    wrong = []
    steps = list(read_steps(path.read_text(encoding="utf-8")))
    code = 0
    for step, after in zip(steps, [*steps[1:], None]):
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"(exit {code}); {step.command}"],
            cwd=folder, env={**os.environ, **environment}, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        code = run.returncode
        told = after is not None and after.command == "echo $?"
        if code and not told:
            wrong.append(f"{path.name}:{step.line}: `{step.command}` ended with {code}\n{run.stdout[-2000:]}")
        elif step.expected and not matches(step.expected, run.stdout):
            wrong.append(f"{path.name}:{step.line}: `{step.command}` printed\n{run.stdout[-2000:]}")
    return wrong
