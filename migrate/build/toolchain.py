"""What this machine can compile with: compilers, torch's headers, tvm-ffi's headers."""

from __future__ import annotations

import importlib
import os
import shlex
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from migrate.tables.device_flags import HIP_DEFAULTS as HIP_DEFAULTS
from migrate.tables.device_flags import NVCC_DEFAULTS as NVCC_DEFAULTS


# Under these, ccache and sccache compile whatever they remember: measured builds are real ones.
NO_CACHE = {"CCACHE_DISABLE": "1", "SCCACHE_RECACHE": "1"}
CUDA_FOLDER = Path("/usr/local/cuda")  # where the toolkit is that no variable names


@dataclass(frozen=True)
class Torch:
    """The installed torch. ``device`` is the device runtime it was built for: cuda, hip or none."""

    include_dirs: tuple[str, ...]
    library_dirs: tuple[str, ...]
    device: str


def cxx() -> str:
    return os.environ.get("CXX") or shutil.which("g++") or "c++"


def cc() -> str:
    return os.environ.get("CC") or shutil.which("gcc") or "cc"


def launcher() -> tuple[str, ...]:
    """What stands before each compiler: ``MIGRATE_COMPILER_LAUNCHER`` ("" for nothing), else an
    installed ccache or sccache. These reach a build farm: CCACHE_PREFIX=distcc, sccache-dist."""
    wish = os.environ.get("MIGRATE_COMPILER_LAUNCHER")
    found = next((name for name in ("ccache", "sccache") if shutil.which(name)), "")
    return tuple(shlex.split(found if wish is None else wish))


def cuda_home() -> Optional[Path]:
    for name in ("CUDA_HOME", "CUDA_PATH"):
        if os.environ.get(name):
            return Path(os.environ[name])
    nvcc = shutil.which("nvcc")
    homes = [CUDA_FOLDER] + ([Path(nvcc).resolve().parents[1]] if nvcc else [])
    return next((home for home in homes if (home / "bin" / "nvcc").exists()), None)


def nvcc() -> Optional[str]:
    home = cuda_home()
    if home is not None and (home / "bin" / "nvcc").exists():
        return str(home / "bin" / "nvcc")
    return shutil.which("nvcc")


def hipcc() -> Optional[str]:
    return shutil.which("hipcc")


def cuda_architectures() -> tuple[str, ...]:
    """``TVM_FFI_CUDA_ARCH_LIST`` ("8.0 9.0a") as numbers; Hopper without it."""
    wish = os.environ.get("TVM_FFI_CUDA_ARCH_LIST", "").replace(";", " ").split() or ["9.0"]
    return tuple(arch.replace(".", "").replace("+PTX", "") for arch in wish)


def cuda_arch_flags() -> tuple[str, ...]:
    """The same as nvcc flags."""
    if not os.environ.get("TVM_FFI_CUDA_ARCH_LIST", "").strip("; "):
        return ("-arch=sm_90",)
    return tuple(f"-gencode=arch=compute_{name},code=sm_{name}" for name in cuda_architectures())


def hip_arch_flags() -> tuple[str, ...]:
    wish = os.environ.get("PYTORCH_ROCM_ARCH", "").replace(";", " ").split() or ["gfx90a"]
    return tuple(f"--offload-arch={name}" for name in wish)


def installed_torch() -> Optional[Torch]:
    """None where torch is not installed: the migrated side is built without it."""
    try:
        torch: Any = importlib.import_module("torch")
        extension: Any = importlib.import_module("torch.utils.cpp_extension")
    except ImportError:
        return None
    device = "hip" if torch.version.hip else "cuda" if torch.version.cuda else "none"
    return Torch(
        include_dirs=tuple(extension.include_paths()),
        library_dirs=tuple(extension.library_paths()),
        device=device,
    )


def python_include() -> str:
    return sysconfig.get_path("include", scheme="posix_prefix")


def nvidia_include_dirs() -> tuple[str, ...]:
    """Headers of NVIDIA's wheels (cublas, cusparse, ...), which a bare CUDA toolkit may lack."""
    folders = (Path(entry) for entry in dict.fromkeys(sys.path) if entry)
    return tuple(str(path) for folder in folders for path in sorted(folder.glob("nvidia/*/include")))
