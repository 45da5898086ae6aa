"""Edit ``CMakeLists.txt``: ``pybind11_add_module`` becomes a plain module linked to tvm-ffi."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Iterator, Sequence

from migrate.model.plan import BuildSpec, ModulePlan
from migrate.render.buildfiles_codes import todo
from migrate.render.buildfiles_edits import Editor
from migrate.render.buildfiles_requirements import Needs

_TOKEN = re.compile(
    r"#\[(=*)\[.*?\]\1\]|#[^\n]*|\[(=*)\[.*?\]\2\]|\"(?:[^\"\\]|\\.)*\"|(?P<paren>[()])|(?P<word>[^\s()#\"]+)",
    re.S,
)
_MODULES = ("pybind11_add_module", "python_add_library", "python3_add_library")
_KEYWORDS = (
    "MODULE",
    "SHARED",
    "STATIC",
    "EXCLUDE_FROM_ALL",
    "THIN_LTO",
    "NO_EXTRAS",
    "OPT_SIZE",
    "SYSTEM",
    "WITH_SOABI",
    "LTO",
)
_FIND = """\
find_package(Python COMPONENTS Interpreter REQUIRED)
execute_process(
  COMMAND "${Python_EXECUTABLE}" -m tvm_ffi.config --cmakedir
  OUTPUT_STRIP_TRAILING_WHITESPACE OUTPUT_VARIABLE tvm_ffi_ROOT)
find_package(tvm_ffi CONFIG REQUIRED)"""


@dataclass(frozen=True)
class Argument:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Command:
    name: str
    start: int
    end: int
    args: tuple[Argument, ...]


def edit_cmake(editor: Editor, modules: Sequence[ModulePlan], needs: Needs) -> None:
    """Every target of the file that builds one of ``modules``."""
    commands = list(_commands(editor.text))
    edited = set()
    for module in modules:
        leaf = module.original.name.rsplit(".", 1)[-1]
        for command in commands:
            mine = command.name in _MODULES and command.args and command.args[0].text == leaf
            if mine and _edit_target(editor, command, module):
                edited.add(leaf)
    if not edited:
        return
    for command in commands:
        if command.name == "find_package" and command.args and command.args[0].text == "pybind11":
            _edit_find(editor, command, needs)
        elif command.name == "target_link_libraries" and command.args and command.args[0].text in edited:
            _edit_links(editor, command)
    if not any(
        command.name == "find_package" and command.args[:1] and command.args[0].text == "pybind11"
        for command in commands
    ):
        first = min(command.start for command in commands if command.name in _MODULES)
        editor.insert(first, _FIND + "\n")


def _edit_find(editor: Editor, command: Command, needs: Needs) -> None:
    if needs.pybind:
        editor.insert(command.end, "\n" + _FIND)
    else:
        editor.replace(command.start, command.end, _FIND)


def _edit_target(editor: Editor, command: Command, module: ModulePlan) -> bool:
    """Whether the target could be edited exactly; else it is left with a comment."""
    folder = posixpath.dirname(editor.path)
    given = [one for one in command.args[1:] if one.text not in _KEYWORDS]
    literal = all("$" not in one.text for one in given)
    specs = [spec for spec in (module.migrated, module.bridge, module.legacy) if spec is not None]
    migrated = module.migrated
    if not literal or migrated is None or len(specs) > 1:
        for spec in specs:
            names = [posixpath.relpath(path, folder or ".") for path in spec.sources]
            editor.comment_above(command.start, todo("MIG150", spec.name, names))
            editor.say("MIG150", "manual", command.start, f"build {spec.name} from: {', '.join(names)}")
        return False
    local = {path: posixpath.relpath(path, folder or ".") for path in migrated.sources}
    target = command.args[0]
    kept = [
        one.text for one in given if posixpath.normpath(posixpath.join(folder, one.text.strip('"'))) in local
    ]
    known = {posixpath.normpath(posixpath.join(folder, text.strip('"'))) for text in kept}
    new = [name for path, name in local.items() if path not in known]
    editor.replace(command.start, command.start + len(command.name), "add_library")
    lead = _lead(editor, command)
    sources = "".join(f"{lead}{_quoted(one)}" for one in (*kept, *new))
    libraries = _libraries(target.text, module.original, migrated)
    editor.replace(target.end, command.end, f" MODULE{sources})\n{_properties(target.text)}{libraries}")
    return True


def _properties(target: str) -> str:
    return (
        f"tvm_ffi_configure_target({target})\n"
        f'set_target_properties({target} PROPERTIES PREFIX "" OUTPUT_NAME "_{target}" '
        "CXX_VISIBILITY_PRESET hidden)"
    )


def _libraries(target: str, original: BuildSpec, migrated: BuildSpec) -> str:
    """Libraries that torch brought along. As a property: CMake takes one form of
    ``target_link_libraries`` for a target, and the file may use the other."""
    new = [flag for flag in migrated.link_flags if flag not in original.link_flags]
    return f"\nset_property(TARGET {target} APPEND PROPERTY LINK_LIBRARIES {' '.join(new)})" if new else ""


def _lead(editor: Editor, command: Command) -> str:
    inside = editor.text[command.args[0].end : command.end]
    return "\n  " if "\n" in inside else " "


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text and not text.startswith('"') else text


def _edit_links(editor: Editor, command: Command) -> None:
    libraries = [one for one in command.args[1:] if one.text not in ("PRIVATE", "PUBLIC", "INTERFACE")]
    torch = [one.text for one in libraries if "torch" in one.text.lower()]
    for one in libraries:
        if one.text.startswith("pybind11::"):
            editor.replace(one.start, one.end, "")
    if torch:
        comment = (
            f"# MIGRATE-TODO[MIG155]: {', '.join(torch)} is needed only if a bridged operator is built here"
        )
        editor.comment_above(command.start, comment)
        editor.say(
            "MIG155", "manual", command.start, f"{command.args[0].text} still links {', '.join(torch)}"
        )


def _commands(text: str) -> Iterator[Command]:
    name, start, depth = "", 0, 0
    args: list[Argument] = []
    for token in _TOKEN.finditer(text):
        value = token.group(0)
        if value == "(":
            depth += 1
        elif value == ")":
            depth -= 1
            if depth == 0 and name:
                yield Command(name.lower(), start, token.end(), tuple(args))
            if depth <= 0:
                name, args, depth = "", [], 0
        elif not value.startswith("#") and depth == 0:
            name, start, args = value, token.start(), []
        elif not value.startswith("#"):
            args.append(Argument(value, token.start(), token.end()))
