"""Calls in a module body: what is called, on which module, for which function."""

from __future__ import annotations

import re
from typing import Any, Optional

from migrate.model.cpp import CppType
from migrate.parse import clang
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.functions import FUNCTION_KINDS
from migrate.parse.types import cpp_type


def takes_module(cursor: Cursor) -> bool:
    """True for a function with a ``py::module_&`` parameter."""
    return any("pybind11::module_" in str(p.type.get_canonical().spelling) for p in parameters(cursor))


def parameters(cursor: Cursor) -> list[Cursor]:
    """The parameters of a function or of a function template."""
    if clang.kind_name(cursor) == "FUNCTION_TEMPLATE":
        return [child for child in clang.children(cursor) if clang.kind_name(child) == "PARM_DECL"]
    return list(cursor.get_arguments() or ())


def callee(node: Cursor) -> tuple[str, str]:
    target = node.referenced
    if target is None:
        return str(node.spelling), ""
    parent = target.semantic_parent
    owner = clang.qualified_name(parent) if parent is not None else ""
    name = str(target.spelling)
    if clang.kind_name(target) == "CONSTRUCTOR":
        return owner.rsplit("::", 1)[-1], owner
    return name, owner


def referenced_usr(node: Cursor) -> str:
    return clang.usr(clang.template_of(node.referenced))


def module_argument(node: Cursor) -> Cursor:
    for argument in node.get_arguments():
        if "pybind11::module_" in str(argument.type.get_canonical().spelling):
            return argument
    return node


def scope_of(node: Cursor) -> str:
    """The submodule path of the module object below ``node``: ``""`` for the module itself."""
    for below in clang.walk(node):
        if clang.kind_name(below) != "DECL_REF_EXPR":
            continue
        variable = below.referenced
        if variable is None or "pybind11::module_" not in str(variable.type.get_canonical().spelling):
            continue
        if clang.kind_name(variable) != "VAR_DECL":
            return ""
        for inner in clang.walk(variable):
            if clang.kind_name(inner) == "CALL_EXPR" and inner.spelling == "def_submodule":
                outer = scope_of(inner)
                name = text_below(inner) or "?"
                return f"{outer}.{name}" if outer else name
        return ""
    return ""


def text_below(node: Cursor) -> Optional[str]:
    for below in clang.walk(node):
        if clang.kind_name(below) == "STRING_LITERAL":
            value = evaluate(below)
            return value if isinstance(value, str) else None
    return None


def bound_instance(found: Cursor, text: str) -> tuple[str, tuple[CppType, ...]]:
    """How C++ spells the function that ``text`` binds, and the types of the instance if it is one of a
    template: result and parameters, in place of the template's own. A macro may have written it."""
    generic = clang.template_of(found)
    if clang.kind_name(generic) != "FUNCTION_TEMPLATE":
        return clang.qualified_name(found), ()
    name = clang.qualified_name(generic)
    written = re.search(rf"\b{re.escape(generic.spelling)}\s*(<.*)", text, re.DOTALL)
    arguments = written.group(1).rstrip(") \t\n") if written else _template_arguments(found, generic)
    if not arguments or clang.kind_name(found) == "FUNCTION_TEMPLATE":
        return name + arguments, ()
    params = [cpp_type(parameter.type) for parameter in found.get_arguments()]
    return name + arguments, (cpp_type(found.result_type), *params)


def _template_arguments(found: Cursor, generic: Cursor) -> str:
    """``<float, 4>``; '' where one is neither a type nor a number."""
    declared = [c for c in generic.get_children() if clang.kind_name(c).startswith("TEMPLATE_")]
    texts = []
    for index, parameter in enumerate(declared[: max(found.get_num_template_arguments(), 0)]):
        kind = found.get_template_argument_kind(index).name
        if kind == "TYPE":
            texts.append(found.get_template_argument_type(index).get_canonical().spelling)
        elif kind == "INTEGRAL":
            texts.append(_number(found, index, parameter.type.get_canonical()))
        else:
            return ""
    return f"<{', '.join(texts)}>" if texts else ""


def _number(found: Cursor, index: int, type_: Any) -> str:
    """libclang gives all numbers as signed ones of their width: true is -1."""
    signed = found.get_template_argument_value(index)
    if type_.kind.name == "BOOL":
        return "true" if signed else "false"
    if type_.kind.name == "ENUM":
        return f"static_cast<{type_.spelling}>({signed})"
    if type_.spelling.startswith("unsigned"):
        return str(found.get_template_argument_unsigned_value(index))
    return str(signed)


def bound_target(node: Cursor) -> Optional[Cursor]:
    """The function or lambda an expression such as ``&f`` or ``overload_cast<int>(&f)`` names."""
    for below in clang.walk(node):
        kind = clang.kind_name(below)
        if kind == "LAMBDA_EXPR":
            return below
        if kind == "DECL_REF_EXPR":
            found = below.referenced
            if found is not None and _is_users(found):
                return found
            if found is not None and clang.kind_name(found) == "VAR_DECL":
                for inner in clang.walk(found):
                    if clang.kind_name(inner) == "LAMBDA_EXPR":
                        return inner
    return None


def _is_users(found: Cursor) -> bool:
    is_function = clang.kind_name(found) in FUNCTION_KINDS
    return is_function and not clang.qualified_name(found).startswith("pybind11::")
