"""What the project calls itself: name, version and requirements, read and never executed."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

from migrate.model.project import Project
from migrate.render.buildfiles_python import Script, argument, called, constant
from migrate.render.buildfiles_requirements import REQUIREMENT, package
from migrate.text.toml import TomlError, read_toml

_FIRST_PYTHON = ">=3.9"
_VERSION = re.compile(r"^__version__\s*(?::\s*\w+)?\s*=\s*[\"']([^\"']+)[\"']", re.M)


@dataclass(frozen=True)
class Metadata:
    """Empty where the build files do not say it, or compute it."""

    name: str = ""
    version: str = ""
    description: str = ""
    requires_python: str = ""
    requirements: tuple[str, ...] = ()


def read_metadata(project: Project) -> Metadata:
    """pyproject.toml first, then setup.cfg, then setup.py, as setuptools has it; last, the version that
    a package gives itself."""
    found = Metadata()
    for read in (_pyproject, _setup_cfg, _setup_py):
        found = _completed(found, read(project))
    version = found.version or _own_version(project)
    return replace(found, version=version, requirements=_with_tvm_ffi(found.requirements))


def _completed(first: Metadata, second: Metadata) -> Metadata:
    return Metadata(
        first.name or second.name,
        first.version or second.version,
        first.description or second.description,
        first.requires_python or second.requires_python,
        first.requirements or second.requirements,
    )


def _with_tvm_ffi(requirements: tuple[str, ...]) -> tuple[str, ...]:
    """No pybind11, and the one tvm-ffi that the libraries are built for."""
    kept = (row for row in requirements if package(row) not in ("pybind11", "apache-tvm-ffi"))
    return (*kept, REQUIREMENT)


def _text(project: Project, path: str) -> str:
    file = project.file(path)
    return "" if file is None else file.data.decode("utf-8", "replace")


def _pyproject(project: Project) -> Metadata:
    try:
        table: Any = read_toml(_text(project, "pyproject.toml")).get("project")
    except TomlError:
        return Metadata()
    return _from_table(table) if isinstance(table, dict) else Metadata()


def _from_table(table: Mapping[str, Any]) -> Metadata:
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    listed = table.get("dependencies")
    return Metadata(
        texts.get("name", ""),
        texts.get("version", ""),
        texts.get("description", ""),
        texts.get("requires-python", ""),
        tuple(map(str, listed)) if isinstance(listed, list) else (),
    )


def _setup_cfg(project: Project) -> Metadata:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(_text(project, "setup.cfg"))
    except configparser.Error:
        return Metadata()

    def plain(section: str, key: str) -> str:
        value = parser.get(section, key, fallback="").strip()
        return "" if value.startswith(("attr:", "file:")) else value

    return Metadata(
        plain("metadata", "name"),
        plain("metadata", "version"),
        plain("metadata", "description"),
        plain("options", "python_requires"),
        tuple(row.strip() for row in plain("options", "install_requires").splitlines() if row.strip()),
    )


def _setup_py(project: Project) -> Metadata:
    file = project.file("setup.py")
    if file is None:
        return Metadata()
    try:
        calls = [call for call in Script(file).calls() if called(call) == "setup"]
    except (SyntaxError, ValueError, RecursionError):
        return Metadata()
    if not calls:
        return Metadata()
    name, version, about, python = (
        constant(argument(calls[0], key)) or ""
        for key in ("name", "version", "description", "python_requires")
    )
    return Metadata(name, version, about, python, _strings(argument(calls[0], "install_requires")))


def _strings(node: Optional[ast.expr]) -> tuple[str, ...]:
    if not isinstance(node, (ast.List, ast.Tuple)):
        return ()
    return tuple(text for item in node.elts if (text := constant(item)))


def _own_version(project: Project) -> str:
    texts = (
        _text(project, file.path)
        for file in sorted(project.files, key=lambda file: (file.path.count("/"), file.path))
        if file.path.endswith(("/__init__.py", "/version.py", "/_version.py"))
    )
    return next((found.group(1) for text in texts if (found := _VERSION.search(text))), "")
