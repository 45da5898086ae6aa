"""The extras of an ``m.def``: names, defaults, docstrings, guards, as Python sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from migrate.model.bindings import PyArg
from migrate.model.cpp import CppType
from migrate.parse import clang
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.source import Source
from migrate.parse.types import cpp_type

_WRAPPERS = frozenset({"UNEXPOSED_EXPR", "PAREN_EXPR"})
# A constant of an enum, until the module's bindings say what Python calls it: `enum E=0`.
ENUM = "enum "


@dataclass(frozen=True)
class Extra:
    """One extra. ``kind``: arg, doc, guard, kw_only, pos_only or other."""

    kind: str
    arg: Optional[PyArg] = None
    doc: Optional[str] = None
    guard: str = ""


def strip(cursor: Cursor) -> Cursor:
    """The expression below implicit wrappers and parentheses."""
    while clang.kind_name(cursor) in _WRAPPERS:
        below = clang.children(cursor)
        if len(below) != 1:
            return cursor
        cursor = below[0]
    return cursor


def read_argument(cursor: Cursor, source: Source) -> Extra:
    """Classify one extra by its type."""
    name = str(cursor.type.get_canonical().spelling).replace("const ", "")
    if name.startswith("pybind11::arg"):
        return Extra("arg", arg=_named(cursor, source))
    if name.startswith("pybind11::call_guard"):
        guard = name[name.find("<") + 1 : name.rfind(">")]
        return Extra("guard", guard=guard)
    for marker in ("kw_only", "pos_only"):
        if name == f"pybind11::{marker}":
            return Extra(marker)
    value = evaluate(cursor)
    if isinstance(value, str):
        return Extra("doc", doc=value)
    return Extra("other")


def _named(cursor: Cursor, source: Source) -> PyArg:
    name, none_allowed, convert, value = "", True, True, None
    for below in clang.walk(cursor):
        kind = clang.kind_name(below)
        if kind == "STRING_LITERAL" and not name:
            text = evaluate(below)
            name = text if isinstance(text, str) else ""
        if kind == "CALL_EXPR" and below.spelling == "operator=" and value is None:
            arguments = list(below.get_arguments())
            value = arguments[-1] if len(arguments) == 2 else None
        if kind == "CALL_EXPR" and below.spelling == "none":
            none_allowed = not any(evaluate(a) == 0 for a in below.get_arguments())
        if kind == "CALL_EXPR" and below.spelling == "noconvert":
            convert = any(evaluate(a) == 0 for a in below.get_arguments())
    if value is None:
        return PyArg(name, none_allowed=none_allowed, convert=convert)
    start, end = clang.extent(value)
    text, python = source.text[start:end], python_value(strip(value))
    return PyArg(name, text, python, none_allowed=none_allowed, convert=convert)


def python_value(cursor: Cursor) -> Optional[str]:
    """Python text for a C++ constant; None when there is none.

    ``1e-5f`` becomes the float pybind11 hands out, 9.999999747378752e-06.
    """
    type_ = cpp_type(cursor.type)
    spelling = str(cursor.type.get_canonical().spelling)
    if "nullopt_t" in spelling or "pybind11::none" in spelling or "nullptr_t" in spelling:
        return "None"
    if type_.kind == "tensor":
        return "None" if _is_made_of_nothing(cursor) else None  # as torch hands out an undefined tensor
    if type_.kind == "scalar_type":
        return _scalar_type(cursor)
    if type_.kind == "enum":
        number = evaluate(cursor)
        return f"{ENUM}{clang.qualified_name(cursor.type.get_canonical().get_declaration())}={number}"
    if type_.kind in ("list", "array", "tuple", "pair"):
        return _container(cursor, type_)
    if type_.kind == "optional":
        return "None" if not _has_value(cursor) else None
    value = _text(cursor) if type_.kind == "string" else evaluate(cursor)
    if value is None:
        below = [strip(child) for child in clang.children(cursor)]
        if len(below) == 1 and clang.kind_name(cursor).endswith("EXPR"):
            return python_value(below[0])
        return None
    if type_.kind == "bool":
        return "True" if value else "False"
    return repr(value)


def _is_made_of_nothing(cursor: Cursor) -> bool:
    """``torch::Tensor()`` or ``torch::Tensor{}``."""
    values = ("DECL_REF_EXPR", "MEMBER_REF_EXPR", "LAMBDA_EXPR")
    kinds = [clang.kind_name(below) for below in clang.walk(cursor)]
    return not any(kind in values or kind.endswith("LITERAL") for kind in kinds)


def _text(cursor: Cursor) -> Optional[str]:
    """``"text"``, ``std::string("text")`` and ``std::string()``, but nothing with another argument."""
    value = evaluate(cursor)
    if isinstance(value, str):
        return value
    kinds = [(below, clang.kind_name(below)) for below in clang.walk(cursor)]
    if any(kind in ("DECL_REF_EXPR", "MEMBER_REF_EXPR") for _, kind in kinds):
        return None
    literals = [below for below, kind in kinds if kind.endswith("LITERAL")]
    if not literals:
        return "" if clang.kind_name(cursor) == "CALL_EXPR" else None
    text = evaluate(literals[0]) if len(literals) == 1 else None
    return text if isinstance(text, str) else None


def _has_value(cursor: Cursor) -> bool:
    return any(
        clang.kind_name(below).endswith("LITERAL")
        or (clang.kind_name(below) == "DECL_REF_EXPR" and "nullopt" not in str(below.spelling))
        for below in clang.walk(cursor)
    )


def _element(cursor: Cursor, is_float: bool) -> Optional[str]:
    """Python text of an element; the 1 of ``std::vector<double>{1}`` is converted there."""
    text = python_value(cursor)
    return f"{text}.0" if is_float and text is not None and text.lstrip("-").isdigit() else text


def _container(cursor: Cursor, type_: CppType) -> Optional[str]:
    kind = type_.kind
    elements = _elements(cursor, kind in ("list", "array"))
    if elements is None:
        return None
    floats = type_.kind in ("list", "array") and type_.args[0].kind == "float"
    values = [_element(strip(element), floats) for element in elements]
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    if kind in ("tuple", "pair"):
        return f"({', '.join(known)}{',' if len(known) == 1 else ''})"
    return f"[{', '.join(known)}]"


def _elements(cursor: Cursor, is_list: bool) -> Optional[list[Cursor]]:
    """What a container is made of: a braced list, or the arguments that make a tuple."""
    inner = cursor
    while clang.kind_name(inner) != "INIT_LIST_EXPR":
        arguments = [strip(a) for a in inner.get_arguments()] if clang.kind_name(inner) == "CALL_EXPR" else []
        below = arguments or [c for c in clang.children(inner) if not clang.kind_name(c).endswith("_REF")]
        # Next to the list may stand an argument of the type, such as the size of an array.
        below = [c for c in below if clang.kind_name(c) == "INIT_LIST_EXPR"] or below
        if not below:
            # `std::vector<int>()`; but the 3 of `std::vector<int>(3)` is a size.
            return [] if is_list and clang.kind_name(inner) == "CALL_EXPR" else None
        if len(below) > 1:
            return None if is_list else below
        inner = below[0]
    return clang.children(inner)


def _scalar_type(cursor: Cursor) -> Optional[str]:
    for below in clang.walk(cursor):
        if clang.kind_name(below) == "DECL_REF_EXPR":
            return f"ScalarType.{str(below.spelling).lstrip('k')}"
    return None
