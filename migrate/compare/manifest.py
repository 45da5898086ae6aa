"""The part of ``.migrate/manifest.json`` that says what is compared: operators and their types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

from migrate.compare.call import Call, Value
from migrate.compare.facts import Demand, Fact, Reader, default_of, demanded, read_facts
from migrate.errors import OperatorError, TreeError


@dataclass(frozen=True)
class ArgType:
    """A parameter's type, as far as making an argument of it needs. ``members`` are an enum's, as
    ``module:Enum:member``."""

    kind: str
    spelling: str = ""
    args: tuple[ArgType, ...] = ()
    bits: int = 64
    members: tuple[str, ...] = ()

    @property
    def enum_modules(self) -> frozenset[str]:
        """The modules whose enums it needs."""
        own = {member.partition(":")[0] for member in self.members}
        return frozenset(own).union(*(arg.enum_modules for arg in self.args))


@dataclass(frozen=True)
class Parameter:
    """``cpp_name`` is what the operator's own error texts call it."""

    name: str
    type: ArgType
    keyword: bool = True
    default: Optional[str] = None
    cpp_name: str = ""

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset({self.name, self.cpp_name, self.cpp_name.rstrip("_")} - {""})


@dataclass(frozen=True)
class Entry:
    """One operator. ``facts`` are constraints that were read from its source, per parameter, and
    the strings and numbers it compares arguments with. ``path`` leads to it from its module:
    ``utils.ceil_div`` for one of a submodule, ``torch.ops.ns.op.default`` for the dispatcher's.
    ``overloads`` are the types that each one at its path takes, where there are several."""

    id: str
    name: str
    kind: str
    tier: str
    reason: str
    params: tuple[Parameter, ...] = ()
    facts: tuple[Fact, ...] = ()
    path: str = ""
    overloads: tuple[tuple[ArgType, ...], ...] = ()

    @property
    def is_dispatched(self) -> bool:
        return self.path.startswith("torch.ops.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(param.name for param in self.params)

    @cached_property
    def _defaults(self) -> list[Optional[Value]]:
        return [default_of(param.default) for param in self.params]

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        return tuple(fact.demand for fact in self.facts)

    @cached_property
    def breaking(self) -> tuple[tuple[Fact, tuple[Demand, ...], Demand], ...]:
        """Each fact that the source checks, what the others demand, and its opposite."""
        return tuple(
            (fact, tuple(row.demand for row in self.facts if row != fact), demanded(("not", fact.holds)))
            for fact in self.facts
            if not fact.memory
        )

    def reader(self, call: Call) -> Reader:
        """What evaluates facts on ``call``."""
        return Reader(call, self.names, self._defaults)


@dataclass(frozen=True)
class ModuleEntry:
    """A module and its operators. ``built`` is False where there is no migrated library at all."""

    name: str
    backend: str
    adaptor: str
    operators: tuple[Entry, ...]
    migrated: bool
    legacy: str = ""
    bridge: bool = False

    @property
    def others(self) -> list[str]:
        """The names of other modules whose enums its operators take."""
        types = [param.type for entry in self.operators for param in entry.params]
        return sorted(frozenset().union(*(type_.enum_modules for type_ in types)) - {self.name})

    @property
    def is_loaded_by_path(self) -> bool:
        """True for a library of dispatcher operators that nobody imports."""
        return self.bridge and not self.adaptor


def read_modules(tree: Path, operators: Sequence[str]) -> tuple[ModuleEntry, ...]:
    """The modules of a migrated tree, reduced to ``operators`` (ids, names or patterns)."""
    try:
        data = json.loads((tree / ".migrate" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TreeError(
            f"{tree} has no readable .migrate/manifest.json",
            "Run `migrate run SRC --out DIR`, then name DIR with -C",
        ) from error
    modules = []
    matched: set[str] = set()
    for entry in data["modules"]:
        module = _module(entry, data.get("backend", "cpu"))
        chosen = []
        for operator in module.operators:
            labels = (operator.id, operator.name, module.name)
            hits = {wish for wish in operators if _matches(wish, labels)}
            matched |= hits
            if hits or (not operators and operator.tier != "ignored"):
                chosen.append(operator)
        if chosen:
            modules.append(_with_operators(module, tuple(chosen)))
    unknown = [wish for wish in operators if wish not in matched]
    if unknown:
        raise OperatorError(f"no such operator: {', '.join(unknown)}", "`migrate status` lists them")
    return tuple(modules)


def _matches(wish: str, labels: Sequence[str]) -> bool:
    return wish in labels or any(fnmatchcase(label, wish) for label in labels)


def _with_operators(module: ModuleEntry, operators: tuple[Entry, ...]) -> ModuleEntry:
    return replace(module, operators=operators)


def _module(entry: dict[str, Any], backend: str) -> ModuleEntry:
    original = entry.get("original") or {}
    return ModuleEntry(
        name=entry["name"],
        backend=original.get("backend", backend),
        adaptor=entry.get("adaptor") or "",
        operators=_overloaded([_operator(operator, entry["name"]) for operator in entry["operators"]]),
        migrated=entry.get("migrated") is not None,
        bridge=entry.get("bridge") is not None,
        legacy=(entry.get("legacy") or {}).get("name", ""),
    )


def _overloaded(operators: Sequence[Entry]) -> tuple[Entry, ...]:
    """The operators, those of one path told of each other."""
    taken: dict[str, list[tuple[ArgType, ...]]] = {}
    for each in operators:
        taken.setdefault(each.path, []).append(tuple(param.type for param in each.params))
    return tuple(
        replace(each, overloads=tuple(taken[each.path])) if len(taken[each.path]) > 1 else each
        for each in operators
    )


def _operator(entry: dict[str, Any], module: str) -> Entry:
    scope = str(entry.get("scope") or module)[len(module) :].strip(".")
    params = tuple(
        Parameter(
            name=param.get("name") or f"arg{index}",
            type=_type(param["type"]),
            keyword=bool(param.get("keyword", True)),
            default=param.get("default"),
            cpp_name=param.get("cpp_name") or "",
        )
        for index, param in enumerate(entry.get("params") or ())
    )
    return Entry(
        id=entry["id"],
        name=entry["name"],
        kind=entry.get("kind", "function"),
        tier=entry.get("tier", ""),
        reason=entry.get("reason") or "",
        path=entry.get("dispatch") or (f"{scope}.{entry['name']}" if scope else entry["name"]),
        params=params,
        facts=read_facts(entry.get("facts") or ()),
    )


def _type(entry: dict[str, Any]) -> ArgType:
    return ArgType(
        kind=entry["kind"],
        spelling=entry.get("spelling", ""),
        args=tuple(_type(arg) for arg in entry.get("args") or ()),
        bits=int(entry.get("bits") or 64),
        members=tuple(entry.get("members") or ()),
    )
