"""What a worker process may import, and how it says that it cannot start."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.compare.call import Call
from migrate.compare.process import FIRST_RUN, Worker
from migrate.compare.protocol import LoadedBy


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on PYTHONPATH with a runtime that cannot be imported."""
    folder = tmp_path / "site"
    package = folder / "tvm_ffi"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('this runtime is broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def opened(folder: Path) -> str:
    worker = Worker("migrated", "cpu", folder / "worker", {})
    try:
        library = folder / "library.py"
        library.write_text("")
        return worker.open(LoadedBy("extension", "library", str(library)))
    finally:
        worker.stop()


def test_a_folder_of_installed_packages_lends_its_modules(site: Path, tmp_path: Path) -> None:
    (site / "apache_tvm_ffi-0.1.dist-info").mkdir()
    assert opened(tmp_path) == "ImportError: this runtime is broken"


def test_a_folder_of_sources_lends_nothing(site: Path, tmp_path: Path) -> None:
    assert opened(tmp_path) == ""


def test_the_call_after_a_lost_device_has_a_fresh_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """torch as a device that is lost by one call: a stand-in, for machines without one."""
    site = tmp_path / "site"
    (site / "tvm_ffi").mkdir(parents=True)
    (site / "tvm_ffi" / "__init__.py").write_text("")
    (site / "stand_in.dist-info").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(site))
    library = tmp_path / "library.py"
    library.write_text(
        "import os, torch\n"
        "def fail(): raise RuntimeError('CUDA error: an illegal memory access was encountered')\n"
        "def lose(): torch.cuda.synchronize = fail\n"
        "pid = os.getpid()\n"
        "torch.cuda.synchronize = lambda: None\n"
    )
    worker = Worker("original", "cuda", tmp_path / "worker", {})
    try:
        assert worker.open(LoadedBy("extension", "library", str(library))) == ""
        before = worker.read("pid", 60)
        assert before.observations
        assert not worker.call("lose", Call(()), (), [FIRST_RUN], 60).died
        after = worker.read("pid", 60)
        assert after.observations
        assert after != before
    finally:
        worker.stop()


FATAL = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "loop": ("while True: pass", "time limit of 2 s"),
    "allocation": ("kept = []\n    while True: kept.append(bytearray(1 << 20))", "memory limit of 128 MiB"),
}


def test_what_ends_a_process_is_told_and_the_next_call_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.compare.process._MOST_BYTES", 128 << 20)
    library = tmp_path / "library.py"
    bodies = [f"def {name}():\n    {body}\n" for name, (body, _) in FATAL.items()]
    library.write_text("\n".join([*bodies, "def answer():\n    return 42\n"]))
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    try:
        assert worker.open(LoadedBy("extension", "library", str(library))) == ""
        for name, (_, reason) in FATAL.items():
            assert worker.call(name, Call(()), (), [FIRST_RUN], 2.0).died == reason
            (seen,) = worker.call("answer", Call(()), (), [FIRST_RUN], 60.0).observations
            assert seen["value"]["text"] == "42"
    finally:
        worker.stop()


def test_the_runtimes_first_error_is_behind_every_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a second beside torch, and there are two children per operator."""
    site = tmp_path / "site"
    (site / "tvm_ffi").mkdir(parents=True)
    (site / "tvm_ffi" / "__init__.py").write_text(
        "import os\n"
        "def convert(function):\n"
        "    def call():\n"
        "        global first\n"
        "        first = os.getpid()\n"
        "        return function()\n"
        "    return call\n"
    )
    (site / "stand_in.dist-info").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(site))
    library = tmp_path / "library.py"
    library.write_text("import os, tvm_ffi\nbehind = tvm_ffi.first == os.getppid()\n")
    worker = Worker("migrated", "cpu", tmp_path / "worker", {})
    try:
        assert worker.open(LoadedBy("extension", "library", str(library))) == ""
        (seen,) = worker.read("behind", 60).observations
        assert seen["value"]["text"] == "True"
    finally:
        worker.stop()


def test_runs_that_showed_the_same_are_told_once(tmp_path: Path) -> None:
    library = tmp_path / "library.py"
    library.write_text("made = []\ndef count():\n    made.append(0)\n    return min(len(made), 3)\n")
    worker = Worker("original", "cpu", tmp_path / "worker", {})
    try:
        assert worker.open(LoadedBy("extension", "library", str(library))) == ""
        seen = worker.call("count", Call(()), (), [FIRST_RUN] * 5, 60).observations
        assert [each["value"]["text"] for each in seen] == ["1", "2", "3", "3", "3"]
        assert seen[2] is seen[3] is seen[4]
    finally:
        worker.stop()
