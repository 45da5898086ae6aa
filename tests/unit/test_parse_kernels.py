"""clang is given kernels without their bodies, and nothing else less."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

import pytest

from migrate.model.bindings import Model
from migrate.model.project import Project
from migrate.parse import parse
from migrate.parse.join import join
from migrate.parse.kernels import files_with_kernels, without_kernels
from migrate.parse.unit import UnitFacts
from migrate.scan import scan

TREE = """\
#include <torch/extension.h>
#include "fill.cuh"
int64_t run(torch::Tensor x) {
  fill<float><<<1, 32>>>(x.data_ptr<float>());
  return x.size(0);
}
PYBIND11_MODULE(ext, m) { m.def("run", &run); }
"""
HEADER = """\
#pragma once
template <class T> __device__ T twice(T x) { return x.no_such_member; }
template <class T> __global__ void __launch_bounds__(32) fill(T* out) {
  #pragma unroll
  for (int i = 0; i < 4; ++i) out[i] = twice(unknown_name);
}
"""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("__global__ void k(int a) { a = 1; }\nint f() { g(); }", "__global__voidk(inta){}intf(){g();}"),
        ("MAX(1, 2) __global__ void k(\n  int a)\n{\n  a = 1;\r\n}\n", "MAX(1,2)__global__voidk(inta){}"),
        ('__global__ void k() { char a[] = R"(}\n)"; int b = 1\'000; }', "__global__voidk(){}"),
        ("__global__ void k(S s = S{}) {\n#pragma unroll\nfor (;;) {}\n}", "__global__voidk(Ss=S{}){}"),
        (
            "__global__ void k() {\n#if A\n  f();\n#elif B\n  g();\n#endif\n#define N 1\n}\n",
            "__global__voidk(){#ifA#elifB#endif#defineN1}",
        ),
    ],
)
def test_bodies_become_spaces(text: str, left: str) -> None:
    bare = without_kernels(text.encode()).decode()
    assert "".join(bare.split()) == left
    assert [(i, c) for i, c in enumerate(bare) if c in "\r\n"] == [
        (i, c) for i, c in enumerate(text) if c in "\r\n"
    ]
    assert len(bare) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "__global__ void k(int a);\nint f() { return 1; }",
        "#define KERNEL __global__ void k() { f(); }\nvoid f() { g(); }",
        "// __global__ void k() { f(); }\n",
        "__global__ void k() { f();\nint g() { return 1; }",
        "__global__ void k() {\n#if A\n  if (a) {\n#else\n  if (b) {\n#endif\n  } }\n}\nint f() { g(); }",
        '__global__ void k() {\n#include "body.inc"\n}',
        "__device__ void d() { f(); }",
    ],
)
def test_what_is_no_whole_body_stays(text: str) -> None:
    assert without_kernels(text.encode()) == text.encode()


def _tree(root: Path, header: str = HEADER) -> Path:
    (root / "ext.cu").write_text(TREE)
    (root / "fill.cuh").write_text(header)
    return root


def test_an_error_in_a_kernel_is_not_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[UnitFacts] = []

    def noted(project: Project, facts: Sequence[UnitFacts], *rest: Any) -> Model:
        seen.extend(facts)
        return join(project, facts, *rest)

    monkeypatch.setattr("migrate.parse.join", noted)
    model = parse(scan(_tree(tmp_path), "cuda"))
    assert [problem.message for unit in seen for problem in unit.problems] == []
    assert [operator.registration.name for operator in model.operators] == ["run"]


def test_a_tree_that_defines_the_mark_itself_is_read_whole(tmp_path: Path) -> None:
    assert files_with_kernels(scan(_tree(tmp_path))) == {"fill.cuh"}
    own = "#ifdef HOST\n# define __global__ inline\n#endif\n"
    assert files_with_kernels(scan(_tree(tmp_path, own + HEADER))) == set()
