"""``migrate run`` killed and its tree edited by hand, over and over: no edit lost, the same bytes.

Two trees of one source go through the same edits and versions of upstream. Into one, each run is killed
with SIGKILL, at a random moment or at a random file operation, and then run again; the other is never
interrupted. After each round both must be the same, and every edit must still be in its file.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutations

from migrate import pipeline

_SOURCE = {
    "csrc/scale.h": "#pragma once\n#include <torch/extension.h>\n"
    "torch::Tensor scale(torch::Tensor x, double factor);\n",
    "csrc/scale.cpp": '#include "scale.h"\n// Scales.\n'
    "torch::Tensor scale(torch::Tensor x, double factor) {\n  TORCH_CHECK(x.dim() == 1);\n"
    "  auto out = torch::empty_like(x);\n  const float* from = x.data_ptr<float>();\n"
    "  float* to = out.data_ptr<float>();\n  for (int64_t i = 0; i < x.numel(); ++i) {\n"
    "    to[i] = from[i] * factor;\n  }\n  return out;\n}\n",
    "csrc/bind.cpp": '#include "scale.h"\nint64_t rows(torch::Tensor x) {\n  return x.size(0);\n}\n'
    'PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {\n  m.def("scale", &scale);\n  m.def("rows", &rows);\n}\n',
    "setup.py": "from setuptools import setup\nfrom torch.utils.cpp_extension import CppExtension\n"
    'setup(name="pkg", ext_modules=[CppExtension("pkg._C", ["csrc/bind.cpp", "csrc/scale.cpp"])])\n',
    "pkg/__init__.py": "from pkg import _C\n",
    "README.md": "".join(f"line {number}\n" for number in range(12)),
}
# What belongs to the machine: the tree is the rest.
_KILLS = 5
_OTHER = (".migrate/lock", ".migrate/cache/")


@dataclass
class Campaign:
    """Both trees, and what happened to them. ``edits`` is the file of each edit."""

    folder: Path
    rng: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    edits: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source, self.out, self.twin = (self.folder / name for name in ("source", "out", "twin"))
        for path, text in _SOURCE.items():
            (self.source / path).parent.mkdir(parents=True, exist_ok=True)
            (self.source / path).write_text(text)

    def round(self, number: int, outside: bool) -> None:
        """One version of upstream, a few edits and killed runs, and the runs that nobody kills."""
        if self.rng.random() < 0.8 or not number:
            self._upstream(number)
        if self.rng.random() < 0.8:
            self._prepare()  # the analysis is in the cache: the kills strike where files are written
        later: list[Callable[[Path], None]] = []
        for attempt in range(_KILLS):
            if number and self.rng.random() < 0.7:
                self._edit(later)
            killed = self._run_outside() if outside and not attempt else self._run_killed()
            self.counts["interruptions"] += killed
            self.counts["during the exchange"] += killed and (self.out / ".migrate/journal.json").exists()
            if not killed:
                break
        self._run(self.out)
        said = self._run(self.twin)
        for edit in later:
            edit(self.twin)
        self._compare(number)
        self.counts["merged"] += said.count("MIG454")
        self.counts["conflicts"] += said.count("MIG453")
        if self.rng.random() < 0.5:
            for tree in (self.out, self.twin):
                resolve(tree)

    def _upstream(self, number: int) -> None:
        """A line more, a line less, a file more or less."""
        path = self.rng.choice([*_SOURCE, "csrc/extra.h"])
        place = self.source / path
        if path == "csrc/extra.h" and place.exists():
            place.unlink()
            return
        lines = place.read_text().splitlines(keepends=True) if place.exists() else []
        mark = "# " if path.endswith((".py", ".md")) else "// "
        lines.insert(self.rng.randrange(len(lines) + 1), f"{mark}upstream {number}\n")
        place.write_text("".join(lines))

    def _edit(self, later: list[Callable[[Path], None]]) -> None:
        """A line of the user's at a random place of a random file; in the other tree as soon as the
        file is there what it is here."""
        paths = [path for path in sorted(contents(self.out)) if not path.startswith(".migrate/")]
        often = [path for path in paths if path in _SOURCE]
        path = self.rng.choice(often if often and self.rng.random() < 0.7 else paths)
        before = (self.out / path).read_bytes()
        at = self.rng.randrange(before.count(b"\n") + 1)
        if at in _dropped(before):
            at = 0  # who resolves a conflict does not keep what migrate wrote before
        number = self.counts["edits"]
        line = f"// hand edit {number} \n".encode()
        self.edits[f"hand edit {number} "] = path
        self.counts["edits"] += 1

        def apply(tree: Path) -> None:
            lines = (tree / path).read_bytes().splitlines(keepends=True)
            (tree / path).write_bytes(b"".join([*lines[:at], line, *lines[at:]]))

        if before == contents(self.twin).get(path):
            apply(self.twin)
        else:
            later.append(apply)
        apply(self.out)

    def _request(self) -> pipeline.Request:
        return pipeline.Request(self.source, cache=self.folder / "cache")

    def _prepare(self) -> None:
        pipeline.prepare(self._request())

    def _run(self, out: Path) -> str:
        """What a run says; never interrupted, in this process."""
        rows = pipeline.migrate(self._request(), out).tree.diagnostics
        return " ".join(row.id for row in rows)

    def _run_killed(self) -> bool:
        """In a process of its own, killed by the clock or at a file operation."""
        by_clock = self.rng.random() < 0.2
        delay, steps = self.rng.random(), self.rng.randrange(1, 60)
        child = os.fork()
        if not child:
            try:
                if not by_clock:
                    _die_after(steps)
                self._run(self.out)
            finally:
                os._exit(0)
        if by_clock:
            time.sleep(delay)
            os.kill(child, signal.SIGKILL)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])

    def _run_outside(self) -> bool:
        """By the real command line, with its processes, all killed."""
        command = [sys.executable, "-m", "migrate", "-q", "run", self.source, "--out", self.out]
        command += ["--cache", self.folder / "cache"]
        environment = {**os.environ, "PYTHONPATH": str(mutations.ROOT)}
        child = subprocess.Popen(
            list(map(str, command)),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            child.wait(self.rng.random() * 4)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
        return child.wait() == -signal.SIGKILL

    def _compare(self, number: int) -> None:
        one, two = contents(self.out), contents(self.twin)
        differing = sorted(path for path in one.keys() | two.keys() if one.get(path) != two.get(path))
        if differing:
            self.wrong.append(f"round {number}: not the bytes of an uninterrupted run: {differing}")
        for mark, path in self.edits.items():
            if mark.encode() not in one.get(path, b""):
                self.wrong.append(f"round {number}: {mark}of {path} is lost")


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file()) if root.exists() else ()
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    return {path: data for path, data in found.items() if not path.startswith(_OTHER)}


def resolve(tree: Path) -> None:
    """Settle every conflict as a user may: keep both sides."""
    for path, data in contents(tree).items():
        if b"<<<<<<< edited by hand" in data:
            marks = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")
            dropped, lines = _dropped(data), data.splitlines(keepends=True)
            kept = [
                line
                for number, line in enumerate(lines)
                if number not in dropped and not line.startswith(marks)
            ]
            (tree / path).write_bytes(b"".join(kept))


def _dropped(data: bytes) -> set[int]:
    """The lines, from 0, between both sides of a conflict, the mark below them included: an edit there
    would go when the conflict is settled."""
    found, inside = set(), False
    for number, line in enumerate(data.splitlines()):
        if inside:
            found.add(number)
        if line.startswith((b"|||||||", b"=======")):
            inside = line.startswith(b"|||||||")
    return found


def _die_after(steps: int) -> None:
    """End this process at the n-th operation that changes a file, as a kill would."""
    import shutil

    left = steps

    def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return call

    places = ((Path, "replace"), (Path, "unlink"), (Path, "write_bytes"), (Path, "mkdir"))
    for owner, name in (*places, (os, "link"), (shutil, "copyfile"), (shutil, "rmtree")):
        setattr(owner, name, deadly(getattr(owner, name)))


def run(seed: int, interruptions: int, edits: int, outside_every: int) -> dict[str, Any]:
    """Rounds until both numbers are reached; what happened."""
    with tempfile.TemporaryDirectory(prefix="interruptions-") as name:
        campaign = Campaign(Path(name) / "trees", random.Random(seed))
        number = 0
        with mutations.in_one_process(Path(name)):
            while campaign.counts["interruptions"] < interruptions or campaign.counts["edits"] < edits:
                campaign.round(number, bool(outside_every) and number % outside_every == outside_every - 1)
                number += 1
        return {"rounds": number, **campaign.counts, "wrong": campaign.wrong}
