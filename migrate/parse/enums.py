"""``py::enum_`` and ``py::class_``: what their chained calls say, joined to the registration.

``py::enum_<E>(m, "E").value("a", E::a).export_values();`` or the same in several statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Iterable, Optional, Sequence

from migrate.model.bindings import EnumBinding, EnumMember, PyArg, Registration
from migrate.parse import clang
from migrate.parse.arguments import ENUM, strip
from migrate.parse.calls import bound_target, callee
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.registry import Registry
from migrate.parse.source import Source

_OWNERS = ("enum_", "class_")
_VALUE = re.compile(r"\.\s*value\s*\(")
_KNOWN = ("pybind11::arithmetic", "pybind11::module_local")
# Where a construction stands, and of what: a macro may hold several.
_Place = tuple[int, int, str]


@dataclass
class Chains:
    """The calls on each ``enum_`` and ``class_``, by the place of its constructor; outermost first."""

    calls: dict[_Place, list[tuple[str, Cursor]]] = field(default_factory=dict)

    def note(self, node: Cursor, name: str, owner: str) -> None:
        """Remember ``node`` when it is a call on an enum or class being bound."""
        if owner.rpartition("::")[2] not in _OWNERS or not owner.startswith("pybind11"):
            return
        constructor = _constructor(node)
        if constructor is not None and constructor != node:
            start, end = clang.extent(constructor)
            self.calls.setdefault((start, end, bound_type(constructor)), []).append((name, node))

    def complete(self, registry: Registry, source: Source) -> None:
        """Give every enum its members, every class the types it uses."""
        for index, row in enumerate(registry.registrations):
            calls = self.calls.get((row.span.start, row.span.end, row.cpp), [])
            # An inner call of a chain ends before the one around it; statements follow each other. In
            # a macro all end at one place: the innermost, which was noted last, goes first.
            calls.reverse()
            calls.sort(key=lambda call: clang.extent(call[1])[1])
            if row.kind == "enum" and row.enum is not None:
                registry.registrations[index] = _with_members(row, row.enum, calls, source)
            elif row.kind == "class":
                uses = sorted({use for _, call in calls for use in _types(call)})
                registry.registrations[index] = replace(row, uses=tuple(uses))


def bound_type(constructor: Cursor) -> str:
    """T of ``py::class_<T>`` or ``py::enum_<T>``."""
    return str(constructor.type.get_canonical().get_template_argument_type(0).spelling)


def _constructor(node: Cursor) -> Optional[Cursor]:
    """The construction that a chain of calls starts with, or that initialises its variable."""
    inner = node
    while True:
        if clang.kind_name(inner) == "CALL_EXPR" and callee(inner)[0] in _OWNERS:
            return inner
        if clang.kind_name(inner) == "DECL_REF_EXPR":
            inner = inner.referenced
            below = [c for c in clang.children(inner) if clang.kind_name(c).endswith("EXPR")]
        else:
            below = clang.children(inner)
        if not below:
            return None
        inner = below[-1] if clang.kind_name(inner) == "VAR_DECL" else below[0]


def read_enum(node: Cursor) -> EnumBinding:
    """The construction of an ``enum_<E>``, still without its members."""
    declaration = node.type.get_canonical().get_template_argument_type(0).get_declaration()
    constants = tuple(
        (str(child.spelling), int(child.enum_value))
        for child in clang.children(declaration)
        if clang.kind_name(child) == "ENUM_CONSTANT_DECL"
    )
    extras = [_type_name(argument) for argument in list(node.get_arguments())[2:]]
    unknown = [e for e in extras if not e.startswith(("char", "pybind11::doc", *_KNOWN))]
    return EnumBinding(
        cpp=clang.qualified_name(declaration),
        underlying=str(declaration.enum_type.get_canonical().spelling),
        scoped=bool(declaration.is_scoped_enum()),
        constants=constants,
        members=(),
        arithmetic="pybind11::arithmetic" in extras,
        problem=f"it is bound with `{unknown[0]}`" if unknown else _definition_problem(declaration),
    )


def _type_name(argument: Cursor) -> str:
    return str(strip(argument).type.get_canonical().spelling).replace("const ", "")


def _definition_problem(declaration: Cursor) -> str:
    """Why the shim cannot repeat the definition of the enum."""
    parent = declaration.semantic_parent
    while clang.kind_name(parent) in ("LINKAGE_SPEC", "UNEXPOSED_DECL"):  # extern "C" { ... }
        parent = parent.semantic_parent
    if clang.kind_name(parent) not in ("NAMESPACE", "TRANSLATION_UNIT"):
        return "its type is declared inside a class"
    if clang.is_internal(declaration) or not declaration.spelling:
        return "its type is declared in an anonymous namespace"
    return ""


def _with_members(
    row: Registration, enum: EnumBinding, calls: list[tuple[str, Cursor]], source: Source
) -> Registration:
    problem, members, exported = enum.problem, [], False
    for name, call in calls:
        member = _member(call) if name == "value" else None
        if member is not None:
            members.append(member)
        exported = exported or name == "export_values"
        if name not in ("value", "export_values"):
            problem = problem or "it has more than values"
        elif name == "value" and member is None:
            problem = problem or "one of its values is not constant"
    end = max([clang.extent(call)[1] for _, call in calls], default=row.span.end)
    if len(_VALUE.findall(source.text[row.span.start : end])) > len(members):
        problem = problem or "the parser dropped one of its values"
    names = [member.name for member in members]
    problem = problem or next((f"it has `{n}` twice" for n in names if names.count(n) > 1), "")
    complete = replace(enum, members=tuple(members), exported=exported, problem=problem)
    return replace(row, enum=complete, span=replace(row.span, end=end))


def _member(call: Cursor) -> Optional[EnumMember]:
    arguments = [strip(argument) for argument in call.get_arguments()]
    values = [evaluate(argument) for argument in arguments]
    if len(values) < 2 or not isinstance(values[0], str) or not isinstance(values[1], int):
        return None
    doc = values[2] if len(values) > 2 else None
    return EnumMember(values[0], values[1], doc if isinstance(doc, str) else None)


def _types(call: Cursor) -> list[str]:
    """The types that one binding on a class mentions: of a method, its parameters and result."""
    rows: list[str] = []
    for argument in call.get_arguments():
        target = bound_target(argument)
        if target is not None and clang.kind_name(target) == "LAMBDA_EXPR":
            parameters = [c for c in clang.children(target) if clang.kind_name(c) == "PARM_DECL"]
            rows += [str(parameter.type.get_canonical().spelling) for parameter in parameters]
            results = [c for c in clang.walk(target) if clang.kind_name(c) == "RETURN_STMT"]
            rows += [str(e.type.get_canonical().spelling) for r in results for e in clang.children(r)]
        else:
            type_ = (target or argument).type
            rows.append(str(type_.get_canonical().spelling))
    return rows


Constants = dict[str, tuple[str, EnumMember]]


def constants(rows: Iterable[Registration]) -> Constants:
    """The constants of bound enums, as a default has them at first: Python's name and member."""
    return {
        f"{ENUM}{row.enum.cpp}={member.value}": (row.name, member)
        for row in rows
        if row.enum is not None
        for member in reversed(row.enum.members)
    }


def with_enum_defaults(rows: Sequence[Registration], known: Constants) -> tuple[Registration, ...]:
    """Defaults that are constants of an enum, as Python names them: ``E.a``, shown as ``<E.a: 0>``.

    A constant that Python has no name for stays without one.
    """

    def named(arg: PyArg) -> PyArg:
        if arg.python is None or ENUM not in arg.python:
            return arg
        found = known.get(arg.python)
        if found is None:
            return replace(arg, python=None)
        name, member = found
        return replace(arg, python=f"{name}.{member.name}", shown=f"<{name}.{member.name}: {member.value}>")

    return tuple(replace(row, args=tuple(named(arg) for arg in row.args)) for row in rows)
