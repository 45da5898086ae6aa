"""The generated ``*_ffi.cc``: borders, range checks, helpers that no parameter hides."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from parsed import rendered

SOURCE = r"""
at::Tensor scale(const at::Tensor& x, double eps, int n, float f, unsigned char b) {
  auto y = at::empty_like(x);
  return y;
}
at::Tensor same(at::Tensor result, c10::optional<at::Tensor> result_tensor, int narrow) {
  return narrow ? result : *result_tensor;
}
void lists(const std::vector<at::Tensor>& tensors, at::IntArrayRef sizes, std::vector<int> small,
           c10::optional<double> maybe, const std::string& text) {}
std::vector<at::Tensor> many(at::Tensor& x) { return {at::empty_like(x)}; }
template <typename T> int64_t size_of() { return sizeof(T); }
PYBIND11_MODULE(ops, m) {
  m.def("scale", &scale);
  m.def("same", &same);
  m.def("lists", &lists);
  m.def("many", &many);
  m.def("size_of_float", &size_of<float>);
  m.def("twice", [](int64_t n) { return 2 * n; });
}
"""
CSRC = Path(__file__).resolve().parents[2] / "csrc"


def shim() -> str:
    return rendered(SOURCE)["ffi/ops_ffi.cc"]


def test_one_export_per_operator() -> None:
    exports = re.findall(r"^TVM_FFI_DLL_EXPORT_TYPED_FUNC\((\w+), (\w+)\);$", shim(), re.MULTILINE)
    names = ["lists", "many", "same", "scale", "size_of_float", "twice"]
    assert sorted(exports) == [(name, f"{name}_ffi") for name in names]


def test_narrow_integers_are_checked_and_wide_ones_passed() -> None:
    assert 'narrow<int>(n, "n")' in shim()
    assert re.search(r'narrow<(uint8_t|unsigned char)>\(b, "b"\)', shim())
    assert "static_cast<float>(f)" in shim()


def test_views_come_by_value_and_never_inside_a_container() -> None:
    assert "TensorView x" in shim()
    assert "Optional<TensorView> result_tensor" in shim()
    assert "Array<Tensor> tensors" in shim()
    assert not re.search(r"Array<[^>]*TensorView", shim())


def test_a_parameter_that_hides_a_helper() -> None:
    assert "ffi_port::result(" in shim()
    assert 'ffi_port::narrow<int>(narrow, "narrow")' in shim()
    assert "ffi_port::Tensor result_tensor_in = from_ffi(result);" in shim()


def test_lines_are_short() -> None:
    assert max(map(len, shim().splitlines())) <= 110


@pytest.mark.skipif(shutil.which("g++") is None, reason="not run: no g++")
def test_it_compiles(tmp_path: Path) -> None:
    tvm_ffi = pytest.importorskip("tvm_ffi")
    files = rendered(SOURCE)
    for path, text in files.items():
        if path.endswith((".h", ".cc", ".cpp")) and "ffi_port" not in path:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="latin-1")
    include = [f"-I{tmp_path / 'ffi'}", f"-I{CSRC}", f"-I{tvm_ffi.libinfo.find_include_path()}"]
    command = ["g++", "-std=c++17", "-fsyntax-only", *include, str(tmp_path / "ffi" / "ops_ffi.cc")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
