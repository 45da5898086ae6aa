"""Run by a Python of its own: what a module offers, as JSON.

    describe_module.py tinygemm._C [path of the extension [NAME=PATH ...]]

Other extensions are loaded before, as their package does: what they bind has names for Python then.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import inspect
import json
import sys
from types import ModuleType
from typing import Any, Optional

import torch  # noqa: F401  # the extensions link against it


def load(name: str, path: Optional[str]) -> ModuleType:
    if path is None:
        return importlib.import_module(name)
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def describe(module: ModuleType) -> dict[str, Any]:
    """By name: what it is, its docstring, its value, and its signature where Python knows one."""
    found: dict[str, Any] = {"": {"doc": module.__doc__}}
    for name in sorted(vars(module)):
        if name.startswith("_") and name != "__version__":
            continue  # an adaptor's own helpers, and what every module has
        thing = getattr(module, name)
        row: dict[str, Any] = {"callable": callable(thing), "doc": getattr(thing, "__doc__", None)}
        if inspect.isfunction(thing):
            row["signature"] = [
                [p.name, p.kind.name, None if p.default is p.empty else repr(p.default)]
                for p in inspect.signature(thing).parameters.values()
            ]
        if isinstance(thing, ModuleType):
            row = {"members": describe(thing)}
        elif not callable(thing):
            row = {"value": repr(thing)}
        if isinstance(thing, type):
            row["module"] = thing.__module__
        found[name] = row
    return found


for other in sys.argv[3:]:
    load(*other.split("="))
print(json.dumps(describe(load(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))))
