"""Hazards of hand-made migrations, by number, seen in what the tool writes.

``removals.toml`` says, per number, what is taken out to see its test fail.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from rendered import adaptor, generated, parts_of

from migrate.build import flags, toolchain
from migrate.build.migrated import compile_step, ffi_library
from migrate.model.plan import BuildSpec
from migrate.pipeline import Migration, Request, analyse
from migrate.render import render

ROOT = Path(__file__).resolve().parents[2]

LAUNCHES = """
#include <torch/extension.h>
#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAGuard.h>
__global__ void fill(float* x, int n) { if (threadIdx.x < n) x[threadIdx.x] = 1.f; }
void guarded(at::Tensor index, at::Tensor x) {
  TORCH_CHECK(x.dim() == 1);
  const at::cuda::OptionalCUDAGuard guard(device_of(x));
  fill<<<x.size(0) / 32, 32, 0, at::cuda::getCurrentCUDAStream()>>>(x.data_ptr<float>(), x.size(0));
}
void bare(at::Tensor x) {
  TORCH_CHECK(x.dim() == 1);
  fill<<<1, 32>>>(x.data_ptr<float>(), x.size(0));
}
void alone(int64_t n) {
  fill<<<1, 32, 0, at::cuda::getCurrentCUDAStream()>>>(nullptr, n);
}
PYBIND11_MODULE(ops, m) { m.def("guarded", &guarded); m.def("bare", &bare); m.def("alone", &alone); }
"""


# What a shim compiles for its whole library.
_BODIES = '''
#include "ffi_port/runtime/texts.inl"
#include "ffi_port/runtime/naming.inl"
'''


def exit_code(folder: Path, program: str, *defines: str) -> int:
    """Of a program on the headers that migrated projects carry."""
    (folder / "probe.cc").write_text(_BODIES + program)
    command = ["g++", "-std=c++17", "-O0", f"-I{ROOT / 'csrc'}", *defines, "probe.cc", "-o", "probe"]
    subprocess.run(command, cwd=folder, check=True)
    return subprocess.run([folder / "probe"], check=False).returncode


def test_hazard_02_launchers_check_the_dtype_where_the_pointer_is_typed(tmp_path: Path) -> None:
    assert generated(LAUNCHES).kernels.count("ffi_port::typed<float>(x, x_dtype)") == 2
    program = """
        #include "ffi_port/pointer.h"
        int main() {
          float x = 0;
          try {
            ffi_port::typed<double>(&x, ffi_port::kFloat);
          } catch (const ffi_port::Error& error) {
            return ffi_port::typed<float>(&x, ffi_port::kFloat) != &x;
          }
          return 2;
        }
    """
    assert exit_code(tmp_path, program) == 0


def test_hazard_03_random_numbers_come_from_torchs_own_generators() -> None:
    source = """
        #include <torch/extension.h>
        #include <ATen/CUDAGeneratorImpl.h>
        void f(at::Tensor x, std::optional<at::Generator> g) {
          auto gen = at::get_generator_or_default<at::CUDAGeneratorImpl>(
              g, at::cuda::detail::getDefaultCUDAGenerator());
          std::lock_guard<std::mutex> lock(gen->mutex_);
          at::PhiloxCudaState state = gen->philox_cuda_state(4);
        }
        PYBIND11_MODULE(ops, m) { m.def("f", &f); }
    """
    tree = generated(source)
    assert tree.tiers["f"] != "raw"
    names = ("_random_services", "_signed", "_philox_cuda_state")
    services = parts_of(adaptor(tree.files, "_backend.py"), *names, threading=threading, Any=Any)
    torch = FakeTorch()
    reserve = services["_random_services"](torch)["reserve_philox"]
    own = torch.cuda.default_generators[0]
    assert [reserve(None, 0, 5), reserve(None, 0, 4)] == [[9, 0], [9, 8]]  # no number is drawn twice
    assert own.get_offset() == 12  # what torch's own operators draw goes on behind
    assert own.locked == [True, True]
    mine = FakeGenerator(torch, 3)
    assert reserve(mine, 0, 1) == [3, 0]
    assert own.get_offset() == 12
    # While a graph is captured only torch can say which numbers its replays will draw.
    torch.cuda.is_current_stream_capturing = lambda: True
    services["_philox_cuda_state"] = lambda _torch: 77
    assert reserve(mine, 0, 1) == ["captured", 77, mine._cdata]


class FakeGenerator:
    """As torch's, and whether the lock was held when it was moved on."""

    def __init__(self, torch: FakeTorch, seed: int) -> None:
        self.torch, self.seed, self.offset, self._cdata = torch, seed, 0, id(self)
        self.locked: list[bool] = []

    def initial_seed(self) -> int:
        return self.seed

    def get_offset(self) -> int:
        return self.offset

    def set_offset(self, offset: int) -> None:
        self.offset = offset
        self.locked.append(self.torch._ffi_port_philox_lock.locked())


