"""Extensions that Python files declare: ``setup.py`` and torch's ``load(...)`` calls."""

from __future__ import annotations

import ast
import posixpath
import re
import warnings
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Iterable, Optional

from migrate.model.project import Extension, SourceFile
from migrate.model.source import Diagnostic
from migrate.scan.backend import extension_backend
from migrate.scan.codes import finding
from migrate.scan.expressions import OutOfBudget
from migrate.scan.linking import link_flags
from migrate.scan.script import Script
from migrate.scan.values import Choice, ExtensionCall, Unknown, Value, alternatives, flatten
from migrate.scan.walk import SOURCE_SUFFIXES
from migrate.scan.words import strings
from migrate.scan.world import World

_LOAD = re.compile(rb"\bload(?:_inline)?\s*\(")
_CONSTRUCTOR = re.compile(r"[A-Za-z_]*Extension$")
_NOT_DECLARING = frozenset(("BuildExtension", "Extension.__init__"))


@dataclass(frozen=True)
class Found:
    """What one build file declares, and what was not clear about it. ``parents`` names the
    extensions that are built by CMake under a longer import name."""

    extensions: tuple[Extension, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    parents: tuple[str, ...] = ()


def is_candidate(file: SourceFile) -> bool:
    """Only files that can declare an extension are worth following."""
    name = posixpath.basename(file.path)
    if name == "setup.py" or (name.endswith(".py") and b"ext_modules" in file.data):
        return b"Extension" in file.data
    return name.endswith(".py") and b"cpp_extension" in file.data and bool(_LOAD.search(file.data))


def read_declarations(file: SourceFile, world: World) -> Found:
    """The extensions of one Python file, read for the world's backend.

    Environment variables first have their defaults; a second reading, where they may have any
    value, finds what a default build leaves out (``if os.getenv("BUILD_CUDA") == "1": ...``).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bad escape in the user's script is not our news
            module = ast.parse(file.data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return Found(
            diagnostics=(finding("MIG110", "error", file.path, f"cannot parse {file.path}: {error}", line),)
        )
    reader = _Reader(file, world)
    reader.read(module, world)
    reader.read(module, replace(world, environment=False))
    reader.mention_unreached(module)
    return reader.found()


class _Reader:
    """Collects the extensions of one script over its readings; the first reading of a line wins."""

    def __init__(self, file: SourceFile, world: World) -> None:
        self.file = file
        self.world = world
        self.extensions: list[Extension] = []
        self.lines: set[int] = set()
        self.parents: list[str] = []
        self.diagnostics: list[Diagnostic] = []

    def read(self, module: ast.Module, world: World) -> None:
        script = Script(world)
        try:
            script.run(module)
        except (OutOfBudget, RecursionError):
            self._say("MIG111", "note", 1, f"{self.file.path} is too long-winded to follow to its end")
        known = frozenset(self.lines)
        for call in script.declared:
            if call.line not in known:
                self.lines.add(call.line)
                self._take(call)

    def mention_unreached(self, module: ast.Module) -> None:
        for node in ast.walk(module):
            name = _called_name(node)
            if name and _CONSTRUCTOR.match(name) and name not in _NOT_DECLARING:
                line = getattr(node, "lineno", 1)
                if line not in self.lines:
                    self._say(
                        "MIG113", "note", line, f"{name}(...) is not reached for backend {self.world.backend}"
                    )

    def found(self) -> Found:
        return Found(tuple(self.extensions), tuple(self.diagnostics), tuple(self.parents))

    def _say(self, code: str, severity: str, line: int, message: str) -> None:
        said = finding(code, severity, self.file.path, message, line)
        if said not in self.diagnostics:
            self.diagnostics.append(said)

    def _take(self, call: ExtensionCall) -> None:
        for name in alternatives(call.argument("name", 0)):
            if not isinstance(name, str) or not name:
                self._say(
                    "MIG111", "note", call.line, f"the name given to {call.constructor} is not a constant"
                )
                continue
            if call.constructor == "load_inline":
                self._say(
                    "MIG114", "manual", call.line, f"{name} is built from source text inside {self.file.path}"
                )
                continue
            self._add(name, call)

    def _add(self, name: str, call: ExtensionCall) -> None:
        sources = self._sources(name, call)
        if not sources and "CMake" in call.constructor:
            self.parents.append(name)
            return
        made = _extension(name, call, sources, self.world)
        if not sources:
            self._say("MIG112", "note", call.line, f"no source of {name} is known")
        for index, earlier in enumerate(self.extensions):
            if earlier.name == name and (
                not earlier.sources or not sources or set(earlier.sources) & set(sources)
            ):
                self.extensions[index] = _united(earlier, made)
                return
        self.extensions.append(made)

    def _sources(self, name: str, call: ExtensionCall) -> tuple[str, ...]:
        found: list[str] = []
        for value in flatten(call.argument("sources", 1)):
            if not isinstance(value, (str, PurePosixPath)):
                if value is not None:
                    self._say(
                        "MIG111",
                        "note",
                        call.line,
                        f"some sources of {name} are computed in a way not followed",
                    )
                continue
            path = self.world.relative(str(value))
            if path in self.world.files:
                found.append(path)
            elif str(value).endswith(SOURCE_SUFFIXES):
                self._say(
                    "MIG111",
                    "note",
                    call.line,
                    f"source {_shown(str(value), path)} of {name} is not in the tree",
                )
        return tuple(dict.fromkeys(found))


def _shown(value: str, path: str) -> str:
    return path or posixpath.basename(value)


def _called_name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _extension(name: str, call: ExtensionCall, sources: tuple[str, ...], world: World) -> Extension:
    cxx, device = _flags(call)
    macros = _macros(call)
    return Extension(
        name=name,
        sources=sources,
        backend=extension_backend(world.backend, call.constructor, sources, (*cxx, *device, *macros)),
        origin="jit" if call.constructor == "load" else "setup.py",
        declared=f"{posixpath.join(world.folder, world.script)}:{call.line}",
        include_dirs=_include_dirs(call, world),
        defines=tuple(dict.fromkeys((*macros, *flag_defines((*cxx, *device))))),
        cxx_flags=cxx,
        device_flags=device,
        link_flags=_link_flags(call),
    )


def _flags(call: ExtensionCall) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Host and device flags; a plain list serves both compilers, as in torch."""
    if call.constructor == "load":
        return strings(call.argument("extra_cflags")), strings(call.argument("extra_cuda_cflags"))
    given = call.argument("extra_compile_args")
    cxx: list[str] = []
    device: list[str] = []
    for one in alternatives(given):
        if isinstance(one, dict):
            cxx.extend(strings(one.get("cxx")))
            device.extend(flag for key in ("nvcc", "hipcc", "hip") for flag in strings(one.get(key)))
        elif one is not None:
            cxx.extend(strings(one))
            device.extend(strings(one))
    return tuple(cxx), tuple(device)


def _link_flags(call: ExtensionCall) -> tuple[str, ...]:
    if call.constructor == "load":
        return link_flags(strings(call.argument("extra_ldflags")))
    folders = (f"-L{folder}" for folder in strings(call.argument("library_dirs")))
    libraries = (f"-l{name}" for name in strings(call.argument("libraries")))
    return link_flags((*folders, *libraries, *strings(call.argument("extra_link_args"))))


def _macros(call: ExtensionCall) -> tuple[str, ...]:
    """``define_macros`` rows ``("A", "1")`` and ``("B", None)`` as ``A=1`` and ``B``."""
    rows: list[str] = []
    stack = list(reversed(_items(call.argument("define_macros"))))
    while stack:
        row = stack.pop()
        if isinstance(row, (list, Choice)):
            stack.extend(reversed(_items(row)))
        elif isinstance(row, tuple) and row and isinstance(row[0], str):
            value = row[1] if len(row) > 1 else None
            if not isinstance(value, (Unknown, Choice)):
                rows.append(row[0] if value is None else f"{row[0]}={value}")
    return tuple(dict.fromkeys(rows))


def _items(value: Value) -> list[Value]:
    if isinstance(value, Choice):
        return list(value.values)
    return list(value) if isinstance(value, (list, tuple)) else []


def flag_defines(flags: Iterable[str]) -> tuple[str, ...]:
    """The ``-D`` flags among ``flags``, without the ``-D``."""
    return tuple(flag[2:] for flag in flags if flag.startswith("-D") and len(flag) > 2)


def _include_dirs(call: ExtensionCall, world: World) -> tuple[str, ...]:
    given = call.argument("extra_include_paths" if call.constructor == "load" else "include_dirs")
    paths: list[str] = []
    for one in flatten(given):
        if isinstance(one, (str, PurePosixPath)):
            paths.append(world.relative(str(one)))
    return tuple(dict.fromkeys(path for path in paths if path))


def _united(first: Extension, second: Extension) -> Extension:
    """Two declarations of one name in one file, under conditions nobody can decide: their union."""
    return replace(
        first,
        sources=_both(first.sources, second.sources),
        include_dirs=_both(first.include_dirs, second.include_dirs),
        defines=_both(first.defines, second.defines),
        link_flags=_both(first.link_flags, second.link_flags),
        backend=first.backend if first.backend != "cpu" else second.backend,
    )


def _both(first: tuple[str, ...], second: Optional[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *(second or ()))))
