"""How what needs torch is compiled, as its own setup would do it: the untouched extension, the legacy
one, and the bridge, which is the same without Python."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Optional

from migrate.build import flags, toolchain
from migrate.build.library import BUILD_DIR, Library, Step, carried, library_path, object_path
from migrate.build.toolchain import Torch
from migrate.model.plan import BuildSpec

STAND_IN = f"{BUILD_DIR}/stand_in"
_DEVICE_SUFFIXES = (".cu", ".hip")
_TORCH_LIBRARIES = ("-lc10", "-ltorch_cpu", "-ltorch")
_DEVICE_LIBRARIES = {"cuda": ("-lc10_cuda", "-ltorch_cuda"), "hip": ("-lc10_hip", "-ltorch_hip")}


def torch_library(
    module: str, side: str, spec: BuildSpec, root: str, torch: Optional[Torch], objects: bool
) -> Library:
    """The steps for one library with torch whose sources lie under ``root``.

    The extension is compiled as ``module``, whatever its file is called: the classes of a legacy
    extension keep the name of the module they were in.

    Without a torch for the module's device nothing can be linked or run: the library has a reason
    then, or, when ``objects`` asks for it, only the steps that compile its files: CUDA headers are enough.
    """
    leaf = module.rpartition(".")[2]
    output = library_path(side, spec.name, spec.name.rpartition(".")[2])
    reason = _cannot_link(spec, torch)
    if torch is None or not spec.sources:
        return Library(module, side, output, reason=reason)
    compiled = tuple(compile_step(side, spec, leaf, root, source, torch) for source in spec.sources)
    if reason:
        can_compile = objects and spec.backend == "cuda" and toolchain.nvcc() is not None
        steps = compiled if can_compile else ()
        return Library(module, side, output, steps=steps, reason=reason)
    return Library(module, side, output, steps=(*compiled, _link(side, output, spec, compiled, torch)))


def _cannot_link(spec: BuildSpec, torch: Optional[Torch]) -> str:
    if torch is None:
        return "not run: torch is not installed"
    if not spec.sources:
        return "not run: no sources are known; say how to build it in [tool.migrate.original]"
    if spec.backend == "cpu" or spec.backend == torch.device:
        return ""
    return f"not run: no {spec.backend.upper()} torch / no GPU"


def compile_step(
    side: str, spec: BuildSpec, leaf: str, root: str, source: str, torch: Torch
) -> Step:
    """One source of a pybind11 extension that will be imported as ``leaf``."""
    path = carried(source, root)
    output = object_path(side, spec.name, source)
    common = (
        f"-DTORCH_EXTENSION_NAME={leaf}",
        *(() if side == "bridge" else ("-DTORCH_API_INCLUDE_EXTENSION_H",)),
        *flags.defines(spec.defines),
        *(f"-I{carried(folder, root)}" for folder in spec.include_dirs),
        *_system_includes(side == "bridge" and not _in_place(spec, leaf), spec, torch),
    )
    suffix = PurePosixPath(source).suffix
    start: tuple[str, ...]
    if suffix in _DEVICE_SUFFIXES:
        start = _device_compiler(spec)
    elif suffix == ".c":
        start = (toolchain.cc(), "-fPIC", *flags.silent_flags(spec.origin))
    else:
        standard = flags.at_least(
            flags.standard([spec.cxx_flags], flags.TORCH_STANDARD), flags.TORCH_STANDARD
        )
        start = (toolchain.cxx(), "-fPIC", *flags.silent_flags(spec.origin), standard)
        start = (*start, *flags.without_standard(spec.cxx_flags))
    command = (*start, *common, "-MD", "-MF", f"{output}.d", "-c", path, "-o", output)
    return Step(output, (path,), command, depfile=True)


def _device_compiler(spec: BuildSpec) -> tuple[str, ...]:
    given = (spec.device_flags, spec.cxx_flags)
    standard = flags.at_least(flags.standard(given, flags.TORCH_STANDARD), flags.TORCH_STANDARD)
    own = flags.without_standard(spec.device_flags)
    if spec.backend == "hip":
        arch = () if any("--offload-arch" in flag for flag in own) else toolchain.hip_arch_flags()
        compiler = toolchain.hipcc() or "hipcc"
        hip = ("env", "HIP_PLATFORM=amd", compiler, "-x", "hip", "-fPIC")
        return (*hip, *toolchain.HIP_DEFAULTS, standard, *arch, *own)
    named = any("arch" in flag or "gencode" in flag for flag in own)
    arch = () if named else toolchain.cuda_arch_flags()
    start = (toolchain.nvcc() or "nvcc", *toolchain.NVCC_DEFAULTS, "-Xcompiler", "-fPIC")
    return (*start, standard, *arch, *own)


def _in_place(spec: BuildSpec, leaf: str) -> bool:
    """A bridge made of the original's own files takes the extension's place and name: these may include
    <Python.h>, as under its setup. The files of a ``_bridge`` were copied without."""
    return spec.name.rpartition(".")[2] == leaf


def _system_includes(no_python: bool, spec: BuildSpec, torch: Torch) -> tuple[str, ...]:
    folders = [*torch.include_dirs]
    folders += [] if no_python else [toolchain.python_include()]
    if spec.backend == "cuda":
        home = toolchain.cuda_home()
        folders += [str(home / "include")] if home else []
        folders += toolchain.nvidia_include_dirs()
        # torch's CPU wheel has all CUDA headers but one, which CMake generates; empty serves.
        folders += [STAND_IN] if torch.device == "none" else []
    return tuple(part for folder in folders for part in ("-isystem", folder))


def _link(side: str, output: str, spec: BuildSpec, compiled: tuple[Step, ...], torch: Torch) -> Step:
    objects = tuple(step.output for step in compiled)
    folders = tuple(f"-L{folder}" for folder in torch.library_dirs)
    libraries: tuple[str, ...] = (*_TORCH_LIBRARIES, *_DEVICE_LIBRARIES.get(spec.backend, ()))
    libraries += () if side == "bridge" else ("-ltorch_python",)
    if spec.backend == "cuda":
        home = toolchain.cuda_home()
        folders += (f"-L{home}/lib64",) if home else ()
        libraries += ("-lcudart",)
    command = (toolchain.cxx(), "-shared", *objects, *folders, *spec.link_flags, *libraries, "-o", output)
    return Step(output, objects, command)
