"""Diagnostics of the build-file renderer (MIG150 to MIG159): id -> (title, hint)."""

from __future__ import annotations

from typing import Sequence

from migrate.model.source import Diagnostic

CODES: dict[str, tuple[str, str]] = {
    "MIG150": (
        "sources must be changed by hand",
        "the build file computes its list of sources: make it yield the files named here",
    ),
    "MIG151": (
        "extension must be added by hand",
        "declare an extension with the name and sources given here, beside the migrated one",
    ),
    "MIG152": (
        "requirement must be changed by hand",
        "replace pybind11 by apache-tvm-ffi where the build file computes its requirements",
    ),
    "MIG153": (
        "requirement on apache-tvm-ffi was changed",
        "check that nothing else in the project needs the older version",
    ),
    "MIG154": (
        "build table is read by the project's own builder",
        "let the builder add the tvm-ffi include folders and link libtvm_ffi (tvm_ffi.libinfo names both)",
    ),
    "MIG155": (
        "CMake target still links torch",
        "drop the torch libraries from the target; only bridged operators need them",
    ),
    "MIG157": (
        "name or version of the wheel must be written by hand",
        "fill it in where the wheel's pyproject.toml has its MIGRATE-TODO",
    ),
    "MIG156": ("build file cannot be edited", "save it as UTF-8 with valid syntax, or edit it by hand"),
}


def finding(code: str, severity: str, file: str, line: int, message: str) -> Diagnostic:
    return Diagnostic(code, severity, file, line, 1, message, CODES[code][1])


def todo(code: str, name: str, sources: Sequence[str]) -> str:
    """The comment that marks a place a human must edit."""
    return f"# MIGRATE-TODO[{code}]: build {name} from: {', '.join(sources)}"
