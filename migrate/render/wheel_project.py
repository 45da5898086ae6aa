"""The scikit-build-core project that makes one wheel of the migrated libraries and the Python files."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Sequence

from migrate import __version__
from migrate.model.plan import WHEEL_FOLDERS, BuildSpec, ModulePlan, Plan
from migrate.model.project import Project
from migrate.model.source import Diagnostic
from migrate.render.buildfiles_codes import finding
from migrate.render.buildfiles_requirements import REQUIREMENT
from migrate.render.contexts import WheelCMakeContext, WheelLibrary, WheelPyprojectContext
from migrate.render.templates import render_template
from migrate.render.wheel_metadata import read_metadata
from migrate.tables.device_flags import HIP_DEFAULTS, NVCC_DEFAULTS

_NOT_SHIPPED = re.compile(r"tests?|testing|docs?|examples?|bench(marks?)?|scripts?|tools?|legacy|bridge")
_LICENSE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*", re.IGNORECASE)
# What a build system adds by itself, and the wheel's CMake does not: asserts and overflow stay as they were.
_SILENT = {"setup.py": ("-DNDEBUG", "-fwrapv"), "jit": (), "cmake": ("-DNDEBUG",), "inferred": ("-DNDEBUG",)}
_CONDITION = {"cuda": "WITH_CUDA", "hip": "WITH_HIP", "cpu": ""}
_ARCHITECTURE = ("-gencode", "-arch", "--gpu-architecture", "--generate-code", "--offload-arch")
_TAKES_NEXT = ("-Xcompiler", "--compiler-options", "-Xptxas", "-Xcudafe", "-Xlinker", "-include", "-isystem")
_WIDTH = 100
_DEFAULTS = {"cuda": NVCC_DEFAULTS, "hip": HIP_DEFAULTS}


def render_wheel_project(
    project: Project, plan: Plan
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """``pyproject.toml`` and ``CMakeLists.txt`` in a folder of their own: the project's own build stays."""
    modules = [module for module in plan.modules if module.ships]
    folder = next((name for name in WHEEL_FOLDERS if not _taken(project, name)), None)
    if not modules or folder is None:
        return {}, ()
    specs = [module.migrated for module in modules if module.migrated is not None]
    metadata = read_metadata(project)
    name = metadata.name or modules[0].name.partition(".")[0]
    missing = [what for what in ("name", "version") if not getattr(metadata, what)]
    todo = f"MIGRATE-TODO[MIG157]: the build files compute the {' and the '.join(missing)}" if missing else ""
    path = posixpath.join(folder, "pyproject.toml")
    pyproject = WheelPyprojectContext(
        version=__version__,
        requirement=REQUIREMENT,
        todo=todo,
        name=name,
        project_version=metadata.version or "0.0.0",
        description=json.dumps(metadata.description) if metadata.description else "",
        requires_python=metadata.requires_python or ">=3.9",
        dependencies=", ".join(json.dumps(row) for row in metadata.requirements),
    )
    cmake = WheelCMakeContext(
        version=__version__,
        name=name,
        project=re.sub(r"\W", "_", name),
        backends=frozenset(spec.toolkit for spec in specs),
        libraries=tuple(WheelLibrary(_CONDITION[spec.toolkit], _library(spec)) for spec in specs),
        packages=_packages(project, modules),
        licenses=tuple(sorted(file.path for file in project.files if _LICENSE.fullmatch(file.path))),
    )
    files = {
        path: render_template("wheel_pyproject.j2", pyproject).encode(),
        posixpath.join(folder, "CMakeLists.txt"): render_template("wheel_cmake.j2", cmake).encode(),
    }
    said = (finding("MIG157", "note", path, 1, todo.partition(": ")[2]),) if todo else ()
    return files, said


def _taken(project: Project, folder: str) -> bool:
    return any(file.path.startswith(f"{folder}/") for file in project.files)


