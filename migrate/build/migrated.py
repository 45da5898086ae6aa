"""How the migrated library is compiled: no torch, no Python, only tvm-ffi's headers."""

from __future__ import annotations

import importlib
from pathlib import Path, PurePosixPath
from typing import Any

from migrate.build import flags, toolchain
from migrate.build.library import Library, Step, library_path, object_path
from migrate.model.plan import BuildSpec

_HOST = ("-fPIC", "-fvisibility=hidden", "-O3")
_HOST_SUFFIXES = (".cc", ".cpp", ".cxx", ".c++", ".C")
# A missing symbol of the runtime must be a catchable error at load, not death during a call.
_LINK = ("-shared", "-Wl,-z,now")


def ffi_library(module: str, spec: BuildSpec, original: BuildSpec) -> Library:
    """The steps for one tvm-ffi library; flags that change results come from ``original``."""
    output = library_path("migrated", spec.name, spec.name)
    if not spec.sources:
        return Library(module, "migrated", output, reason="the manifest names no sources for it")
    missing = _missing_compiler(spec)
    if missing:
        return Library(module, "migrated", output, reason=missing)
    compiled = tuple(compile_step(spec, original, source) for source in spec.sources)
    objects = tuple(step.output for step in compiled)
    flags_of_linker = (*_link_flags(spec), *_runtime(), "-o", output)
    link = Step(output, objects, (*_linker(spec), *objects, *flags_of_linker))
    return Library(module, "migrated", output, steps=(*compiled, link))


def _missing_compiler(spec: BuildSpec) -> str:
    suffixes = {PurePosixPath(source).suffix for source in spec.sources}
    odd = suffixes - {*_HOST_SUFFIXES, ".c", ".cu", ".hip"}
    if odd:
        return f"sources of an unknown kind: {', '.join(sorted(odd))}"
    if not suffixes & {".cu", ".hip"}:
        return ""
    if spec.backend == "hip" and toolchain.hipcc() is None:
        return "not run: no hipcc on this machine"
    if spec.backend != "hip" and toolchain.nvcc() is None:
        return "not run: no nvcc on this machine"
    return ""


def compile_step(spec: BuildSpec, original: BuildSpec, source: str) -> Step:
    """One source of a tvm-ffi library, with nothing of a framework on the include path."""
    output = object_path("migrated", spec.name, source)
    suffix = PurePosixPath(source).suffix
    start: tuple[str, ...]
    if suffix in (".cu", ".hip"):
        start = _device_compiler(spec, original)
    elif suffix == ".c":
        start = (toolchain.cc(), *_HOST, *_host_flags(spec, original))
    else:
        standard = flags.standard([spec.cxx_flags, original.cxx_flags], flags.MIGRATED_STANDARD)
        standard = flags.at_least(standard, flags.MIGRATED_STANDARD)
        start = (toolchain.cxx(), *_HOST, standard, *_host_flags(spec, original))
    command = (
        *start,
        *flags.defines(spec.defines),
        *(f"-I{folder}" for folder in spec.include_dirs),
        *(part for folder in _ffi_includes() for part in ("-isystem", folder)),
        *_device_includes(spec),
        "-MD",
        "-MF",
        f"{output}.d",
        "-c",
        source,
        "-o",
        output,
    )
    return Step(output, (source,), command, depfile=True)


def _host_flags(spec: BuildSpec, original: BuildSpec) -> tuple[str, ...]:
    """The original's flags that change results, then the module's own, which so have the last word."""
    silent = tuple(flag for flag in flags.silent_flags(original.origin) if not flag.startswith("-O"))
    own = flags.without_standard(spec.cxx_flags)
    return (*silent, *flags.carried_flags(original.cxx_flags), *own)


def _device_compiler(spec: BuildSpec, original: BuildSpec) -> tuple[str, ...]:
    lists = [spec.device_flags, spec.cxx_flags, original.device_flags, original.cxx_flags]
    standard = flags.standard(lists, flags.MIGRATED_STANDARD)
    standard = flags.at_least(standard, flags.MIGRATED_STANDARD)
    own = flags.without_standard(spec.device_flags)
    kept = tuple(flag for flag in flags.carried_flags(original.device_flags) if flag not in own)
    if spec.backend == "hip":
        arch = () if any("--offload-arch" in flag for flag in own) else toolchain.hip_arch_flags()
        hip = ("env", "HIP_PLATFORM=amd", toolchain.hipcc() or "hipcc", "-x", "hip", *_HOST)
        return (*hip, *toolchain.HIP_DEFAULTS, standard, *arch, *kept, *own)
    named = any("arch" in flag or "gencode" in flag for flag in own)
    arch = () if named else toolchain.cuda_arch_flags()
    start = (toolchain.nvcc() or "nvcc", "-O3", "-Xcompiler", "-fPIC,-fvisibility=hidden")
    return (*start, *toolchain.NVCC_DEFAULTS, standard, *arch, *kept, *own)


def _device_includes(spec: BuildSpec) -> tuple[str, ...]:
    if spec.backend != "cuda":
        return ()
    home = toolchain.cuda_home()
    folders = (*([str(home / "include")] if home else []), *toolchain.nvidia_include_dirs())
    return tuple(part for folder in folders for part in ("-isystem", folder))


def _linker(spec: BuildSpec) -> tuple[str, ...]:
    """nvcc links its runtime statically, so that the library loads where no CUDA is installed."""
    suffixes = {PurePosixPath(source).suffix for source in spec.sources}
    compiler = toolchain.nvcc()
    if spec.backend == "cuda" and compiler:
        return (compiler, "-shared", "-Xlinker", "-z", "-Xlinker", "now")
    if spec.backend == "hip" and suffixes & {".cu", ".hip"}:
        return ("env", "HIP_PLATFORM=amd", toolchain.hipcc() or "hipcc", *_LINK)
    return (toolchain.cxx(), *_LINK)


def _link_flags(spec: BuildSpec) -> tuple[str, ...]:
    """nvcc passes on libraries and their folders; the rest has to be marked for what it calls."""
    if spec.backend != "cuda" or not toolchain.nvcc():
        return spec.link_flags
    flags_: list[str] = []
    for flag in spec.link_flags:
        if flag.startswith(("-l", "-L")):
            flags_.append(flag)
        else:
            linker = flag.startswith("-Wl,")
            flags_ += ["-Xlinker", flag[4:]] if linker else ["-Xcompiler", flag]
    return tuple(flags_)


def _ffi_includes() -> tuple[str, ...]:
    info: Any = importlib.import_module("tvm_ffi.libinfo")
    return (str(info.find_include_path()), str(info.find_dlpack_include_path()))


def _runtime() -> tuple[str, ...]:
    info: Any = importlib.import_module("tvm_ffi.libinfo")
    return (f"-L{Path(info.find_libtvm_ffi()).parent}", "-ltvm_ffi")
