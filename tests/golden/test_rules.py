"""The rewriting rules, one folder a case: ``fixtures/rules/<rule>/<case>/in.cpp`` -> ``out.cpp``.

A case is parsed, what binds is removed, the rest is stripped of torch. Its output is stripped again,
which must change nothing, and compiled against the carried headers. ``pytest tests/golden --update``
rewrites the outputs; a header ``*_binding.h`` beside the input counts as deleted.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from migrate.model.plan import FilePlan
from migrate.model.project import Project, SourceFile
from migrate.parse import parse
from migrate.render.strip import strip
from migrate.rules.binding_code import binding_ranges

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "fixtures" / "rules"
CSRC = ROOT / "csrc"
INPUTS = sorted(RULES.glob("*/*/in.*"))
BACKENDS = {".cpp": "cpu", ".cu": "cuda", ".h": "cpu"}
CXX = ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Werror=unused-macros", f"-I{CSRC}"]
# To PTX of one architecture: no assembler runs, every template is instantiated.
NVCC = ["nvcc", "-std=c++17", "-arch=sm_80", "--expt-relaxed-constexpr", "--ptx", "-o", "/dev/null"]
NVCC += [f"-I{CSRC}"]


def label(path: Path) -> str:
    return path.parent.relative_to(RULES).as_posix()


def output_of(path: Path) -> Path:
    return path.with_name(f"out{path.suffix}")


def migrated(source: Path, data: bytes) -> bytes:
    """``data`` as the file ``source``, stripped."""
    beside = [p for p in sorted(source.parent.iterdir()) if p.suffix == ".h" and p.stem not in ("in", "out")]
    kind = "header" if source.suffix == ".h" else "source"
    files = [SourceFile(source.name, kind, data)]
    files += [SourceFile(p.name, "header", p.read_bytes()) for p in beside]
    backend = BACKENDS[source.suffix]
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            (Path(folder) / file.path).write_bytes(file.data)
        project = Project(Path(folder), backend, tuple(files), (), ())
        removed = binding_ranges(project, parse(project)).get(source.name, ())
    dropped = tuple(p.name for p in beside if p.stem.endswith("_binding"))
    plan = FilePlan(source.name, "strip", removed, dropped)
    return strip(data.decode("latin-1"), plan, backend).encode("latin-1")


@pytest.mark.parametrize("path", INPUTS, ids=label)
def test_output(path: Path, update: bool) -> None:
    found = migrated(path, path.read_bytes())
    output = output_of(path)
    if update:
        output.write_bytes(found)
    assert output.is_file(), "run: pytest tests/golden --update, and read what it wrote"
    assert found.decode("latin-1") == output.read_bytes().decode("latin-1")


@pytest.mark.parametrize("path", INPUTS, ids=label)
def test_a_second_run_changes_nothing(path: Path) -> None:
    once = migrated(path, path.read_bytes())
    assert migrated(path, once).decode("latin-1") == once.decode("latin-1")


@pytest.mark.parametrize("path", [p for p in INPUTS if p.parent.name.startswith("noop")], ids=label)
def test_noop_cases_say_why(path: Path) -> None:
    data = path.read_bytes()
    assert migrated(path, data) == data
    assert data.startswith((b"// No edit:", b"/* No edit:"))


@pytest.mark.parametrize("rule", sorted({path.parent.parent.name for path in INPUTS}))
def test_each_rule_has_a_noop_case(rule: str) -> None:
    assert list((RULES / rule).glob("noop*/in.*"))


@pytest.fixture(scope="module")
def compilations() -> dict[str, Future[str]]:
    """All outputs, two at a time: the compiler's words by case."""
    jobs = {label(path): command for path in INPUTS if (command := compile_command(path)) is not None}
    pool = ThreadPoolExecutor(2)
    return {name: pool.submit(run, command) for name, command in jobs.items()}


def compile_command(path: Path) -> list[str] | None:
    """None for a fragment, and where the compiler is missing."""
    if path.suffix == ".h" or path.parent.name.endswith("_fragment"):
        return None
    command = NVCC if path.suffix == ".cu" else CXX
    return [*command, str(output_of(path))] if shutil.which(command[0]) else None


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"{' '.join(command)}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", INPUTS, ids=label)
def test_output_compiles(path: Path, compilations: dict[str, Future[str]]) -> None:
    if path.suffix == ".cu" and shutil.which("nvcc") is None:
        pytest.skip("not run: no nvcc")
    if label(path) not in compilations:
        pytest.skip("not run: no translation unit")
    assert not compilations[label(path)].result()
