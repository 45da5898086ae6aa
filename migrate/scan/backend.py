"""Which backend a tree and an extension are for, decided by counting, and said in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterable, Mapping, Optional, Sequence

from migrate.model.project import BACKENDS, Extension, SourceFile
from migrate.model.source import Diagnostic
from migrate.scan.codes import finding

# Headers torch itself rewrites between CUDA and HIP (ATen/cuda, c10/cuda) prove nothing: ROCm trees
# include them too. So only the vendors' own headers and runtime names count.
_HIP_HEADERS = (b"hip/hip_", b"hipblas", b"hipcub/", b"rocblas", b"rocprim/", b"hiprand")
_CUDA_HEADERS = (
    b"<cuda.h>", b"<cuda_", b'"cuda.h"', b'"cuda_runtime', b'"cuda_fp16', b"<cublas", b"<cub/", b"<nvrtc",
    b"<cooperative_groups.h", b"<cute/", b"<cutlass/",
)  # fmt: skip
_HIP_NAMES = (
    b"hipStream_t",
    b"hipLaunchKernel",
    b"hipMalloc",
    b"hipError_t",
    b"hipGetLastError",
    b"__HIP_PLATFORM",
)
_CUDA_NAMES = (b"cudaStream_t", b"cudaLaunchKernel", b"cudaMalloc", b"cudaError_t", b"cudaGetLastError")
_HIP_MARKS = (*_HIP_HEADERS, *_HIP_NAMES)
_CUDA_MARKS = (*_CUDA_HEADERS, *_CUDA_NAMES)
_HIP_FLAGS = (
    "--offload-arch",
    "--amdgpu-target",
    "-fgpu-flush-denormals-to-zero",
    "-fno-gpu-rdc",
    "-DUSE_ROCM",
)


def choose_backend(files: Iterable[SourceFile], asked: Optional[str]) -> tuple[str, Diagnostic]:
    """The project's backend, and a note on why."""
    if asked is not None and asked not in BACKENDS:
        raise ValueError(f"unknown backend {asked!r}: use one of {', '.join(BACKENDS)}")
    native = [file for file in files if file.kind in ("source", "header")]
    hip, cuda = _count(native, _HIP_MARKS, ".hip"), _count(native, _CUDA_MARKS, "")
    seen = f"{hip} files name HIP headers or runtime calls, {cuda} name CUDA ones"
    if asked is not None:
        return asked, finding("MIG120", "note", ".", f"backend {asked}: as asked ({seen})", hint="")
    if hip or cuda:
        # A file that serves both backends counts on both sides, so a tie means portable CUDA.
        chosen = "hip" if hip > cuda else "cuda"
    else:
        chosen = "cuda" if any(file.path.endswith(".cu") for file in native) else "cpu"
    return chosen, finding("MIG120", "note", ".", f"backend {chosen}: {seen}")


def _count(files: Iterable[SourceFile], marks: Sequence[bytes], suffix: str) -> int:
    return sum(1 for file in files if _marked(file, marks) or (suffix and file.path.endswith(suffix)))


def _marked(file: SourceFile, marks: Sequence[bytes]) -> bool:
    return any(mark in file.data for mark in marks)


def refine(extension: Extension, files: Mapping[str, SourceFile]) -> Extension:
    """A device extension whose own sources include only one vendor's headers is for that vendor."""
    if extension.backend == "cpu":
        return extension
    sources = [files[path] for path in extension.sources if path in files]
    hip = any(_marked(file, _HIP_HEADERS) or file.path.endswith(".hip") for file in sources)
    cuda = any(_marked(file, _CUDA_HEADERS) for file in sources)
    if hip == cuda:
        return extension
    return replace(extension, backend="hip" if hip else "cuda")


def extension_backend(project: str, constructor: str, sources: Iterable[str], flags: Iterable[str]) -> str:
    """``cpu`` unless a device file or constructor is involved; then the vendor the evidence names."""
    paths = tuple(sources)
    kind = constructor.lower()
    device_file = any(path.endswith((".cu", ".cuh", ".hip")) for path in paths)
    if not device_file and "cuda" not in kind and "hip" not in kind:
        return "cpu"
    if kind in ("cuda", "hip"):
        return kind
    hip = "hip" in kind or any(path.endswith(".hip") for path in paths)
    hip = hip or any(flag.startswith(_HIP_FLAGS) for flag in flags)
    if hip or project == "hip":
        return "hip"
    return "cuda"
