"""Build apache-tvm-ffi libraries from ``setup.py``, next to torch's own extensions if there are any.

    setup(
        ext_modules=[TVMFFIExtension("pkg._C", sources=["csrc/ffi/ops_ffi.cc", "csrc/ops.cu"])],
        cmdclass={"build_ext": BuildTVMFFI},
    )

puts ``pkg/_C/__C.so`` beside the Python files of the package ``pkg/_C``. C++ goes to the host
compiler, ``.cu`` to nvcc (or hipcc), ``.hip`` to hipcc. The library needs no Python and no torch, so
one file serves every version of both.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Optional, Sequence

from setuptools import Extension
from setuptools.command.build_ext import build_ext

# What torch's own build passes to the device compilers: kernels were written against it.
NVCC_DEFINES = [
    "-D__CUDA_NO_HALF_OPERATORS__",
    "-D__CUDA_NO_HALF_CONVERSIONS__",
    "-D__CUDA_NO_BFLOAT16_CONVERSIONS__",
    "-D__CUDA_NO_HALF2_OPERATORS__",
    "--expt-relaxed-constexpr",
]
# Of host files beside device files too.
HIP_DEFINES = ["-D__HIP_PLATFORM_AMD__=1", "-DUSE_ROCM=1", "-DHIPBLAS_V2"]
HIPCC_DEFINES = [
    *HIP_DEFINES,
    "-DCUDA_HAS_FP16=1",
    "-D__HIP_NO_HALF_OPERATORS__=1",
    "-D__HIP_NO_HALF_CONVERSIONS__=1",
]
# By compiler: what may name the toolkit's folder, where it is by default, a header that it has.
TOOLKITS = {
    "nvcc": (("CUDA_HOME", "CUDA_PATH"), "/usr/local/cuda", "cuda_runtime_api.h"),
    "hipcc": (("ROCM_HOME", "ROCM_PATH"), "/opt/rocm", "hip/hip_runtime_api.h"),
}
ARCH_FLAGS = (
    "-gencode",
    "-arch",
    "--gpu-architecture",
    "--generate-code",
    "--offload-arch",
    "--amdgpu-target",
)


class TVMFFIExtension(Extension):
    """One library. ``name`` is the import name of the package that loads it.

    ``extra_compile_args`` is a list for both compilers, or a dict with ``cxx`` and ``nvcc``, as in
    torch. ``backend`` is ``cuda`` or ``hip``; by default it is what the machine has.
    """

    def __init__(
        self, name: str, sources: Sequence[str], *, backend: Optional[str] = None, **options: Any
    ) -> None:
        options.pop("py_limited_api", None)  # there is no Python API in the library
        flags: Any = options.pop("extra_compile_args", None) or []
        options["include_dirs"] = [str(path) for path in options.get("include_dirs") or []]
        # The library lies inside the package, so setuptools must see it under that longer name.
        super().__init__(f"{name}._{name.rpartition('.')[2]}", [str(source) for source in sources], **options)
        self.package = name
        self.backend = backend
        by_compiler = flags if isinstance(flags, dict) else {"cxx": flags, "nvcc": flags}
        self.cxx_flags: list[str] = list(by_compiler.get("cxx", []))
        self.device_flags: list[str] = list(by_compiler.get("nvcc", by_compiler.get("hipcc", [])))


def relisted(
    sources: Sequence[Any], *, without: Sequence[str] = (), more: Sequence[str] = (), below: str = ""
) -> list[str]:
    """The paths of ``sources``, however they were found, relative to this folder: ``without`` some, each
    in its copy ``below`` another folder, and ``more``."""
    folder = Path(__file__).parent  # as it was reached: links in the tree are files of the tree
    paths = [Path(os.path.relpath(source, folder)).as_posix() for source in sources]
    return [*(str(Path(below) / path) for path in paths if path not in without), *more]


class BuildTVMFFI(build_ext):  # type: ignore[misc]  # setuptools publishes no type for it
    """``build_ext`` that builds TVMFFIExtensions itself and leaves the others to torch."""

    @classmethod
    def with_options(cls, **_options: Any) -> type:
        """Accepted for torch's ``BuildExtension.with_options(...)``; none of them applies here."""
        return cls

    def run(self) -> None:
        everything = list(self.extensions or [])
        others = [one for one in everything if not isinstance(one, TVMFFIExtension)]
        self.extensions = [one for one in everything if isinstance(one, TVMFFIExtension)]
        try:
            super().run()
        finally:
            self.extensions = everything
        if others:
            self._run_torch(others)

    def _run_torch(self, extensions: list[Extension]) -> None:
        from torch.utils.cpp_extension import BuildExtension

        class Torch(BuildExtension):  # type: ignore[misc]
            def _define_torch_extension_name(self, extension: Extension) -> None:
                """torch's, unless the extension says what it is imported as: its file has another name."""
                if not any(macro[0] == "TORCH_EXTENSION_NAME" for macro in extension.define_macros or []):
                    super()._define_torch_extension_name(extension)

        command = Torch(self.distribution)
        for option in (
            "build_lib",
            "build_temp",
            "inplace",
            "debug",
            "force",
            "parallel",
            "plat_name",
            "editable_mode",
        ):
            if hasattr(self, option):
                setattr(command, option, getattr(self, option))
        command.ensure_finalized()
        command.extensions = extensions
        command.run()

    def get_ext_filename(self, fullname: str) -> str:
        """``pkg._C.__C`` is ``pkg/_C/__C.so`` on every Python: the file is not tied to one."""
        for extension in self.extensions or []:
            # setuptools asks by the whole name and by its last part.
            names = (extension.name, extension.name.rpartition(".")[2])
            if isinstance(extension, TVMFFIExtension) and fullname in names:
                return str(Path(*fullname.split("."))) + ".so"
        return str(super().get_ext_filename(fullname))

    def build_extension(self, ext: Extension) -> None:
        if not isinstance(ext, TVMFFIExtension):
            super().build_extension(ext)
            return
        target = Path(self.get_ext_fullpath(ext.name)).resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        build = Build(ext, Path(self.build_temp).resolve() / ext.name)
        build.objects(self.parallel or int(os.environ.get("MAX_JOBS", 0)) or os.cpu_count() or 1)
        build.link(target)
        self._copy_package(ext.package, target.parent)

    def _copy_package(self, package: str, folder: Path) -> None:
        """The package's own files travel with its library, even if ``packages`` does not list it."""
        source = Path(self.get_finalized_command("build_py").get_package_dir(package)).resolve()
        if source == folder or not source.is_dir():
            return
        for file in sorted(source.iterdir()):
            if file.suffix in (".py", ".pyi") or file.name == "py.typed":
                shutil.copyfile(file, folder / file.name)


