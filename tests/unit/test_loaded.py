"""``migrate doctor --process``: real processes that have one libtvm_ffi, two, or none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate import loaded
from migrate.audit.shipments import installed_runtime
from migrate.cli import commands
from migrate.errors import UsageError

_HOST = """\
import ctypes, sys
for path in sys.argv[1:]:
    ctypes.CDLL(path)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def vendored(tmp_path: Path) -> Path:
    """A copy of the runtime, as a package brings it that was repaired without --exclude."""
    runtime = installed_runtime()
    assert runtime is not None
    site = tmp_path / "site-packages"
    (site / "ops.libs").mkdir(parents=True)
    (site / "ops-1.0.dist-info").mkdir()
    copy = site / "ops.libs" / "libtvm_ffi-c33ef534.so"
    shutil.copy(runtime.path, copy)
    (site / "ops-1.0.dist-info" / "METADATA").write_text("Name: ops\nVersion: 1.0\n")
    (site / "ops-1.0.dist-info" / "RECORD").write_text("ops.libs/libtvm_ffi-c33ef534.so,,\n")
    return copy


class Program:
    """A Python that has loaded the libraries named, and waits."""

    def __init__(self, *libraries: Path) -> None:
        command = [sys.executable, "-c", _HOST, *map(str, libraries)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def __enter__(self) -> int:
        return self.process.pid

    def __exit__(self, *_: object) -> None:
        self.process.communicate("")


@pytest.fixture
def own() -> Path:
    runtime = installed_runtime()
    assert runtime is not None
    return Path(runtime.path)


def test_one_copy_is_as_it_should_be(own: Path) -> None:
    with Program(own) as pid:
        result = CliRunner().invoke(commands, ["doctor", "--process", str(pid)], standalone_mode=False)
        (found,) = loaded.loaded_runtimes(pid)
    assert result.return_value == 0
    assert found.path == str(own)
    assert found.package.startswith("apache-tvm-ffi ")
    assert found.version.startswith("0.")


def test_two_copies_are_named_with_the_package_that_brought_each(own: Path, vendored: Path) -> None:
    with Program(own, vendored) as pid:
        found = loaded.loaded_runtimes(pid)
    assert {one.package.split()[0] for one in found} == {"apache-tvm-ffi", "ops"}
    assert loaded.exit_code(found) == 1
    page = json.loads(loaded.to_json(found))
    assert "Build ops 1.0 again without it: auditwheel repair --exclude libtvm_ffi.so" in page["advice"]
    assert page["advice"] in loaded.to_text(found)


def test_no_copy() -> None:
    with Program() as pid:
        assert loaded.loaded_runtimes(pid) == ()
    assert loaded.to_text(()) == "no libtvm_ffi is loaded\n"
    assert loaded.exit_code(()) == 0


def test_a_copy_outside_every_environment(tmp_path: Path, own: Path) -> None:
    copy = tmp_path / "libtvm_ffi.so"
    shutil.copy(own, copy)
    with Program(copy) as pid:
        (found,) = loaded.loaded_runtimes(pid)
    assert found.package == "no package: it lies outside every site-packages"


def test_this_very_program_can_ask() -> None:
    assert len(loaded.loaded_runtimes()) <= 1
    assert loaded.loaded_runtimes() == loaded.loaded_runtimes(os.getpid())


def test_a_process_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no process 4194999"):
        loaded.loaded_runtimes(4194999)
