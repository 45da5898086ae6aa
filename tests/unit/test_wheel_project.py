"""The scikit-build-core project in a migrated tree, and what ``migrate wheel`` leaves out of the wheel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import pytest
from click.testing import CliRunner, Result

from migrate.build import toolchain, wheel
from migrate.cli import commands
from migrate.errors import BuildError, ToolchainError, TreeError
from migrate.model.plan import BuildSpec, ModulePlan, Plan
from migrate.model.project import Project, SourceFile
from migrate.render.wheel_metadata import read_metadata
from migrate.render.wheel_project import render_wheel_project
from migrate.text.toml import read_toml

REQUIREMENT = "apache-tvm-ffi>=0.1.15,<0.2"
SETUP = """
from setuptools import setup
setup(name="ops", version="1.2", description='says "hi"', python_requires=">=3.10",
      install_requires=["numpy", "pybind11>=2.6", "apache-tvm-ffi"])
"""


def project(files: dict[str, str]) -> Project:
    rows = (SourceFile(path, "python", text.encode()) for path, text in files.items())
    return Project(Path(), "cpu", tuple(rows), (), ())


def module(name: str = "ops._C", root: str = "", legacy: bool = False, **spec: Any) -> ModulePlan:
    built = BuildSpec(name, spec.pop("sources", ("csrc/ops.cpp", "csrc/ffi/ops_ffi.cc")), **spec)
    return ModulePlan(
        name,
        (),
        built,
        migrated=built,
        adaptor=f"{root}{name.replace('.', '/')}",
        legacy=built if legacy else None,
    )


def rendered(*modules: ModulePlan, files: Optional[dict[str, str]] = None) -> dict[str, str]:
    tree = project({"setup.py": SETUP, "ops/__init__.py": "", **(files or {})})
    written, _ = render_wheel_project(tree, Plan(modules, ()))
    return {path: data.decode() for path, data in written.items()}


def cmake(*modules: ModulePlan, files: Optional[dict[str, str]] = None) -> str:
    return rendered(*modules, files=files)["wheel/CMakeLists.txt"]


def test_the_project_file() -> None:
    table = read_toml(rendered(module())["wheel/pyproject.toml"])
    assert table["project"] == {
        "name": "ops",
        "version": "1.2",
        "description": 'says "hi"',
        "requires-python": ">=3.10",
        "dependencies": ["numpy", REQUIREMENT],
    }
    assert table["tool"]["scikit-build"]["wheel"]["py-api"] == "py3"
    assert REQUIREMENT in table["build-system"]["requires"]


def test_a_computed_version_is_asked_of_a_human() -> None:
    tree = project({"setup.py": "from setuptools import setup\nsetup(name='ops', version=read())"})
    files, (said,) = render_wheel_project(tree, Plan((module(),), ()))
    text = files["wheel/pyproject.toml"].decode()
    assert "# MIGRATE-TODO[MIG157]: the build files compute the version\n" in text
    assert read_toml(text)["project"]["version"] == "0.0.0"
    assert (said.id, said.severity) == ("MIG157", "note")


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": '[project]\nname = "a"\nversion = "2"\ndependencies = ["x"]\n'},
        {"setup.cfg": "[metadata]\nname = a\nversion = 2\n[options]\ninstall_requires =\n  x\n"},
        {"setup.py": "setup(name='a', version='2', install_requires=['x'])"},
        {"setup.py": "setup(name='a', install_requires=('x',))", "a/__init__.py": "__version__ = '2'\n"},
        {"setup.cfg": "[metadata]\nname = a\nversion = attr: a.v\n", "a/version.py": "__version__: str = '2'",
         "setup.py": "setup(install_requires=['x'])"},
    ],
)  # fmt: skip
def test_where_the_metadata_stands(files: dict[str, str]) -> None:
    found = read_metadata(project(files))
    assert (found.name, found.version, found.requirements) == ("a", "2", ("x", REQUIREMENT))


@pytest.mark.parametrize(
    "files", [{"setup.py": "def ("}, {"pyproject.toml": "[["}, {"setup.cfg": "no section"}, {}]
)
def test_broken_build_files_say_nothing(files: dict[str, str]) -> None:
    assert read_metadata(project(files)).name == ""


def test_what_needs_its_old_extension_is_not_in_it() -> None:
    assert rendered(module(legacy=True)) == {}
    assert "add_library(ops_d MODULE" in cmake(module("ops._C", legacy=True), module("ops.d"))
    assert "ops__C" not in cmake(module("ops._C", legacy=True), module("ops.d"))


def test_a_folder_that_is_there_is_left_alone() -> None:
    assert set(rendered(module(), files={"wheel/x.py": ""})) == {
        "tvm_ffi_wheel/CMakeLists.txt",
        "tvm_ffi_wheel/pyproject.toml",
    }


def test_flags_and_names_carry_over() -> None:
    text = cmake(
        module(
            include_dirs=("csrc", "third party"),
            defines=("N=4",),
            cxx_flags=("-O2", "-std=c++20", "-DN=4", "-ffast-math"),
            link_flags=("-fopenmp",),
            origin="setup.py",
        )
    )
    assert 'target_include_directories(ops__C PRIVATE "${TREE}/csrc" "${TREE}/third party")' in text
    assert 'target_compile_definitions(ops__C PRIVATE "N=4")' in text
    assert "target_compile_options(ops__C PRIVATE -DNDEBUG -fwrapv -O2 -ffast-math)" in text
    assert 'target_link_libraries(ops__C PRIVATE "-fopenmp")' in text
    assert "ship(ops__C ops/_C __C 20)" in text
    assert "LINKER:-z,now" in text


def test_a_device_module_is_built_on_request() -> None:
    flags = ("-O3", "-gencode", "arch=compute_80,code=sm_80", "-gencode", "arch=compute_90,code=sm_90")
    text = cmake(module(sources=("a.cu", "ffi/a_ffi.cc"), backend="cuda", device_flags=flags))
    assert 'option(WITH_CUDA "Build the modules for CUDA" OFF)' in text
    assert "if(WITH_CUDA)\n  add_library(ops__C MODULE" in text
    assert "-O3;SHELL:-gencode arch=compute_80,code=sm_80;SHELL:-gencode arch=compute_90,code=sm_90>" in text
    assert "-D__CUDA_NO_HALF_OPERATORS__" in text
    assert "set_target_properties(ops__C PROPERTIES CUDA_ARCHITECTURES OFF)" in text
    assert "WITH_HIP" not in text
    hip = cmake(module(sources=("a.cu", "ffi/a_ffi.cc"), backend="hip"))
    assert 'set_source_files_properties("${TREE}/a.cu" PROPERTIES LANGUAGE HIP)' in hip
    assert "WITH_CUDA" not in hip


def test_a_kernel_file_of_a_module_for_the_cpu_still_takes_its_compiler() -> None:
    assert module(sources=("a.cu",)).original.toolkit == "cuda"
    assert module(sources=("a.hip",)).original.toolkit == "hip"
    assert module().original.toolkit == "cpu"


def test_the_packages_in_the_wheel() -> None:
    packages = ("src/other", "src/tests", "elsewhere")
    files = {"LICENSE": "", **{f"{package}/__init__.py": "" for package in packages}}
    text = cmake(module("ops.sub._C", root="src/"), files=files)
    assert "foreach(package src/ops src/other)" in text
    assert 'install(FILES "${TREE}/LICENSE"' in text


def migrated_tree(folder: Path, *entries: dict[str, Any]) -> Path:
    """A tree whose wheel has one library of a line, so that the build takes a second."""
    (folder / ".migrate").mkdir(parents=True)
    (folder / "wheel").mkdir()
    value = {"files": {"wheel/CMakeLists.txt": {}}, "modules": list(entries)}
    (folder / ".migrate" / "manifest.json").write_text(json.dumps(value))
    (folder / "wheel" / "pyproject.toml").write_text(rendered(module())["wheel/pyproject.toml"])
    (folder / "wheel" / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(ops LANGUAGES C)\n"
        'file(WRITE "${CMAKE_BINARY_DIR}/ops.c" "int __tvm_ffi_f(void) { return 0; }")\n'
        'add_library(_C MODULE "${CMAKE_BINARY_DIR}/ops.c")\n'
        "install(TARGETS _C LIBRARY DESTINATION ops)\n"
    )
    return folder


def entry(
    name: str, toolkit: str = "cpu", tiers: Sequence[str] = ("raw",), **libraries: bool
) -> dict[str, Any]:
    spec = {"name": name, "sources": ["a.cu" if toolkit == "cuda" else "a.cc"], "backend": toolkit}
    kept = {side: spec if libraries.get(side) else None for side in ("bridge", "legacy")}
    operators = [{"tier": tier} for tier in tiers]
    return {"name": name, "adaptor": name, "migrated": spec, "operators": operators, **kept}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments of builds, none of which is run; no device compiler but those put here."""
    calls: list[Any] = []
    monkeypatch.setattr(wheel, "_run", lambda *arguments: calls.append(arguments) or "ops.whl")
    monkeypatch.setattr(wheel.importlib.util, "find_spec", lambda _: True)
    monkeypatch.setattr(toolchain, "nvcc", lambda: None)
    monkeypatch.setattr(toolchain, "hipcc", lambda: None)
    return calls


