"""Which commands a library becomes; nothing is compiled here."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.build import flags, toolchain
from migrate.build.intercept import declared_spec, setup_specs
from migrate.build.ledger import ledger
from migrate.build.manifest import ModuleEntry, select_modules
from migrate.build.messages import messages
from migrate.build.migrated import ffi_library
from migrate.build.original import torch_library
from migrate.build.toolchain import Torch, python_include
from migrate.errors import OperatorError
from migrate.model.plan import BuildSpec

TORCH = Torch(("/torch/include",), ("/torch/lib",), "none")


def test_original_is_compiled_as_torch_would() -> None:
    spec = BuildSpec("pkg._C", ("csrc/a.cpp", "../b.cpp"), ("csrc",), ("N=1",), ("-O2", "-std=c++17"))
    library = torch_library("pkg._C", "original", spec, ".migrate/original", TORCH, objects=False)
    first, second, link = library.steps
    assert library.output == ".migrate/build/original/pkg._C/_C.so"
    for flag in ("-DTORCH_EXTENSION_NAME=_C", "-DN=1", "-I.migrate/original/csrc", "-O2", "-std=c++20"):
        assert flag in first.command
    assert "-std=c++17" not in first.command
    assert second.output == ".migrate/build/original/pkg._C/objects/up/b.cpp.o"
    assert "-ltorch_python" in link.command


@pytest.mark.parametrize("backend", ["cuda", "hip"])
def test_device_module_without_its_torch_says_so(backend: str) -> None:
    spec = BuildSpec("m", ("a.cu",), backend=backend)
    library = torch_library("m", "original", spec, "", TORCH, objects=False)
    assert library.steps == ()
    assert library.reason == f"not run: no {backend.upper()} torch / no GPU"


def test_every_file_can_be_compiled_without_its_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "nvcc", lambda: "nvcc")
    spec = BuildSpec("m", ("a.cu", "binding.cpp"), backend="cuda")
    library = torch_library("m", "original", spec, "", TORCH, objects=True)
    assert [step.inputs[0] for step in library.steps] == ["a.cu", "binding.cpp"]
    assert library.wanted == tuple(step.output for step in library.steps)


@pytest.mark.parametrize(("name", "python"), [("pkg._C", True), ("pkg._C._bridge", False)])
def test_a_bridge_in_place_of_its_extension_sees_the_headers_of_python(name: str, python: bool) -> None:
    library = torch_library("pkg._C", "bridge", BuildSpec(name, ("a.cpp",)), "", TORCH, objects=False)
    compiled, link = library.steps
    assert (python_include() in compiled.command) is python
    assert "-ltorch_python" not in link.command


def test_migrated_carries_what_changes_results_and_nothing_else() -> None:
    given = ("-O2", "-mavx2", "-ffast-math", "-Wall", "-fopenmp", "-std=c++20")
    original = BuildSpec("m", ("a.cpp",), cxx_flags=given)
    library = ffi_library("m", BuildSpec("m", ("ffi/m.cc",)), original)
    compiled, link = library.steps
    for flag in ("-mavx2", "-ffast-math", "-std=c++20", "-fvisibility=hidden", "-fPIC"):
        assert flag in compiled.command
    assert not {"-Wall", "-fopenmp"} & set(compiled.command)
    assert {"-Wl,-z,now", "-ltvm_ffi"} <= set(link.command)
    assert not any("torch" in part for part in (*compiled.command, *link.command))


def test_both_sides_see_the_headers_of_nvidias_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "nvidia_include_dirs", lambda: ("/wheels/nvidia/cu13/include",))
    monkeypatch.setattr(toolchain, "nvcc", lambda: "nvcc")
    for backend in ("cuda", "cpu"):
        spec = BuildSpec("m", ("a.cpp",), backend=backend)
        sides = (ffi_library("m", spec, spec), torch_library("m", "original", spec, "", TORCH, objects=True))
        for library in sides:
            assert ("/wheels/nvidia/cu13/include" in library.steps[0].command) == (backend == "cuda")


def test_unknown_sources_are_a_reason_not_a_crash() -> None:
    library = ffi_library("m", BuildSpec("m", ("a.rs",)), BuildSpec("m", ()))
    assert library.reason == "sources of an unknown kind: .rs"


def test_standards_are_ordered() -> None:
    assert flags.at_least("-std=gnu++2b", "-std=c++20") == "-std=gnu++2b"
    assert flags.at_least("-std=c++14", "-std=c++17") == "-std=c++17"


def test_setup_is_intercepted_in_a_copy(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text(
        "from setuptools import setup, Extension\n"
        "open('left_behind', 'w').close()\n"
        "setup(name='p', ext_modules=[Extension('p._C', ['a.cpp'], define_macros=[('X', '1'), ('Y', None)],\n"
        "      extra_compile_args=['-O1'], include_dirs=['inc', '/usr/include'])])\n"
    )
    (tmp_path / "a.cpp").write_text("")
    spec = setup_specs(tmp_path)["p._C"]
    assert (spec.sources, spec.defines, spec.cxx_flags) == (("a.cpp",), ("X=1", "Y"), ("-O1",))
    assert spec.include_dirs == ("inc",)
    assert not (tmp_path / "left_behind").exists()


def test_user_says_how_the_original_is_built(tmp_path: Path) -> None:
    pytest.importorskip("tomllib", exc_type=ImportError)
    (tmp_path / "pyproject.toml").write_text('[tool.migrate.original."p._C"]\nsources = ["b.cpp"]\n')
    assert declared_spec(tmp_path, BuildSpec("p._C", ())).sources == ("b.cpp",)
    assert declared_spec(tmp_path, BuildSpec("p._D", ())).sources == ()


def test_modules_are_chosen_by_operator() -> None:
    modules = [
        ModuleEntry(name, BuildSpec(name, ()), None, None, ((f"{name}:op", "op"),)) for name in ("a", "b")
    ]
    assert [module.name for module in select_modules(modules, ["b:op"])] == ["b"]
    assert len(select_modules(modules, ["op"])) == len(select_modules(modules, [])) == 2
    with pytest.raises(OperatorError):
        select_modules(modules, ["c:op"])


def test_a_launcher_stands_before_compilers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = BuildSpec("m", ("a.cu", "ffi/m.cc"), backend="hip")
    monkeypatch.setattr(toolchain, "hipcc", lambda: "/opt/rocm/bin/hipcc")
    device, host, link = ffi_library("m", spec, spec).steps
    assert device.launched(("ccache",))[:4] == ("env", "HIP_PLATFORM=amd", "ccache", "/opt/rocm/bin/hipcc")
    assert host.launched(("ccache",))[:2] == ("ccache", toolchain.cxx())
    assert link.launched(("ccache",)) == link.command
    assert (device.compiler, host.launched(())) == ("hipcc", host.command)
    installed = {"sccache": "/usr/bin/sccache"}
    monkeypatch.setattr(toolchain.shutil, "which", installed.get)
    monkeypatch.delenv("MIGRATE_COMPILER_LAUNCHER", raising=False)
    assert toolchain.launcher() == ("sccache",)
    for wish, words in (("distcc --x", ("distcc", "--x")), ("", ())):
        monkeypatch.setenv("MIGRATE_COMPILER_LAUNCHER", wish)
        assert toolchain.launcher() == words


def test_the_ledger_names_every_flag_of_the_original_once() -> None:
    given = ("-O2", "-mavx2", "-Wall", "-fopenmp", "-std=c++20")
    original = BuildSpec("m", ("a.cpp",), defines=("N=1",), cxx_flags=given, link_flags=("-lz",))
    library = ffi_library("m", BuildSpec("m", ("ffi/m.cc",), defines=("N=1",)), original)
    flags_ = ledger(original, library)
    assert flags_.kept == ("-DN=1", "-O2", "-mavx2", "-std=c++20")
    assert flags_.dropped == ("-Wall", "-fopenmp", "-lz")
    assert {"-fvisibility=hidden", "-Wl,-z,now", "-ltvm_ffi", "-fPIC"} <= set(flags_.added)


SHIM = """\
namespace {
namespace host {

void scale(ffi_port::Tensor &x) {
  check(x);
}

}  // namespace host

void scale_ffi(TensorView x) {
  host::scale(from_ffi(x));
}

void other_ffi(TensorView x) {
  from_ffi(x);
}
}  // namespace

