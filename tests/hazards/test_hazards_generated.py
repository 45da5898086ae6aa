"""Hazards of hand-made migrations, by number, seen in what the tool writes.

``MUTATIONS`` names, per test, what was taken out to see it fail.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest

from migrate.build import flags, toolchain
from migrate.build.migrated import ffi_library
from migrate.model.plan import BuildSpec
from migrate.pipeline import Migration, Request, analyse
from migrate.render import render

ROOT = Path(__file__).resolve().parents[2]

MUTATIONS = {
    3: "_backend.py.j2: a generator is made where none is given",
    4: "stream.py: the tensor of the guard; notes.py: MIG311; _backend.py.j2: _on_current_stream",
    5: "the rows of OptionalCUDAGuard; notes.py: MIG310",
    6: "strip.py: an edit in front of the launch",
    18: "border.py: shim_type gives Tensor in containers",
    22: "device.h: DLPack's ROCm code under USE_ROCM",
    23: "includes.py: implied()",
    27: "adaptor.py.j2: a torch.library wrapper",
    28: "adaptor.py.j2: from_dlpack or a look-up in each call",
    31: "notes.py: MIG312",
    33: "toolchain.py: the fallback of cuda_home()",
    35: "buildfiles_requirements.py: the bounds of REQUIREMENT",
    36: "_runtime.py.j2: `import tvm_ffi`; migrated.py: -ltvm_ffi",
    37: "migrated.py, tvm_ffi_extension.py: -fvisibility=hidden",
    38: "render: a file of the tests is written",
    40: "_backend.py.j2: the ImportError with its next step",
}

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


def test_every_hazard_has_a_test_and_a_mutation() -> None:
    found: set[int] = set()
    named: set[int] = set()
    for path in sorted(Path(__file__).parent.glob("test_hazards_*.py")):
        text = path.read_text()
        found |= {int(number) for number in re.findall(r"^def test_hazard_(\d\d)_", text, re.MULTILINE)}
        named |= {int(number) for number in re.findall(r"^    (\d+): \"", text, re.MULTILINE)}
    assert found == named == set(range(1, 43))


@cache
def generated(source: str, backend: str = "cuda", suffix: str = ".cu") -> SimpleNamespace:
    """The report and the written files of a tree of one file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"ops{suffix}").write_text(source)
        analysis = analyse(Request(Path(folder), backend))
        files = render(analysis.project, analysis.model, analysis.plan)
    texts = {path: data.decode("utf-8", "replace") for path, data in files.write.items()}
    shim = next((text for path, text in texts.items() if path.endswith("_ffi.cc")), "")
    tiers = {row.name: row.tier for row in analysis.report.operators}
    said = {(d.id, (d.operator or "").rpartition(":")[2]) for d in analysis.report.diagnostics}
    kernels = texts.get(f"ops{suffix}", "")
    return SimpleNamespace(
        files=texts, kernels=kernels, shim=shim, tiers=tiers, said=said, report=analysis.report
    )


def adaptor(files: dict[str, str], name: str = "__init__.py") -> str:
    return next(text for path, text in files.items() if path.endswith(f"ops/{name}"))


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
    backend = adaptor(tree.files, "_backend.py")
    assert "torch.cuda.default_generators[index] if generator is None else generator" in backend
    made = [ast.unparse(n.func) for n in ast.walk(ast.parse(backend)) if isinstance(n, ast.Call)]
    assert not [name for name in made if name.endswith((".Generator", "manual_seed"))]


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

    names: dict[str, Any] = {}
    body = next(n for n in ast.parse(text).body if getattr(n, "name", "") == "_on_current_stream")
    cuda = SimpleNamespace(cuda=SimpleNamespace(is_initialized=lambda: True))
    fakes = {
        "Callable": Callable,
        "Any": Any,
        "sys": SimpleNamespace(modules={"torch": cuda}),
        "tvm_ffi": SimpleNamespace(use_torch_stream=Stream),
    }
    exec(compile(ast.Module([body], []), "_backend.py", "exec", dont_inherit=True), {**fakes}, names)
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


