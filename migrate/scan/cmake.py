"""Python modules that ``CMakeLists.txt`` files declare, read without CMake.

Variables from literal ``set``, ``list(APPEND)`` and ``file(GLOB)`` are followed; conditions are
not: both branches count.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Callable

from migrate.model.project import Extension, SourceFile
from migrate.scan.backend import extension_backend
from migrate.scan.codes import finding
from migrate.scan.declared import Found
from migrate.scan.linking import cmake_link_flags
from migrate.scan.walk import SOURCE_SUFFIXES
from migrate.scan.world import World

_TOKEN = re.compile(
    r"#\[(=*)\[.*?\]\1\]|#[^\n]*|\[(=*)\[(?P<raw>.*?)\]\2\]|\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<paren>[()])"
    r"|(?P<word>[^\s()#\"]+)",
    re.S,
)
_MODULE_COMMANDS = frozenset(
    (
        "pybind11_add_module python_add_library python3_add_library nanobind_add_module torch_library "
        "define_gpu_extension_target py_module"
    ).split()
)
_WORDS = frozenset(
    (
        "MODULE SHARED STATIC OBJECT INTERFACE EXCLUDE_FROM_ALL THIN_LTO NO_EXTRAS OPT_SIZE SYSTEM "
        "WITH_SOABI NB_STATIC STABLE_ABI PRIVATE PUBLIC USE_SABI SOURCES LTO BEFORE"
    ).split()
)
_REFERENCE = re.compile(r"\$\{([^${}]+)\}")


@dataclass(frozen=True)
class Command:
    name: str
    args: tuple[str, ...]
    line: int


@dataclass
class _Target:
    line: int
    sources: list[str]
    module: bool
    includes: list[str] = field(default_factory=list)
    defines: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)


def read_commands(text: str) -> list[Command]:
    """All commands in order: ``set(A b)`` gives ``Command("set", ("A", "b"), 1)``."""
    commands: list[Command] = []
    name, args, depth, line, last, position = "", [], 0, 1, 1, 0  # type: str, list[str], int, int, int, int
    for token in _TOKEN.finditer(text):
        line += text.count("\n", position, token.start())
        position = token.start()
        paren = token.group("paren")
        value = next(
            (
                one
                for one in (token.group("raw"), token.group("quoted"), token.group("word"))
                if one is not None
            ),
            None,
        )
        if paren == "(":
            depth += 1
        elif paren == ")":
            depth -= 1
            if depth == 0 and name:
                commands.append(Command(name.lower(), tuple(args), last))
            if depth <= 0:
                name, args, depth = "", [], 0
        elif value is not None and depth == 0:
            name, args, last = value, [], line
        elif value is not None:
            args.append(value)
    return commands


def read_cmake(file: SourceFile, world: World, binds: Callable[[str], bool]) -> Found:
    """The modules of one file. ``binds`` says whether a source registers anything with Python: a
    plain shared library counts only if one of its sources does."""
    reader = _CMake(file, world)
    for command in read_commands(file.data.decode("utf-8", "replace")):
        reader.follow(command)
    extensions = []
    diagnostics = []
    for name, target in reader.targets.items():
        sources = tuple(dict.fromkeys(reader.sources(target.sources)))
        if not target.module and not any(map(binds, sources)):
            continue
        if not sources:
            diagnostics.append(
                finding("MIG112", "note", file.path, f"no source of {name} is known", target.line)
            )
        extensions.append(reader.extension(name, target, sources))
    return Found(tuple(extensions), tuple(diagnostics))


class _CMake:
    def __init__(self, file: SourceFile, world: World) -> None:
        self.file = file
        self.world = world
        here = world.absolute(".")
        root = world.absolute("/" + here.split("/")[1])
        self.variables: dict[str, list[str]] = {
            "CMAKE_CURRENT_SOURCE_DIR": [here],
            "CMAKE_CURRENT_LIST_DIR": [here],
            "CMAKE_SOURCE_DIR": [root],
            "PROJECT_SOURCE_DIR": [here],
        }
        self.targets: dict[str, _Target] = {}
        self.includes: list[str] = []
        self.defines: list[str] = []

    def follow(self, command: Command) -> None:
        handler = getattr(self, f"_do_{command.name}", None)
        if command.name in _MODULE_COMMANDS or command.name == "add_library":
            self._add(command)
        elif handler is not None and command.args:
            handler(command)

    def expand(self, args: tuple[str, ...]) -> list[str]:
        """Arguments with ``${...}`` replaced; a variable that is a whole argument spreads out."""
        expanded: list[str] = []
        for arg in args:
            whole = _REFERENCE.fullmatch(arg)
            if whole:
                expanded.extend(self.variables.get(whole.group(1), []))
                continue
            text = _REFERENCE.sub(
                lambda found: ";".join(self.variables.get(found.group(1), [found.group(0)])), arg
            )
            expanded.extend(part for part in text.split(";") if part)
        return expanded

    def sources(self, paths: list[str]) -> list[str]:
        inside = (self.world.relative(path) for path in paths)
        return [path for path in inside if path in self.world.files and path.endswith(SOURCE_SUFFIXES)]

    def extension(self, name: str, target: _Target, sources: tuple[str, ...]) -> Extension:
        flags = tuple(target.flags)
        folders = (
            self.world.relative(path) for path in (*target.includes, *self.includes) if "$" not in path
        )
        return Extension(
            name=name,
            sources=sources,
            backend=extension_backend(self.world.backend, "", sources, flags),
            origin="cmake",
            declared=f"{self.file.path}:{target.line}",
            include_dirs=tuple(dict.fromkeys(folder for folder in folders if folder)),
            defines=tuple(dict.fromkeys((*target.defines, *self.defines))),
            cxx_flags=flags,
            device_flags=flags,
            link_flags=cmake_link_flags(target.libraries),
        )

    def _add(self, command: Command) -> None:
        args = self.expand(command.args)
        if not args or (command.name == "add_library" and not {"SHARED", "MODULE"} & set(args)):
            return
        module = command.name != "add_library"
        self.targets[args[0]] = _Target(command.line, [one for one in args[1:] if one not in _WORDS], module)

    def _do_project(self, command: Command) -> None:
        self.variables["PROJECT_NAME"] = [command.args[0]]

    def _do_set(self, command: Command) -> None:
        args = command.args[: command.args.index("CACHE")] if "CACHE" in command.args else command.args
        self.variables[command.args[0]] = self.expand(tuple(one for one in args[1:] if one != "PARENT_SCOPE"))

    def _do_list(self, command: Command) -> None:
        if command.args[0] in ("APPEND", "PREPEND") and len(command.args) > 1:
            self.variables.setdefault(command.args[1], []).extend(self.expand(command.args[2:]))

    def _do_file(self, command: Command) -> None:
        if command.args[0] not in ("GLOB", "GLOB_RECURSE") or len(command.args) < 2:
            return
        found: list[str] = []
        deep = "**" if command.args[0] == "GLOB_RECURSE" else ""
        for given in self.expand(tuple(one for one in command.args[2:] if one != "CONFIGURE_DEPENDS")):
            pattern = posixpath.join(posixpath.dirname(given), deep, posixpath.basename(given))
            matches = self.world.glob(pattern, recursive=True)
            found.extend(matches or ([pattern] if self.world.is_file(pattern) else []))
        self.variables[command.args[1]] = found

    def _do_target_sources(self, command: Command) -> None:
        self._extend(command, "sources")

    def _do_target_include_directories(self, command: Command) -> None:
        self._extend(command, "includes")

    def _do_target_compile_definitions(self, command: Command) -> None:
        self._extend(command, "defines")

    def _do_target_compile_options(self, command: Command) -> None:
        self._extend(command, "flags")

    def _do_target_link_libraries(self, command: Command) -> None:
        self._extend(command, "libraries")

    def _extend(self, command: Command, what: str) -> None:
        args = self.expand(command.args)
        target = self.targets.get(args[0]) if args else None
        if target is not None:
            plain = [one for one in args[1:] if one not in _WORDS and not one.startswith("$<")]
            getattr(target, what).extend(plain)

    def _do_include_directories(self, command: Command) -> None:
        self.includes.extend(one for one in self.expand(command.args) if one not in _WORDS)

    def _do_add_definitions(self, command: Command) -> None:
        self.defines.extend(one[2:] for one in self.expand(command.args) if one.startswith("-D"))

    _do_add_compile_definitions = _do_add_definitions