class Build:
    """The commands of one library. Objects that are newer than what they were made from stay."""

    def __init__(self, ext: TVMFFIExtension, folder: Path) -> None:
        from tvm_ffi import libinfo  # needed only when something is built

        self.ext = ext
        self.folder = folder
        self.device = any(Path(source).suffix in (".cu", ".hip") for source in ext.sources)
        self.backend = (ext.backend or detect_backend(ext.sources)) if self.device else "cpu"
        self.library = Path(libinfo.find_libtvm_ffi())
        found = [libinfo.find_include_path(), libinfo.find_dlpack_include_path()]
        self.includes = [str(Path(path).resolve()) for path in (*ext.include_dirs, *dict.fromkeys(found))]

    def objects(self, jobs: int) -> list[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(self._compile, self.ext.sources))

    def link(self, target: Path) -> None:
        run(self.link_command([self.object_of(source) for source in self.ext.sources], target))

    def object_of(self, source: str) -> Path:
        return self.folder / (re.sub(r"[^\w.]", "_", source) + ".o")

    def compile_command(self, source: str) -> list[str]:
        """The command for one source; its words go to the compiler as they are, spaces included."""
        made = self.object_of(source)
        on_device = Path(source).suffix in (".cu", ".hip")
        tool = self._device_compiler() if on_device else _host_compiler()
        flags = self._device_flags() if on_device else self._host_flags()
        paths = [word for path in self.includes for word in ("-I", path)]
        return [
            *tool,
            *flags,
            *self._macros(),
            *paths,
            "-MD",
            "-MF",
            f"{made}.d",
            "-c",
            str(Path(source).resolve()),
            "-o",
            str(made),
        ]

    def link_command(self, objects: list[Path], target: Path) -> list[str]:
        """Symbols are bound when the library is loaded, so a missing one is an error then and there."""
        libraries = [f"-L{path}" for path in self.ext.library_dirs or []]
        libraries += [f"-l{name}" for name in self.ext.libraries or []]
        if self.backend == "cuda":
            libraries += [f"-L{_toolkit('cuda') / 'lib64'}", "-lcudart"]
        elif self.backend == "hip":
            libraries += [f"-L{_toolkit('hip') / 'lib'}", "-lamdhip64"]
        return [
            *_host_compiler(), "-shared", "-Wl,-z,now", *map(str, objects),
            f"-L{self.library.parent}", "-ltvm_ffi", *libraries,
            *(self.ext.extra_link_args or []), "-o", str(target),
        ]  # fmt: skip

    def _compile(self, source: str) -> Path:
        command = self.compile_command(source)
        made = self.object_of(source)
        stamp = made.with_suffix(".cmd")
        text = shlex.join(command)
        if not (made.is_file() and stamp.is_file() and stamp.read_text() == text and _fresh(made)):
            run(command)
            stamp.write_text(text)
        return made

    def _macros(self) -> list[str]:
        defined = [
            f"-D{name}" if value is None else f"-D{name}={value}" for name, value in self.ext.define_macros
        ]
        # What is registered in device sources is left out with them.
        host_only = [] if self.device else ["-DFFI_PORT_HOST_ONLY"]
        return [*host_only, *defined, *(f"-U{name}" for name in self.ext.undef_macros or [])]

    def _host_flags(self) -> list[str]:
        python = str(sysconfig.get_config_var("CFLAGS") or "-O2").split()
        # As setuptools does: asserts and overflow behave as they did in the original extension.
        kept = [flag for flag in python if flag.startswith(("-O", "-DNDEBUG", "-fwrapv"))]
        # Host files may call the runtime where there are device files; torch gave them the same.
        hip = HIP_DEFINES if self.backend == "hip" else []
        runtime = ["-isystem", str(_toolkit(self.backend) / "include")] if self.device else []
        return [*kept, "-fPIC", "-fvisibility=hidden", *hip, *runtime, *_with_standard(self.ext.cxx_flags)]

    def _device_flags(self) -> list[str]:
        flags = _with_standard(self.ext.device_flags)
        named = any(flag.startswith(ARCH_FLAGS) for flag in flags)
        if self.backend == "hip":
            lead = ["-fPIC", "-fvisibility=hidden", *HIPCC_DEFINES, *([] if named else hip_arch_flags())]
            return [*lead, *flags]
        host = ["-Xcompiler", "-fPIC,-fvisibility=hidden"]
        return [*host, *NVCC_DEFINES, *([] if named else cuda_arch_flags()), *flags]

    def _device_compiler(self) -> list[str]:
        return [_tool("hipcc")] if self.backend == "hip" else [_tool("nvcc")]


