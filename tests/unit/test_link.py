"""Libraries from a build file's words to the migrated library's linker, and those torch brought along."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pytest

from migrate.build.migrated import ffi_library
from migrate.build.toolchain import nvcc
from migrate.model.plan import BuildSpec, ModulePlan, Plan
from migrate.model.project import Extension, Project, SourceFile
from migrate.pipeline import Request, analyse
from migrate.render.buildfiles import render_build_files
from migrate.rules.link import carried_link_flags, implied_libraries
from migrate.scan import scan
from migrate.scan.linking import cmake_link_flags, link_flags
from migrate.tables.libraries import CALLED, CARRIED
from migrate.tables.macros import MACROS
from migrate.tables.names import NAMES

KERNEL = """\
#include <torch/extension.h>
#include <ATen/cuda/CUDAContext.h>
void scale(at::Tensor x) {
  cublasHandle_t handle = at::cuda::getCurrentCUDABlasHandle();
  float two = 2;
  cublasSscal(handle, x.numel(), &two, x.data_ptr<float>(), 1);
}
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("scale", &scale); }
"""


def test_flags_of_a_build_file_are_taken_where_they_mean_the_same_everywhere() -> None:
    given = [
        "-s",
        "-L",
        "lib",
        "-l",
        "foo",
        "-arch",
        "arm64",
        "-Wl,-rpath,$ORIGIN",
        "-L",
        "-lbar",
        "/x/y.lib",
    ]
    assert link_flags(given) == ("-Llib", "-lfoo", "-Wl,-rpath,$ORIGIN")
    assert link_flags(["-L", "C:/cuda/cublas.lib", "-lbar", "-lbar"]) == ("-lbar",)


def test_cmake_targets_are_libraries_where_they_are_known() -> None:
    given = [
        "CUDA::cublas",
        "CUDA::cudart_static",
        "CUDA::cuda_driver",
        "mine",
        "${TORCH_LIBRARIES}",
        "dl",
        "-lx",
    ]
    assert cmake_link_flags(given) == ("-lcublas", "-lcuda", "-ldl", "-lx")


def test_torch_python_and_the_runtimes_are_left_behind() -> None:
    given = (
        "-ltorch_python",
        "-lc10_cuda",
        "-lcudart",
        "-lnvrtc",
        "-L/opt/torch/lib",
        "-Llib",
        "-Wl,-rpath,torch",
    )
    assert carried_link_flags(given) == ("-lnvrtc", "-Llib")


@pytest.mark.parametrize(
    ("text", "backend", "found"),
    [
        ("cublasHgemm(h);", "cuda", ("-lcublas",)),
        ("cublasLtMatmul(h);", "cuda", ("-lcublasLt",)),
        ("cublasHandle_t h; // cublasHgemm(h)", "cuda", ()),
        ("curandState s; curand_init(1, 2, 3, &s);", "cuda", ()),
        ("auto h = at::cuda::getCurrentCUDABlasLtHandle();", "cuda", ("-lcublas", "-lcublasLt")),
        ("AT_CUDA_DRIVER_CHECK(cuInit(0));", "cuda", ("-lcuda", "-lnvrtc")),
        ("hipblasHgemm(h);", "hip", ("-lhipblas",)),
        ("hipblasHgemm(h);", "cuda", ()),
        ("cublasHgemm(h);", "cpu", ()),
    ],
)
def test_what_the_source_calls_is_linked(text: str, backend: str, found: tuple[str, ...]) -> None:
    assert implied_libraries([text], backend) == found


def test_every_carried_name_is_a_row() -> None:
    assert set(CALLED) == set(CARRIED)
    for names in CARRIED.values():
        assert set(names) <= {*NAMES, *MACROS}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "setup.py",
            "from torch.utils.cpp_extension import CUDAExtension\n"
            "CUDAExtension('m', ['m.cpp', 'k.cu'], libraries=['foo'], library_dirs=['lib'],"
            " extra_link_args=['-s', '-lbar'])\n",
        ),
        ("jit.py", "from torch.utils.cpp_extension import load\nload('m', ['m.cpp', 'k.cu'], extra_ldflags=["
         "'-Llib', '-lfoo', '-lbar'])\n"),
        ("CMakeLists.txt", "py_module(m m.cpp k.cu)\ntarget_link_libraries(m PRIVATE -Llib -lfoo -lbar)\n"),
    ],
)  # fmt: skip
def test_each_kind_of_build_file_is_read(tmp_path: Path, path: str, text: str) -> None:
    (tmp_path / "m.cpp").write_text(KERNEL)
    (tmp_path / "k.cu").write_text("")
    (tmp_path / path).write_text(text)
    (found,) = (one for one in scan(tmp_path, "cuda").extensions if one.name.endswith("m"))
    assert found.link_flags == ("-Llib", "-lfoo", "-lbar")


def test_the_migrated_library_gets_both(tmp_path: Path) -> None:
    (tmp_path / "m.cu").write_text(KERNEL)
    (tmp_path / "setup.py").write_text(
        "from torch.utils.cpp_extension import CUDAExtension\n"
        "CUDAExtension('m', ['m.cu'], libraries=['cudart', 'foo'])\n"
    )
    (module,) = analyse(Request(tmp_path, "cuda")).plan.modules
    assert module.original.link_flags == ("-lcudart", "-lfoo")
    assert module.migrated is not None
    assert module.migrated.link_flags == ("-lfoo", "-lcublas")


@pytest.mark.parametrize("backend", ["cpu", "cuda"])
def test_the_linker_understands_them(backend: str) -> None:
    if backend == "cuda" and nvcc() is None:
        pytest.skip("not run: no nvcc")
    given = ("-lfoo", "-Wl,-rpath,lib", "-fopenmp")
    spec = BuildSpec("m", ("ffi/m.cc",), link_flags=given, backend=backend)
    *_, link = ffi_library("m", spec, BuildSpec("m", ())).steps
    marked = ("-lfoo", "-Xlinker", "-rpath,lib", "-Xcompiler", "-fopenmp")
    expected = marked if backend == "cuda" else given
    assert " ".join(expected) in " ".join(link.command)


def edited(path: str, text: str, flags: tuple[str, ...] = ()) -> str:
    """The build file after the migration of a module that turned out to call cuBLAS."""
    sources = ("csrc/bind.cpp", "csrc/k.cu")
    extension = Extension("m", sources, "cuda", path.partition(".")[0], f"{path}:2")
    kept = (SourceFile(path, "build", text.encode()),)
    original = BuildSpec("m", sources, link_flags=flags, origin="setup.py")
    migrated = BuildSpec("m", ("csrc/ffi/m_ffi.cc", "csrc/k.cu"), link_flags=(*flags, "-lcublas"))
    plan = Plan((ModulePlan("m", (), original, migrated),), ())
    written, _ = render_build_files(Project(Path(), "cuda", kept, (extension,), ()), plan)
    return written[path].decode()


@pytest.mark.parametrize(
    ("given", "flags", "expected"),
    [
        (None, (), 'libraries=["cublas"]'),
        ("libraries=['foo']", ("-lfoo",), "libraries=['foo', \"cublas\"]"),
        ("libraries=LIBS", ("-lfoo",), 'libraries=[*LIBS, "cublas"]'),
    ],
)
def test_setup_py_names_what_torch_brought(
    given: Optional[str], flags: tuple[str, ...], expected: str
) -> None:
    more = f", {given}" if given else ""
    script = (
        "from torch.utils.cpp_extension import CUDAExtension\n"
        f"e = [CUDAExtension('m', ['csrc/bind.cpp', 'csrc/k.cu']{more})]\n"
    )
    assert expected in edited("setup.py", script, flags)


def test_cmake_links_what_torch_brought() -> None:
    script = "project(p)\npybind11_add_module(m csrc/bind.cpp csrc/k.cu)\ntarget_link_libraries(m x)\n"
    text = edited("CMakeLists.txt", script)
    assert "set_property(TARGET m APPEND PROPERTY LINK_LIBRARIES -lcublas)" in text
