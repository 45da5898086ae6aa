"""The carried build helper: which commands it would run, and where the library goes."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("setuptools")
pytest.importorskip("tvm_ffi")


@pytest.fixture(scope="module")
def helper() -> ModuleType:
    path = Path(__file__).parents[2] / "csrc" / "tvm_ffi_extension.py"
    spec = importlib.util.spec_from_file_location("tvm_ffi_extension", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def build(helper: ModuleType, folder: Path, sources: list[str], **options: Any) -> Any:
    return helper.Build(helper.TVMFFIExtension("pkg._C", sources, **options), folder)


def test_host_file_is_compiled_with_hidden_symbols_and_cxx17(helper: ModuleType, tmp_path: Path) -> None:
    made = build(
        helper, tmp_path, ["a b/x.cc"], extra_compile_args=["-O3", "-std=c++14"], include_dirs=["inc"]
    )
    command = made.compile_command("a b/x.cc")
    assert "-fvisibility=hidden" in command
    assert "-fPIC" in command
    assert [word for word in command if word.startswith("-std")] == ["-std=c++17"]
    assert str(Path("a b/x.cc").resolve()) in command
    assert command[command.index("-I") + 1] == str(Path("inc").resolve())
    assert not [word for word in command if "torch" in word or "pybind11" in word]


def test_sources_are_relisted_however_they_were_found(helper: ModuleType) -> None:
    here = Path(helper.__file__).parent
    found = [str(here / "csrc" / "a.cpp"), os.path.relpath(here / "csrc" / "sub" / "b.cu"), here / "bind.cpp"]
    assert helper.relisted(found, without=["bind.cpp"], more=["csrc/ffi/x.cc"]) == [
        "csrc/a.cpp", "csrc/sub/b.cu", "csrc/ffi/x.cc",
    ]  # fmt: skip
    assert helper.relisted(found[:1], below="legacy") == ["legacy/csrc/a.cpp"]


def test_a_source_that_is_a_link_keeps_its_place(
    helper: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "__file__", str(tmp_path / "tvm_ffi_extension.py"))
    (tmp_path / "real.cpp").write_text("")
    (tmp_path / "link.cpp").symlink_to("real.cpp")
    assert helper.relisted([tmp_path / "link.cpp"], without=["real.cpp"]) == ["link.cpp"]


def test_a_library_without_device_sources_leaves_out_what_these_define(helper: ModuleType) -> None:
    def flags(*sources: str) -> list[str]:
        return list(build(helper, Path("x"), list(sources), backend="cuda").compile_command("a.cc"))

    assert "-DFFI_PORT_HOST_ONLY" in flags("a.cc")
    assert "-DFFI_PORT_HOST_ONLY" not in flags("a.cc", "k.cu")


def test_newer_standard_stays(helper: ModuleType, tmp_path: Path) -> None:
    command = build(helper, tmp_path, ["x.cc"], extra_compile_args={"cxx": ["-std=c++20"]}).compile_command(
        "x.cc"
    )
    assert [word for word in command if word.startswith("-std")] == ["-std=c++20"]


def test_link_binds_now_and_needs_only_tvm_ffi(helper: ModuleType, tmp_path: Path) -> None:
    command = build(helper, tmp_path, ["x.cc"], libraries=["m"]).link_command(
        [tmp_path / "x.o"], tmp_path / "y.so"
    )
    assert "-Wl,-z,now" in command
    assert "-ltvm_ffi" in command
    assert [word for word in command if word.startswith("-l")] == ["-ltvm_ffi", "-lm"]
    assert not [word for word in command if "rpath" in word]


def test_cuda_file_gets_torch_defines_before_the_users_flags(
    helper: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "_tool", lambda name: f"/t/bin/{name}")
    monkeypatch.setenv("TVM_FFI_CUDA_ARCH_LIST", "8.0 9.0a+PTX")
    flags = {"cxx": [], "nvcc": ["-U__CUDA_NO_HALF_OPERATORS__"]}
    command = build(helper, tmp_path, ["k.cu"], backend="cuda", extra_compile_args=flags).compile_command(
        "k.cu"
    )
    assert command[0] == "/t/bin/nvcc"
    assert command.index("-D__CUDA_NO_HALF_OPERATORS__") < command.index("-U__CUDA_NO_HALF_OPERATORS__")
    assert [word for word in command if word.startswith("-gencode")] == [
        "-gencode=arch=compute_80,code=sm_80",
        "-gencode=arch=compute_90a,code=sm_90a",
        "-gencode=arch=compute_90a,code=compute_90a",
    ]


def test_host_files_beside_device_files_find_the_runtime(
    helper: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiler on PATH may be a script that calls the one in the toolkit."""
    for name, header in (("cuda", "cuda_runtime_api.h"), ("rocm", "hip/hip_runtime_api.h")):
        (tmp_path / name / "include" / header).parent.mkdir(parents=True)
        (tmp_path / name / "include" / header).touch()
    for compiler in ("nvcc", "hipcc"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / compiler).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for variable in ("CUDA_HOME", "CUDA_PATH", "ROCM_HOME", "ROCM_PATH", "TVM_FFI_GPU_BACKEND"):
        monkeypatch.delenv(variable, raising=False)
    rows = {
        name: (variables, str(tmp_path / folder), header)
        for (name, (variables, _, header)), folder in zip(helper.TOOLKITS.items(), ("cuda", "rocm"))
    }
    monkeypatch.setattr(helper, "TOOLKITS", rows)
    cuda = build(helper, tmp_path, ["k.cu", "x.cc"])
    command = cuda.compile_command("x.cc")
    assert command[command.index("-isystem") + 1] == str(tmp_path / "cuda" / "include")
    assert f"-L{tmp_path / 'cuda' / 'lib64'}" in cuda.link_command([], tmp_path / "y.so")
    hip = build(helper, tmp_path, ["k.hip", "x.cc"])
    command = hip.compile_command("x.cc")
    assert command[command.index("-isystem") + 1] == str(tmp_path / "rocm" / "include")
    assert "-DUSE_ROCM=1" in command
    assert "-isystem" not in build(helper, tmp_path, ["x.cc"]).compile_command("x.cc")


def test_architectures_given_by_the_project_are_the_only_ones(
    helper: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "_tool", lambda name: f"/t/bin/{name}")
    monkeypatch.setenv("TVM_FFI_ROCM_ARCH_LIST", "gfx90a")
    made = build(helper, tmp_path, ["k.hip"], extra_compile_args={"nvcc": ["--offload-arch=gfx942"]})
    command = made.compile_command("k.hip")
    assert command[0] == "/t/bin/hipcc"
    assert [word for word in command if word.startswith("--offload-arch")] == ["--offload-arch=gfx942"]


def test_library_lies_in_the_package_under_one_name_for_every_python(helper: ModuleType) -> None:
    from setuptools import Distribution

    command = helper.BuildTVMFFI(Distribution())
    command.extensions = [helper.TVMFFIExtension("pkg._C", ["x.cc"])]
    assert command.get_ext_filename("pkg._C.__C") == "pkg/_C/__C.so"


def test_missing_toolkit_names_the_next_step(helper: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper, "_find", lambda name: None)
    with pytest.raises(RuntimeError, match="set CUDA_HOME to its folder"):
        helper._tool("nvcc")
