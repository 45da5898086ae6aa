"""Old and new side by side: the switch, one commit per operator, and the old one's retirement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrate import cli

BINDING = """\
#include <torch/extension.h>
static int calls = 0;
torch::Tensor twice(torch::Tensor x) { return x.mul(2); }
int64_t rows(torch::Tensor x) { return x.size(0); }
int64_t count() { return ++calls; }
void reset() { calls = 0; }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("rows", &rows, py::arg("x"));
  m.def("twice", &twice, py::arg("x"));
  m.def("count", &count);
  m.def("reset", &reset);
  m.attr("lines") = m.attr("rows");
}
"""
LIBRARY = """\
#include <Python.h>
#include <torch/library.h>
extern "C" {
PyObject* PyInit__C(void) {
  static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_C", nullptr, -1, nullptr};
  return PyModule_Create(&definition);
}
}
int64_t rows(const at::Tensor& x) { return x.size(0); }
int64_t cols(const at::Tensor& x) { return x.size(1); }
TORCH_LIBRARY(pkg, m) {
  m.def("rows(Tensor x) -> int");
  m.def("cols(Tensor x) -> int");
}
TORCH_LIBRARY_IMPL(pkg, CPU, m) {
  m.impl("rows", &rows);
  m.impl("cols", &cols);
}
"""
SETUP = """\
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CppExtension

setup(name="pkg", packages=["pkg"], ext_modules=[CppExtension("pkg._C", ["csrc/ops.cpp"])],
      cmdclass={"build_ext": BuildExtension}, setup_requires=["pybind11"])
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "csrc").mkdir(parents=True)
    (root / "pkg").mkdir()
    (root / "csrc" / "ops.cpp").write_text(BINDING)
    (root / "setup.py").write_text(SETUP)
    (root / "pkg" / "__init__.py").write_text("from pkg import _C\n")
    return root


@pytest.fixture
def migrate(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: object) -> tuple[Any, str]:
        monkeypatch.setattr(sys, "argv", ["migrate", "-q", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capfd.readouterr()
        return end.value.code, out + err

    return call


def git(out: Path, *arguments: str) -> str:
    command = ["git", "-C", str(out), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def texts(root: Path) -> dict[str, str]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    found = {path.relative_to(root).as_posix(): path.read_text() for path in files}
    return {name: text for name, text in found.items() if not name.startswith((".git/", ".migrate/"))}


def test_one_commit_per_operator_or_smallest_group(migrate: Any, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said = migrate("run", source, "--out", out, "--commits")
    assert code == 0, said
    subjects = git(out, "log", "--format=%s", "--reverse").splitlines()
    assert subjects[0] == "Original sources"
    assert subjects[1] == "Migrate rows of pkg._C to tvm-ffi"
    assert subjects[2] == "Migrate twice of pkg._C to tvm-ffi"
    # These two share a variable: apart, each library would count for itself.
    assert sorted(subjects[3].split()[1:3]) == ["count,", "reset"]
    assert len(subjects) == 4
    assert "move together" in git(out, "log", "-1", "--format=%b")
    assert git(out, "status", "--porcelain") == ""
    assert git(out, "show", "HEAD~3:csrc/ops.cpp") == BINDING
    adaptors = [git(out, "show", f"HEAD~{age}:pkg/_C/__init__.py") for age in (2, 1, 0)]
    assert ["\ndef rows(" in text for text in adaptors] == [True, True, True]
    assert ["\ndef twice(" in text for text in adaptors] == [False, True, True]
    assert ["\ncount = _original.count" in text for text in adaptors] == [True, True, False]
    code, said = migrate("run", source, "--out", out, "--commits")
    assert code == 2
    assert "has a branch migrate already" in said


def test_a_library_of_dispatcher_operators_is_one_commit(
    migrate: Any, source: Path, tmp_path: Path
) -> None:
    (source / "csrc" / "ops.cpp").write_text(LIBRARY)
    (source / "setup.py").write_text(SETUP.replace("pybind11", "wheel"))
    code, said = migrate("run", source, "--out", tmp_path / "out", "--commits")
    assert code == 0, said
    subjects = git(tmp_path / "out", "log", "--format=%s").splitlines()
    assert subjects == ["Migrate rows, cols of pkg._C to tvm-ffi", "Original sources"]
    assert git(tmp_path / "out", "status", "--porcelain") == ""


def test_the_switch_stays_until_the_old_one_is_retired(migrate: Any, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    migrate("run", source, "--out", out, "--coexist")
    migrate("run", source, "--out", out)  # once begun, it goes on
    adaptor = texts(out)["pkg/_C/__init__.py"]
    assert "MIGRATE_OLD" in adaptor
    assert adaptor.index("globals()[") < adaptor.index("\nlines = rows\n")  # the alias of what is served
    assert "legacy/csrc/ops.cpp" in texts(out)
    code, said = migrate("retire", "-C", out, "twice")
    assert code == 1
    assert "not retired: pkg._C.twice (last verdict NotRun)" in said
    verdicts = {"rows": "Equal", "twice": "Close", "count": "Different", "reset": "Equal"}
    rows = [
        {"id": f"pkg._C:{name}", "name": name, "module": "pkg._C", "verdict": verdict}
        for name, verdict in verdicts.items()
    ]
    results = {"operators": rows}
    (out / ".migrate" / "results").mkdir()
    (out / ".migrate" / "results" / "test.json").write_text(json.dumps(results))
    before = texts(out)
    assert migrate("retire", "-C", out)[0] == 1
    assert texts(out) == before
    assert migrate("retire", "-C", out, "twice", "rows")[0] == 0
    adaptor = texts(out)["pkg/_C/__init__.py"]
    switched = adaptor[adaptor.index("MIGRATE_OLD") :].split("globals()")[0]
    assert "count" in switched
    assert "twice" not in switched
    (out / ".migrate" / "results" / "test.json").write_text(json.dumps(results).replace("Different", "Equal"))
    (source / "csrc" / "new.h").write_text("// upstream\n")
    assert migrate("retire", "-C", out)[0] == 2
    (source / "csrc" / "new.h").unlink()
    assert migrate("retire", "-C", out)[0] == 0
    assert migrate("check", "-C", out)[0] == 0
    left = texts(out)
    assert not [name for name in left if name.startswith("legacy/")]
    # The comment at the top of the adaptor says what it replaces.
    assert not [name for name, text in left.items() if "PYBIND11" in text or "pybind11/" in text]
    assert "pybind11" not in left["setup.py"]


def test_nothing_is_retired_where_nothing_old_is(migrate: Any, source: Path, tmp_path: Path) -> None:
    migrate("run", source, "--out", tmp_path / "out")
    code, said = migrate("retire", "-C", tmp_path / "out")
    assert code == 2
    assert "migrate run --coexist" in said