def test_what_is_left_out_is_listed(made: list[Any], tmp_path: Path) -> None:
    tree = migrated_tree(
        tmp_path / "tree",
        entry("a", tiers=("raw", "bridge"), bridge=True),
        entry("b", "cuda"),
        entry("c", tiers=("raw", "manual"), legacy=True),
        {**entry("d"), "migrated": None},
    )
    result = wheel.build_wheel(tree, tmp_path)
    assert result.modules == ("a",)
    assert {row.module: row.reason for row in result.left_out} == {
        "a": "1 of its operators need libtorch (bridge)",
        "b": "this machine has no compiler for cuda",
        "c": "1 of its operators are served by the old extension",
        "d": "no operator of it leaves torch",
    }


def test_what_the_user_leaves_out_is_no_finding(made: list[Any], tmp_path: Path) -> None:
    tree = migrated_tree(tmp_path / "tree", entry("a"), entry("b", "cuda"))
    assert wheel.build_wheel(tree, tmp_path, ["cpu"]).left_out == ()


def test_a_backend_that_was_asked_for_is_never_dropped(made: list[Any], tmp_path: Path) -> None:
    tree = migrated_tree(tmp_path / "tree", entry("a"), entry("b", "cuda"))
    with pytest.raises(ToolchainError, match="no compiler for cuda"):
        wheel.build_wheel(tree, tmp_path, ["cuda"])


