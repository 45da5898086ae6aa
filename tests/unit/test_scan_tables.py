"""Build tables, CMake, modules without a build file, and the choice of a backend."""

from __future__ import annotations

import json
from pathlib import Path

from migrate.model.project import Project
from migrate.scan import scan

MODULE = "PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {}\n"


def tree(root: Path, files: dict[str, str]) -> Project:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return scan(root)


def ids(project: Project) -> list[str]:
    return sorted({one.id for one in project.diagnostics} - {"MIG120"})


def test_table_entries_resolve_by_the_end_of_their_path(tmp_path: Path) -> None:
    table = {
        "module_norm": {
            "srcs": ["f'{CSRC}/pybind/norm.cu'", "f'{CSRC}/kernels/norm.cu'", "f'{CSRC}/common.h'"],
            "flags_extra_cc": ["'-O3'"],
            "flags_extra_hip": ["'-DF=1'", "f'-DG={os.environ.get(1)}'"],
            "extra_include": ["f'{CSRC}/include'"],
        },
        "module_other": {"md_name": "'module_x'", "srcs": ["f'{OTHER}/gone/x.cu'"]},
    }
    files = dict.fromkeys(
        ["csrc/pybind/norm.cu", "csrc/kernels/norm.cu", "csrc/common.h", "old/kernels/norm.cu"], ""
    )
    files.update(
        {"pkg/__init__.py": "", "pkg/jit/__init__.py": "", "pkg/jit/t.json": json.dumps(table, indent=1)}
    )
    project = tree(tmp_path, {**files, "csrc/include/n.h": ""})
    norm, other = project.extensions
    assert (norm.name, norm.origin, norm.declared) == ("pkg.jit.module_norm", "jit", "pkg/jit/t.json:2")
    assert norm.sources == ("csrc/pybind/norm.cu", "csrc/kernels/norm.cu")
    assert (norm.backend, norm.cxx_flags, norm.device_flags) == ("hip", ("-O3",), ("-DF=1",))
    assert (norm.include_dirs, norm.defines) == (("csrc/include",), ("F=1",))
    assert (other.name, other.sources) == ("pkg.jit.module_x", ())
    assert ids(project) == ["MIG111", "MIG112"]


def test_table_outside_a_package_names_modules_by_their_key(tmp_path: Path) -> None:
    project = tree(tmp_path, {"ops.json": '{"m": {"files": ["a.cpp"]}}', "a.cpp": "", "b.json": '{"x": [1]}'})
    assert [one.name for one in project.extensions] == ["m"]


def test_cmake_modules_follow_variables_and_globs(tmp_path: Path) -> None:
    cmake = """
    project(demo)  # pybind11_add_module(no no.cpp)
    set(SRC csrc/a.cpp)
    list(APPEND SRC ${CMAKE_CURRENT_SOURCE_DIR}/csrc/b.cpp)
    file(GLOB DEVICE csrc/*.cu)
    pybind11_add_module(_C MODULE ${SRC} ${DEVICE})
    target_include_directories(_C PRIVATE csrc)
    target_compile_definitions(_C PRIVATE X=1)
    add_library(plain SHARED csrc/plain.cpp)
    add_library(torch_ops SHARED csrc/ops.cpp)
    """
    names = ["a.cpp", "b.cpp", "k.cu", "plain.cpp"]
    files = {**dict.fromkeys([f"csrc/{name}" for name in names], ""), "CMakeLists.txt": cmake}
    project = tree(tmp_path, {**files, "csrc/ops.cpp": "TORCH_LIBRARY(ops, m) {}\n"})
    module, library = project.extensions
    assert (module.name, module.sources) == ("_C", ("csrc/a.cpp", "csrc/b.cpp", "csrc/k.cu"))
    assert (module.include_dirs, module.defines, module.backend) == (("csrc",), ("X=1",), "cuda")
    assert (library.name, library.sources, library.origin) == ("torch_ops", ("csrc/ops.cpp",), "cmake")


def test_cmake_extension_gives_the_target_its_package(tmp_path: Path) -> None:
    setup = "class CMakeExtension: pass\nCMakeExtension('pkg.sub._C')\n"
    cmake = "pybind11_add_module(_C a.cpp)"
    project = tree(tmp_path, {"setup.py": setup, "CMakeLists.txt": cmake, "a.cpp": MODULE})
    assert [(one.name, one.sources) for one in project.extensions] == [("pkg.sub._C", ("a.cpp",))]


