"""Steps as a ninja file, and one run of ninja over it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import ninja
from ninja import ninja_syntax

from migrate.build import toolchain
from migrate.build.library import BUILD_DIR, Library, Step
from migrate.progress import Progress

NINJA_FILE = f"{BUILD_DIR}/build.ninja"
_NO_WRAP = 1_000_000
_PROGRESS = re.compile(r"^\[\d+/(\d+)\] (.*)")


def write_ninja_file(tree: Path, libraries: Iterable[Library]) -> None:
    """All libraries in one file, so that one ninja fills all cores; each step logs to its own file."""
    path = tree / NINJA_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        untyped: Any = ninja_syntax  # its own annotations are wrong where a stream is meant
        writer = untyped.Writer(stream, width=_NO_WRAP)
        writer.variable("builddir", BUILD_DIR)
        writer.rule("compile", "$run", description="$what", depfile="$out.d", deps="gcc")
        writer.rule("link", "$run", description="$what")
        for library in libraries:
            for step in library.steps:
                _write_step(writer, library, step)


def _write_step(writer: Any, library: Library, step: Step) -> None:
    command = f"{shlex.join(step.launched(toolchain.launcher()))} > {shlex.quote(step.log)} 2>&1"
    what = f"{library.side} {library.module}: {step.inputs[0] if step.depfile else 'link'}"
    writer.build(
        [ninja_syntax.escape_path(step.output)],
        "compile" if step.depfile else "link",
        [ninja_syntax.escape_path(path) for path in step.inputs],
        variables={"run": ninja_syntax.escape(command), "what": ninja_syntax.escape(what)},
    )


def run_ninja(
    tree: Path,
    outputs: Sequence[str],
    jobs: Optional[int],
    progress: Progress,
    environment: Mapping[str, str] = {},
) -> None:
    """Build what can be built. A failed step is found afterwards, by its missing output."""
    if not outputs:
        return
    command = [_ninja(), "-f", NINJA_FILE, "-k", "0"]
    command += ["-j", str(jobs)] if jobs else []
    with subprocess.Popen(
        [*command, *outputs],
        cwd=tree,
        env={**os.environ, **environment, "NINJA_STATUS": "[%f/%t] ", "TERM": "dumb"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _report(process.stdout or (), progress)
        except BaseException:
            process.terminate()
            raise


def _report(lines: Iterable[str], progress: Progress) -> None:
    started = False
    try:
        for line in lines:
            step = _PROGRESS.match(line)
            if step and not started:
                # ninja alone knows how many steps are left to do.
                progress.start("building", int(step.group(1)))
                started = True
            if step:
                progress.step(step.group(2))
    finally:
        if started:
            progress.finish()


def is_current(tree: Path, outputs: Sequence[str]) -> bool:
    """Whether ninja finds nothing left to do for ``outputs``: they were built, and from this input."""
    command = [_ninja(), "-f", NINJA_FILE, "-n", *outputs]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return run.returncode == 0 and "no work to do" in run.stdout


def build_seconds(tree: Path, outputs: Iterable[str]) -> float:
    """Wall time in which at least one of the steps ran, from ninja's own log of their last runs."""
    try:
        lines = (tree / BUILD_DIR / ".ninja_log").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    wanted = set(outputs)
    spans: dict[str, tuple[int, int]] = {}
    for line in lines:
        fields = line.split("\t")
        if len(fields) >= 4 and fields[3] in wanted:
            spans[fields[3]] = (int(fields[0]), int(fields[1]))
    return _covered(spans.values()) / 1000.0


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    total, until = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total


def _ninja() -> str:
    return str(Path(ninja.BIN_DIR) / "ninja")
