"""The linker's flags of an extension, as far as every build of it can be given them."""

from __future__ import annotations

import re
from typing import Iterable, Iterator

_PLAIN = ("-l", "-L", "-Wl,", "-fopenmp", "-pthread", "-static-lib")
_SPLIT = ("-L", "-l")
_CUDA_TARGET = re.compile(r"CUDA::(\w+?)(?:_static)?")
# Libraries that no target of a tree is called like.
_SYSTEM = frozenset(
    "m dl rt pthread numa z cuda nccl cudnn cublas cublasLt cusparse cusolver curand cufft nvrtc "
    "hipblas hipblaslt hipsparse hipsolver hiprand hipfft hiprtc rocblas rccl".split()
)


def link_flags(given: Iterable[str]) -> tuple[str, ...]:
    """Libraries, their folders and what is passed on to the linker; ``-L dir`` as one word. Flags of
    other systems are left out, which a condition nobody can decide may have brought along."""
    plain = (flag for flag in _joined(given) if flag.startswith(_PLAIN))
    return tuple(dict.fromkeys(flag for flag in plain if not flag.endswith((".lib", ".dll"))))


def _joined(given: Iterable[str]) -> Iterator[str]:
    """A lone ``-L``, whose folder nobody knows, is nothing."""
    flags = iter(given)
    for flag in flags:
        value = next(flags, "") if flag in _SPLIT else ""
        if flag not in _SPLIT:
            yield flag
        elif value and not value.startswith("-"):
            yield flag + value


def cmake_link_flags(libraries: Iterable[str]) -> tuple[str, ...]:
    """``CUDA::cublas`` is ``-lcublas``; targets of the tree and imported ones are not flags."""
    flags = []
    for name in libraries:
        target = _CUDA_TARGET.fullmatch(name)
        if target is not None and not target.group(1).startswith("cudart"):
            flags.append(f"-l{target.group(1)}".replace("-lcuda_driver", "-lcuda"))
        elif name in _SYSTEM:
            flags.append(f"-l{name}")
        elif name.startswith("-"):
            flags.append(name)
    return link_flags(flags)
