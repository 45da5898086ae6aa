"""The tree's own scikit-build-core project, built into one wheel."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Optional

from migrate.build import toolchain
from migrate.build.manifest import read_spec
from migrate.errors import BuildError, ToolchainError, TreeError
from migrate.model.plan import WHEEL_FOLDERS
from migrate.model.verdicts import LeftOut, Wheel

_FOLDER = ".migrate/build/wheel"
_SAID = "wheel: "
# The build backend's entry point, as pip calls it: no environment is made and nothing is fetched.
_PROGRAM = f"""\
import json, sys
from scikit_build_core.build import build_wheel
folder, settings = sys.argv[1:]
print({_SAID!r} + build_wheel(folder, json.loads(settings)))
"""
_INSTALL = "pip install scikit-build-core cmake ninja"


def build_wheel(
    tree: Path, out: Path, backends: Sequence[str] = (), jobs: Optional[int] = None
) -> Wheel:
    """One wheel in ``out``, of the modules for ``backends``: by default, those that this machine has a
    compiler for. What is left out is listed with the reason."""
    tree = tree.resolve()
    manifest = _manifest(tree)
    chosen = {"cpu", *(backends or (name for name in ("cuda", "hip") if _has_compiler(name)))}
    modules = dict(_modules(manifest))
    shipped = tuple(name for name, toolkit in modules.items() if toolkit in chosen)
    used = {modules[name] for name in shipped}
    for name in sorted(used):
        if not _has_compiler(name):
            raise ToolchainError(f"this machine has no compiler for {name}", "Install its toolkit")
    if not shipped:
        raise BuildError("no module of this tree can be in the wheel", "`migrate status` says why")
    if importlib.util.find_spec("scikit_build_core") is None:
        raise ToolchainError("scikit-build-core is not installed", _INSTALL)
    started = time.perf_counter()
    name = _run(tree, tree / _project(tree, manifest), out.resolve(), used, jobs)
    left_out = tuple(_left_out(manifest, modules, chosen, asked=bool(backends)))
    return Wheel(str(out / name), shipped, left_out, time.perf_counter() - started)


def _manifest(tree: Path) -> Any:
    try:
        return json.loads((tree / ".migrate" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TreeError(
            f"{tree} has no readable .migrate/manifest.json",
            "Run `migrate run SRC --out DIR`, then name DIR with -C",
        ) from error


def _project(tree: Path, manifest: Any) -> str:
    for folder in WHEEL_FOLDERS:
        if f"{folder}/CMakeLists.txt" in manifest["files"] and (tree / folder / "pyproject.toml").is_file():
            return folder
    raise TreeError(f"{tree} has no project for a wheel", "Run `migrate run` again to write it")


def _modules(manifest: Any) -> Iterator[tuple[str, str]]:
    """The modules that ship, and the toolkit that each takes."""
    for entry in manifest["modules"]:
        spec = read_spec(entry["migrated"])
        if spec is not None and entry["adaptor"] is not None and entry["legacy"] is None:
            yield entry["name"], spec.toolkit


def _left_out(
    manifest: Any, modules: dict[str, str], chosen: Collection[str], asked: bool
) -> Iterator[LeftOut]:
    """All that the project has and the wheel has not; but not what the user asked to leave out."""
    for entry in manifest["modules"]:
        name, toolkit = entry["name"], modules.get(entry["name"])
        tiers = [operator["tier"] for operator in entry["operators"]]
        if entry["legacy"] is not None:
            yield LeftOut(name, f"{tiers.count('manual')} of its operators are served by the old extension")
        elif toolkit is None:
            yield LeftOut(name, "no operator of it leaves torch")
        elif toolkit not in chosen and not asked:
            yield LeftOut(name, f"this machine has no compiler for {toolkit}")
        elif toolkit in chosen and entry["bridge"] is not None:
            yield LeftOut(name, f"{tiers.count('bridge')} of its operators need libtorch (bridge)")


def _has_compiler(backend: str) -> bool:
    compilers = {"cuda": toolchain.nvcc, "hip": toolchain.hipcc}
    return backend not in compilers or compilers[backend]() is not None


def _run(tree: Path, project: Path, out: Path, used: Collection[str], jobs: Optional[int]) -> str:
    """The name of the wheel's file. The build folder stays: the next wheel compiles what changed."""
    folder = tree / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    settings = {"build-dir": str(folder / "cmake")}
    for name in ("cuda", "hip"):
        settings[f"cmake.define.WITH_{name.upper()}"] = "ON" if name in used else "OFF"
    environment = {**os.environ, "CMAKE_BUILD_PARALLEL_LEVEL": str(jobs or os.cpu_count() or 1)}
    if "cuda" in used:
        environment.setdefault("CUDACXX", str(toolchain.nvcc()))
        environment.setdefault("CUDAARCHS", ";".join(toolchain.cuda_architectures()))
    command = [sys.executable, "-c", _PROGRAM, str(out), json.dumps(settings)]
    log = folder / "wheel.log"
    with log.open("w", encoding="utf-8") as stream:
        run = subprocess.run(
            command, cwd=project, env=environment, stdout=stream, stderr=subprocess.STDOUT, check=False
        )
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    made = [line[len(_SAID) :] for line in lines if line.startswith(_SAID)]
    if run.returncode or not made:
        raise BuildError(_first_error(lines), f"{log} has the whole story")
    return made[-1]


def _first_error(lines: Sequence[str]) -> str:
    wanted = [line.strip() for line in lines if "error" in line.lower() and line.strip()]
    return (wanted or [line.strip() for line in lines if line.strip()] or ["the build said nothing"])[0]