def test_nothing_to_ship(made: list[Any], tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no module of this tree can be in the wheel"):
        wheel.build_wheel(migrated_tree(tmp_path / "tree", entry("a", legacy=True)), tmp_path)
    with pytest.raises(TreeError, match="manifest"):
        wheel.build_wheel(tmp_path, tmp_path)


def run(tree: Path, out: Path, *options: str) -> Result:
    arguments = ["wheel", "-C", str(tree), "--out", str(out), "--backend", "cpu", *options]
    return CliRunner().invoke(commands, arguments, standalone_mode=False)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="not run: no gcc on this machine")
def test_a_wheel_for_every_python(tmp_path: Path) -> None:
    pytest.importorskip("scikit_build_core", reason="not run: scikit-build-core builds the wheel")
    if shutil.which("cmake") is None:
        pytest.importorskip("cmake", reason="not run: no CMake on this machine")
    tree, out = migrated_tree(tmp_path / "tree", entry("ops._C")), tmp_path / "dist"
    result = run(tree, out, "--format", "json")
    assert result.return_value == 0, result.output
    (made,) = out.glob("*.whl")
    assert made.name.startswith("ops-1.2-py3-none-linux_")
    page = json.loads(result.stdout)
    assert page["kept"]
    assert page["wheel"]["modules"] == ["ops._C"]
    assert any(row.startswith("apache-tvm-ffi") for row in page["subject"]["requires"])


@pytest.mark.skipif(shutil.which("gcc") is None, reason="not run: no gcc on this machine")
def test_a_failed_build_names_its_first_error(tmp_path: Path) -> None:
    pytest.importorskip("scikit_build_core", reason="not run: scikit-build-core builds the wheel")
    tree = migrated_tree(tmp_path / "tree", entry("ops._C"))
    (tree / "wheel" / "CMakeLists.txt").write_text("project(x)\nmessage(FATAL_ERROR none)\n")
    with pytest.raises(BuildError, match=r"wheel\.log has the whole story"):
        wheel.build_wheel(tree, tmp_path / "dist", ["cpu"])
