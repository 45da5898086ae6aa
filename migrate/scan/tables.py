"""Just-in-time build tables: JSON objects that map a module to its list of sources.

>>> ``{"module_norm": {"srcs": ["f'{CSRC}/pybind/norm.cu'"], "flags_extra_hip": ["'-O3'"]}}``

Nothing is known of a table's author: any object whose values hold a list of C++ paths is one.
"""

from __future__ import annotations

import ast
import json
import posixpath
import re
from collections import Counter
from typing import Any, Iterable, Optional

from migrate.model.project import BACKENDS, Extension, SourceFile
from migrate.model.source import Diagnostic
from migrate.scan.backend import extension_backend
from migrate.scan.codes import finding
from migrate.scan.declared import Found, flag_defines
from migrate.scan.linking import link_flags
from migrate.scan.walk import HEADER_SUFFIXES, SOURCE_SUFFIXES
from migrate.scan.world import World

_VARIABLE = re.compile(r"^\{[^}]*\}/*|^\$\{?\w+\}?/+")


def read_table(file: SourceFile, world: World) -> Found:
    """The modules of one JSON file; an object that is no table yields nothing."""
    try:
        data = json.loads(file.data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Found(
            diagnostics=(finding("MIG110", "error", file.path, f"cannot parse {file.path}: {error}"),)
        )
    rows = {key: row for key, row in data.items() if _source_key(row)} if isinstance(data, dict) else {}
    if not rows:
        return Found()
    return _Table(file, world, rows).found()


def _source_key(row: Any) -> Optional[str]:
    """The key under which a row lists its C++ files, if it is a row of a table."""
    if not isinstance(row, dict):
        return None
    for key in sorted(map(str, row)):
        value = row[key]
        if isinstance(value, list) and any(
            isinstance(one, str) and plain(one).endswith(SOURCE_SUFFIXES) for one in value
        ):
            return key
    return next((key for key in ("srcs", "sources") if isinstance(row.get(key), list)), None)


def plain(entry: str) -> str:
    """A table's entry without the Python quotes some tables wrap around it."""
    found = re.fullmatch(r"[rRfF]{0,2}(['\"])(.*)\1", entry.strip())
    return found.group(2) if found else entry.strip()


class _Table:
    def __init__(self, file: SourceFile, world: World, rows: dict[str, Any]) -> None:
        self.file = file
        self.world = world
        self.rows = rows
        self.package = package_of(posixpath.dirname(file.path), world.files)
        self.by_leaf: dict[str, list[str]] = {}
        for path in sorted(world.files):
            if path.endswith(SOURCE_SUFFIXES):
                self.by_leaf.setdefault(posixpath.basename(path), []).append(path)
        self.roots = self._learn_roots()
        self.diagnostics: list[Diagnostic] = []

    def found(self) -> Found:
        extensions = tuple(self._extension(key, row) for key, row in self.rows.items())
        return Found(extensions, tuple(self.diagnostics))

    def _extension(self, key: str, row: dict[str, Any]) -> Extension:
        line = self._line(key)
        sources = self._sources(key, row, line)
        flags = {name: _texts(value) for name, value in row.items() if "flag" in name and "ld" not in name}
        link = tuple(flag for name, value in row.items() if "ldflag" in name for flag in _texts(value))
        device = tuple(flag for name, value in flags.items() if _for_device(name) for flag in value)
        cxx = tuple(flag for name, value in flags.items() if not _for_device(name) for flag in value)
        if not sources:
            self.diagnostics.append(
                finding("MIG112", "note", self.file.path, f"no source of {key} is in the tree", line)
            )
        name = plain(str(row.get("md_name", key)))
        name = name if name.isidentifier() else key
        return Extension(
            name=f"{self.package}.{name}" if self.package else name,
            sources=sources,
            backend=extension_backend(self.world.backend, _vendor(row), sources, device),
            origin="jit",
            declared=f"{self.file.path}:{line}",
            include_dirs=self._folders(row),
            defines=tuple(dict.fromkeys(flag_defines((*cxx, *device)))),
            cxx_flags=cxx,
            device_flags=device,
            link_flags=link_flags(link),
        )

    def _line(self, key: str) -> int:
        offset = self.file.data.find(json.dumps(key).encode() + b":")
        return self.file.data.count(b"\n", 0, max(offset, 0)) + 1

    def _sources(self, key: str, row: dict[str, Any], line: int) -> tuple[str, ...]:
        found: list[str] = []
        for entry in row[_source_key(row) or "srcs"]:
            if isinstance(entry, str) and self._is_header(entry):
                continue  # some tables list headers for their dependency check; they are not compiled
            paths = self._resolve(entry) if isinstance(entry, str) else ()
            found.extend(paths)
            if not paths:
                self.diagnostics.append(
                    finding(
                        "MIG111",
                        "note",
                        self.file.path,
                        f"source {plain(str(entry))} of {key} is not in the tree",
                        line,
                    )
                )
        return tuple(dict.fromkeys(found))

    def _resolve(self, entry: str) -> tuple[str, ...]:
        """A file by the end of its path; a folder by its variable, with all the sources in it."""
        variable, rest = _split(plain(entry))
        if rest.endswith(SOURCE_SUFFIXES):
            root = self.roots.get(variable)
            if root is not None and posixpath.normpath(posixpath.join(root, rest)) in self.world.files:
                return (posixpath.normpath(posixpath.join(root, rest)),)
            return tuple(self._matches(rest)[:1])
        folder = self._folder(entry)
        inside = (path for path in sorted(self.world.files) if folder and posixpath.dirname(path) == folder)
        return tuple(path for path in inside if path.endswith(SOURCE_SUFFIXES))

    def _is_header(self, entry: str) -> bool:
        _, rest = _split(plain(entry))
        return rest.endswith(HEADER_SUFFIXES) and any(path.endswith("/" + rest) for path in self.world.files)

    def _matches(self, rest: str) -> list[str]:
        found = [
            path
            for path in self.by_leaf.get(posixpath.basename(rest), [])
            if ("/" + path).endswith("/" + rest)
        ]
        return sorted(found, key=lambda path: (path.count("/"), path))

    def _learn_roots(self) -> dict[str, str]:
        """The folder each variable stands for: the one that most entries agree on."""
        votes: dict[str, Counter[str]] = {}
        for row in self.rows.values():
            for entry in _entries(row):
                variable, rest = _split(plain(entry))
                for path in self._matches(rest):
                    root = path[: len(path) - len(rest)].rstrip("/")
                    votes.setdefault(variable, Counter())[root] += 1
        return {name: min(count, key=lambda root: (-count[root], root)) for name, count in votes.items()}

    def _folder(self, entry: str) -> str:
        variable, rest = _split(plain(entry))
        root = self.roots.get(variable)
        path = posixpath.normpath(posixpath.join(root, rest)) if root is not None else ""
        return path if path in self.world.folders else ""

    def _folders(self, row: dict[str, Any]) -> tuple[str, ...]:
        entries = [one for key, value in row.items() if "include" in key for one in _texts(value)]
        return tuple(dict.fromkeys(folder for folder in map(self._folder, entries) if folder))


def _entries(row: dict[str, Any]) -> Iterable[str]:
    return (one for one in row[_source_key(row) or "srcs"] if isinstance(one, str) and "." in one)


def _split(text: str) -> tuple[str, str]:
    found = _VARIABLE.match(text)
    if found is None:
        return "", text[2:] if text.startswith("./") else text
    return found.group(0).strip("/"), text[found.end() :].strip("/")


def _vendor(row: dict[str, Any]) -> str:
    """What a row says itself about its backend: in a value, or in the name of its flags."""
    said = [one for one in row.values() if isinstance(one, str) and one in BACKENDS]
    if said:
        return said[0]
    named = {vendor for vendor in ("cuda", "hip") for key in row if "flag" in key and vendor in key}
    return named.pop() if len(named) == 1 else ""


def _for_device(key: str) -> bool:
    return any(word in key.lower() for word in ("hip", "cuda", "nvcc", "device"))


def _texts(value: Any) -> tuple[str, ...]:
    """The constant strings of a list; an entry that is Python code with a value inside is left out."""
    texts = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str) and not (one[:2].lower() in ("f'", 'f"') and "os." in one):
            texts.append(_literal(one))
    return tuple(texts)


def _literal(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return plain(text)
    return value if isinstance(value, str) else text


def package_of(folder: str, files: frozenset[str]) -> str:
    """The dotted package a folder is, by the ``__init__.py`` files above it; empty for none."""
    parts: list[str] = []
    while folder and f"{folder}/__init__.py" in files:
        parts.insert(0, posixpath.basename(folder))
        folder = posixpath.dirname(folder)
    return ".".join(parts)
