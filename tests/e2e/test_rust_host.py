"""A Rust host that lacks something: one line with the next step, and exit code 1, never a crash."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import rust_host

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("gcc") is None, reason="not run: no gcc on this machine"),
]
INSTALL = "pip install 'apache-tvm-ffi>=0.1.15,<0.2'\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rust_host.compiled(tmp_path_factory.mktemp("rust"))


def library(folder: Path, source: str, name: str) -> Path:
    (folder / "lib.c").write_text(source)
    command = ["gcc", "-shared", "-fPIC", "-Wl,-z,now", "lib.c", "-o", name]
    subprocess.run(command, cwd=folder, check=True)
    return folder / name


def refusal(program: Path, *arguments: object) -> str:
    done = rust_host.run(program, *arguments)
    assert done.returncode == 1, done.stderr
    assert done.stderr.endswith(INSTALL)
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_the_runtime_is_missing(program: Path) -> None:
    said = refusal(program, "/no/libtvm_ffi.so", "x")
    assert said.startswith("ImportError: tvm-ffi cannot be loaded: /no/libtvm_ffi.so: cannot open")


def test_the_runtime_is_too_old(program: Path, tmp_path: Path) -> None:
    source = "void TVMFFIGetVersion(unsigned* v) { v[0] = 0; v[1] = 1; v[2] = 3; }"
    old = library(tmp_path, source, "libtvm_ffi.so")
    assert f"{old} is version 0.1.3, which is too old" in refusal(program, old, "x")


def test_the_runtime_lacks_a_symbol(program: Path, tmp_path: Path) -> None:
    source = "void TVMFFIGetVersion(unsigned* v) { v[0] = 0; v[1] = 1; v[2] = 16; }"
    odd = library(tmp_path, source, "libtvm_ffi.so")
    assert f"{odd} does not have TVMFFIFunctionGetGlobal" in refusal(program, odd, "x")


def test_the_library_needs_a_newer_runtime(program: Path, tmp_path: Path) -> None:
    new = library(tmp_path, "int TVMFFINew(void); int f(void) { return TVMFFINew(); }", "ops.so")
    said = refusal(program, rust_host.runtime(), new)
    assert "undefined symbol: TVMFFINew" in said
    assert "Build it again, or install a newer tvm-ffi" in said
