"""``.migrate/manifest.json``: every operator, how each library is built, hashes of what was written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any, Optional

from migrate import __version__
from migrate.model.bindings import Registration
from migrate.model.cpp import CppType
from migrate.model.plan import BuildSpec, ModulePlan, OperatorPlan, Plan
from migrate.model.project import Project
from migrate.rules.enums import enum_name
from migrate.rules.facts import Sources, find_facts, sources_of

SCHEMA_VERSION = 1
Members = dict[str, list[str]]


def render_manifest(project: Project, plan: Plan, files: dict[str, bytes]) -> bytes:
    """Stable JSON: sorted keys, no times, no absolute paths."""
    sources = sources_of(project)
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "migrate", "version": __version__},
        "backend": project.backend,
        "order": list(plan.order),
        "modules": [_module(module, sources) for module in plan.modules],
        "files": {path: {"sha256": hashlib.sha256(data).hexdigest()} for path, data in sorted(files.items())},
        "inputs": {
            file.path: hashlib.sha256(file.data).hexdigest()
            for file in sorted(project.files, key=lambda f: f.path)
        },
    }
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def _module(module: ModulePlan, sources: Sources) -> dict[str, Any]:
    return {
        "name": module.name,
        "adaptor": module.adaptor,
        "original": _spec(module.original),
        "migrated": _spec(module.migrated),
        "bridge": _spec(module.bridge),
        "legacy": _spec(module.legacy),
        "operators": [_operator(module, row, sources) for row in module.operators],
    }


def _spec(spec: Optional[BuildSpec]) -> Optional[dict[str, Any]]:
    return None if spec is None else asdict(spec)


def _operator(module: ModulePlan, row: OperatorPlan, sources: Sources) -> dict[str, Any]:
    registration, function = row.operator.registration, row.operator.function
    members = _members(module)
    params: list[dict[str, Any]] = []
    for index, param in enumerate(function.params if function is not None else ()):
        named = registration.has_args and index < len(registration.args)
        arg = registration.args[index] if named else None
        params.append(
            {
                "name": arg.name if arg is not None else f"arg{index}",
                "cpp_name": param.name,
                "keyword": arg is not None,
                "default": arg.python if arg is not None else None,
                "type": _type(param.type, members),
            }
        )
    return {
        "id": row.operator.id,
        "name": registration.name,
        "scope": registration.module,
        "kind": registration.kind,
        "dispatch": _dispatch(registration),
        "tier": row.tier,
        "reason": row.reason,
        "verified": row.verified,
        "file": registration.span.file,
        "line": registration.span.line,
        "params": params,
        "facts": _facts(module, row, sources, tuple(param["name"] for param in params)),
        "returns": _type(function.returns, members) if function is not None else None,
    }


def _facts(
    module: ModulePlan, row: OperatorPlan, sources: Sources, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    function = row.operator.function
    return find_facts(function, names, sources, module.original.backend) if function is not None else []


def _dispatch(row: Registration) -> Optional[str]:
    """Where Python finds a dispatcher operator."""
    if row.dispatch is None:
        return None
    name, _, overload = row.name.partition(".")
    return f"torch.ops.{row.dispatch.namespace}.{name}.{overload or 'default'}"


def _type(type_: CppType, members: Members) -> dict[str, Any]:
    value = {
        "kind": type_.kind,
        "spelling": type_.spelling,
        "args": [_type(arg, members) for arg in type_.args],
        "bits": type_.bits,
        "signed": type_.signed,
    }
    if type_.kind == "enum":
        value["members"] = members.get(enum_name(type_), [])
    return value


def _members(module: ModulePlan) -> Members:
    """Members of the enums its functions use, as ``module:Enum:member``, by the C++ name."""
    return {
        row.enum.cpp: [f"{row.module}:{row.name}:{member.name}" for member in row.enum.members]
        for row in module.enums
        if row.enum is not None
    }
