"""Calls in other surroundings, each with a pair of Python modules that differ there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Optional

import pytest

from migrate.compare.call import Call, Value
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.process import Worker
from migrate.compare.protocol import LoadedBy
from migrate.compare.situations import Found, Pair, compare_situations

pytest.importorskip("torch")

ENTRY = Entry("m:f", "f", "function", "raw", "", (Parameter("x", ArgType("tensor")),), path="f")
CALL = Call((Value("tensor", shape=(4, 3)),))
GOOD = "import torch\ndef f(x):\n    return x * 2\n"

FAULTS = {
    "again": """
results = []
def f(x):
    results[:] = [row for row in results if row[0] is x] or [(x, x * 2)]
    return results[0][1].clone()
""",
    "threads": """
import time
def f(x):
    global kept
    kept = x * 2
    time.sleep(0.001)
    return kept.clone()
""",
    "default dtype": """
def f(x):
    return (x * 2).to(torch.get_default_dtype())
""",
    "default device": """
def f(x):
    return torch.empty(x.shape, dtype=x.dtype).copy_(x * 2)
""",
    "inference mode": """
def f(x):
    return x * (3 if torch.is_inference_mode_enabled() else 2)
""",
    # The first eight bytes of a DLTensor are its pointer.
    "byte offset": """
import ctypes, tvm_ffi
address = ctypes.pythonapi.PyCapsule_GetPointer
address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
def f(x):
    capsule = tvm_ffi.from_dlpack(x)._to_dlpack()
    pointer = ctypes.c_uint64.from_address(address(capsule, b"dltensor")).value
    return x * (2 if pointer == x.data_ptr() else 3)
""",
    "many calls": """
import ctypes
lose = ctypes.CDLL(None).malloc
lose.restype = ctypes.c_void_p
def f(x):
    lose(1024)
    return x * 2
""",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("workers")
    workers = [Worker(side, "cpu", folder, {}) for side in ("original", "migrated")]
    yield Pair(*workers, "cpu", 60.0)
    for worker in workers:
        worker.stop()


def found(pair: Pair, folder: Path, original: str, migrated: str) -> Optional[Found]:
    for worker, text in ((pair.original, original), (pair.migrated, migrated)):
        path = folder / f"{id(text)}.py"
        path.write_text(text)
        assert worker.open(LoadedBy("extension", "m", str(path))) == ""
    count, result = compare_situations(pair, ENTRY, [CALL])
    assert count
    return result


def test_the_same_code_is_the_same_in_every_situation(pair: Pair, tmp_path: Path) -> None:
    assert found(pair, tmp_path, GOOD, GOOD + "\n") is None


@pytest.mark.parametrize("situation", FAULTS)
def test_a_difference_shows_in_its_situation(pair: Pair, tmp_path: Path, situation: str) -> None:
    result = found(pair, tmp_path, GOOD, f"import torch\n{FAULTS[situation]}")
    assert result is not None
    assert result.situation == situation


OBJECTS = "lost = []\ndef f(x):\n    lost.append([x.shape])\n    return x * 2\n"
CACHED = "seen = {}\ndef f(x):\n    seen[id(x) % 64] = bytearray(4096)\n    return x * 2\n"


def test_objects_that_pile_up_are_seen_and_a_cache_is_not(pair: Pair, tmp_path: Path) -> None:
    result = found(pair, tmp_path, GOOD, OBJECTS)
    assert result is not None
    assert "objects stay allocated after each call, 0 in the original" in str(result.difference)
    assert found(pair, tmp_path, GOOD, CACHED) is None
    assert found(pair, tmp_path, OBJECTS, GOOD) is None  # what no longer leaks is no fault


def test_what_the_original_itself_cannot_do_is_not_asked(pair: Pair, tmp_path: Path) -> None:
    refuses = GOOD.replace("return", "assert not torch.is_inference_mode_enabled()\n    return")
    assert found(pair, tmp_path, refuses, GOOD) is None


def test_an_original_that_threads_disturb_says_nothing(pair: Pair, tmp_path: Path) -> None:
    assert found(pair, tmp_path, f"import torch\n{FAULTS['threads']}", GOOD) is None


def test_a_crash_says_in_which_situation(pair: Pair, tmp_path: Path) -> None:
    dies = GOOD.replace(
        "return", "__import__('os').abort() if torch.is_inference_mode_enabled() else 0\n    return"
    )
    result = found(pair, tmp_path, GOOD, dies)
    assert result is not None
    assert result.crash == "killed by SIGABRT in inference mode"