class FakeTorch:
    def __init__(self) -> None:
        self._ffi_port_philox_lock = threading.Lock()
        self.cuda = SimpleNamespace(
            init=lambda: None,
            default_generators=[FakeGenerator(self, 9)],
            is_current_stream_capturing=lambda: False,
        )
        self.Generator = lambda *_device: FakeGenerator(self, 9)


def test_hazard_04_the_stream_is_that_of_the_tensor_whose_device_was_meant() -> None:
    tree = generated(LAUNCHES)
    assert tree.tiers["guarded"] == "raw"
    assert "ffi_port::runtime::current_stream(x.device())" in tree.shim
    assert "static_cast<cudaStream_t>(env_stream)" in tree.kernels
    assert ("MIG311", "bare") in tree.said
    assert ("MIG311", "guarded") not in tree.said
    # No launcher takes a stream from nowhere.
    assert tree.tiers["alone"] == "view"


def test_hazard_04_without_a_tensor_the_call_runs_on_torchs_stream() -> None:
    text = adaptor(generated(LAUNCHES).files, "_backend.py")
    entered: list[str] = []

    class Stream:
        def __enter__(self) -> None:
            entered.append("in")

        def __exit__(self, *_error: object) -> None:
            entered.append("out")

    torch = SimpleNamespace(cuda=SimpleNamespace(is_initialized=lambda: True))
    names = parts_of(
        text,
        "_on_current_stream",
        sys=SimpleNamespace(modules={"torch": torch}),
        tvm_ffi=SimpleNamespace(use_torch_stream=Stream),
    )
    assert names["_on_current_stream"](lambda x: entered.append("call") or x)(3) == 3
    assert entered == ["in", "call", "out"]
    bind = text[text.index("def bind(") : text.index("def read(")]
    assert '"tensor" in kind' in bind
    assert "_on_current_stream(function)" in bind


def test_hazard_05_the_guard_is_where_it_was_and_nowhere_else() -> None:
    tree = generated(LAUNCHES)
    launcher = tree.kernels[tree.kernels.index("void guarded(") : tree.kernels.index("void bare(")]
    assert re.search(r"const ffi_port::OptionalCUDAGuard guard\(\w*x_device\w*\);\s+fill<<<", launcher)
    assert "Guard" not in tree.kernels[tree.kernels.index("void bare(") :]
    assert ("MIG310", "bare") in tree.said
    assert ("MIG310", "guarded") not in tree.said
    assert "cudaSetDevice" not in tree.kernels + tree.shim


def test_hazard_05_a_guard_puts_the_device_back(tmp_path: Path) -> None:
    program = """
        #include "ffi_port/gpu.h"
        struct Api {
          using status_t = int;
          static constexpr int success = 0;
          static constexpr const char* name = "CUDA";
          static inline int current = 0;
          static int get_device(int* index) { return *index = current, 0; }
          static int set_device(int index) { return current = index, 0; }
          static const char* error_string(int) { return ""; }
          static void clear_error() {}
        };
        int main() {
          try {
            const ffi_port::gpu::OptionalGuard<Api> guard(ffi_port::Device("cuda:1"));
            if (Api::current != 1) return 2;
            throw 3;
          } catch (int) {
          }
          return Api::current;
        }
    """
    assert exit_code(tmp_path, program) == 0