TVM_FFI_DLL_EXPORT_TYPED_FUNC(scale, scale_ffi);
TVM_FFI_DLL_EXPORT_TYPED_FUNC(other, other_ffi);
"""


def test_an_error_is_shown_with_its_operator_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "m_ffi.cc").write_text(SHIM)
    (tmp_path / "k.cu").write_text("void launch(int n)\n{\n  bad;\n}\nvoid check(Tensor x) {\n  worse;\n}\n")
    log = (
        "m_ffi.cc: In function ‘void scale(Tensor&)’:\n"
        "m_ffi.cc:15:12: error: no matching function\n"
        "m_ffi.cc:19:1: error: bad export\n"
        'k.cu(6): error: identifier "worse" is undefined\n'
        "k.cu(3): error: expected a ;\n"
        "ld: m.o: in function `x': undefined reference to `host::scale(Tensor&)'\n"
    )
    found = messages(tmp_path, log, ("m_ffi.cc", "k.cu"))
    assert [(m.file, m.line, m.operators, m.source) for m in found] == [
        ("m_ffi.cc", 15, ("other",), "from_ffi(x);"),
        ("m_ffi.cc", 19, ("scale",), "TVM_FFI_DLL_EXPORT_TYPED_FUNC(scale, scale_ffi);"),
        ("k.cu", 6, ("scale",), "worse;"),
        ("k.cu", 3, (), "bad;"),
        ("", 0, ("scale",), ""),
    ]
    assert found[2].text == 'identifier "worse" is undefined'
