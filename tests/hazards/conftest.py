"""The operators of ``tree/``, migrated by the real tool and compiled once a session."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from migrate.build.toolchain import launcher
from migrate.pipeline import Migration, Request, migrate

TREE = Path(__file__).parent / "tree"
NAME = "hazards._C"


@pytest.fixture(scope="session")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    return migrate(Request(TREE, "cpu"), tmp_path_factory.mktemp("hazards") / "tree")


@pytest.fixture(scope="session")
def out(migration: Migration) -> Path:
    return migration.tree.root


@pytest.fixture(scope="session")
def library(out: Path) -> Path:
    """The shared library, linked so that a name that nothing defines is an error at once [23]."""
    if not sys.platform.startswith("linux"):
        pytest.skip("not run: it loads a Linux library")
    info: Any = pytest.importorskip("tvm_ffi.libinfo")
    built = out / ".migrate" / "build" / "migrated" / NAME
    built.mkdir(parents=True)
    includes = ["-Iffi", "-I."]
    for folder in (info.find_include_path(), info.find_dlpack_include_path()):
        includes += ["-isystem", folder]
    sources = ["ffi/hazards_C_ffi.cc", "ops.cpp"]

    def compiled(source: str) -> str:
        target = str(built / (Path(source).name + ".o"))
        # Unique symbols of the C++ library's headers would keep loaded what nothing else keeps [20].
        options = ["-std=c++17", "-O0", "-fPIC", "-fvisibility=hidden", "-fno-gnu-unique"]
        command = [*launcher(), "g++", *options, *includes]
        subprocess.run([*command, "-c", source, "-o", target], cwd=out, check=True)
        return target

    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(compiled, sources))
    runtime = Path(info.find_libtvm_ffi()).parent
    target = built / f"{NAME}.so"
    link = ["g++", "-shared", "-Wl,-z,now", "-Wl,-z,defs", *objects, f"-L{runtime}", "-ltvm_ffi", "-lc"]
    subprocess.run([*link, "-o", str(target)], cwd=out, check=True)
    return target


@pytest.fixture(scope="session")
def ops(out: Path, library: Path) -> Iterator[Any]:
    """The adaptor, under the import name of the original."""
    pytest.importorskip("torch")
    sys.path.insert(0, str(out))
    try:
        yield importlib.import_module(NAME)
    finally:
        sys.path.remove(str(out))
