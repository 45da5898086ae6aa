"""setup.py after the migration: byte-range edits only, TODO comments where no exact edit exists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional

from migrate.model.plan import BuildSpec, ModulePlan, Plan
from migrate.model.project import Extension, Project, SourceFile
from migrate.render.buildfiles import helper_paths, render_build_files

ORIGINAL = ("csrc/bind.cpp", "csrc/k.cu")
MIGRATED = ("csrc/ffi/bind_ffi.cc", "csrc/k.cu")
SCRIPT = """\
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

# every comment stays
setup(
    name="pkg",
    ext_modules=[
        CUDAExtension(
            name="pkg._C",
            sources=[
                "csrc/bind.cpp",  # bindings
                "csrc/k.cu",
            ],
            extra_compile_args={"cxx": ["-O3"]},
        ),
    ],
    cmdclass={"build_ext": BuildExtension},
    install_requires=["torch", "pybind11>=2.6"],
)
"""


def project_of(files: dict[str, str], line: int, name: str = "pkg._C", script: str = "setup.py") -> Project:
    kept = tuple(SourceFile(path, "build", text.encode()) for path, text in sorted(files.items()))
    extension = Extension(name, ORIGINAL, "cuda", "setup.py", f"{script}:{line}")
    return Project(Path(), "cuda", kept, (extension,), ())


def plan_of(
    legacy: Optional[BuildSpec] = None, include_dirs: tuple[str, ...] = (), name: str = "pkg._C"
) -> Plan:
    original = BuildSpec(name, ORIGINAL, origin="setup.py")
    migrated = BuildSpec(name, MIGRATED, include_dirs)
    return Plan((ModulePlan(name, (), original, migrated, legacy),), ())


def edited(script: str, line: int, plan: Optional[Plan] = None) -> tuple[str, list[str]]:
    written, diagnostics = render_build_files(project_of({"setup.py": script}, line), plan or plan_of())
    text = written.get("setup.py", script.encode()).decode()
    compile(text, "setup.py", "exec")
    return text, [one.id for one in diagnostics]


def test_extension_imports_command_and_requirements_change_and_nothing_else() -> None:
    text, ids = edited(SCRIPT, 8)
    assert ids == []
    assert text == SCRIPT.replace(
        "from torch.utils.cpp_extension import BuildExtension, CUDAExtension\n",
        "import os\nimport sys\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\n"
        "from tvm_ffi_extension import BuildTVMFFI, TVMFFIExtension  # noqa: E402\n",
    ).replace("        CUDAExtension(", "        TVMFFIExtension(").replace(
        '"csrc/bind.cpp",  # bindings', '"csrc/ffi/bind_ffi.cc",  # bindings'
    ).replace("BuildExtension}", "BuildTVMFFI}").replace("pybind11>=2.6", "apache-tvm-ffi>=0.1.15,<0.2")


def test_line_endings_and_non_ascii_text_are_kept() -> None:
    script = SCRIPT.replace("# every comment stays", "# größer 🙂").replace("\n", "\r\n")
    text, _ = edited(script, 8)
    assert "# größer 🙂" in text
    assert "\n" not in text.replace("\r\n", "")


def test_list_in_a_variable_is_edited_where_it_is_written() -> None:
    script = (
        "S = ['csrc/bind.cpp', 'csrc/k.cu']\n"
        "from torch.utils.cpp_extension import CUDAExtension\n"
        "E = [CUDAExtension('pkg._C', S)]\n"
    )
    text, ids = edited(script, 3)
    assert text.startswith("S = ['csrc/ffi/bind_ffi.cc', 'csrc/k.cu']\n")
    assert "E = [TVMFFIExtension('pkg._C', S)]" in text
    assert ids == []


def test_computed_sources_are_taken_as_they_come_but_for_what_changed() -> None:
    script = (
        "import glob\n"
        "from x import CUDAExtension\n"
        "if True:\n"
        "    e = [CUDAExtension('pkg._C', glob.glob('csrc/*'))]\n"
    )
    text, ids = edited(script, 4)
    assert "import BuildTVMFFI, TVMFFIExtension, relisted  # noqa" in text
    assert text.endswith(
        "    e = [TVMFFIExtension('pkg._C', "
        'relisted(glob.glob(\'csrc/*\'), without=["csrc/bind.cpp"], more=["csrc/ffi/bind_ffi.cc"]))]\n'
    )
    assert ids == []


HELPER = """\
from torch.utils.cpp_extension import BuildExtension, CUDAExtension
def one(name, sources):
    return CUDAExtension(name='pkg.' + name, sources=[f'csrc/{s}' for s in sources])
