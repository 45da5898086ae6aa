"""The script of a difference, run: it shows what differs in each situation, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from test_compare_situations import CALL, ENTRY, FAULTS, GOOD

from migrate.compare.call import Call, Value
from migrate.compare.protocol import LoadedBy
from migrate.compare.repro import Shown, write_repro

pytest.importorskip("torch")

ROOT = Path(__file__).resolve().parents[2]
# What a call alone does not show: state that is left behind, and memory that is not the tensor's.
LEFT_BEHIND = {
    "random numbers": "def f(x):\n    torch.rand(1)\n    return x * 2\n",
    "gradients": "def f(x):\n    torch.set_grad_enabled(False)\n    return x * 2\n",
    "bytes outside": "import ctypes\ndef f(x):\n"
    "    ctypes.memset(x.data_ptr() + x.nbytes, 1, 1)\n    return x * 2\n",
}
SAMPLE = ("", "threads")


def run(
    tree: Path, situation: str, migrated: str, changes: Mapping[str, str] = {}, call: Call = CALL
) -> subprocess.CompletedProcess[str]:
    (tree / "original.py").write_text(GOOD)
    package = tree / "m"
    package.mkdir()
    (package / "__init__.py").write_text(migrated)
    libraries = (
        LoadedBy("extension", "m", str(tree / "original.py")),
        LoadedBy("adaptor", "m", str(package), str(tree)),
    )
    script = write_repro(tree, ENTRY, Shown(call, "it differs", situation=situation), libraries)
    text = (tree / script).read_text()
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tree / script).write_text(text)
    command = [sys.executable, str(tree / script)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize(
    "situation",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.campaign) for name in FAULTS],
)
def test_a_script_shows_its_situation(tmp_path: Path, situation: str) -> None:
    done = run(tmp_path, situation, f"import torch\n{FAULTS[situation]}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ended with" not in done.stdout


@pytest.mark.parametrize("situation", ["", *(pytest.param(n, marks=pytest.mark.campaign) for n in FAULTS)])
def test_a_script_of_equal_code_says_so(tmp_path: Path, situation: str) -> None:
    done = run(tmp_path, situation, GOOD)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "random state" in done.stdout


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("migrated", "shows"),
    [
        ("def f(x):\n    while True:\n        pass\n", "still running after 20 s"),
        ("def f(x):\n    kept = []\n    while True:\n        kept.append(bytes(1 << 27))\n", "MemoryError"),
        ("def f(x):\n    return (x.view_as(x), 1)\n", "result is [[], []]"),
    ],
    ids=["a loop without end", "memory without end", "another object"],
)
def test_a_script_comes_to_an_end_and_names_the_parts(tmp_path: Path, migrated: str, shows: str) -> None:
    done = run(tmp_path, "", migrated, {"LIMIT = 60": "LIMIT = 20", "4 << 30": "1 << 30"})
    assert done.returncode == 1, done.stdout + done.stderr
    assert shows in done.stdout


@pytest.mark.campaign
def test_a_script_tells_one_nan_from_another(tmp_path: Path) -> None:
    call = Call((Value("tensor", shape=(3, 5), fill="special"),))
    other = "import torch\ndef f(x):\n    y = x * 2\n    return torch.where(y.isnan(), -y, y)\n"
    done = run(tmp_path, "", other, call=call)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ended with" not in done.stdout


@pytest.mark.campaign
@pytest.mark.parametrize("kind", LEFT_BEHIND)
def test_a_script_shows_what_is_left_behind(tmp_path: Path, kind: str) -> None:
    done = run(tmp_path, "", f"import torch\n{LEFT_BEHIND[kind]}")
    assert done.returncode == 1, done.stdout + done.stderr