def test_hazard_06_a_grid_of_zero_is_launched_as_before() -> None:
    kernels = generated(LAUNCHES).kernels
    assert re.search(r"fill<<<x_size_0 / 32, 32, 0, .*>>>", kernels)
    assert "return;" not in kernels


def test_hazard_09_what_is_not_migrated_is_still_served() -> None:
    source = """
        #include <torch/extension.h>
        namespace py = pybind11;
        struct Plan { int64_t steps; };
        int64_t rank(at::Tensor x) { return x.dim(); }
        py::object kept(py::object x) { return x; }
        PYBIND11_MODULE(ops, m) {
          m.def("rank", &rank).def("kept", &kept);
          py::class_<Plan>(m, "Plan").def(py::init<>());
          m.attr("version") = 3;
        }
    """
    tree = generated(source, "cpu", ".cpp")
    assert tree.tiers == {"rank": "raw", "kept": "manual", "Plan": "manual", "version": "view"}
    names = vars(imported(adaptor(tree.files)))
    assert {"rank", "kept", "Plan", "version"} == {*names["__all__"]}
    assert names["version"] == 3
    assert [names["kept"], names["Plan"]] == ["the original's kept", "the original's Plan"]


def imported(text: str) -> ModuleType:
    """An adaptor's module, on a library of which nothing is called."""

    class Original:
        def __getattr__(self, name: str) -> str:
            return f"the original's {name}"

    module, backend = ModuleType("on_nothing.ops"), ModuleType("on_nothing._backend")
    module.__package__ = "on_nothing"
    vars(backend).update(again=None, bind=lambda *_row: None, legacy=Original)
    sys.modules[backend.__name__] = backend
    try:
        exec(text, vars(module))
    finally:
        del sys.modules[backend.__name__]
    return module


def test_hazard_18_views_are_never_stored() -> None:
    source = """
        #include <torch/extension.h>
        int64_t f(std::vector<at::Tensor> xs, std::optional<at::Tensor> y, at::Tensor& z) { return 1; }
        PYBIND11_MODULE(ops, m) { m.def("f", &f); }
    """
    shim = generated(source, "cpu", ".cpp").shim
    assert "Array<Tensor>" in shim
    assert "Optional<TensorView>" in shim
    assert not re.search(r"(Array|Tuple)<TensorView>|static [^;]*TensorView|TensorView ?&", shim)


def test_hazard_22_rocm_tensors_have_a_device_type_of_their_own(tmp_path: Path) -> None:
    program = """
        #include "ffi_port/device.h"
        int main() {
          using namespace ffi_port;
          return toDlpackDevice(DeviceType::CUDA) + (fromDlpackDevice(WANTED) != DeviceType::CUDA);
        }
    """
    assert exit_code(tmp_path, program, "-DWANTED=2") == 2
    assert exit_code(tmp_path, program, "-DWANTED=10", "-DUSE_ROCM") == 10
    source = LAUNCHES.replace("cuda", "hip").replace("CUDA", "HIP")
    tree = generated(source, "hip", ".hip")
    code = [text for path, text in tree.files.items() if path.endswith((".cc", ".h", ".hip"))]
    assert not [text for text in code if re.search(r"kDLCUDA\b", text)]


def test_hazard_23_headers_that_torch_brought_are_included() -> None:
    source = """
        #include <torch/extension.h>
        std::function<int64_t(int64_t)> once() { return [](int64_t x) { return std::max<int64_t>(x, 1); }; }
        int64_t f(at::Tensor x) { return once()(x.dim()); }
        PYBIND11_MODULE(ops, m) { m.def("f", &f); }
    """
    text = generated(source, "cpu", ".cpp").kernels
    for header in ("<functional>", "<algorithm>", "<cstdint>"):
        assert f"#include {header}" in text
    # What nothing defines is an error when the library is loaded, not when a call first needs it.
    assert "-Wl,-z,now" in ffi_library("pkg._C", SPEC, SPEC).steps[-1].command


def test_hazard_27_no_operator_goes_through_the_dispatcher_that_did_not_before() -> None:
    files = generated(LAUNCHES).files
    assert not [path for path, text in files.items() if path.endswith(".py") and "torch.library" in text]
    taken = [node for node in ast.walk(ast.parse(adaptor(files))) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in taken} == {"__future__", "typing", "_backend"}