def _library(spec: BuildSpec) -> str:
    """The CMake commands for one library."""
    backend, target = spec.toolkit, re.sub(r"\W", "_", spec.name)
    lines = [f"add_library({target} MODULE", *(f"  {_path(source)}" for source in spec.sources)]
    lines[-1] += ")"
    device = [source for source in spec.sources if source.endswith((".cu", ".hip"))]
    if backend == "hip" and device:
        lines += _call("set_source_files_properties", map(_path, device), "PROPERTIES LANGUAGE HIP")
    if any(flag.startswith(_ARCHITECTURE) for flag in spec.device_flags):
        lines.append(f"set_target_properties({target} PROPERTIES {backend.upper()}_ARCHITECTURES OFF)")
    private = f"{target} PRIVATE"
    lines += _call("target_include_directories", map(_path, spec.include_dirs), lead=private)
    lines += _call("target_compile_definitions", map(_quoted, spec.defines), lead=private)
    lines += _call("target_compile_options", _options(spec, backend), lead=private)
    libraries = [_quoted(flag) for flag in spec.link_flags]
    if backend == "cuda":
        libraries.append("CUDA::cudart_static")
        lines.append(f'target_link_directories({private} "${{CUDAToolkit_LIBRARY_DIR}}")')
    lines += _call("target_link_libraries", libraries, lead=private)
    package, leaf = spec.name.replace(".", "/"), spec.name.rpartition(".")[2]
    # The file is named as by the project's own build, and as the package looks for it.
    lines.append(f"ship({target} {package} _{leaf} {_standard(spec)})")
    indent = "  " if _CONDITION[backend] else ""
    return "\n".join(f"{indent}{line}" for line in lines)


def _call(command: str, items: Iterable[str], end: str = "", lead: str = "") -> list[str]:
    """A command on one line if it is short, else an argument a line; none without arguments."""
    words = list(items)
    if not words:
        return []
    line = f"{command}({' '.join(filter(None, (lead, *words, end)))})"
    if len(line) <= _WIDTH:
        return [line]
    last = f"{words[-1]} {end}".rstrip()
    return [f"{command}({lead}", *(f"  {word}" for word in words[:-1]), f"  {last})"]


def _options(spec: BuildSpec, backend: str) -> list[str]:
    """Flags per language. Not among them: the standard, a property here, and what is defined anyway."""
    left_out = {f"-D{define}" for define in spec.defines}

    def chosen(flags: Sequence[str]) -> list[str]:
        return _joined([flag for flag in flags if flag not in left_out and not _is_standard(flag)])

    host = chosen((*_SILENT.get(spec.origin, ()), *spec.cxx_flags))
    if backend not in _DEFAULTS:
        return [_quoted(flag) if " " in flag else _escaped(flag) for flag in host]
    device = chosen((*_DEFAULTS[backend], *spec.device_flags))
    return [*_for("C,CXX", host), *_for(backend.upper(), device)]


def _joined(flags: Sequence[str]) -> list[str]:
    """``-gencode`` and what follows it are one option, or CMake drops the second of two ``-gencode``."""
    joined: list[str] = []
    open_ = False
    for flag in flags:
        if joined and (open_ or not flag.startswith("-")):
            joined[-1] = f"SHELL:{joined[-1].removeprefix('SHELL:')} {flag}"
            open_ = False
        else:
            joined.append(flag)
            open_ = flag in _TAKES_NEXT
    return joined


def _for(languages: str, flags: Sequence[str]) -> list[str]:
    if not flags:
        return []
    text = ";".join(map(_escaped, flags))
    return [f'"$<$<COMPILE_LANGUAGE:{languages}>:{text}>"']


def _is_standard(flag: str) -> bool:
    return flag.startswith(("-std=", "--std="))


def _standard(spec: BuildSpec) -> int:
    years = {"17": 17, "1z": 17, "20": 20, "2a": 20, "23": 23, "2b": 23, "26": 26, "2c": 26}
    flags = (*spec.cxx_flags, *spec.device_flags)
    return max((years.get(flag[-2:], 17) for flag in flags if _is_standard(flag)), default=17)


def _path(path: str) -> str:
    return f'"${{TREE}}/{_escaped(path)}"' if path not in ("", ".") else '"${TREE}"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return re.sub(r'([\\"$;])', r"\\\1", text)


def _packages(project: Project, modules: Sequence[ModulePlan]) -> tuple[str, ...]:
    """The top-level packages the adaptors lie in, and the project's others beside them."""
    roots = {_root(module) for module in modules}
    inits = (file.path for file in project.files if posixpath.basename(file.path) == "__init__.py")
    beside = {posixpath.dirname(path) for path in inits}
    shipped = {
        folder
        for folder in beside
        if folder and posixpath.dirname(folder) in roots
        if not _NOT_SHIPPED.fullmatch(posixpath.basename(folder))
    }
    own = {posixpath.join(_root(module), module.name.partition(".")[0]) for module in modules}
    return tuple(_quoted(folder) if " " in folder else folder for folder in sorted(shipped | own))


def _root(module: ModulePlan) -> str:
    """``src`` for the adaptor ``src/pkg/_C`` of ``pkg._C``."""
    assert module.adaptor is not None
    return module.adaptor[: -len(module.name)].rstrip("/")