def detect_backend(sources: Sequence[str]) -> str:
    """``TVM_FFI_GPU_BACKEND``, else the suffix, else the compiler that is there."""
    asked = os.environ.get("TVM_FFI_GPU_BACKEND", "").lower()
    if asked in ("cuda", "hip"):
        return asked
    if any(Path(source).suffix == ".hip" for source in sources):
        return "hip"
    return "hip" if _find("nvcc") is None and _find("hipcc") is not None else "cuda"


def cuda_arch_flags() -> list[str]:
    """``8.0;9.0a+PTX`` in TVM_FFI_CUDA_ARCH_LIST or TORCH_CUDA_ARCH_LIST; else the machine's GPU."""
    listed = os.environ.get("TVM_FFI_CUDA_ARCH_LIST") or os.environ.get("TORCH_CUDA_ARCH_LIST") or ""
    flags: list[str] = []
    for arch in re.split(r"[;, ]+", listed.strip()) if listed.strip() else []:
        number = arch.replace("+PTX", "").replace(".", "")
        flags.append(f"-gencode=arch=compute_{number},code=sm_{number}")
        if arch.endswith("+PTX"):
            flags.append(f"-gencode=arch=compute_{number},code=compute_{number}")
    return flags or ["-arch=native"]


def hip_arch_flags() -> list[str]:
    """``gfx90a;gfx942`` in TVM_FFI_ROCM_ARCH_LIST or PYTORCH_ROCM_ARCH; else hipcc looks itself."""
    listed = os.environ.get("TVM_FFI_ROCM_ARCH_LIST") or os.environ.get("PYTORCH_ROCM_ARCH") or ""
    return [f"--offload-arch={arch}" for arch in re.split(r"[;, ]+", listed) if arch]


def _with_standard(flags: Sequence[str]) -> list[str]:
    """tvm-ffi's headers need C++17; a newer standard stays."""
    asked = [flag for flag in flags if flag.startswith(("-std=", "--std="))]
    new = asked and any(year in asked[-1] for year in ("17", "1z", "20", "2a", "23", "2b", "26", "2c"))
    return [*flags] if new else [*(flag for flag in flags if flag not in asked), "-std=c++17"]


def _host_compiler() -> list[str]:
    return shlex.split(os.environ.get("CXX", "c++"))


def _find(name: str) -> Optional[str]:
    variables, default, _ = TOOLKITS[name]
    for home in filter(os.environ.get, variables):
        found = shutil.which(name, path=str(Path(os.environ[home]) / "bin"))
        if found:
            return found
    return shutil.which(name) or shutil.which(name, path=f"{default}/bin")


def _toolkit(backend: str) -> Path:
    """The folder of its headers and libraries; the compiler may be a script outside of it."""
    compiler = "hipcc" if backend == "hip" else "nvcc"
    variables, default, header = TOOLKITS[compiler]
    homes = [Path(os.environ[name]) for name in variables if os.environ.get(name)]
    homes += [Path(_tool(compiler)).resolve().parent.parent, Path(default)]
    return next((home for home in homes if (home / "include" / header).is_file()), homes[0])


def _tool(name: str) -> str:
    found = _find(name)
    if found is None:
        home = TOOLKITS[name][0][0]
        raise RuntimeError(f"{name} is not on PATH: install the toolkit, or set {home} to its folder")
    return found


def _fresh(made: Path) -> bool:
    """Whether nothing the compiler read last time is newer than the object."""
    dependencies = Path(f"{made}.d")
    if not dependencies.is_file():
        return False
    text = dependencies.read_text().replace("\\\n", " ").partition(":")[2]
    paths = [word.replace("\\ ", " ") for word in re.findall(r"(?:\\ |\S)+", text)]
    try:
        return all(Path(path).stat().st_mtime <= made.stat().st_mtime for path in paths)
    except OSError:
        return False


def run(command: list[str]) -> None:
    """Run a compiler; its output is shown, a failure ends the build with the command."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode} from: {shlex.join(command)}")
