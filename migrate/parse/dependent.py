"""Calls in a template whose callee clang knows for an instance only: ``m.def("f", &f<T>)``."""

from __future__ import annotations

import re

from migrate.parse import clang
from migrate.parse.arguments import strip
from migrate.parse.clang import Cursor

_BINDS = re.compile(r"pybind11::(?:module_|class_|enum_)(?!\w)")
_QUALIFIERS = frozenset({"NAMESPACE_REF", "TYPE_REF"})


def dependent_callee(node: Cursor) -> tuple[str, str]:
    """Name, and the class of pybind11's that has it; empty for any other call."""
    named = _template_of_pybind(node)
    if named:  # `py::class_<T>(m, name)`
        return named.rpartition("::")[2], named
    head = next((c for c in clang.children(node) if clang.kind_name(c) not in _QUALIFIERS), None)
    if head is None or clang.kind_name(head) != "MEMBER_REF_EXPR":
        return "", ""
    owner = next((_class_of(receiver) for receiver in clang.children(head)[:1]), "")
    target = head.referenced
    # Of a class that depends on the template, libclang does not name the member: nearly always `def`.
    return (clang.spelling(target) if target is not None else "def", owner) if owner else ("", "")


def constructed_variable(node: Cursor) -> str:
    """``class_`` for ``py::class_<T> bound(m, name)``; empty where clang knows the constructor."""
    below = clang.children(node)[-1:]
    known = not below or clang.kind_name(below[0]) != "UNEXPOSED_EXPR" or below[0].referenced is not None
    return "" if known else _template_of_pybind(node).rpartition("::")[2]


def construction_arguments(node: Cursor) -> list[Cursor]:
    """What ``py::class_<T>(m, name)`` or such a variable is constructed with."""
    if clang.kind_name(node) == "VAR_DECL":
        return clang.children(strip(clang.children(node)[-1]))
    expressions = [c for c in clang.children(node) if clang.kind_name(c) not in _QUALIFIERS]
    return list(node.get_arguments()) or expressions[1:]


def _class_of(receiver: Cursor) -> str:
    found = _BINDS.search(str(receiver.type.get_canonical().spelling))
    if found is not None:
        return found.group()
    if clang.kind_name(receiver) == "CALL_EXPR":
        return dependent_callee(receiver)[1]
    # Of a variable's type libclang prints no namespace where it depends on the template.
    variable = receiver.referenced
    return _template_of_pybind(variable) if variable is not None else ""


def _template_of_pybind(node: Cursor) -> str:
    """The class template of pybind11's that stands in ``node`` itself."""
    named = [c.referenced for c in clang.children(node) if clang.kind_name(c) == "TEMPLATE_REF"]
    names = [clang.qualified_name(template) for template in named if template is not None]
    return next((name for name in names if _BINDS.fullmatch(name)), "")
