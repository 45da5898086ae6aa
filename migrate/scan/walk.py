"""Read a tree into ``SourceFile`` values; what cannot be read becomes one diagnostic each."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import Iterator, Optional

from migrate.model.project import SourceFile
from migrate.model.source import Diagnostic
from migrate.scan.codes import finding

SOURCE_SUFFIXES = (".c", ".cc", ".cpp", ".cxx", ".cu", ".hip")
HEADER_SUFFIXES = (".cuh", ".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".def")
_KINDS = {
    **dict.fromkeys(SOURCE_SUFFIXES, "source"),
    **dict.fromkeys(HEADER_SUFFIXES, "header"),
    ".py": "python",
    ".cmake": "build",
}
_BUILD_NAMES = frozenset(
    ("setup.cfg", "pyproject.toml", "CMakeLists.txt", "MANIFEST.in", "environment.yml", "environment.yaml")
)
_REQUIREMENTS = re.compile(r"requirements[^/]*\.(txt|in)$")
_JSON_TABLE = re.compile(rb"\.(?:c|cc|cpp|cxx|cu|hip)[\"']")
_SKIPPED = frozenset(
    (
        ".git .hg .svn .migrate .mypy_cache .pytest_cache .tox .nox .eggs build dist __pycache__ venv "
        ".venv node_modules site-packages"
    ).split()
)


def read_tree(root: Path) -> tuple[tuple[SourceFile, ...], tuple[Diagnostic, ...]]:
    """All files of interest below ``root``, sorted by path, and what went wrong reading them."""
    files: list[SourceFile] = []
    diagnostics: list[Diagnostic] = []
    for path in sorted(_candidates(root, diagnostics)):
        kind = file_kind(path)
        data = _read(root / path, path, diagnostics) if kind else None
        if kind is None or data is None:
            continue
        if path.endswith(".json") and not _JSON_TABLE.search(data):
            continue
        if kind in ("source", "header"):
            oddities = tuple(_oddities(path, data))
            diagnostics.extend(oddities)
            if any(oddity.severity == "error" for oddity in oddities):
                continue
        files.append(SourceFile(path, kind, data))
    return tuple(files), tuple(diagnostics)


def file_kind(path: str) -> Optional[str]:
    """``source``, ``header``, ``python`` or ``build``; None for a file that does not matter."""
    name = path.rsplit("/", 1)[-1]
    if name in ("setup.py",) or name in _BUILD_NAMES or _REQUIREMENTS.search(name):
        return "build"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".json":
        return "build"
    return _KINDS.get(suffix)


def _candidates(root: Path, diagnostics: list[Diagnostic]) -> Iterator[str]:
    """Relative paths of regular files. Linked folders are not entered, so loops cannot happen."""
    stack = [""]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(root / folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            diagnostics.append(
                finding("MIG104", "error", folder or ".", f"cannot list {folder or '.'}: {error.strerror}")
            )
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _is_folder(entry):
                if not _skipped(root, path, entry.name):
                    stack.append(path)
            elif file_kind(path) is not None and _wanted(entry, path, diagnostics):
                yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _printable(path: str) -> bool:
    # A name that is not UTF-8 arrives with surrogates: no report could print it.
    return not any("\ud800" <= char <= "\udfff" for char in path)


def _skipped(root: Path, path: str, name: str) -> bool:
    if name in _SKIPPED or name.endswith(".egg-info"):
        return True
    return (root / path / "pyvenv.cfg").is_file()


def _wanted(entry: os.DirEntry[str], path: str, diagnostics: list[Diagnostic]) -> bool:
    """A regular file, or a link to one; a link to a folder or to nothing is said, not followed."""
    if not _printable(path):
        shown = path.encode("utf-8", "surrogateescape").decode("ascii", "backslashreplace")
        diagnostics.append(finding("MIG100", "error", shown, f"cannot read {shown}: its name is not UTF-8"))
        return False
    try:
        mode = entry.stat().st_mode
    except OSError:
        if file_kind(path) in ("source", "header"):
            diagnostics.append(
                finding("MIG100", "error", path, f"cannot read {path}: dangling or looping link")
            )
        return False
    if stat.S_ISREG(mode):
        return True
    if entry.is_symlink():
        diagnostics.append(
            finding("MIG103", "note", path, f"{path} is a link to something that is not a file")
        )
    else:
        diagnostics.append(finding("MIG100", "error", path, f"cannot read {path}: not a regular file"))
    return False


def _read(full: Path, path: str, diagnostics: list[Diagnostic]) -> Optional[bytes]:
    try:
        return full.read_bytes()
    except OSError as error:
        diagnostics.append(finding("MIG100", "error", path, f"cannot read {path}: {error.strerror}"))
        return None


def _oddities(path: str, data: bytes) -> Iterator[Diagnostic]:
    """Bytes no compiler was meant to see. A binary file is an error, a stray encoding is a note."""
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        yield finding("MIG102", "error", path, f"{path} holds a NUL byte in line {line}", line)
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield finding("MIG101", "note", path, f"{path} is not UTF-8 from line {line} on", line)
