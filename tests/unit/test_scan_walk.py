"""What the scan does with the files themselves."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from migrate.scan import scan

MODULE = b"#include <torch/extension.h>\nPYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {}\n"


def write(root: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def errors(root: Path) -> list[tuple[str, str]]:
    return [(one.id, one.file) for one in scan(root).diagnostics if one.severity == "error"]


def test_files_are_sorted_and_have_kinds(tmp_path: Path) -> None:
    names = [
        "b.cu",
        "a.cuh",
        "setup.py",
        "pkg/__init__.py",
        "requirements-dev.txt",
        "README.md",
        "x.json",
        "c.def",
    ]
    write(tmp_path, dict.fromkeys(names, b""))
    files = {file.path: file.kind for file in scan(tmp_path).files}
    assert files == {
        "a.cuh": "header",
        "b.cu": "source",
        "c.def": "header",
        "pkg/__init__.py": "python",
        "requirements-dev.txt": "build",
        "setup.py": "build",
    }
    assert list(files) == sorted(files)


def test_build_outputs_and_environments_are_skipped(tmp_path: Path) -> None:
    skipped = [".git/a.cu", ".migrate/a.cu", "build/a.cu", "dist/a.cu", "x.egg-info/a.py", "node_modules/a.c"]
    write(tmp_path, dict.fromkeys([*skipped, "myenv/pyvenv.cfg", "myenv/lib/a.c", "keep/env/a.cu"], b""))
    assert [file.path for file in scan(tmp_path).files] == ["keep/env/a.cu"]


def test_link_loops_and_folders_with_source_names_are_survived(tmp_path: Path) -> None:
    write(tmp_path, {"foo.cu/inner.cu": b"", "real.cpp": MODULE})
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.cpp").symlink_to("self.cpp")
    project = scan(tmp_path)
    assert [file.path for file in project.files] == ["foo.cu/inner.cu", "real.cpp"]
    assert errors(tmp_path) == [("MIG100", "self.cpp")]


def test_unreadable_file_is_one_error_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.cpp": b"", "b.cpp": MODULE})
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.cpp":
            raise PermissionError(13, "Permission denied")  # root may read everything, so chmod is no test
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert errors(tmp_path) == [("MIG100", "a.cpp")]
    assert [one.name for one in scan(tmp_path).extensions] == ["b"]


def test_pipes_and_unprintable_names_are_errors(tmp_path: Path) -> None:
    write(tmp_path, {"b.cpp": MODULE})
    os.mkfifo(tmp_path / "a.cpp")
    (tmp_path / os.fsdecode(b"\xff.cpp")).write_bytes(MODULE)
    assert errors(tmp_path) == [("MIG100", "\\xff.cpp"), ("MIG100", "a.cpp")]


def test_nul_bytes_are_one_error_and_the_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"a.cpp": b"int x;\n\0\0\n", "b.cpp": MODULE})
    project = scan(tmp_path)
    assert [(one.id, one.line) for one in project.diagnostics if one.severity == "error"] == [("MIG102", 2)]
    assert project.file("a.cpp") is None
    assert project.file("b.cpp") is not None


def test_latin1_source_is_kept_with_a_note(tmp_path: Path) -> None:
    write(tmp_path, {"a.cpp": b"// caf\xe9\n" + MODULE})
    project = scan(tmp_path)
    assert project.file("a.cpp") is not None
    assert ("MIG101", "note", 1) in [(one.id, one.severity, one.line) for one in project.diagnostics]


def test_broken_setup_is_an_error_and_its_module_is_still_found(tmp_path: Path) -> None:
    write(tmp_path, {"setup.py": b"CppExtension('x', [", "ext.cpp": MODULE})
    assert errors(tmp_path) == [("MIG110", "setup.py")]
    assert [(one.name, one.origin) for one in scan(tmp_path).extensions] == [("ext", "inferred")]


def test_scanning_twice_gives_the_same_value(tmp_path: Path) -> None:
    write(tmp_path, {"z.cpp": MODULE, "a.cpp": MODULE, "csrc/k.cu": b"#include <cuda_runtime.h>\n"})
    assert scan(tmp_path) == scan(tmp_path)


BOMBS = (
    "x = 'a'\n" + "x = x + x\n" * 60,
    "x = '%999999999d' % 1\n",
    "x = [0] * 10**9\n",
    "x = 10**10**10\n",
    "def f(): return f()\nf()\n",
    "for i in range(10**9):\n    for j in range(10**9): x = 1\n",
    "x = " + "+".join(["'a'"] * 5000) + "\n",
    "x = " + "(" * 300 + ")" * 300 + "\n",
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_setup_scripts_neither_run_nor_hang(tmp_path: Path, bomb: str) -> None:
    canary = tmp_path / "executed"
    script = f"open({str(canary)!r}, 'w')\n{bomb}from torch.utils.cpp_extension import CppExtension\n"
    write(tmp_path, {"setup.py": (script + "CppExtension('m', ['m.cpp'])\n").encode(), "m.cpp": MODULE})
    start = time.monotonic()
    assert [one.name for one in scan(tmp_path).extensions] == ["m"]
    assert time.monotonic() - start < 5
    assert not canary.exists()