def test_hazard_28_nothing_is_converted_or_looked_up_per_call() -> None:
    tree = ast.parse(adaptor(generated(LAUNCHES).files))
    defs = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert {node.name for node in defs} == {"guarded", "bare", "alone"}
    for node in defs:
        called = [ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)]
        assert called in ([f"_{node.name}"], [f"_{node.name}", "again"])
        handlers = [part for part in ast.walk(node) if isinstance(part, ast.ExceptHandler)]
        refused = [call for part in handlers for call in ast.walk(part) if isinstance(call, ast.Call)]
        assert [ast.unparse(call.func) for call in refused] == called[1:]
    bound = [node for node in tree.body if isinstance(node, ast.Assign) and "bind(" in ast.unparse(node)]
    assert len(bound) == len(defs)


def test_hazard_31_a_check_of_a_value_against_itself_is_named() -> None:
    source = """
        #include <torch/extension.h>
        #define CHECK_DEVICE(a, b) TORCH_CHECK(a.device() == b.device(), "device")
        int64_t twice(at::Tensor key, at::Tensor value) { CHECK_DEVICE(key, key); return value.dim(); }
        int64_t spelled(at::Tensor x) { TORCH_CHECK(x.size(0) == x.size(0), "size"); return x.dim(); }
        int64_t fine(at::Tensor x, at::Tensor y) {
          CHECK_DEVICE(x, y);
          TORCH_CHECK(x.dim() == y.dim());
          return 1;
        }
        PYBIND11_MODULE(ops, m) {
          m.def("twice", &twice);
          m.def("spelled", &spelled);
          m.def("fine", &fine);
        }
    """
    tree = generated(source, "cpu", ".cpp")
    assert {name for id_, name in tree.said if id_ == "MIG312"} == {"twice", "spelled"}
    assert "CHECK_DEVICE(key, key)" in tree.shim + tree.kernels


def test_hazard_33_the_toolkit_is_found_as_torch_found_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CUDA_HOME", "CUDA_PATH"):
        monkeypatch.delenv(name, raising=False)
    standard, on_path = (tmp_path / name / "bin" / "nvcc" for name in ("standard", "on_path"))
    for compiler in (standard, on_path):
        compiler.parent.mkdir(parents=True)
        compiler.touch(0o755)
    monkeypatch.setattr(toolchain, "CUDA_FOLDER", tmp_path / "standard")
    text = (ROOT / "csrc" / "tvm_ffi_extension.py").read_text()
    helper = parts_of(text, "TOOLKITS", "_find", os=os, shutil=shutil, Path=Path)
    variables, folder, header = helper["TOOLKITS"]["nvcc"]
    assert Path(folder) == Path("/usr/local/cuda")
    helper["TOOLKITS"]["nvcc"] = (variables, str(tmp_path / "standard"), header)
    monkeypatch.setenv("PATH", "")
    assert toolchain.cuda_home() == tmp_path / "standard"
    assert helper["_find"]("nvcc") == str(standard)
    standard.unlink()
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert toolchain.cuda_home() == tmp_path / "on_path"
    assert helper["_find"]("nvcc") == str(on_path)
    monkeypatch.setenv("CUDA_HOME", "/somewhere/else")
    assert toolchain.cuda_home() == Path("/somewhere/else")
    # What torch's build passed to the device compiler goes on being passed.
    assert set(toolchain.NVCC_DEFAULTS) >= {"-D__CUDA_NO_HALF_OPERATORS__", "--expt-relaxed-constexpr"}


def test_hazard_35_versions_are_bounded_and_no_object_is_registered(migration: Migration) -> None:
    out = migration.tree.root
    wanted = re.search(r'"(apache-tvm-ffi[^"]*)"', (out / "setup.py").read_text())
    assert wanted is not None
    assert re.fullmatch(r"apache-tvm-ffi>=0\.1\.\d+,<0\.2", wanted.group(1))
    own = (ROOT / "pyproject.toml").read_text()
    assert f'"{wanted.group(1)}"' in own  # what we build with is what we ask for
    code = "".join(path.read_text() for path in sorted(out.rglob("*.cc")))
    assert not re.search(r"ObjectDef|GlobalDef|TVM_FFI_DECLARE_OBJECT|TVM_FFI_STATIC_INIT", code)


