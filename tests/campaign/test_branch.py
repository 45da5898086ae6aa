"""A per-operator branch for real: every commit builds and passes its test, alone and by the old side.

Minutes, since each commit compiles the old extension with torch's headers: behind the marker.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import branches
import pytest
import results

ROOT = Path(__file__).resolve().parents[2]
BINDING = """\
#include <torch/extension.h>
static int64_t calls = 0;
torch::Tensor twice(torch::Tensor x) {
  TORCH_CHECK(x.is_contiguous() && x.scalar_type() == torch::kFloat, "x must be contiguous floats");
  torch::Tensor out = torch::empty_like(x);
  const float* from = x.data_ptr<float>();
  float* to = out.data_ptr<float>();
  for (int64_t i = 0; i < x.numel(); ++i) to[i] = from[i] * 2;
  return out;
}
int64_t rows(torch::Tensor x) { return x.size(0); }
int64_t count() { return ++calls; }
void reset() { calls = 0; }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("rows", &rows, py::arg("x"));
  m.def("twice", &twice, py::arg("x"));
  m.def("count", &count);
  m.def("reset", &reset);
}
"""
SETUP = """\
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CppExtension

setup(
    name="pkg",
    packages=["pkg"],
    ext_modules=[CppExtension("pkg._C", ["csrc/ops.cpp"])],
    cmdclass={"build_ext": BuildExtension},
)
"""
# What the library's own test would be: it says nothing of how the module is bound.
CHECK = """\
import torch
from pkg import _C
x = torch.arange(6.0).reshape(2, 3)
assert _C.rows(x) == 2 and torch.equal(_C.twice(x=x), x * 2)
_C.reset()
assert [_C.count(), _C.count()] == [1, 2]
try:
    _C.twice(x.t())
except RuntimeError as error:
    assert "x must be contiguous floats" in str(error)
else:
    raise AssertionError("no check")
"""
BOTH = """\
import torch
from pkg import _C
from pkg._C._backend import legacy
x = torch.arange(6.0)
assert torch.equal(_C.twice(x), legacy().twice(x))
assert type(_C.twice) is not type(legacy().twice)
"""


def run(*command: object, cwd: Path, **variables: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CFLAGS": "-O0", "MAX_JOBS": "2", **variables}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def migrate(*arguments: object, cwd: Path) -> str:
    return run(sys.executable, "-m", "migrate", "-q", *arguments, cwd=cwd)


@pytest.mark.campaign
def test_every_commit_of_a_branch_builds_and_passes(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    (source / "csrc").mkdir(parents=True)
    (source / "pkg").mkdir()
    (source / "csrc" / "ops.cpp").write_text(BINDING)
    (source / "setup.py").write_text(SETUP)
    (source / "pkg" / "__init__.py").write_text("import torch\n")
    migrate("run", source, "--out", out, "--commits", cwd=tmp_path)
    commits = run("git", "rev-list", "--reverse", "migrate", cwd=out).split()
    assert len(commits) == 4
    for number, commit in enumerate(commits):
        here = tmp_path / f"commit{number}"
        run("git", "worktree", "add", "-q", "--detach", here, commit, cwd=out)
        run(sys.executable, "setup.py", "-q", "build_ext", "--inplace", cwd=here)
        run(sys.executable, "-c", CHECK, cwd=here, PYTHONPATH=str(here))
        if number:
            run(sys.executable, "-c", CHECK, cwd=here, PYTHONPATH=str(here), MIGRATE_OLD="pkg._C")
    run(sys.executable, "-c", BOTH, cwd=here, PYTHONPATH=str(here))
    migrate("test", "--cases", "20", "-C", out, cwd=tmp_path)
    migrate("retire", "-C", out, cwd=tmp_path)
    assert not (out / "legacy").exists()
    assert "pybind11" not in (out / "setup.py").read_text()
    run(sys.executable, "setup.py", "-q", "build_ext", "--inplace", cwd=out)
    run(sys.executable, "-c", CHECK, cwd=out, PYTHONPATH=str(out))


@pytest.mark.campaign
def test_every_commit_of_the_fixtures_builds_and_passes(tmp_path: Path) -> None:
    found = {}
    for fixture in branches.FIXTURES:
        (tmp_path / fixture).mkdir()
        found[fixture] = branches.walk(fixture, tmp_path / fixture)
    results.keep("branches", branches.summary(found))
    assert {name: rows["wrong"] for name, rows in found.items() if rows["wrong"]} == {}
