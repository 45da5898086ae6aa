"""What a module registers through the helpers that it hands itself to."""

from __future__ import annotations

from dataclasses import replace
from typing import Mapping, Optional, Sequence

from migrate.model.bindings import Registration
from migrate.parse.named import filled
from migrate.parse.registry import NOT_A_LITERAL, Registry

_DEPTH = 32  # a helper may call itself


def registrations_of(
    registry: Registry,
    registries: Mapping[str, Registry],
    reached: set[str],
    scope: str = "",
    given: Sequence[Optional[str]] = (),
    depth: int = 0,
) -> list[Registration]:
    """Registrations of ``registry``, called with ``given``, and of every helper it calls; the USRs of
    these are added to ``reached``."""
    rows = [_named(row, registry, given) for row in registry.registrations]
    rows = [replace(row, module=dotted(scope, row.module)) for row in rows]
    for call in registry.calls if depth <= _DEPTH else ():
        helper = registries.get(call.usr)
        if helper is not None:
            reached.add(call.usr)
            texts = [filled(parts, given) for parts in call.arguments]
            inner = dotted(scope, call.scope)
            below = registrations_of(helper, registries, reached, inner, texts, depth + 1)
            rows += [replace(row, unresolved=row.unresolved or call.doubt) for row in below]
    return rows


def _named(row: Registration, registry: Registry, given: Sequence[Optional[str]]) -> Registration:
    name = filled(registry.computed.get(row.span.start), given)
    if row.name or name is None:
        return row
    return replace(row, name=name, unresolved="" if row.unresolved == NOT_A_LITERAL else row.unresolved)


def submodule_docs(
    registry: Registry, registries: Mapping[str, Registry], scope: str = "", depth: int = 0
) -> dict[str, str]:
    """Docstrings by submodule path, of ``registry`` and the helpers it hands its module to."""
    docs = {dotted(scope, path): doc for path, doc in registry.submodule_docs.items()}
    for call in registry.calls if depth <= _DEPTH else ():
        helper = registries.get(call.usr)
        if helper is not None:
            docs.update(submodule_docs(helper, registries, dotted(scope, call.scope), depth + 1))
    return docs


def dotted(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer and inner else outer or inner
