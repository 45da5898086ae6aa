"""Requirement files, build tables and CMake after the migration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import pytest

from migrate.model.plan import BuildSpec, ModulePlan, Plan
from migrate.model.project import Project, SourceFile
from migrate.render.buildfiles import render_build_files

NEW = "apache-tvm-ffi>=0.1.15,<0.2"


def render(
    files: dict[str, str],
    module: Optional[ModulePlan] = None,
    others: tuple[ModulePlan, ...] = (),
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    kept = tuple(SourceFile(path, "build", text.encode()) for path, text in files.items())
    plan = Plan((module or ModulePlan("m", (), spec("a.cpp"), spec("a_ffi.cc")), *others), ())
    written, diagnostics = render_build_files(Project(Path(), "cpu", kept, (), ()), plan)
    return {path: data.decode() for path, data in written.items()}, [
        (one.id, one.message) for one in diagnostics
    ]


def spec(*sources: str, name: str = "m", include_dirs: tuple[str, ...] = ()) -> BuildSpec:
    return BuildSpec(name, sources, include_dirs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('requires = ["setuptools", "pybind11>=2"]', f'requires = ["setuptools", "{NEW}"]'),
        ("requires = ['a'] # why", f"requires = ['a', '{NEW}'] # why"),
        ('requires = [\n  "a",\n  "b", # b\n]', f'requires = [\n  "a",\n  "b",\n  "{NEW}", # b\n]'),
        (
            'requires = [\n  "a[b]>=1",\n  "pybind11", # p\n]',
            f'requires = [\n  "a[b]>=1",\n  "{NEW}", # p\n]',
        ),
        ("requires = []", f'requires = ["{NEW}"]'),
        (f'requires = ["{NEW}", "pybind11", "x"]', f'requires = ["{NEW}", "x"]'),
        (f'requires = ["{NEW}", "pybind11"]', f'requires = ["{NEW}"]'),
        ('requires = ["pybind11-stubgen"]', f'requires = ["pybind11-stubgen", "{NEW}"]'),
    ],
)
def test_build_requirements_change_in_place(before: str, after: str) -> None:
    head, tail = "[build-system]\n", '\nbuild-backend = "x"\n[tool.x]\nrequires = ["pybind11"]\n'
    written, _ = render({"pyproject.toml": head + before + tail})
    assert written["pyproject.toml"] == head + after + tail


def test_project_dependencies_change_too() -> None:
    written, ids = render(
        {"pyproject.toml": '[project]\nname = "x"\ndependencies = ["apache-tvm-ffi<=0.1.12"]\n'}
    )
    assert written["pyproject.toml"] == f'[project]\nname = "x"\ndependencies = ["{NEW}"]\n'
    assert ids == [("MIG153", f"apache-tvm-ffi<=0.1.12 became {NEW}")]


def test_project_without_dependencies_gets_some_unless_they_are_dynamic() -> None:
    written, _ = render({"pyproject.toml": '[project]\nname = "x"\n'})
    assert written["pyproject.toml"] == f'[project]\ndependencies = ["{NEW}"]\nname = "x"\n'
    assert render({"pyproject.toml": '[project]\ndynamic = ["dependencies"]\n'})[0] == {}


def test_pybind11_stays_while_a_module_needs_it() -> None:
    untouched = ModulePlan("old", (), spec("o.cpp", name="old"))
    written, _ = render({"requirements.txt": "pybind11\n"}, others=(untouched,))
    assert written["requirements.txt"] == f"pybind11\n{NEW}\n"


def test_requirement_files_and_setup_cfg() -> None:
    written, _ = render(
        {
            "requirements.txt": "# tools\ntorch  # big\npybind11>=2.6  # bindings\n",
            "requirements-dev.txt": "pytest\n",
            "setup.cfg": "[options]\ninstall_requires =\n    torch\n    pybind11\n[x]\ny = 1\n",
        }
    )
    assert written == {
        "requirements.txt": f"# tools\ntorch  # big\n{NEW}  # bindings\n",
        "setup.cfg": f"[options]\ninstall_requires =\n    torch\n    {NEW}\n[x]\ny = 1\n",
    }


def test_conda_environment_is_edited_under_pip_and_marked_elsewhere() -> None:
    text = "dependencies:\n  - pybind11=2\n  - pip:\n      - pybind11>=2\n"
    written, ids = render({"environment.yml": text})
    lines = written["environment.yml"].splitlines()
    assert lines[1].startswith("  # MIGRATE-TODO[MIG152]")
    assert lines[2:] == ["  - pybind11=2", "  - pip:", f"      - {NEW}"]
    assert [one for one, _ in ids] == ["MIG152"]


TABLE = """{
  "module_n": {
    "srcs": [
      "f'{CSRC}/pybind/n.cu'",
      "f'{CSRC}/kernels/n.cu'"
    ],
    "extra_include": [],
    "verbose": "False"
  }
}
"""


def norm(
    *migrated: str, legacy: Optional[BuildSpec] = None, include_dirs: tuple[str, ...] = ()
) -> ModulePlan:
    original = spec("csrc/pybind/n.cu", "csrc/kernels/n.cu", name="p.jit.module_n")
    new = spec(*migrated, name="p.jit.module_n", include_dirs=include_dirs)
    return ModulePlan("p.jit.module_n", (), original, new, legacy)


def test_table_is_edited_in_its_own_spelling() -> None:
    module = norm("csrc/ffi/n_ffi.cc", "csrc/kernels/n.cu", "csrc/ffi/m.cc", include_dirs=("csrc/port",))
    written, ids = render({"p/jit/t.json": TABLE}, module)
    assert written["p/jit/t.json"] == TABLE.replace("pybind/n.cu", "ffi/n_ffi.cc").replace(
        "kernels/n.cu'\"", "kernels/n.cu'\",\n      \"f'{CSRC}/ffi/m.cc'\""
    ).replace('"extra_include": []', '"extra_include": ["f\'{CSRC}/port\'"]')
    assert [one for one, _ in ids] == ["MIG154"]


@pytest.mark.parametrize("kept", [("csrc/kernels/n.cu",), ("csrc/pybind/n.cu",)])
def test_table_stays_json_when_an_entry_only_leaves(kept: tuple[str, ...]) -> None:
    written, _ = render({"t.json": TABLE}, norm(*kept))
    (entry,) = json.loads(written["t.json"])["module_n"]["srcs"]
    assert entry == "f'{CSRC}/" + kept[0][len("csrc/") :] + "'"


def test_table_without_a_name_for_a_folder_is_left_for_a_human() -> None:
    written, ids = render({"t.json": TABLE}, norm("elsewhere/n_ffi.cc"))
    assert written == {}
    assert ids == [("MIG150", "build module_n from: elsewhere/n_ffi.cc")]


def test_table_says_that_a_legacy_module_must_be_added() -> None:
    legacy = spec("legacy/csrc/pybind/n.cu", name="p.jit._legacy_module_n")
    _, ids = render({"t.json": TABLE}, norm("csrc/ffi/n_ffi.cc", legacy=legacy))
    assert ("MIG151", "build p.jit._legacy_module_n from: legacy/csrc/pybind/n.cu") in ids


def test_cmake_module_becomes_a_plain_one_linked_to_tvm_ffi() -> None:
    text = (
        "find_package(pybind11 REQUIRED)  # old\n"
        "pybind11_add_module(_C a.cpp k.cu)\n"
        "target_link_libraries(_C PRIVATE m torch_python)\n"
    )
    module = ModulePlan("p._C", (), spec("a.cpp", "k.cu", name="p._C"), spec("ffi/a.cc", "k.cu", name="p._C"))
    written, ids = render({"CMakeLists.txt": text}, module)
    lines = written["CMakeLists.txt"].splitlines()
    assert lines[4] == "find_package(tvm_ffi CONFIG REQUIRED)  # old"
    assert lines[5:7] == ["add_library(_C MODULE k.cu ffi/a.cc)", "tvm_ffi_configure_target(_C)"]
    assert 'PREFIX "" OUTPUT_NAME "__C"' in lines[7]
    assert lines[8].startswith("# MIGRATE-TODO[MIG155]: torch_python")
    assert [one for one, _ in ids] == ["MIG155"]


def test_cmake_sources_in_a_variable_are_left_with_a_todo() -> None:
    text = "set(S a.cpp)\npybind11_add_module(m ${S})\n"
    written, ids = render({"CMakeLists.txt": text})
    todo = "# MIGRATE-TODO[MIG150]: build m from: a_ffi.cc\n"
    assert todo + "pybind11_add_module(m ${S})" in written["CMakeLists.txt"]
    assert ("MIG150", "build m from: a_ffi.cc") in ids
