"""Overloads of C's functions that only torch's headers brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.project import Project, SourceFile
from migrate.pipeline import Request, migrate
from migrate.render.overloads import lost_with_python, needed_overloads, visible_overloads
from migrate.text.includes import find_includes


def project(files: dict[str, str]) -> Project:
    kinds = {path: "header" if path.endswith((".h", ".cuh")) else "source" for path in files}
    rows = tuple(SourceFile(path, kinds[path], text.encode()) for path, text in files.items())
    return Project(Path(), "cpu", rows, (), ())


@pytest.mark.parametrize(
    ("text", "visible", "header"),
    [
        ("float f(float x) { return abs(x); }", "<math.h>", "<math.h>"),
        ("float f(float x) { return abs(x); }", "<stdlib.h>", "<stdlib.h>"),
        ("float f(float x) { return abs(x); }", "", None),
        ("float f(float x) { return exp(x); }", "<math.h>", "<math.h>"),
        ("float f(float x) { return exp(x); }", "<stdlib.h>", None),
        ("float f(float x) { return std::abs(x); }", "<math.h>", None),
        ("auto f(T x) { return x.abs() + x->exp(); }", "<math.h>", None),
        ("// abs(x)\nint log = 0;", "<math.h>", None),
        ("pow(2, 3)", "<math.h>", "<math.h>"),
    ],
)
def test_what_a_text_calls(text: str, visible: str, header: str) -> None:
    assert needed_overloads(text, visible) == ({header} if header else set())


def test_what_torchs_headers_bring() -> None:
    tree = project(
        {
            "bind.cpp": '#include <torch/extension.h>\n#include "far.h"\n',
            "far.h": '#include "shared.h"\n',
            "shared.h": "",
            "plain.cpp": '#include <ATen/ATen.h>\n#include "near.h"\n#include "shared.h"\n',
            "near.h": "",
            "half.cpp": "#include <c10/util/Half.h>\n",
            "kernel.cu": '#include <torch/extension.h>\n#include "device.h"\n',
            "device.h": "",
        }
    )
    found = visible_overloads(tree, find_includes(tree))
    python = dict.fromkeys(("bind.cpp", "far.h", "shared.h"), "<math.h>")
    assert found == {**python, "plain.cpp": "<stdlib.h>", "near.h": "<stdlib.h>"}


def test_whose_python_headers_brought_them() -> None:
    files = {
        "common.h": "#include <torch/extension.h>\n",
        "loss.cpp": '#include "common.h"\n#include "loss.h"\n',
        "loss.h": "inline float loss(float x) { return exp(x); }\n",
        "bind.cpp": "#include <torch/extension.h>\n",
    }
    found = project(files)
    assert lost_with_python(found, find_includes(found), files) == {"common.h"}


_BINDING = '#include <torch/extension.h>\n#include "util.h"\n'
_SETUP = (
    "from setuptools import setup\n"
    "from torch.utils.cpp_extension import CppExtension, CUDAExtension\n"
    'setup(name="p", ext_modules=[%s])\n'
)


def migrated(folder: Path, files: dict[str, str], extension: str, backend: str) -> Path:
    for name, text in {**files, "setup.py": _SETUP % extension}.items():
        (folder / "source").mkdir(exist_ok=True)
        (folder / "source" / name).write_text(text)
    return migrate(Request(folder / "source", backend, cache=None), folder / "out").tree.root


def with_far(call: str, f: str) -> dict[str, str]:
    """A header whose ``far`` is ``call``, and a source that binds ``f``, which uses it."""
    header = f"#pragma once\ninline float far(float x) {{ return {call}; }}\n"
    return {"util.h": header, "ext.cpp": f'{_BINDING}{f}\nPYBIND11_MODULE(C, m) {{ m.def("f", &f); }}\n'}


def test_an_untouched_header_has_them_by_whoever_lost_torch(tmp_path: Path) -> None:
    files = with_far("abs(x)", "double f(const at::Tensor& x) { return far(x.data_ptr<float>()[0]); }")
    out = migrated(tmp_path, files, 'CppExtension("p.C", ["ext.cpp"])', "cpu")
    assert "#include <math.h>" in (out / "ext.cpp").read_text()
    assert (out / "util.h").read_text() == files["util.h"]


def test_a_bridge_has_them_without_python(tmp_path: Path) -> None:
    files = with_far("exp(x)", "at::Tensor f(const at::Tensor& x) { return at::fft_fft(x) * far(1.5f); }")
    out = migrated(tmp_path, files, 'CppExtension("p.C", ["ext.cpp"])', "cpu")
    text = (out / "bridge" / "ext.cpp").read_text()
    assert "#include <math.h>" in text
    assert "torch/extension.h" not in text


def test_what_calls_one_stays_where_the_device_compiler_has_it(tmp_path: Path) -> None:
    kernel = """\
#include <torch/extension.h>
#include <c10/cuda/CUDAStream.h>
__global__ void fill(float* x, float by) { x[threadIdx.x] = by; }
void f(torch::Tensor x, double by) {
  TORCH_CHECK(abs(by) > 0.5);
  fill<<<1, 32, 0, c10::cuda::getCurrentCUDAStream()>>>(x.data_ptr<float>(), by);
}
"""
    binding = "#include <torch/extension.h>\nvoid f(torch::Tensor x, double by);\n"
    binding += 'PYBIND11_MODULE(C, m) { m.def("f", &f); }\n'
    files = {"k.cu": kernel, "ext.cpp": binding}
    out = migrated(tmp_path, files, 'CUDAExtension("p.C", ["ext.cpp", "k.cu"])', "cuda")
    assert "FFI_CHECK(abs(by) > 0.5);" in (out / "k.cu").read_text()
    assert "abs(" not in "".join(path.read_text() for path in out.rglob("*_ffi.cc"))
