"""What a module body, or a helper that takes the module, registers: read from the tree, and checked
against the text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Mapping, Optional

from migrate.model.bindings import EnumBinding, Macro, PyArg, Registration
from migrate.parse import clang
from migrate.parse.arguments import python_value, read_argument, strip
from migrate.parse.calls import (
    bound_instance,
    bound_target,
    callee,
    module_argument,
    parameters,
    referenced_usr,
    scope_of,
    takes_module,
    text_below,
)
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.crosscheck import Seen, cross_check
from migrate.parse.dependent import constructed_variable, construction_arguments, dependent_callee
from migrate.parse.enums import Chains, bound_type, read_enum
from migrate.parse.functions import FUNCTION_KINDS, read_lambda
from migrate.parse.named import name_parts
from migrate.parse.registry import NOT_A_LITERAL, HelperCall, Registry
from migrate.parse.source import Source

MODULE_FUNCTION = "pybind11_module_"
_DOUBTS = {
    "IF_STMT": "it is registered under a run-time condition",
    "CONDITIONAL_OPERATOR": "it is registered under a run-time condition",
    "SWITCH_STMT": "it is registered under a run-time condition",
    "FOR_STMT": "it is registered inside a loop",
    "WHILE_STMT": "it is registered inside a loop",
    "CXX_FOR_RANGE_STMT": "it is registered inside a loop",
}
_IN_A_TEMPLATE = "it is registered in a function template, whose instances the parser does not see"
_DEPENDENT = ("LAMBDA_EXPR", "FUNCTION_TEMPLATE")
_CONSTEXPR = re.compile(r"if\s+constexpr\b")


def read_registry(cursor: Cursor, source: Source, macros: Mapping[str, Macro]) -> Registry:
    """Everything the body of ``cursor`` does with its module."""
    name = str(cursor.spelling)
    module = name[len(MODULE_FUNCTION) :] if name.startswith(MODULE_FUNCTION) else None
    start, end = clang.extent(cursor)
    registry = Registry(clang.usr(cursor), name, module, source.span(start, end))
    registry.namespace = clang.qualified_name(cursor.semantic_parent)
    reader = _Reader(registry, source, cursor)
    stack = [(child, "") for child in reversed(clang.children(cursor))]
    while stack:
        node, doubt = stack.pop()
        reader.visit(node, doubt)
        below = doubt or _doubt(node, source, reader.is_template)
        # A chained `m.def(...).def(...)` hangs below the callee.
        stack.extend((child, below) for child in reversed(clang.children(node)))
    reader.chains.complete(registry, source)
    registry.registrations.sort(key=lambda row: row.span.start)
    cross_check(registry, source, macros, reader.seen)
    return registry


def _doubt(node: Cursor, source: Source, in_template: bool) -> str:
    """Why what stands below ``node`` may be registered never, or more than once."""
    doubt = _DOUBTS.get(clang.kind_name(node), "")
    start = clang.extent(node)[0] if doubt else 0
    if doubt and _CONSTEXPR.match(source.text, start):
        return _IN_A_TEMPLATE if in_template else ""
    return doubt


class _Reader:
    def __init__(self, registry: Registry, source: Source, function: Cursor) -> None:
        self.registry, self.source = registry, source
        self.parameters = parameters(function)
        self.is_template = clang.kind_name(function) == "FUNCTION_TEMPLATE"
        self.seen = Seen()
        self.chains = Chains()

    def visit(self, node: Cursor, doubt: str) -> None:
        """Handle one cursor. ``doubt`` says why it may not be executed exactly once."""
        kind = clang.kind_name(node)
        if self.is_template and kind == "VAR_DECL" and constructed_variable(node):
            self._class(node, constructed_variable(node))
        if kind != "CALL_EXPR":
            return
        name, owner = callee(node)
        name, owner = (name, owner) if name or not self.is_template else dependent_callee(node)
        if name.startswith("def") and owner.startswith("pybind11"):
            self._see(node, owner)
        self.chains.note(node, name, owner)
        if name == "def" and owner == "pybind11::module_":
            self._function(node, doubt)
        elif name in ("operator=", "operator()"):
            self._assignment(node)
        elif name in ("class_", "enum_") and owner.startswith("pybind11"):
            self._class(node, name)
        elif name == "def_submodule" and owner == "pybind11::module_":
            self._submodule(node)
        elif self._hands_on_module(node):
            scope = scope_of(module_argument(node))
            texts = tuple(name_parts(argument, self.parameters) for argument in node.get_arguments())
            self.registry.calls.append(HelperCall(referenced_usr(node), scope, doubt, texts))

    def _submodule(self, node: Cursor) -> None:
        values = [evaluate(strip(argument)) for argument in node.get_arguments()]
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == 2:
            outer = scope_of(node)
            path = f"{outer}.{texts[0]}" if outer else texts[0]
            self.registry.submodule_docs[path] = texts[1]

    def _see(self, node: Cursor, owner: str) -> None:
        """Note where a name is given to Python, for the check against the text."""
        arguments = list(node.get_arguments())
        if not arguments:
            return
        self.seen.places.add(clang.extent(arguments[0])[0])
        if owner.endswith(("class_", "enum_")):
            method = evaluate(strip(arguments[0]))
            self.seen.methods.add(method if isinstance(method, str) else "")

    def _function(self, node: Cursor, doubt: str) -> None:
        arguments = [strip(argument) for argument in node.get_arguments()]
        if len(arguments) < 2:
            return
        name = evaluate(arguments[0])
        start, end = clang.extent(node)
        extras = [read_argument(argument, self.source) for argument in arguments[2:]]
        rows: list[PyArg] = []
        keyword_only = False
        for extra in extras:
            keyword_only = keyword_only or extra.kind == "kw_only"
            if extra.kind == "pos_only":
                rows = [replace(row, positional_only=True) for row in rows]
            if extra.arg is not None:
                rows.append(replace(extra.arg, keyword_only=keyword_only))
        registration = Registration(
            module=scope_of(node),
            name=name if isinstance(name, str) else "",
            kind="function",
            span=self.source.span(start, end),
            args=tuple(rows),
            has_args=bool(rows),
            doc=next((e.doc for e in extras if e.doc is not None), ""),
            call_guards=tuple(e.guard for e in extras if e.guard),
            unresolved=doubt or ("" if isinstance(name, str) else NOT_A_LITERAL),
        )
        parts = None if isinstance(name, str) else name_parts(arguments[0], self.parameters)
        if parts is not None:
            self.registry.computed[registration.span.start] = parts
        self.registry.registrations.append(self._with_target(registration, arguments[1]))

    def _with_target(self, row: Registration, target: Cursor) -> Registration:
        start, end = clang.extent(target)
        text = self.source.text[start:end]
        found = bound_target(target)
        generic = clang.template_of(found) if found is not None else None
        if self.is_template and (generic is None or clang.kind_name(generic) in _DEPENDENT):
            return replace(row, target_text=text, unresolved=_IN_A_TEMPLATE)
        if found is None:
            why = row.unresolved or f"its target `{text.strip()[:60]}` cannot be resolved"
            return replace(row, target_text=text, unresolved=why)
        if clang.kind_name(found) == "LAMBDA_EXPR":
            usr = f"lambda@{self.registry.file}:{start}:{row.name}"
            outer = self.registry.namespace
            qualified = f"{outer}::{row.name}" if outer else row.name
            bound = read_lambda(found, self.source, usr, qualified)
            self.registry.lambdas.append(bound)
            return replace(row, target=usr, target_text="")
        spelled, types = bound_instance(found, text)
        return replace(row, target=clang.usr(generic), target_text=spelled, instance=types)

    def _assignment(self, node: Cursor) -> None:
        """``m.attr("x") = value`` and ``m.doc() = "..."``."""
        arguments = [strip(argument) for argument in node.get_arguments()]
        if len(arguments) != 2 or clang.kind_name(arguments[0]) != "CALL_EXPR":
            return
        left, right = arguments
        name, owner = callee(left)
        if name == "doc":
            value = text_below(right)
            self.registry.doc = value if value is not None else ""
        elif name in ("attr", "__setattr__") and owner.startswith("pybind11"):
            key = text_below(left)
            start, end = clang.extent(node)
            self.registry.registrations.append(
                Registration(
                    module=scope_of(left),
                    name=key or "",
                    kind="attribute",
                    span=self.source.span(start, end),
                    value=_attribute(right),
                )
            )

    def _class(self, node: Cursor, kind: str) -> None:
        arguments = [strip(argument) for argument in construction_arguments(node)]
        if not arguments or "pybind11" not in str(arguments[0].type.get_canonical().spelling):
            return
        name = evaluate(arguments[1]) if len(arguments) > 1 else None
        start, end = clang.extent(node)
        parts = name_parts(arguments[1], self.parameters) if len(arguments) > 1 else None
        if parts is not None:
            self.registry.computed[start] = parts
        extras = [read_argument(argument, self.source) for argument in arguments[2:]]
        self.registry.registrations.append(
            Registration(
                module=scope_of(arguments[0]),
                name=name if isinstance(name, str) else "",
                kind="class" if kind == "class_" else "enum",
                span=self.source.span(start, end),
                doc=next((e.doc for e in extras if e.doc is not None), ""),
                enum=self._enum(node) if kind == "enum_" else None,
                cpp="" if self.is_template else bound_type(node),
            )
        )

    def _enum(self, node: Cursor) -> EnumBinding:
        if self.is_template:
            return EnumBinding("", "int", False, (), (), problem=_IN_A_TEMPLATE)
        return read_enum(node)

    def _hands_on_module(self, node: Cursor) -> bool:
        target = node.referenced
        if target is None or clang.kind_name(target) not in FUNCTION_KINDS:
            return False
        if clang.qualified_name(target).startswith("pybind11::"):
            return False
        return takes_module(target)


def _attribute(node: Cursor) -> Optional[str]:
    """Python text of an attribute's value; ``=name`` for an alias of another attribute."""
    inner = strip(node)
    if clang.kind_name(inner) == "CXX_FUNCTIONAL_CAST_EXPR":  # py::int_(x)
        inner = strip(clang.children(inner)[-1])
    if clang.kind_name(inner) == "CALL_EXPR":
        name, owner = callee(inner)
        if name == "attr" and owner.startswith("pybind11"):
            return f"={text_below(inner)}"
        arguments = list(inner.get_arguments())
        if name in ("cast", "int_", "str", "bool_", "float_", "make_tuple") and arguments:
            values = [python_value(strip(argument)) for argument in arguments]
            if name == "make_tuple":
                known = [value for value in values if value is not None]
                return f"({', '.join(known)},)" if len(known) == len(values) else None
            return values[0]
    return python_value(inner)
