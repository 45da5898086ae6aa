"""Tree -> Artifacts: the original and the migrated library of each module, side by side.

Everything lands under ``.migrate/build``: ``original/<module>/<leaf>.so``,
``migrated/<module>/<module>.so``, ``bridge/<module>._bridge/_bridge.so`` and
``legacy/<legacy name>/<leaf>.so``. A library that fails to
compile is an artifact with a reason and a log; the others are built all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from migrate.build import ninjafile
from migrate.build.intercept import declared_spec, setup_specs
from migrate.build.ledger import ledger
from migrate.build.library import Library
from migrate.build.manifest import ModuleEntry, read_modules, select_modules
from migrate.build.messages import messages
from migrate.build.migrated import ffi_library
from migrate.build.original import STAND_IN, torch_library
from migrate.build.toolchain import Torch, installed_torch
from migrate.model.plan import BuildSpec
from migrate.model.verdicts import Artifact, Artifacts
from migrate.progress import SILENT, Progress

__all__ = ["ORIGINAL", "build", "libraries_of", "original_spec", "write_stand_in"]

ORIGINAL = ".migrate/original"
_ERROR = re.compile(r"\berror\b|undefined reference|cannot find|nvcc fatal|not found", re.IGNORECASE)


def build(
    tree: Path,
    operators: Sequence[str] = (),
    jobs: Optional[int] = None,
    progress: Progress = SILENT,
    objects: bool = False,
    sides: Sequence[str] = (),
) -> Artifacts:
    """Build both sides of the modules that hold ``operators`` (all modules for none), or only ``sides``.

    ``objects`` also compiles the original's files where no CUDA torch can link them.
    """
    tree = tree.resolve()
    modules = read_modules(tree)
    chosen = {module.name for module in select_modules(modules, operators)}
    torch = installed_torch()
    write_stand_in(tree)
    originals = {module.name: original_spec(tree, module.original) for module in modules}
    libraries = [
        library
        for module in modules
        for library in libraries_of(module, originals[module.name], torch, objects)
    ]
    selected = [library for library in libraries if library.module in chosen]
    selected = [library for library in selected if not sides or library.side in sides]
    ninjafile.write_ninja_file(tree, libraries)
    _make_folders(tree, selected)
    wanted = [output for library in selected for output in library.wanted]
    ninjafile.run_ninja(tree, wanted, jobs, progress)
    return Artifacts(tuple(_artifact(tree, item, originals[item.module]) for item in selected))


def libraries_of(
    module: ModuleEntry, spec: BuildSpec, torch: Optional[Torch], objects: bool
) -> tuple[Library, ...]:
    """What is built for ``module``: the original, as ``spec`` says, and what its migration made of it."""
    result = [torch_library(module.name, "original", spec, ORIGINAL, torch, objects)]
    if module.migrated is not None:
        result.append(ffi_library(module.name, module.migrated, spec))
    if module.bridge is not None:
        result.append(torch_library(module.name, "bridge", module.bridge, "", torch, objects))
    if module.legacy is not None:
        result.append(torch_library(module.name, "legacy", module.legacy, "", torch, objects))
    return tuple(result)


def original_spec(tree: Path, spec: BuildSpec) -> BuildSpec:
    """How the original is built: ``spec``, or what the tree itself says instead."""
    original = tree / ORIGINAL
    spec = declared_spec(original, spec)
    if spec.sources:
        return spec
    declared = setup_specs(original)
    leaf = spec.name.rpartition(".")[2]
    same_leaf = [other for name, other in declared.items() if name.rpartition(".")[2] == leaf]
    found = declared.get(spec.name) or (same_leaf[0] if len(same_leaf) == 1 else None)
    return replace(found, name=spec.name) if found is not None else spec


def write_stand_in(tree: Path) -> None:
    """The one CUDA header that torch's CPU wheel lacks."""
    path = tree / STAND_IN / "c10" / "cuda" / "impl" / "cuda_cmake_macros.h"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def _make_folders(tree: Path, libraries: Sequence[Library]) -> None:
    """Before ninja runs: a step's shell opens its log before ninja would make the folder."""
    for library in libraries:
        for step in library.steps:
            (tree / step.output).parent.mkdir(parents=True, exist_ok=True)


def _artifact(tree: Path, library: Library, original: BuildSpec) -> Artifact:
    seconds = ninjafile.build_seconds(tree, (step.output for step in library.steps))
    base = Artifact(
        library.module,
        library.side,
        ok=False,
        seconds=seconds,
        reason=library.reason,
        backend=original.backend,
        compilers=tuple(dict.fromkeys(step.compiler for step in library.steps)),
        flags=ledger(original, library) if library.side == "migrated" and library.steps else None,
    )
    if not library.steps:
        return base
    if ninjafile.is_current(tree, library.wanted):
        if library.reason:
            return replace(base, reason=f"{library.reason}; its files compile to objects")
        return replace(base, ok=True, path=library.output)
    return _failure(tree, library, base)


def _failure(tree: Path, library: Library, base: Artifact) -> Artifact:
    for step in library.steps:
        if ninjafile.is_current(tree, (step.output,)):
            continue
        log = tree / step.log
        missing = [path for path in step.inputs if not (tree / path).exists()]
        if step.depfile and missing:
            return replace(base, reason=f"{missing[0]}: no such source file")
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        errors = [line for line in lines if _ERROR.search(line)] or lines[-1:]
        sources = [path for one in library.steps if one.depfile for path in one.inputs]
        said = messages(tree, text, sources)
        return replace(base, reason=(errors or ["the build failed"])[0], log=step.log, messages=said)
    return replace(base, reason="the build failed")
