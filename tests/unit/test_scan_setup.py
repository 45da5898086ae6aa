"""Extensions that setup.py and torch's loaders declare, read without running them."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pytest

from migrate.model.project import Extension
from migrate.scan import scan

IMPORTS = """\
import glob, os
import os.path as osp
from pathlib import Path
from itertools import product
import torch
from setuptools import setup, Extension
from torch.utils.cpp_extension import CUDA_HOME, BuildExtension, CppExtension, CUDAExtension
here = os.path.dirname(os.path.abspath(__file__))
"""
FILES = {
    "csrc/a.cpp": "#include <torch/extension.h>\n",
    "csrc/b.cu": "#include <cuda_runtime.h>\n",
    "csrc/cuda/c.cu": "",
    "csrc/include/a.h": "",
}


def extensions(
    root: Path, script: str, backend: Optional[str] = None, at: str = "setup.py"
) -> list[Extension]:
    for path, text in {**FILES, at: IMPORTS + script}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return list(scan(root, backend).extensions)


def sources(root: Path, script: str, backend: Optional[str] = None) -> dict[str, tuple[str, ...]]:
    return {one.name: one.sources for one in extensions(root, script, backend) if one.origin != "inferred"}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("CppExtension('m', ['csrc/a.cpp'])", ("csrc/a.cpp",)),
        (
            "s = ['csrc/a.cpp']\ns.append('csrc/b.cu')\nCUDAExtension(name='m', sources=s)",
            ("csrc/a.cpp", "csrc/b.cu"),
        ),
        ("s = ['csrc/a.cpp']\ns += ['csrc/b.cu']\nCUDAExtension('m', s)", ("csrc/a.cpp", "csrc/b.cu")),
        ("s = ['csrc/a.cpp'] + ['csrc/b.cu']\nCUDAExtension('m', s)", ("csrc/a.cpp", "csrc/b.cu")),
        ("{}.pop('absent')\nCppExtension('m', ['csrc/a.cpp'])", ("csrc/a.cpp",)),
        ("CppExtension('m', [osp.join('csrc', 'a.cpp')])", ("csrc/a.cpp",)),
        ("CppExtension('m', [f'{here}/csrc/a.cpp'])", ("csrc/a.cpp",)),
        ("CppExtension('m', [str(Path(here) / 'csrc' / 'a.cpp')])", ("csrc/a.cpp",)),
        (
            "CUDAExtension('m', sorted(glob.glob('csrc/**/*.cu', recursive=True)))",
            ("csrc/b.cu", "csrc/cuda/c.cu"),
        ),
        ("CUDAExtension('m', [str(p) for p in Path('csrc').glob('*.cu')])", ("csrc/b.cu",)),
        ("CUDAExtension('m', [f'csrc/{n}' for n in ['a.cpp', 'b.cu'] if n.endswith('.cu')])", ("csrc/b.cu",)),
        ("CUDAExtension('m', [p for p in glob.glob('csrc/*') if p.endswith('.cu')])", ("csrc/b.cu",)),
        (
            "def all_of(d): return glob.glob(os.path.join(d, '*.cpp'))\nCppExtension('m', all_of('csrc'))",
            ("csrc/a.cpp",),
        ),
        (
            "class E(Extension): pass\nclass MyExtension(Extension): pass\nMyExtension('m', ['csrc/a.cpp'])",
            ("csrc/a.cpp",),
        ),
        ("make = CUDAExtension if CUDA_HOME else CppExtension\nmake('m', ['csrc/b.cu'])", ("csrc/b.cu",)),
    ],
)
def test_sources_are_folded(tmp_path: Path, script: str, expected: tuple[str, ...]) -> None:
    assert sources(tmp_path, script) == {"m": expected}


def test_flags_defines_and_include_folders_are_read(tmp_path: Path) -> None:
    script = """
