"""Migrated files are parsed once more with torch undeclared; what has an error there is not migrated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrate import pipeline
from migrate.model.bindings import Model
from migrate.model.plan import FileSet, Plan
from migrate.model.project import Project
from migrate.parse import clang
from migrate.parse.prelude import Prelude
from migrate.parse.syntax import check_syntax
from migrate.pipeline import Request, analyse, migrate
from migrate.render import render
from migrate.resources import csrc, sysroot

SOURCE = """\
#include <torch/extension.h>
static int width(const torch::Tensor &x) { return x.size(0); }
torch::Tensor twice(torch::Tensor x) { return torch::empty({width(x)}, x.options()); }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("twice", &twice); }
"""


def tree(folder: Path, source: str = SOURCE) -> Path:
    (folder / "src").mkdir()
    (folder / "src" / "ext.cpp").write_text(source, encoding="utf-8")
    return folder / "src"


def rendered(folder: Path, source: str = SOURCE) -> tuple[Project, Plan, FileSet]:
    found = analyse(Request(tree(folder, source), backend="cpu"))
    return found.project, found.plan, render(found.project, found.model, found.plan)


def errors(project: Project, plan: Plan, files: FileSet) -> list[tuple[str, str]]:
    return [(e.file, e.message) for unit in check_syntax(project, plan, files, 1) for e in unit.errors]


def test_a_migrated_tree_parses_without_torch(tmp_path: Path) -> None:
    project, plan, files = rendered(tmp_path)
    checked = check_syntax(project, plan, files, 1)
    assert {unit.source.rpartition("/")[2] for unit in checked} == {"ext.cpp", "ext_ffi.cc"}
    assert not any(unit.errors for unit in checked)


@pytest.mark.parametrize("left", ["torch::Tensor rest(int);", "namespace py = pybind11;", "at::Half h;"])
def test_a_name_of_torch_that_was_left_is_an_error(tmp_path: Path, left: str) -> None:
    project, plan, files = rendered(tmp_path)
    path = next(path for path in files.write if path.endswith("ext.cpp"))
    broken = replace(files, write={**files.write, path: files.write[path] + left.encode()})
    assert {file for file, _ in errors(project, plan, broken)} == {path}


def test_a_header_is_called_what_the_project_calls_it(tmp_path: Path) -> None:
    """`LOG` comes with torch's headers, under a name that says nothing of torch."""
    for folder in ("host", "include"):
        (tmp_path / "src" / folder).mkdir(parents=True)
    (tmp_path / "src/host/ext.cpp").write_text('#include "../include/log.h"\n' + SOURCE)
    (tmp_path / "src/include/log.h").write_text("inline void warn() { LOG(WARNING) << 1; }\n")
    found = analyse(Request(tmp_path / "src", backend="cpu"))
    files = render(found.project, found.model, found.plan)
    assert {file for file, _ in errors(found.project, found.plan, files)} == {"include/log.h"}
    (row,) = migrate(Request(tmp_path / "src", backend="cpu"), tmp_path / "out").report.operators
    assert (row.tier, "without torch include/log.h has an error" in row.reason) == ("bridge", True)


def test_an_error_that_the_original_has_too_is_not_the_migrations(tmp_path: Path) -> None:
    project, plan, files = rendered(tmp_path, "struct Mine : library::Base {};\n" + SOURCE)
    assert b"library::Base" in files.write["ext.cpp"]
    assert errors(project, plan, files) == []


def test_the_report_says_how_an_operator_is_verified(tmp_path: Path) -> None:
    done = migrate(Request(tree(tmp_path), backend="cpu"), tmp_path / "out")
    assert [row.verified for row in done.report.operators] == ["syntax"]


def test_operators_of_a_file_that_does_not_parse_keep_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a rule had overlooked the constant; the second plan leaves the file alone."""
    monkeypatch.setattr(pipeline, "render", with_a_leftover)
    done = migrate(Request(tree(tmp_path), backend="cpu"), tmp_path / "out")
    (row,) = done.report.operators
    assert (row.tier, row.verified) == ("bridge", "no")
    assert row.reason == "without torch ext.cpp has an error: use of undeclared identifier 'torch'"


def with_a_leftover(project: Project, model: Model, plan: Plan) -> FileSet:
    files = render(project, model, plan)
    write = {
        path: data + b"auto leftover = torch::kInt;\n" if path == "ext.cpp" else data
        for path, data in files.write.items()
    }
    return replace(files, write=write)


@pytest.mark.parametrize("backend", ["cuda", "hip", "host"])
def test_the_carried_headers_parse_in_the_sysroot(tmp_path: Path, backend: str) -> None:
    """A name that the sysroot lacks would be an error of every migrated file."""
    paths = sorted((csrc() / "ffi_port").glob("*.h"))
    names = {path.name: path.read_text(encoding="utf-8") for path in paths}
    headers = [name for name in names if name not in left_out(names, backend)]
    text = "".join(f'#include "ffi_port/{name}"\n' for name in headers)
    unit = tmp_path / "all.cu"
    unit.write_text(text, encoding="utf-8")
    for path in (p for p in (csrc() / "ffi_port").rglob("*") if p.is_file()):
        stand_ins(tmp_path / "include", path.read_text(encoding="utf-8"))
    folders = [csrc(), sysroot() / "thirdparty", tmp_path / "include"]
    flags = [*Prelude(sysroot(), backend, torch=False).text_flags(), *(f"-I{folder}" for folder in folders)]
    found = [f"{p.file}:{p.line}: {p.message}" for p in clang.problems(clang.open_unit(unit, flags, {}))]
    assert found == []


def left_out(texts: dict[str, str], backend: str) -> set[str]:
    """CUDA's headers for HIP; for the host compiler, all that need a device's."""
    if backend != "host":
        return {"cuda.h", "cuda_stream.h"} if backend == "hip" else set()  # HIP's are empty elsewhere
    found, more = set(), {"cuda.h", "hip.h", "gpu.h", "gpu_data_type.h", "kernel.h", "atomic.h"}
    while more:
        found |= more
        more = {n for n, text in texts.items() if any(f'"ffi_port/{f}"' in text for f in found)} - found
    return found


def stand_ins(folder: Path, text: str) -> None:
    for line in text.splitlines():
        if line.startswith("#include <") and not line.startswith("#include <tvm/"):
            path = folder / line.split("<")[1].split(">")[0]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
