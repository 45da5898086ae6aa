"""Imports of an edited ``setup.py``: torch names that lost their last use go, the helper enters."""

from __future__ import annotations

import ast
import posixpath
from typing import AbstractSet, Sequence

from migrate.render.buildfiles_edits import Editor
from migrate.render.buildfiles_python import Script

HELPER = "tvm_ffi_extension.py"
_IMPORT = "from tvm_ffi_extension import BuildTVMFFI, TVMFFIExtension"


def edit_imports(
    script: Script, editor: Editor, replaced: AbstractSet[ast.Name], more: Sequence[str] = ()
) -> None:
    """Drop what only the replaced names used, import the helper and ``more`` of it from beside the script."""
    if _IMPORT in script.text:
        return
    statements = [node for node in ast.walk(script.tree) if isinstance(node, ast.ImportFrom)]
    torch = [node for node in statements if (node.module or "").endswith("cpp_extension")]
    anchor: ast.stmt = torch[0] if torch else _last_import(script)
    lines = f"\n{editor.indent(script.start(anchor))}".join(_helper_lines(script, more))
    unused = {statement: _unused(script, statement, replaced) for statement in torch}
    for statement, gone in unused.items():
        if len(gone) < len(statement.names):
            for index in gone:
                _drop_alias(script, editor, statement, index, gone)
        else:
            text = lines if statement is anchor else "pass"
            editor.replace(script.start(statement), script.end(statement), text)
    if not torch or len(unused[torch[0]]) < len(torch[0].names):
        editor.insert(script.end(anchor), f"\n{editor.indent(script.start(anchor))}{lines}")


def import_os(script: Script, editor: Editor) -> None:
    """For a script that is edited in nothing else that needs imports."""
    anchor = _last_import(script)
    if "import os" in _helper_lines(script):
        editor.insert(script.end(anchor), f"\n{editor.indent(script.start(anchor))}import os")


def helper_paths(edited: dict[str, bytes]) -> tuple[str, ...]:
    """Where the carried ``tvm_ffi_extension.py`` must lie: beside every script that imports it."""
    scripts = (path for path, data in edited.items() if path.endswith(".py") and _IMPORT.encode() in data)
    return tuple(sorted({posixpath.join(posixpath.dirname(path), HELPER) for path in scripts}))


def _helper_lines(script: Script, more: Sequence[str] = ()) -> list[str]:
    known = {
        alias.asname or alias.name
        for node in script.tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    missing = [f"import {name}" for name in ("os", "sys") if name not in known]
    # An isolated (PEP 517) build runs setup.py without its folder on sys.path.
    path = "sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))"
    return [*missing, path, f"{', '.join([_IMPORT, *more])}  # noqa: E402"]


def _last_import(script: Script) -> ast.stmt:
    imports = [node for node in script.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return imports[-1] if imports else script.tree.body[0]


def _unused(script: Script, statement: ast.ImportFrom, replaced: AbstractSet[ast.Name]) -> list[int]:
    """The aliases nobody reads any more, among the names this migration takes uses away from."""
    return [
        index
        for index, alias in enumerate(statement.names)
        if alias.name.endswith("Extension")
        and not [use for use in script.uses(alias.asname or alias.name) if use not in replaced]
    ]


def _drop_alias(
    script: Script, editor: Editor, statement: ast.ImportFrom, index: int, gone: list[int]
) -> None:
    names = statement.names
    trailing = all(later in gone for later in range(index, len(names)))
    if trailing:
        start, end = script.end(names[index - 1]), script.end(names[index])
    else:
        start, end = script.start(names[index]), script.start(names[index + 1])
    if "#" not in script.text[start:end]:
        editor.replace(start, end, "")
