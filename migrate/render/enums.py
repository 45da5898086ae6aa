"""Bound enums: their definitions for the shim, and the Python classes that take their place."""

from __future__ import annotations

import keyword
from typing import Sequence

from migrate.model.bindings import EnumBinding, EnumMember, Registration
from migrate.model.plan import ModulePlan
from migrate.render.contexts import AdaptorEnum, Declaration
from migrate.render.python_text import docstring_literal, literal


def enum_names(module: ModulePlan) -> dict[str, str]:
    """What Python calls the enums that the module's functions use, by their C++ names."""
    return {row.enum.cpp: row.name for row in module.enums if row.enum is not None}


def enums_beside(module: ModulePlan, scope: str) -> dict[str, str]:
    """Those among them that the module itself has under ``scope``."""
    return {row.enum.cpp: row.name for row in module.enums if row.enum is not None and row.module == scope}


def enum_definitions(module: ModulePlan) -> list[Declaration]:
    """``enum class E : int { a = 0 };`` for the launch header: the tree's own header may need a
    framework or a device compiler. The numbers are the original's."""
    rows = []
    for registration in module.enums:
        if registration.enum is not None:
            namespace, _, name = registration.enum.cpp.rpartition("::")
            rows.append(Declaration(namespace, _definition(registration.enum, name)))
    return rows


def _definition(enum: EnumBinding, name: str) -> str:
    word = "enum class" if enum.scoped else "enum"
    inside = ", ".join(f"{constant} = {value}" for constant, value in enum.constants)
    return f"{word} {name} : {enum.underlying} {{ {inside} }};"


def adaptor_enums(rows: Sequence[Registration]) -> tuple[AdaptorEnum, ...]:
    """The Python classes of one module's enums."""
    return tuple(
        AdaptorEnum(
            name=row.name,
            base="Enumeration" if row.enum.scoped else "ConvertibleEnumeration",
            doc=docstring_literal(enum_doc(row)),
            members=tuple(_member(member) for member in row.enum.members),
            exported=tuple(_exported(row.name, member) for member in row.enum.members)
            if row.enum.exported
            else (),
        )
        for row in rows
        if row.enum is not None
    )


def enum_doc(row: Registration) -> str:
    """The class's docstring, with pybind11's list of members."""
    assert row.enum is not None
    head = f"{row.doc}\n\n" if row.doc else ""
    lines = [f"\n\n  {m.name}" + (f" : {m.doc}" if m.doc is not None else "") for m in row.enum.members]
    return f"{head}Members:{''.join(lines)}"


def _member(member: EnumMember) -> str:
    if _is_plain(member.name):
        return f"{member.name} = {member.value}"
    return f"locals()[{literal(member.name)}] = {member.value}  # no name that a statement could have"


def _exported(name: str, member: EnumMember) -> str:
    if _is_plain(member.name):
        return f"{member.name} = {name}.{member.name}"
    return f"globals()[{literal(member.name)}] = {name}({member.value})"


def _is_plain(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)
