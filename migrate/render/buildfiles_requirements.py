"""Requirements in pyproject.toml, requirements files, setup.cfg and conda environments:
pybind11 leaves, apache-tvm-ffi enters."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import dataclass
from typing import Optional

from migrate.render.buildfiles_edits import Editor, StringList, edit_list, find_list
from migrate.render.buildfiles_python import Script, argument

# The oldest that generated code is tested with. Older ones that are known to be broken (0.1.10 lost
# derived objects) are below it; 0.2 may change the ABI.
OLDEST = (0, 1, 15)
REQUIREMENT = f"apache-tvm-ffi>={'.'.join(map(str, OLDEST))},<0.2"
_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_SECTION = re.compile(r"^[ \t]*\[+([^\]\n]+)\]+", re.M)


@dataclass(frozen=True)
class Needs:
    """What the migrated project still needs: pybind11 for a legacy extension, tvm-ffi for a migrated
    library. One that only has bridges needs neither."""

    pybind: bool
    ffi: bool = True


def package(requirement: str) -> str:
    """``pybind11>=2.6 ; python_version > "3"`` is ``pybind11``."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found.group(1)).lower() if found else ""


def edit_requirement_list(editor: Editor, found: StringList, needs: Needs, add: bool = True) -> None:
    """One list of requirement strings, in any of the file formats."""
    quote = editor.text[found.items[0].start] if found.items else '"'
    quote = quote if quote in "\"'" else '"'
    add = add and needs.ffi
    drop = []
    present = False
    for index, item in enumerate(found.items):
        name = package(item.value)
        if name == "pybind11" and not needs.pybind:
            drop.append(index)
        elif name == "apache-tvm-ffi":
            present = True
            if item.value != REQUIREMENT and add:
                editor.replace(item.start, item.end, f"{quote}{REQUIREMENT}{quote}")
                editor.say("MIG153", "note", item.start, f"{item.value} became {REQUIREMENT}")
    wanted = [] if present or not add else [f"{quote}{REQUIREMENT}{quote}"]
    edit_list(editor, found, drop, wanted)


def edit_pyproject(editor: Editor, needs: Needs) -> None:
    """``[build-system] requires`` and ``[project] dependencies``, where they are plain lists."""
    for section, key in (("build-system", "requires"), ("project", "dependencies")):
        position = _toml_value(editor.text, section, key)
        if position is None:
            if needs.ffi:
                _add_dependencies(editor, section)
            continue
        found = find_list(editor.text, position)
        if found is None:
            editor.say("MIG152", "manual", position, f"{key} of [{section}] is not a plain list of strings")
        else:
            edit_requirement_list(editor, found, needs)


def _add_dependencies(editor: Editor, section: str) -> None:
    """A ``[project]`` table without dependencies gets some, unless it says they come from elsewhere."""
    header = re.search(r"^[ \t]*\[project\][^\n]*", editor.text, re.M)
    dynamic = re.search(r"^[ \t]*dynamic[ \t]*=[ \t]*\[[^\]]*[\"']dependencies[\"']", editor.text, re.M)
    if section == "project" and header is not None and dynamic is None:
        editor.insert(header.end() - header.group(0).endswith("\r"), f'\ndependencies = ["{REQUIREMENT}"]')