def test_same_module_in_setup_and_cmake_is_one_extension(tmp_path: Path) -> None:
    setup = "from torch.utils.cpp_extension import CppExtension\nCppExtension('p._C', ['a.cpp'])\n"
    project = tree(
        tmp_path, {"setup.py": setup, "CMakeLists.txt": "pybind11_add_module(_C a.cpp)", "a.cpp": MODULE}
    )
    assert [(one.name, one.declared) for one in project.extensions] == [("p._C", "setup.py:2")]
    assert ids(project) == ["MIG115"]


def test_two_extensions_of_one_name_are_both_kept(tmp_path: Path) -> None:
    setup = "from torch.utils.cpp_extension import CppExtension\nCppExtension('m', ['e.cpp'])\n"
    project = tree(tmp_path, {f"{one}/{name}": text for one in "ab" for name, text in
                              {"setup.py": setup, "e.cpp": MODULE}.items()})  # fmt: skip
    assert [one.sources for one in project.extensions] == [("a/e.cpp",), ("b/e.cpp",)]
    assert ids(project) == ["MIG117"]


def test_module_without_a_build_file_takes_its_folder(tmp_path: Path) -> None:
    files = {
        "k/bind.cpp": "PYBIND11_MODULE(kern, m) {}\n",
        "k/kern.cu": "",
        "k/main.cpp": "int main() {}\n",
        "z/note.cpp": "/*\nPYBIND11_MODULE(no, m)\n*/\n",
        "z/raw.cpp": 'auto s = R"(\nPYBIND11_MODULE(no, m)\n)";\n',
    }
    project = tree(tmp_path, files)
    assert [(one.name, one.sources, one.origin) for one in project.extensions] == [
        ("kern", ("k/bind.cpp", "k/kern.cu"), "inferred")
    ]


def test_module_of_another_backend_is_said_not_inferred(tmp_path: Path) -> None:
    setup = """
import torch
from torch.utils.cpp_extension import CppExtension, CUDAExtension
if torch.cuda.is_available():
    CUDAExtension("m", ["gpu.cu"])
else:
    CppExtension("m", ["cpu.cpp"])
"""
    project = tree(
        tmp_path, {"setup.py": setup, "cpu.cpp": MODULE, "gpu.cu": "#include <cuda_runtime.h>\n" + MODULE}
    )
    assert [one.sources for one in project.extensions] == [("gpu.cu",)]
    notes = [(one.id, one.file, one.message) for one in project.diagnostics if one.file == "cpu.cpp"]
    assert notes == [("MIG113", "cpu.cpp", "the module in cpu.cpp is only built for backend cpu")]


def test_backend_is_counted_and_said(tmp_path: Path) -> None:
    hip, cuda = "#include <hip/hip_runtime.h>\n", "#include <cuda_runtime.h>\n"
    project = tree(tmp_path, {"a.cu": hip, "b.cu": hip, "c.cu": cuda})
    (note,) = [one for one in project.diagnostics if one.id == "MIG120"]
    assert project.backend == "hip"
    assert note.message == "backend hip: 2 files name HIP headers or runtime calls, 1 name CUDA ones"
    assert tree(tmp_path, {"d.cu": cuda}).backend == "cuda"
    assert scan(tmp_path, "cpu").backend == "cpu"


def test_extension_keeps_the_vendor_its_sources_name(tmp_path: Path) -> None:
    setup = "from torch.utils.cpp_extension import CUDAExtension\n" + "".join(
        f"CUDAExtension('{name}', ['{name}.cu'])\n" for name in ("amd", "nv", "both")
    )
    hip, cuda = "#include <hip/hip_runtime.h>\n", "#include <cuda_runtime.h>\n"
    project = tree(tmp_path, {"setup.py": setup, "amd.cu": hip, "nv.cu": cuda, "both.cu": hip + cuda})
    assert [one.backend for one in project.extensions] == ["hip", "cuda", "cuda"]


def test_tree_without_sources_has_no_extension_and_is_cpu(tmp_path: Path) -> None:
    project = tree(tmp_path, {"setup.py": "from setuptools import setup\nsetup()\n", "p/__init__.py": ""})
    assert (project.extensions, project.backend, ids(project)) == ((), "cpu", ["MIG122"])