SPEC = BuildSpec("pkg._C", ("ops.cpp", "ffi/ops_ffi.cc"), include_dirs=("ffi",))


def test_hazard_36_one_libtvm_ffi(migration: Migration) -> None:
    link = ffi_library("pkg._C", SPEC, SPEC).steps[-1].command
    assert "-ltvm_ffi" in link
    assert not any(part.endswith("libtvm_ffi.so") or "rpath" in part for part in link)
    assert not list(migration.tree.root.rglob("libtvm_ffi*"))
    home, other = Path("/own/tvm_ffi"), Path("/other/lib/libtvm_ffi.so")
    loaded = {("8:1", "1"): home / "lib" / "libtvm_ffi.so"}
    runtime = (migration.tree.root / "hazards" / "_C" / "_runtime.py").read_text()
    names = ("_refuse_second_copy", "_MODULE", "_REPAIR")
    refuse = parts_of(runtime, *names, _copies=lambda: loaded, _owner=lambda _path: "other 2.0", sys=sys)
    refuse["_refuse_second_copy"](home)
    loaded["8:1", "2"] = other
    with pytest.raises(ImportError, match="two of them crash it"):
        refuse["_refuse_second_copy"](home)


def test_hazard_37_only_the_exports_are_visible() -> None:
    for step in ffi_library("pkg._C", SPEC, SPEC).steps[:-1]:
        assert "-fvisibility=hidden" in step.command
    helper = (ROOT / "csrc" / "tvm_ffi_extension.py").read_text()
    wanted = ("HIP_DEFINES", "HIPCC_DEFINES", "NVCC_DEFINES", "ARCH_FLAGS", "_with_standard", "Build")
    build = parts_of(helper, *wanted, "cuda_arch_flags", "hip_arch_flags", os=os, re=re, sysconfig=sysconfig)
    own = build["Build"].__new__(build["Build"])
    own.ext, own.device = SimpleNamespace(cxx_flags=[], device_flags=[]), False
    for own.backend in ("cpu", "cuda", "hip"):
        for flags_ in (own._host_flags(), own._device_flags()):
            assert "-fvisibility=hidden" in ",".join(flags_).split(",")
    device = compile_step(SPEC, SPEC, "ops.cu").command
    assert device[device.index("-Xcompiler") + 1] == "-fPIC,-fvisibility=hidden"
    assert flags.MIGRATED_STANDARD == "-std=c++17"


def test_hazard_38_tests_and_python_code_are_not_touched(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(Path(__file__).parent / "tree", source)
    own = {
        "hazards/__init__.py": "from hazards import _C\n",
        "tests/test_ops.py": "from hazards import _C\ndef test_rank(x): assert _C.rank(x) == 1\n",
        "tests/test_packaging.py": "from setuptools import setup\n"
        'def package(): setup(name="uses_hazards", install_requires=["pybind11>=2.6", "torch"])\n',
        "tests/test_hazards_C_equivalence.py": "def test_mine(): pass\n",
    }
    for path, text in own.items():
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text(text)
    analysis = analyse(Request(source, "cpu"))
    files = render(analysis.project, analysis.model, analysis.plan)
    assert "setup.py" in files.write
    assert not own.keys() & {*files.write, *files.delete}


def test_hazard_40_without_a_built_library_the_import_says_what_to_do(
    migration: Migration, tmp_path: Path
) -> None:
    package = tmp_path / "hazards"
    package.mkdir()
    source = migration.tree.root / "hazards" / "_C"
    (package / "_C").mkdir()
    for file in source.glob("*.py*"):
        if file.is_file():
            (package / "_C" / file.name).write_text(file.read_text())
    # Without torch, which would take its second to be imported.
    start = "import sys; sys.modules['torch'] = None"
    program = f"{start}; sys.path.insert(0, {str(tmp_path)!r}); import hazards._C"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: hazards._C is not built" in run.stderr
    assert "run `migrate build` first" in run.stderr
    # Documentation builds read the types without importing anything.
    stub = ast.parse((source / "__init__.pyi").read_text())
    assert "scaled" in {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
