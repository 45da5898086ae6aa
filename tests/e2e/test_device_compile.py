"""Migrated device code compiles with nothing of a framework in sight, on a machine without a device."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Optional

import pytest
from fixture_trees import FIXTURES, Case, migrate

from migrate.build import toolchain

pytestmark = pytest.mark.e2e
tvm_ffi = pytest.importorskip("tvm_ffi.libinfo")

NAMES = ("norm", "conv1d", "registry")
_ELSEWHERE = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH")
NVCC, HIPCC = toolchain.nvcc(), toolchain.hipcc()


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """Migrated, not built: no torch is needed for any of this."""
    found = {}
    for name in NAMES:
        scratch = tmp_path_factory.mktemp(name)
        source = shutil.copytree(FIXTURES / name, scratch / "source")
        done = migrate("run", source, "--out", scratch / "tree")
        assert done.returncode in (0, 1), done.stderr
        found[name] = Case(name, source, scratch / "tree", "", done.returncode, [])
    return found


def compile_with(command: list[str], spec: dict[str, Any], source: str, tree: Path) -> None:
    """Only the library's own folders and tvm-ffi are on the include path."""
    own = (tvm_ffi.find_include_path(), tvm_ffi.find_dlpack_include_path())
    paths = [f"-I{folder}" for folder in (*spec["include_dirs"], *own)]
    defines = [define if define.startswith("-D") else f"-D{define}" for define in spec["defines"]]
    done = subprocess.run(
        [*command, *defines, *paths, "-c", source, "-o", os.devnull],
        cwd=tree,
        env={name: value for name, value in os.environ.items() if name not in _ELSEWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{source}\n{done.stdout}{done.stderr}"


def specs(case: Case, backend: Optional[str] = None) -> list[dict[str, Any]]:
    rows = [module["migrated"] for module in case.manifest["modules"] if module["migrated"]]
    return [row for row in rows if backend is None or row["backend"] == backend]


@pytest.mark.parametrize("name", NAMES)
def test_every_shim_compiles_with_the_host_compiler(trees: dict[str, Case], name: str) -> None:
    case = trees[name]
    assert specs(case)
    for spec in specs(case):
        (ffi_dir,) = {s.rpartition("/")[0] for s in spec["sources"] if s.endswith("_ffi.cc")}
        alone = {**spec, "include_dirs": [ffi_dir]}
        for source in spec["sources"]:
            if source.startswith(f"{ffi_dir}/"):
                compile_with([toolchain.cxx(), "-std=c++17", "-fsyntax-only"], alone, source, case.tree)


@pytest.mark.skipif(NVCC is None, reason="not run: no nvcc on this machine")
@pytest.mark.parametrize("name", ["norm", "conv1d"])
def test_cuda_files_compile_without_torch(trees: dict[str, Case], name: str) -> None:
    command = [NVCC or "", "-arch=sm_90", "-std=c++17", *toolchain.NVCC_DEFAULTS]
    compile_device_files(trees[name], "cuda", (".cu",), command)


@pytest.mark.skipif(HIPCC is None, reason="not run: no hipcc on this machine")
def test_hip_files_compile_without_torch(trees: dict[str, Case]) -> None:
    start = ["env", "HIP_PLATFORM=amd", HIPCC or "", "-x", "hip", "--offload-arch=gfx90a", "-std=c++17"]
    compile_device_files(trees["norm"], "hip", (".cu", ".hip"), [*start, *toolchain.HIP_DEFAULTS])


def compile_device_files(case: Case, backend: str, suffixes: tuple[str, ...], command: list[str]) -> None:
    files = [(spec, s) for spec in specs(case, backend) for s in spec["sources"] if s.endswith(suffixes)]
    assert files
    for spec, source in files:
        compile_with(command, spec, source, case.tree)