flags = {"cxx": ["-O3", "-DX=1"], "nvcc": ["-O3"] + ["--use_fast_math"]}
flags["nvcc"].append("-DY")
CUDAExtension("pkg._C", ["csrc/b.cu"], include_dirs=[Path(here) / "csrc" / "include", CUDA_HOME + "/include"],
              define_macros=[("A", "1"), ("B", None)], extra_compile_args=flags)
"""
    (one,) = extensions(tmp_path, script)
    assert one.include_dirs == ("csrc/include",)
    assert one.defines == ("A=1", "B", "X=1", "Y")
    assert one.cxx_flags == ("-O3", "-DX=1")
    assert one.device_flags == ("-O3", "--use_fast_math", "-DY")
    assert (one.backend, one.origin, one.declared) == ("cuda", "setup.py", "setup.py:12")


def test_an_option_whose_value_is_not_known_goes_with_it(tmp_path: Path) -> None:
    script = """
archs = []
for cap in read_somewhere():
    archs += ["-gencode", f"arch=compute_{cap},code=sm_{cap}"]
CUDAExtension("pkg._C", ["csrc/b.cu"], extra_compile_args={"nvcc": ["-O3", *archs, "-DY"] + somewhere()})
"""
    (one,) = extensions(tmp_path, script)
    assert one.device_flags == ("-O3", "-DY")


def test_an_option_stands_before_each_of_its_values(tmp_path: Path) -> None:
    script = """
for capability in read_somewhere():
    if capability.startswith("8.0"):
        num = "80"
    elif capability.startswith("9.0"):
        num = "90a"
    else:
        continue
    archs = ["-gencode", f"arch=compute_{num},code=sm_{num}", "-maxrregcount", "64" if num == "80" else "32"]
CUDAExtension("pkg._C", ["csrc/b.cu"], extra_compile_args={"nvcc": archs})
"""
    (one,) = extensions(tmp_path, script)
    gencode = ("-gencode", "arch=compute_80,code=sm_80", "-gencode", "arch=compute_90a,code=sm_90a")
    assert one.device_flags[:4] == gencode
    assert one.device_flags[4:] in (("-maxrregcount", "64"), ("-maxrregcount", "32"))


def test_what_a_choice_does_not_say_goes_with_its_option(tmp_path: Path) -> None:
    script = """
which = os.getenv("X")
flags = ["-gencode", [] if which else "arch=compute_80,code=sm_80", "-arch", which.cap if which else "sm_80"]
CUDAExtension("pkg._C", ["csrc/b.cu"], extra_compile_args={"nvcc": [flags, [["-O2"]]]})
"""
    (one,) = extensions(tmp_path, script)
    assert one.device_flags == ("-gencode", "arch=compute_80,code=sm_80", "-arch", "sm_80", "-O2")


def test_capabilities_in_a_default_are_read(tmp_path: Path) -> None:
    script = """
caps = set(map(int, os.getenv("CAPS", "80,90").split(",")))
archs = [flag for cap in caps for flag in ("-gencode", f"arch=compute_{cap},code=sm_{cap}")]
CUDAExtension("pkg._C", ["csrc/b.cu"], extra_compile_args={"nvcc": archs})
"""
    (one,) = extensions(tmp_path, script)
    assert one.device_flags[1::2] == ("arch=compute_80,code=sm_80", "arch=compute_90,code=sm_90")


def test_conditions_on_the_machine_follow_the_backend(tmp_path: Path) -> None:
    script = """
if torch.version.hip:
    CUDAExtension("m", ["csrc/a.cpp", "csrc/b.cu"])
elif torch.cuda.is_available() and CUDA_HOME is not None:
    CUDAExtension("m", ["csrc/b.cu"])
else:
    CppExtension("m", ["csrc/a.cpp"])