def _toml_value(text: str, section: str, key: str) -> Optional[int]:
    """Offset of the ``[`` of ``key = [`` in ``[section]``."""
    headers = list(_SECTION.finditer(text))
    for number, header in enumerate(headers):
        if header.group(1).strip() != section:
            continue
        pattern = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*(?=\[)", re.M)
        # A list's own lines may look like headers, so the search runs up to the next real one.
        following = [other.start() for other in headers[number + 1 :] if "=" not in other.group(0)]
        match = pattern.search(text, header.end(), following[0] if following else len(text))
        return match.end() if match else None
    return None


def edit_requirements_txt(editor: Editor, needs: Needs) -> None:
    """One requirement per line. Only the main file, or one that named pybind11, gets the new one."""
    lines = list(_requirement_lines(editor.text))
    names = [name for _, _, name in lines]
    main = posixpath.basename(editor.path) == "requirements.txt" and "/" not in editor.path
    wanted = needs.ffi and "apache-tvm-ffi" not in names and (main or "pybind11" in names)
    for start, end, name in lines:
        if name == "pybind11" and not needs.pybind:
            editor.replace(start, end, REQUIREMENT if wanted else "")
            wanted = False
        elif needs.ffi and name == "apache-tvm-ffi" and editor.text[start:end].strip() != REQUIREMENT:
            editor.say("MIG153", "note", start, f"{editor.text[start:end].strip()} became {REQUIREMENT}")
            editor.replace(start, end, REQUIREMENT)
    if wanted:
        lead = "" if not editor.text or editor.text.endswith("\n") else "\n"
        editor.insert(len(editor.text), f"{lead}{REQUIREMENT}\n")


def _requirement_lines(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in re.finditer(r"^[ \t]*([A-Za-z0-9][^#\r\n]*?)[ \t]*(?=#|\r?$)", text, re.M):
        found.append((match.start(1), match.end(1), package(match.group(1))))
    return found


def edit_setup_cfg(editor: Editor, needs: Needs) -> None:
    """``install_requires`` and ``setup_requires`` of ``[options]``, one requirement per line."""
    for key in ("install_requires", "setup_requires"):
        block = re.search(rf"^{key}[ \t]*=[ \t]*((?:[^\n]*\n?)(?:[ \t]+[^\n]*(?:\n|\Z))*)", editor.text, re.M)
        if block is not None:
            _edit_cfg_block(editor, block.start(1), block.end(1), needs)


def _edit_cfg_block(editor: Editor, start: int, end: int, needs: Needs) -> None:
    block = editor.text[start:end]
    lines = [(start + at, start + to, name) for at, to, name in _requirement_lines(block)]
    names = [name for _, _, name in lines]
    wanted = needs.ffi and "apache-tvm-ffi" not in names
    for at, to, name in lines:
        if name == "pybind11" and not needs.pybind:
            editor.replace(at, to, REQUIREMENT if wanted else "")
            wanted = False
    if wanted and lines:
        indent = editor.indent(lines[-1][0]) or "    "
        editor.insert(lines[-1][1], f"\n{indent}{REQUIREMENT}")


def edit_environment(editor: Editor, needs: Needs) -> None:
    """A conda environment: inside ``pip:`` the name is known, outside a human decides the channel."""
    if needs.pybind:
        return
    pip = re.search(r"^([ \t]*)-[ \t]*pip:[ \t]*\r?$", editor.text, re.M)
    for match in re.finditer(r"^([ \t]*)-[ \t]*[\"']?(pybind11[^\s\"'#]*)[\"']?", editor.text, re.M):
        inside = pip is not None and match.start() > pip.end() and len(match.group(1)) > len(pip.group(1))
        if inside:
            editor.replace(match.start(2), match.end(2), REQUIREMENT if needs.ffi else "")
        else:
            advice = "is no longer needed" + (f"; add {REQUIREMENT}" if needs.ffi else "")
            editor.comment_above(match.start(2), f"# MIGRATE-TODO[MIG152]: pybind11 {advice}")
            editor.say("MIG152", "manual", match.start(2), f"{match.group(2)} {advice}")


def edit_setup_requirements(
    script: Script, editor: Editor, setup: ast.Call, needs: Needs, edited: bool, root: bool
) -> None:
    """The lists that a call of ``setup`` has. ``edited``: it builds something with tvm-ffi now."""
    for name in ("install_requires", "setup_requires"):
        node = argument(setup, name)
        if node is None:
            continue
        found, listed = script.string_list(node), "pybind11" in script.source(node)
        if found is not None:
            wanted = name == "install_requires" and (edited or root or listed)
            edit_requirement_list(editor, found, needs, wanted)
        elif edited or listed:
            what = f"{name} is computed: add {REQUIREMENT}, drop pybind11"
            editor.say("MIG152", "manual", script.start(node), what)
