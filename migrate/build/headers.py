"""What a file pays for framework headers: it, reduced to its includes, compiled with and without them.

What stays in both is what the file would include anyway: the standard library's and the GPU toolkit's
headers that it names itself. The difference is the framework's, what remains of the real file's time
is its own.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Optional

from migrate.build.library import BUILD_DIR, Library, Step
from migrate.build.toolchain import NO_CACHE
from migrate.entries import ORIGINAL

# Headers that come with the binding, on either side: the carried ones count too.
_FRAMEWORK = (
    "torch/",
    "ATen/",
    "c10/",
    "caffe2/",
    "pybind11/",
    "tvm/",
    "dlpack/",
    "ffi_port/",
    "ffi_bridge/",
)
# The standard library's and the GPU toolkit's: `vector`, `math.h`, `cuda_bf16.h`, `hip/hip_fp16.h`.
_PLATFORM = re.compile(r"[a-z_]+|(?:std\w+|math|string|assert|float|limits)\.h|cuda\w*\.h|hip/hip_\w+\.h")
_CODE = ".inl"
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
_FOLDER = f"{BUILD_DIR}/probes"


def header_seconds(tree: Path, library: Library) -> Optional[float]:
    """Processor seconds for all framework headers of the library's files; None where a file of nothing but
    includes does not compile."""
    known: dict[tuple[str, ...], float] = {}

    def seconds(step: Step, includes: tuple[str, ...]) -> float:
        command = probe(tree, step, includes)
        key = command + includes  # many files have the same flags and the same headers
        if key not in known:
            known[key] = timed(lambda: _run(tree, command))[1]
        return known[key]

    total = 0.0
    try:
        for step in compiled(library):
            own = own_headers(tree, step)
            framework = framework_includes(tree, step, own)
            if framework:
                platform = platform_includes(tree, step, own)
                total += max(0.0, seconds(step, platform + framework) - seconds(step, platform))
    except subprocess.CalledProcessError:
        return None
    return total


def compiled(library: Library) -> Iterator[Step]:
    """The steps that compile a file; the others link."""
    return (step for step in library.steps if step.depfile)


def own_headers(tree: Path, step: Step) -> list[str]:
    """Files of the tree that the step's source includes, as the preprocessor lists them."""
    words = list(step.command)
    for option in ("-MF", "-o"):
        if option in words:
            place = words.index(option)
            del words[place : place + 2]
    command = [word for word in words if word not in ("-MD", "-c")] + ["-M"]
    listed = _run(tree, command).replace("\\\n", " ").partition(": ")[2].split()
    # What the compiler names by an absolute path is installed, even where that is inside the tree.
    paths = dict.fromkeys(os.path.normpath(path) for path in listed if not os.path.isabs(path))
    return [path for path in paths if _is_own(tree, path) and path != step.inputs[0]]


def framework_includes(tree: Path, step: Step, headers: Iterable[str]) -> tuple[str, ...]:
    """The framework's headers that the step's source names, and the project's own ``headers``.

    A carried ``.inl`` is code that the step compiles, like the source itself: what it includes counts.
    """
    read = (path for path in headers if not _is_carried(path) or path.endswith(_CODE))
    names = (name for name in _included(tree, (step.inputs[0], *read)) if name.startswith(_FRAMEWORK))
    return tuple(name for name in names if not name.endswith(_CODE))


def platform_includes(tree: Path, step: Step, headers: Iterable[str]) -> tuple[str, ...]:
    """The standard library's and the toolkit's headers that the same files name, but no carried one.

    A migrated file names some because torch's are gone: those of its original count, on both sides.
    """
    read = (step.inputs[0], *(path for path in headers if not _is_carried(path)))
    before = (f"{ORIGINAL}/{path}" for path in read)
    paths = (old if (tree / old).is_file() else path for old, path in zip(before, read))
    return tuple(name for name in _included(tree, paths) if _PLATFORM.fullmatch(name))


def _included(tree: Path, paths: Iterable[str]) -> Iterator[str]:
    texts = ((tree / path).read_text(encoding="utf-8", errors="replace") for path in paths)
    return iter(dict.fromkeys(name for text in texts for name in _INCLUDE.findall(text)))


def probe(tree: Path, step: Step, includes: Iterable[str]) -> tuple[str, ...]:
    """Write a file with ``includes``; the command that compiles it as ``step`` compiles its own."""
    source = f"{_FOLDER}/probe{PurePosixPath(step.inputs[0]).suffix}"
    path = tree / source
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"#if __has_include(<{name}>)\n#include <{name}>\n#endif\n" for name in includes)
    path.write_text("".join(lines), encoding="utf-8")
    changed = {step.inputs[0]: source, step.output: f"{_FOLDER}/probe.o"}
    changed[f"{step.output}.d"] = f"{_FOLDER}/probe.d"
    return tuple(changed.get(part, part) for part in step.command)


def _is_own(tree: Path, path: str) -> bool:
    return not path.startswith("..") and (tree / path).is_file()


def _is_carried(path: str) -> bool:
    return "ffi_port/" in path or "ffi_bridge/" in path


def _run(tree: Path, command: Sequence[str]) -> str:
    environment = {**os.environ, **NO_CACHE}
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=True
    ).stdout


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of processor time, those of all children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    action()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
