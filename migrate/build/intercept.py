"""The original's own word on how it is built: ``[tool.migrate.original]``, else its setup.py.

setup.py is only run where nothing else says how; it runs in a copy of the tree, in a process of its
own, with ``setup`` replaced by a function that writes down the extensions.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Optional

from migrate.build.manifest import read_spec
from migrate.model.plan import BuildSpec
from migrate.text.toml import TomlError, read_toml

_TIME_LIMIT = 300
_PROGRAM = """
import json, runpy, sys
import setuptools, distutils.core
found = []
def setup(*args, **options):
    for extension in options.get("ext_modules") or ():
        flags = extension.extra_compile_args or []
        if not isinstance(flags, dict):
            flags = {"cxx": flags}
        sources = [str(source) for source in extension.sources]
        found.append({
            "name": extension.name, "sources": sources,
            "include_dirs": [str(folder) for folder in extension.include_dirs],
            "defines": [n if v is None else f"{n}={v}" for n, v in extension.define_macros],
            "cxx_flags": list(flags.get("cxx", [])), "device_flags": list(flags.get("nvcc", [])),
            "link_flags": [*(f"-L{d}" for d in extension.library_dirs),
                           *(f"-l{n}" for n in extension.libraries), *(extension.extra_link_args or [])],
            "backend": "cuda" if any(s.endswith(".cu") for s in sources) else "cpu",
        })
setuptools.setup = distutils.core.setup = setup
sys.argv = ["setup.py", "build_ext"]
sys.path.insert(0, "")
runpy.run_path("setup.py", run_name="__main__")
with open(sys.argv_out, "w") as stream:
    json.dump(found, stream)
"""


def declared_spec(original: Path, spec: BuildSpec) -> BuildSpec:
    """``spec``, or what ``[tool.migrate.original."<name>"]`` of the original says instead."""
    for name, keys in (("migrate.toml", ()), ("pyproject.toml", ("tool", "migrate"))):
        table: Any = _read_toml(original / name)
        for key in (*keys, "original"):
            table = table.get(key, {}) if isinstance(table, dict) else {}
        entry = table.get(spec.name) if isinstance(table, dict) else None
        if isinstance(entry, dict) and entry.get("sources"):
            base = {"backend": spec.backend, "origin": "setup.py"}
            return read_spec({**base, **entry, "name": spec.name}) or spec
    return spec


def setup_specs(original: Path) -> dict[str, BuildSpec]:
    """The extensions that the original's setup.py declares when it is run; empty when it fails."""
    if not (original / "setup.py").is_file():
        return {}
    with tempfile.TemporaryDirectory(prefix="migrate-setup-") as folder:
        copy = Path(folder).resolve() / "tree"
        shutil.copytree(original, copy, symlinks=True)
        entries = _run_setup(copy, Path(folder) / "extensions.json")
        specs = (_spec(entry, copy) for entry in entries)
        return {spec.name: spec for spec in specs if spec is not None}


def _run_setup(copy: Path, answer: Path) -> list[dict[str, Any]]:
    program = _PROGRAM.replace("sys.argv_out", repr(str(answer)))
    try:
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=copy,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=False,
        )
        found: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []


def _spec(entry: dict[str, Any], copy: Path) -> Optional[BuildSpec]:
    entry = {**entry, "origin": "setup.py"}
    entry["sources"] = _relative(entry["sources"], copy)
    # torch's own folders come with the build anyway, wherever they are on this machine.
    entry["include_dirs"] = [
        path for path in _relative(entry["include_dirs"], copy) if not path.startswith("/")
    ]
    return read_spec(entry)


def _relative(paths: Iterable[str], copy: Path) -> list[str]:
    result = []
    for path in paths:
        whole = Path(path)
        inside = whole.is_absolute() and copy in whole.parents
        result.append(str(whole.relative_to(copy)) if inside else path)
    return result


def _read_toml(path: Path) -> dict[str, Any]:
    """Empty where the file is absent or this Python has no TOML reader."""
    try:
        return read_toml(path.read_text(encoding="utf-8"))
    except (OSError, TomlError):
        return {}