def test_hazard_06_a_grid_of_zero_is_launched_as_before() -> None:
    kernels = generated(LAUNCHES).kernels
    assert re.search(r"fill<<<x_size_0 / 32, 32, 0, .*>>>", kernels)
    assert "return;" not in kernels


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
    program = tmp_path / "probe.cc"
    program.write_text(
        '#include "ffi_port/device.h"\n'
        "int main() { using namespace ffi_port;\n"
        "return toDlpackDevice(DeviceType::CUDA) + (fromDlpackDevice(WANTED) != DeviceType::CUDA); }\n"
    )
    for code, defines in ((2, []), (10, ["-DUSE_ROCM"])):
        command = ["g++", "-std=c++17", "-O0", f"-I{ROOT / 'csrc'}", f"-DWANTED={code}", *defines]
        subprocess.run([*command, str(program), "-o", str(tmp_path / "probe")], check=True)
        assert subprocess.run([tmp_path / "probe"], check=False).returncode == code
    source = LAUNCHES.replace("cuda", "hip").replace("CUDA", "HIP")
    tree = generated(source, "hip", ".hip")
    assert not re.search(r"kDLCUDA\b", tree.shim + tree.kernels)


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


def test_hazard_27_no_operator_goes_through_the_dispatcher_that_did_not_before() -> None:
    files = generated(LAUNCHES).files
    assert not [path for path, text in files.items() if path.endswith(".py") and "torch.library" in text]


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
    compiler = tmp_path / "cuda" / "bin" / "nvcc"
    compiler.parent.mkdir(parents=True)
    compiler.write_text("")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", str(compiler.parent))
    found = toolchain.cuda_home()
    assert found in (tmp_path / "cuda", Path("/usr/local/cuda"))
    monkeypatch.setenv("CUDA_HOME", "/somewhere/else")
    assert toolchain.cuda_home() == Path("/somewhere/else")
    helper = (ROOT / "csrc" / "tvm_ffi_extension.py").read_text()
    assert '"/usr/local/cuda"' in helper or "/usr/local/" in helper
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
    runtime = (migration.tree.root / "hazards" / "_C" / "_runtime.py").read_text()
    assert runtime.index("import tvm_ffi") < runtime.index("load_module(")
    assert not list(migration.tree.root.rglob("libtvm_ffi*"))


def test_hazard_37_only_the_exports_are_visible() -> None:
    for step in ffi_library("pkg._C", SPEC, SPEC).steps[:-1]:
        assert "-fvisibility=hidden" in step.command
    assert "-fvisibility=hidden" in (ROOT / "csrc" / "tvm_ffi_extension.py").read_text()
    assert flags.MIGRATED_STANDARD == "-std=c++17"


@pytest.mark.e2e
def test_hazard_37_symbols_of_the_library(library: Path) -> None:
    command = ["nm", "-DC", "--defined-only", str(library)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    strong = [line.split(maxsplit=2)[2] for line in listed.stdout.splitlines() if " T " in line]
    assert strong
    assert all(name.startswith("__tvm_ffi_") for name in strong)


@pytest.mark.e2e
def test_hazard_36_what_the_library_needs(library: Path) -> None:
    listed = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    needed = re.findall(r"NEEDED.*\[(.*)\]", listed)
    assert "libtvm_ffi.so" in needed
    assert not [name for name in needed if "torch" in name or "c10" in name or "python" in name]
    assert "RPATH" not in listed
    assert "RUNPATH" not in listed


def test_hazard_38_tests_and_python_code_are_not_touched() -> None:
    source = ROOT / "fixtures" / "conv1d"
    analysis = analyse(Request(source))
    files = render(analysis.project, analysis.model, analysis.plan)
    own = {file.relative_to(source).as_posix() for file in source.rglob("*.py")} - {"setup.py"}
    assert own
    assert not own.intersection([*files.write, *files.delete])


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
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import hazards._C"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: hazards._C is not built" in run.stderr
    assert "run `migrate build` first" in run.stderr
    # Documentation builds read the types without importing anything.
    stub = ast.parse((source / "__init__.pyi").read_text())
    assert "scaled" in {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
