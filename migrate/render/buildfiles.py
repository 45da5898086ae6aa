"""Build files of the migrated tree: sources, requirements and build command, edited in place.

Only bytes that must change do: nothing is reformatted, and what cannot be edited exactly keeps its
text and gets a ``MIGRATE-TODO`` comment and a diagnostic.
"""

from __future__ import annotations

import posixpath
import re
from typing import Callable, Optional

from migrate.model.plan import ModulePlan, Plan
from migrate.model.project import Project, SourceFile
from migrate.model.source import Diagnostic
from migrate.render.buildfiles_cmake import edit_cmake
from migrate.render.buildfiles_codes import finding
from migrate.render.buildfiles_edits import Editor
from migrate.render.buildfiles_imports import HELPER, helper_paths
from migrate.render.buildfiles_requirements import (
    Needs,
    edit_environment,
    edit_pyproject,
    edit_requirements_txt,
    edit_setup_cfg,
)
from migrate.render.buildfiles_setup import SetupScript
from migrate.render.buildfiles_tables import edit_table

__all__ = ["helper_paths", "render_build_files"]

_REQUIREMENTS: tuple[tuple[str, Callable[[Editor, Needs], None]], ...] = (
    (r"pyproject\.toml", edit_pyproject),
    (r"requirements[^/]*\.(txt|in)", edit_requirements_txt),
    (r"setup\.cfg", edit_setup_cfg),
    (r"environment\.ya?ml", edit_environment),
)


def render_build_files(project: Project, plan: Plan) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The build files that change, by path, for the modules that have an adaptor, and for those whose
    headers change under them.

    A file that imports the carried helper needs ``tvm_ffi_extension.py`` beside it:
    ``helper_paths(result)`` says where.
    """
    # A library that is loaded by path is built as it was: it has no adaptor.
    modules = [module for module in plan.modules if module.migrated or module.adaptor or module.legacy]
    if not modules:
        return {}, ()
    # A module that keeps its old extension, in part or as a whole, still compiles pybind11.
    needs = Needs(
        pybind=any(module.legacy or not (module.migrated or module.bridge) for module in plan.modules),
        ffi=any(module.migrated for module in plan.modules),
    )
    written: dict[str, bytes] = {}
    diagnostics: list[Diagnostic] = []
    for file in project.files:
        editor = _edit(file, project, modules, needs)
        if isinstance(editor, Diagnostic):
            diagnostics.append(editor)
        elif editor is not None:
            diagnostics.extend(editor.diagnostics)
            if editor.changed():
                written[file.path] = editor.result()
    written.update(_manifests(project, written))
    return dict(sorted(written.items())), tuple(sorted(set(diagnostics)))


def _edit(
    file: SourceFile, project: Project, modules: list[ModulePlan], needs: Needs
) -> Optional[Editor | Diagnostic]:
    name = posixpath.basename(file.path)
    if name.endswith(".py"):
        return _edit_script(file, project, modules, needs)
    if file.kind != "build":
        return None
    editor = Editor(file)
    if name.endswith(".json"):
        edit_table(editor, modules)
    elif name == "CMakeLists.txt" or name.endswith(".cmake"):
        edit_cmake(editor, modules, needs)
    else:
        for pattern, edit in _REQUIREMENTS:
            if re.fullmatch(pattern, name):
                edit(editor, needs)
    return editor


def _edit_script(
    file: SourceFile, project: Project, modules: list[ModulePlan], needs: Needs
) -> Optional[Editor | Diagnostic]:
    """A ``setup.py``, or another script that declares an extension of the plan."""
    here = {
        extension.name
        for extension in project.extensions
        if extension.declared.rsplit(":", 1)[0] == file.path
    }
    declares = bool(here & {module.original.name for module in modules}) or b"ext_modules" in file.data
    if not declares and posixpath.basename(file.path) != "setup.py":
        return None
    try:
        setup = SetupScript(file, project.extensions, _has_metadata(project, file.path))
    except (SyntaxError, ValueError, RecursionError) as error:
        return finding(
            "MIG156", "manual", file.path, getattr(error, "lineno", None) or 1, f"cannot edit {file.path}"
        )
    setup.edit(modules, needs, root=file.path == "setup.py")
    return setup.editor


def _has_metadata(project: Project, script: str) -> bool:
    """Whether the pyproject.toml beside a script has a ``[project]`` table."""
    found = project.file(posixpath.join(posixpath.dirname(script), "pyproject.toml"))
    return found is not None and re.search(rb"^[ \t]*\[project\]", found.data, re.M) is not None


def _manifests(project: Project, written: dict[str, bytes]) -> dict[str, bytes]:
    """``MANIFEST.in`` files that put the carried helper into source distributions."""
    made: dict[str, bytes] = {}
    for helper in helper_paths(written):
        path = posixpath.join(posixpath.dirname(helper), "MANIFEST.in")
        old = project.file(path)
        data = old.data if old is not None else b""
        if HELPER.encode() not in data:
            lead = b"" if not data or data.endswith(b"\n") else b"\n"
            made[path] = data + lead + f"include {HELPER}\n".encode()
    return made
