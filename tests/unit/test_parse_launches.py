"""What nvcc accepts and clang does not, read all the same, at the same places."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsing import function_of, model_of, only

KERNEL = "template <class T> __global__ void k(T* p, int n) {}\n"
MODULE = '\nPYBIND11_MODULE(ext, m) { m.def("f", &f); }\n'


@pytest.mark.parametrize(
    "launch",
    [
        "k<float><<<{1, 2, 3}, 32>>>(p, n);",
        "k<float><<<n, {32, n}, 0, s>>>(p, n);",
        "k<float><<< {(unsigned)n, 1}, {32} >>>(p, n);",
        "k<float><< <n, 32>> >(p, n);",
    ],
)
def test_launches_of_nvcc_are_read(tmp_path: Path, launch: str) -> None:
    text = (
        "#include <torch/extension.h>\n#include <ATen/cuda/CUDAContext.h>\n"
        f"{KERNEL}void f(torch::Tensor x) {{ int n = x.size(0); float* p = x.data_ptr<float>();\n"
        f"cudaStream_t s = at::cuda::getCurrentCUDAStream();\n{launch}\n}}{MODULE}"
    )
    model = model_of(tmp_path, {"ext.cu": text}, backend="cuda")
    assert function_of(only(model)).errors == ()


def test_a_member_of_a_dependent_type_is_seen(tmp_path: Path) -> None:
    text = """\
    #include <torch/extension.h>
    template <int n> struct Meta { int sizes[n]; template <class T> T* data_ptr(); };
    template <int n> void fill(torch::Tensor x) {
      Meta<n> meta;
      meta.sizes[0] = x.numel();
      float* p = meta.template data_ptr<float>();
    }
    void f(torch::Tensor x) { fill<3>(x); }
    PYBIND11_MODULE(ext, m) { m.def("f", &f); }
    """
    model = model_of(tmp_path, {"ext.cpp": text})
    (fill,) = [function for function in model.functions if function.name == "fill"]
    assert (fill.errors, fill.unseen_uses) == ((), ())


@pytest.mark.parametrize(
    ("use", "unseen"), [("LAUNCH(1);", ()), ("", ("data_ptr at line 6",))], ids=["used", "unused"]
)
def test_uses_in_a_macro_are_seen_where_the_macro_is_used(
    tmp_path: Path, use: str, unseen: tuple[str, ...]
) -> None:
    """Launch macros are often defined inside the function that launches."""
    text = f"""\
#include <torch/extension.h>
template <class T, int width> __global__ void k(T* p) {{}}
template <class T> void launch(torch::Tensor x) {{
#define LAUNCH(width)                            \\
  k<T, width><<<1, 32>>>(reinterpret_cast<T*>(   \\
      x.data_ptr()))
  {use}
#undef LAUNCH
}}
void f(torch::Tensor x) {{ launch<float>(x); }}
PYBIND11_MODULE(ext, m) {{ m.def("f", &f); }}
"""
    model = model_of(tmp_path, {"ext.cu": text}, backend="cuda")
    (launch,) = [function for function in model.functions if function.name == "launch"]
    assert launch.unseen_uses == unseen