extensions = [one('a', ['a.cpp', 'k.cu']), one('b', ['b.cpp', 'k.cu'])]
setup(ext_modules=extensions, cmdclass={'build_ext': BuildExtension})
"""


def helped(*specs: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]) -> tuple[str, list[str]]:
    """A helper that is called once for each module: its sources, before and after, and folders."""
    names = [f"pkg.{letter}" for letter in "ab"]
    modules = tuple(
        ModulePlan(name, (), BuildSpec(name, before, origin="setup.py"), BuildSpec(name, after, folders))
        for name, (before, after, folders) in zip(names, specs)
    )
    project = project_of({"setup.py": HELPER}, 3)
    extensions = tuple(
        replace(project.extensions[0], name=name, sources=before)
        for name, (before, _, _) in zip(names, specs)
    )
    written, diagnostics = render_build_files(replace(project, extensions=extensions), Plan(modules, ()))
    return written["setup.py"].decode(), [one.id for one in diagnostics]


def test_one_call_for_several_extensions() -> None:
    A = (("csrc/a.cpp", "csrc/k.cu"), ("csrc/k.cu", "csrc/ffi/a.cc"), ("csrc/ffi",))
    B = (("csrc/b.cpp", "csrc/k.cu"), ("csrc/k.cu", "csrc/ffi/b.cc"), ("csrc/ffi",))
    text, ids = helped(A, B)
    assert ids == []
    called: dict[str, list[str]] = {}

    def extension(name: str, sources: list[str], include_dirs: list[str]) -> None:
        called[name] = [*sources, *include_dirs]

    def relisted(sources: list[str], without: list[str], more: list[str]) -> list[str]:
        return [*(source for source in sources if source not in without), *more]

    names = {
        "TVMFFIExtension": extension,
        "relisted": relisted,
        "BuildTVMFFI": None,
        "setup": lambda **_: None,
    }
    exec(text.partition("noqa: E402\n")[2], names)
    assert called == {
        "pkg.a": ["csrc/k.cu", "csrc/ffi/a.cc", "csrc/ffi"],
        "pkg.b": ["csrc/k.cu", "csrc/ffi/b.cc", "csrc/ffi"],
    }


def test_one_call_whose_extensions_need_different_things_is_left() -> None:
    A = (("csrc/a.cpp", "csrc/k.cu"), ("csrc/k.cu", "csrc/ffi/a.cc"), ("csrc/ffi",))
    for other in (
        (("csrc/b.cpp", "csrc/k.cu"), ("csrc/k.cu", "csrc/ffi/b.cc"), ("other/ffi",)),
        (("csrc/b.cpp", "csrc/k.cu"), ("csrc/b.cpp", "csrc/ffi/b.cc"), ("csrc/ffi",)),
    ):
        text, ids = helped(A, other)
        assert ids == ["MIG150", "MIG150"]
        assert "return CUDAExtension(" in text


def test_a_build_command_that_is_read_out_of_its_module_is_replaced() -> None:
    script = (
        "from torch.utils import cpp_extension\n"
        "class Later(cpp_extension.BuildExtension): pass\n"
        "setup(ext_modules=[cpp_extension.CUDAExtension('pkg._C', ['csrc/bind.cpp', 'csrc/k.cu'])],\n"
        "      cmdclass={'build_ext': cpp_extension.BuildExtension})\n"
    )
    text, ids = edited(script, 3)
    assert "cmdclass={'build_ext': BuildTVMFFI}" in text
    assert "class Later(cpp_extension.BuildExtension): pass" in text
    assert ids == []


def test_a_new_keyword_comes_behind_a_list_that_is_added_to() -> None:
    script = (
        "from x import CUDAExtension\n"
        "e = [CUDAExtension('pkg._C', ['csrc/bind.cpp', 'csrc/k.cu'], libraries=['a'] if w else [])]\n"
    )
    plan = plan_of()
    migrated = plan.modules[0].migrated
    assert migrated is not None
    migrated = replace(migrated, include_dirs=("csrc/ffi",), link_flags=("-lcublas",))
    text, _ = edited(script, 2, replace(plan, modules=(replace(plan.modules[0], migrated=migrated),)))
    assert 'libraries=[*([\'a\'] if w else []), "cublas"], include_dirs=["csrc/ffi"])]' in text
    compile(text, "setup.py", "exec")


def test_a_choice_of_folders_is_unpacked_in_brackets() -> None:
    script = (
        "from x import CUDAExtension\n"
        "e = [CUDAExtension('pkg._C', ['csrc/bind.cpp', 'csrc/k.cu'], include_dirs=['a'] if w else [],\n"
        "                   define_macros=[] if w else [('A', '1')])]\n"
    )
    legacy = BuildSpec("pkg._legacy_C", ("legacy/csrc/bind.cpp",), ("old",), ("TORCH_EXTENSION_NAME=_C",))
    text, _ = edited(script, 2, plan_of(legacy))
    assert "[os.path.abspath(\"old\"), *(['a'] if w else [])]" in text
    assert "[(\"TORCH_EXTENSION_NAME\", \"_C\"), *([] if w else [('A', '1')])]" in text
    compile(text, "setup.py", "exec")


def test_a_list_that_is_changed_later_counts_as_computed() -> None:
    script = (
        "S = ['csrc/bind.cpp']\n"
        "S.append('csrc/k.cu')\n"
        "from x import CUDAExtension\n"
        "e = CUDAExtension('pkg._C', S)\n"
    )
    text, ids = edited(script, 4)
    assert "TVMFFIExtension('pkg._C', relisted(S, without=" in text
    assert ids == []


def test_copies_of_computed_sources_lie_below_their_folder() -> None:
    script = "from x import CUDAExtension\nS = find()\ne = [CUDAExtension('pkg._C', S, include_dirs=inc())]\n"
    legacy = BuildSpec("pkg._legacy_C", tuple(f"legacy/{path}" for path in ORIGINAL))
    text, ids = edited(script, 3, plan_of(legacy))
    assert 'CUDAExtension("pkg._legacy_C", relisted(S, below="legacy"), include_dirs=inc())' in text
    assert ids == []


def test_sources_that_no_argument_gives_are_left_with_a_todo_comment() -> None:
    script = "from x import CUDAExtension\ne = CUDAExtension('pkg._C', **options())\n"
    text, ids = edited(script, 2)
    comment = "# MIGRATE-TODO[MIG150]: build pkg._C from: csrc/ffi/bind_ffi.cc, csrc/k.cu\n"
    assert text == script.replace("e =", comment + "e =")
    assert ids == ["MIG150"]


def test_legacy_extension_stays_beside_the_migrated_one() -> None:
    legacy = BuildSpec("pkg._legacy__C", ("legacy/csrc/bind.cpp",), ("legacy/csrc",))
    text, _ = edited(SCRIPT, 8, plan_of(legacy))
    assert 'TVMFFIExtension(\n            name="pkg._C",' in text
    assert (
        '        CUDAExtension(\n            name="pkg._legacy__C",\n            sources=[\n'
        '                "legacy/csrc/bind.cpp",\n'
        '            ], include_dirs=[os.path.abspath("legacy/csrc")],\n'
        '            extra_compile_args={"cxx": ["-O3"]},\n        ),\n    ],'
    ) in text
    assert "import CUDAExtension\n" in text
    assert '["torch", "pybind11>=2.6", "apache-tvm-ffi>=0.1.15,<0.2"]' in text


def test_appended_extension_gets_its_legacy_as_a_second_statement() -> None:
    script = (
        "from x import CUDAExtension\n"
        "E = []\n"
        "E.append(CUDAExtension('pkg._C', ['csrc/bind.cpp', 'csrc/k.cu']))\n"
    )
    text, _ = edited(script, 3, plan_of(BuildSpec("pkg._legacy__C", ORIGINAL)))
    assert text.endswith(
        "E.append(TVMFFIExtension('pkg._C', ['csrc/ffi/bind_ffi.cc', 'csrc/k.cu']))\n"
        'E.append(CUDAExtension("pkg._legacy__C", ["csrc/bind.cpp", "csrc/k.cu"]))\n'
    )


def test_include_folders_are_added_to_what_is_there() -> None:
    plan = plan_of(include_dirs=("csrc/ffi_port",))
    text, _ = edited(SCRIPT, 8, plan)
    assert '            include_dirs=["csrc/ffi_port"],\n        ),' in text
    computed = SCRIPT.replace("extra_compile", "include_dirs=inc(),\n            extra_compile")
    assert 'include_dirs=[*inc(), "csrc/ffi_port"],' in edited(computed, 8, plan)[0]


def test_sources_of_a_script_in_a_subfolder_are_relative_to_it() -> None:
    script = SCRIPT.replace('"csrc/', '"../csrc/')
    written, _ = render_build_files(project_of({"sub/setup.py": script}, 8, script="sub/setup.py"), plan_of())
    assert b'"../csrc/ffi/bind_ffi.cc",  # bindings' in written["sub/setup.py"]
    assert helper_paths(written) == ("sub/tvm_ffi_extension.py",)
    assert written["sub/MANIFEST.in"] == b"include tvm_ffi_extension.py\n"


def test_setup_without_a_build_command_gets_one() -> None:
    script = SCRIPT.replace('    cmdclass={"build_ext": BuildExtension},\n', "")
    assert 'cmdclass={"build_ext": BuildTVMFFI}' in edited(script, 8)[0]
    other = SCRIPT.replace('"build_ext": BuildExtension', '"sdist": MySdist')
    assert 'cmdclass={"build_ext": BuildTVMFFI, "sdist": MySdist}' in edited(other, 8)[0]


def test_torch_load_call_gets_a_todo() -> None:
    script = (
        "from torch.utils.cpp_extension import load\nm = load('pkg._C', ['csrc/bind.cpp', 'csrc/k.cu'])\n"
    )
    text, ids = edited(script, 2)
    assert text.splitlines()[1].startswith("# MIGRATE-TODO[MIG150]: build pkg._C from: csrc/ffi/bind_ffi.cc")
    assert ids == ["MIG150"]


def test_nothing_migrated_changes_nothing() -> None:
    plan = Plan((ModulePlan("pkg._C", (), BuildSpec("pkg._C", ORIGINAL)),), ())
    assert render_build_files(project_of({"setup.py": SCRIPT}, 8), plan) == ({}, ())


def test_rendering_the_result_again_changes_nothing_more() -> None:
    first, _ = render_build_files(project_of({"setup.py": SCRIPT}, 8), plan_of())
    again = project_of({path: data.decode() for path, data in first.items()}, 11)
    assert render_build_files(again, plan_of())[0] == {}


def test_script_in_another_encoding_is_left_alone() -> None:
    project = project_of({}, 8)
    data = b"# -*- coding: latin-1 -*-\n# \xe9\n" + SCRIPT.encode()
    written, (said,) = render_build_files(
        replace(project, files=(SourceFile("setup.py", "build", data),)), plan_of()
    )
    assert (written, said.id) == ({}, "MIG156")


BRIDGE = BuildSpec("pkg._C._bridge", ("bridge/csrc/bind.cpp",), ("bridge",))


def test_a_bridge_is_one_more_torch_extension_that_needs_no_python() -> None:
    plan = plan_of(BuildSpec("pkg._legacy__C", ("legacy/csrc/bind.cpp",)))
    module = replace(plan.modules[0], bridge=BRIDGE)
    text, ids = edited(SCRIPT, 8, replace(plan, modules=(module,)))
    assert not ids
    places = [text.index(f'name="{name}"') for name in ("pkg._C", "pkg._C._bridge", "pkg._legacy__C")]
    assert places == sorted(places)
    assert (
        '            name="pkg._C._bridge",\n            sources=[\n                "bridge/csrc/bind.cpp",\n'
        '            ], py_limited_api=True, include_dirs=[os.path.abspath("bridge")],\n'
    ) in text


def test_a_module_that_is_only_bridged_keeps_its_extension_call_and_needs_no_tvm_ffi() -> None:
    original = BuildSpec("pkg._C", ORIGINAL, origin="setup.py")
    module = ModulePlan("pkg._C", (), original, bridge=BRIDGE, adaptor="pkg/_C")
    text, ids = edited(SCRIPT, 8, Plan((module,), ()))
    assert not ids
    assert "TVMFFI" not in text
    assert 'CUDAExtension(\n            name="pkg._C._bridge"' in text
    assert 'install_requires=["torch"]' in text
    assert text.count("import os\n") == 1


def test_the_old_extension_is_imported_under_its_old_name() -> None:
    legacy = BuildSpec("pkg._legacy_C", ("legacy/csrc/bind.cpp",), defines=("TORCH_EXTENSION_NAME=_C",))
    text, _ = edited(SCRIPT, 8, plan_of(legacy))
    old = text[text.index('name="pkg._legacy_C"') :]
    assert '], define_macros=[("TORCH_EXTENSION_NAME", "_C")],' in old
    assert "TORCH_EXTENSION_NAME" not in text[: -len(old)]


def test_a_module_that_stays_is_built_from_the_files_that_stay_as_they_were() -> None:
    original = BuildSpec("pkg._C", ORIGINAL, origin="setup.py")
    legacy = BuildSpec("pkg._C", ("legacy/csrc/bind.cpp",), ("legacy/csrc",))
    text, ids = edited(SCRIPT, 8, Plan((ModulePlan("pkg._C", (), original, legacy=legacy),), ()))
    assert not ids
    assert text.count("CUDAExtension(") == 1
    assert '"legacy/csrc/bind.cpp"' in text
    assert '"csrc/bind.cpp"' not in text


def test_extensions_that_share_a_registration_are_told_which_one_they_are() -> None:
    spec = replace(BRIDGE, defines=("FFI_BRIDGE_NAMESPACE=_ffi_bridge_pkg__C",))
    original = BuildSpec("pkg._C", ORIGINAL, origin="setup.py")
    module = ModulePlan("pkg._C", (), original, bridge=spec, adaptor="pkg/_C")
    macro = '("FFI_BRIDGE_NAMESPACE", "_ffi_bridge_pkg__C")'
    assert f"define_macros=[{macro}]" in edited(SCRIPT, 8, Plan((module,), ()))[0]
    script = SCRIPT.replace("extra_compile", 'define_macros=[("A", "1")], extra_compile')
    assert f'define_macros=[{macro}, *[("A", "1")]]' in edited(script, 8, Plan((module,), ()))[0]
