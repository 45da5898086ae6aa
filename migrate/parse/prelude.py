"""The flags of a parse: the backend's compiler, and the sysroot's prelude in front of the file.

The prelude is most of the work of a small file, so it is compiled once and loaded by every unit. The
two ways must give the same facts: what a precompiled prelude cannot do is in ``allocation.h``, and a
unit whose macro settings could change the prelude itself, or on which libclang fails with it, reads
the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence

from migrate.parse import clang

_BASE = "-std=c++20 -ferror-limit=0 -fno-spell-checking -w -nostdinc -nostdinc++ -nobuiltininc".split()
# clang stops at 256 nested brackets and then drops the rest of the file.
_DEPTH = ["-fbracket-depth=4096"]
_CUDA = (
    "-x cuda --cuda-host-only -nocudainc -nocudalib -nogpuinc -D__CUDACC__ -D__NVCC__ "
    "-D__CUDACC_VER_MAJOR__=12 -D__CUDACC_VER_MINOR__=4"
).split()
_HIP = "-x hip --cuda-host-only -nogpuinc -nogpulib -D__HIPCC__ -D__HIP_PLATFORM_AMD__ -DUSE_ROCM".split()
# What g++ alone compiles: no launches, no device runtime.
_HOST = "-x c++ -DMIGRATE_SYSROOT_NO_CUDA".split()
_BACKENDS = {"cuda": _CUDA, "hip": _HIP, "cpu": _CUDA, "host": _HOST}
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Prelude:
    """The sysroot at ``root``, for one backend. ``words`` are all names its text uses. Without
    ``torch`` it declares nothing of torch and pybind11."""

    root: Path
    backend: str
    precompiled: Optional[Path] = None
    words: frozenset[str] = frozenset()
    torch: bool = True

    def flags(self, defines: Sequence[str]) -> tuple[str, ...]:
        """The flags with the precompiled prelude, or with its text where ``defines`` forbid it."""
        names = {define.split("=", 1)[0].split("(", 1)[0].strip() for define in defines}
        if self.precompiled is None or names & self.words:
            return self.text_flags()
        return (*_compiler(self.backend, self.torch), "-include-pch", str(self.precompiled), *self._after())

    def text_flags(self) -> tuple[str, ...]:
        start = _compiler(self.backend, self.torch)
        return (*start, "-include", str(self.root / "prelude.h"), *self._after())

    def _after(self) -> tuple[str, ...]:
        return ("-include", str(self.root / "std" / "allocation.h"))


def text_prelude(root: Path, backend: str, _folder: Path, torch: bool = True) -> Prelude:
    return Prelude(root, backend, torch=torch)


def precompiled_prelude(root: Path, backend: str, folder: Path, torch: bool = True) -> Prelude:
    """Compile the prelude into ``folder``; where that fails, units read its text."""
    target = folder / f"prelude-{backend}.pch"
    if not clang.precompile(root / "prelude.h", _compiler(backend, torch), target):
        return text_prelude(root, backend, folder, torch)
    words: set[str] = set()
    for file in root.rglob("*.h"):
        words.update(_WORD.findall(file.read_text(encoding="utf-8")))
    return Prelude(root, backend, target, frozenset(words), torch)


def _compiler(backend: str, torch: bool) -> list[str]:
    without = [] if torch else ["-DMIGRATE_SYSROOT_NO_TORCH"]
    return [*_BACKENDS[backend], *_BASE, *_DEPTH, *without]