"""
    assert sources(tmp_path, script, "cuda") == {"m": ("csrc/b.cu",)}
    assert sources(tmp_path, script, "hip") == {"m": ("csrc/a.cpp", "csrc/b.cu")}
    assert sources(tmp_path, script, "cpu") == {"m": ("csrc/a.cpp",)}


def test_what_a_default_build_leaves_out_is_found(tmp_path: Path) -> None:
    script = "if os.getenv('BUILD_IT', '0') == '1':\n    CUDAExtension('m', ['csrc/b.cu'])\n"
    assert sources(tmp_path, script) == {"m": ("csrc/b.cu",)}


def test_both_branches_of_an_unknown_condition_count(tmp_path: Path) -> None:
    script = """
s = ['csrc/a.cpp']
if torch.rand(1) > 0.5:
    s.append('csrc/b.cu')
else:
    s.append('csrc/cuda/c.cu')
CUDAExtension('m', s)
"""
    assert sources(tmp_path, script) == {"m": ("csrc/a.cpp", "csrc/b.cu", "csrc/cuda/c.cu")}


def test_one_call_in_a_loop_gives_several_extensions(tmp_path: Path) -> None:
    script = """
def build():
    for main, kind in product(['csrc/a.cpp'], ['cpu', 'cuda']):
        extra = [] if kind == 'cpu' else ['csrc/b.cu']
        yield_ = (CppExtension if kind == 'cpu' else CUDAExtension)(f'p._{kind}', [main] + extra)
build()
"""
    script = script.replace("(CppExtension if kind == 'cpu' else CUDAExtension)(", "Extension(")
    assert sources(tmp_path, script) == {"p._cpu": ("csrc/a.cpp",), "p._cuda": ("csrc/a.cpp", "csrc/b.cu")}


def test_function_nobody_calls_is_followed(tmp_path: Path) -> None:
    script = "def later(self, n):\n    return [CppExtension('m', ['csrc/a.cpp'])]\n"
    assert sources(tmp_path, script) == {"m": ("csrc/a.cpp",)}


def test_unknown_sources_are_said(tmp_path: Path) -> None:
    extensions(tmp_path, "CppExtension('m', open('x').read().split())\nCppExtension('n', ['csrc/gone.cpp'])")
    said = [(one.id, one.line) for one in scan(tmp_path).diagnostics if one.file == "setup.py"]
    assert said == [("MIG111", 9), ("MIG112", 9), ("MIG111", 10), ("MIG112", 10)]


def test_setup_in_a_subfolder_is_relative_to_it(tmp_path: Path) -> None:
    (one,) = extensions(tmp_path, "CppExtension('m', ['csrc/a.cpp', '../csrc/a.cpp'])", at="sub/setup.py")
    assert (one.sources, one.declared) == (("csrc/a.cpp",), "sub/setup.py:9")


def test_torch_load_is_an_extension_and_inline_text_is_for_a_human(tmp_path: Path) -> None:
    (tmp_path / "jit.py").write_text(
        "import torch.utils.cpp_extension as ext\nfrom torch.utils.cpp_extension import load\n"
        "m = load(name='m', sources=['k.cpp'], extra_cflags=['-O3'])\n"
        "ext.load_inline('n', cpp_sources='int x;')\n"
    )
    (tmp_path / "k.cpp").write_text("")
    project = scan(tmp_path)
    (one,) = project.extensions
    assert (one.name, one.sources, one.origin, one.cxx_flags) == ("m", ("k.cpp",), "jit", ("-O3",))
    assert [(d.id, d.severity, d.line) for d in project.diagnostics if d.file == "jit.py"] == [
        ("MIG114", "manual", 4)
    ]


def test_user_defines_reach_every_extension(tmp_path: Path) -> None:
    extensions(tmp_path, "CppExtension('m', ['csrc/a.cpp'])")
    assert scan(tmp_path, defines=["USE_X=1"]).extensions[0].defines == ("USE_X=1",)


def test_wrong_backend_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use one of cpu, cuda, hip"):
        scan(tmp_path, "metal")
