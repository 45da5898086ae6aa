"""A pytest file per module, so that the library's own CI keeps proving its operators equal."""

from __future__ import annotations

import posixpath

from migrate import __version__
from migrate.model.plan import ModulePlan, Plan
from migrate.model.project import Project
from migrate.render.contexts import EquivalenceContext
from migrate.render.templates import render_template

_FOLDERS = ("tests", "test")


def render_equivalence(project: Project, plan: Plan) -> dict[str, str]:
    """Test files by path. Operators that nobody serves yet, and those ignored, have no test."""
    folder = _test_folder(project)
    files = {}
    for module in plan.modules:
        rows = [row.operator.id for row in module.operators if row.tier in ("raw", "view", "bridge")]
        path = posixpath.join(folder, f"test_{_stem(module)}_equivalence.py")
        if rows and project.file(path) is None:
            context = EquivalenceContext(__version__, module.name, path, tuple(sorted(rows)))
            files[path] = render_template("test_equivalence.py.j2", context)
    return files


def _stem(module: ModulePlan) -> str:
    return module.stem or module.name.replace(".", "_")


def _test_folder(project: Project) -> str:
    used = {file.path.partition("/")[0] for file in project.files if "/" in file.path}
    return next((folder for folder in _FOLDERS if folder in used), _FOLDERS[0])
