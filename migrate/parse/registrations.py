"""What a module body, or a helper that takes the module, registers.

The tree decides what is registered; the text is a cross-check: a ``.def("name"`` that stands in the
body (or in a macro the body uses) and is not in the tree becomes an unresolved registration, so
that an error nearby cannot make an operator vanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Mapping, Optional

from migrate.model.bindings import Macro, PyArg, Registration
from migrate.model.cpp import CppType, Function
from migrate.model.source import Span
from migrate.parse import clang
from migrate.parse.arguments import python_value, read_argument, strip
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.functions import FUNCTION_KINDS, read_lambda
from migrate.parse.source import Source
from migrate.parse.types import cpp_type

MODULE_FUNCTION = "pybind11_module_"
_TEXT_DEF = re.compile(r'\.\s*def\s*\(\s*"((?:\\.|[^"\\])*)"')
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class HelperCall:
    """A call ``register_x(m)``: the callee, and the submodule path handed to it."""

    usr: str
    scope: str


@dataclass
class Registry:
    """All registrations of one function body. ``usr`` names the function; ``module`` is the name a
    ``PYBIND11_MODULE`` was written with, or None for a helper; ``namespace`` is where it stands."""

    usr: str
    name: str
    module: Optional[str]
    span: Span
    registrations: list[Registration] = field(default_factory=list)
    calls: list[HelperCall] = field(default_factory=list)
    lambdas: list[Function] = field(default_factory=list)
    doc: str = ""
    defines: tuple[str, ...] = ()
    namespace: str = ""

    @property
    def file(self) -> str:
        return self.span.file

    @property
    def start(self) -> int:
        return self.span.start

    @property
    def end(self) -> int:
        return self.span.end


def takes_module(cursor: Cursor) -> bool:
    """True for a function with a ``py::module_&`` parameter."""
    return any(
        "pybind11::module_" in str(arg.type.get_canonical().spelling)
        for arg in cursor.get_arguments() or ()
    )


def read_registry(cursor: Cursor, source: Source, macros: Mapping[str, Macro]) -> Registry:
    """Everything the body of ``cursor`` does with its module."""
    name = str(cursor.spelling)
    module = name[len(MODULE_FUNCTION) :] if name.startswith(MODULE_FUNCTION) else None
    start, end = clang.extent(cursor)
    registry = Registry(str(cursor.get_usr()), name, module, source.span(start, end))
    registry.namespace = clang.qualified_name(cursor.semantic_parent)
    reader = _Reader(registry, source)
    stack = clang.children(cursor)[::-1]
    while stack:
        node = stack.pop()
        if reader.visit(node):
            continue
        stack.extend(reversed(clang.children(node)))
    registry.registrations.sort(key=lambda row: row.span.start)
    _cross_check(registry, source, macros, reader.methods)
    return registry


class _Reader:
    def __init__(self, registry: Registry, source: Source) -> None:
        self.registry, self.source = registry, source
        self.methods: set[str] = set()

    def visit(self, node: Cursor) -> bool:
        """Handle one cursor; True when nothing below it needs a visit."""
        if clang.kind_name(node) != "CALL_EXPR":
            return False
        name, owner = _callee(node)
        if name.startswith("def") and owner.endswith(("class_", "enum_")):
            arguments = list(node.get_arguments())
            method = evaluate(strip(arguments[0])) if arguments else None
            self.methods.add(method if isinstance(method, str) else "")
        if name == "def" and owner == "pybind11::module_":
            self._function(node)
            # A chained `m.def(...).def(...)` hangs below the callee.
            return False
        if name == "operator=" or name == "operator()":
            self._assignment(node)
        elif name in ("class_", "enum_") and owner.startswith("pybind11"):
            self._class(node, name)
        elif self._hands_on_module(node):
            scope = _scope(_module_argument(node))
            self.registry.calls.append(HelperCall(_referenced_usr(node), scope))
        return False

    def _function(self, node: Cursor) -> None:
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
            if extra.arg is not None:
                rows.append(replace(extra.arg, keyword_only=keyword_only))
        registration = Registration(
            module=_scope(node),
            name=name if isinstance(name, str) else "",
            kind="function",
            span=self.source.span(start, end),
            args=tuple(rows),
            has_args=bool(rows),
            doc=next((e.doc for e in extras if e.doc is not None), ""),
            call_guards=tuple(e.guard for e in extras if e.guard),
            unresolved="" if isinstance(name, str) else "its Python name is not a literal",
        )
        self.registry.registrations.append(self._with_target(registration, arguments[1]))

    def _with_target(self, row: Registration, target: Cursor) -> Registration:
        start, end = clang.extent(target)
        text = self.source.text[start:end]
        found = _target(target)
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
        generic = clang.template_of(found)
        spelled = clang.qualified_name(found)
        if "<" in text and clang.kind_name(generic) == "FUNCTION_TEMPLATE":
            spelled = clang.qualified_name(generic) + text[text.index("<") :].rstrip(") \t\n")
            row = replace(row, instance=_instance(found))
        return replace(row, target=str(generic.get_usr()), target_text=spelled)

    def _assignment(self, node: Cursor) -> None:
        """``m.attr("x") = value`` and ``m.doc() = "..."``."""
        arguments = [strip(argument) for argument in node.get_arguments()]
        if len(arguments) != 2 or clang.kind_name(arguments[0]) != "CALL_EXPR":
            return
        left, right = arguments
        name, owner = _callee(left)
        if name == "doc":
            value = _text_below(right)
            self.registry.doc = value if value is not None else ""
        elif name in ("attr", "__setattr__") and owner.startswith("pybind11"):
            key = _text_below(left)
            start, end = clang.extent(node)
            self.registry.registrations.append(
                Registration(
                    module=_scope(left),
                    name=key or "",
                    kind="attribute",
                    span=self.source.span(start, end),
                    value=_attribute(right),
                )
            )

    def _class(self, node: Cursor, kind: str) -> None:
        arguments = [strip(argument) for argument in node.get_arguments()]
        if not arguments or "pybind11" not in str(arguments[0].type.get_canonical().spelling):
            return
        name = evaluate(arguments[1]) if len(arguments) > 1 else None
        start, end = clang.extent(node)
        self.registry.registrations.append(
            Registration(
                module=_scope(arguments[0]),
                name=name if isinstance(name, str) else "",
                kind="class" if kind == "class_" else "enum",
                span=self.source.span(start, end),
            )
        )

    def _hands_on_module(self, node: Cursor) -> bool:
        target = node.referenced
        if target is None or clang.kind_name(target) not in FUNCTION_KINDS:
            return False
        if clang.qualified_name(target).startswith("pybind11::"):
            return False
        return takes_module(target)


def _callee(node: Cursor) -> tuple[str, str]:
    target = node.referenced
    if target is None:
        return str(node.spelling), ""
    parent = target.semantic_parent
    owner = clang.qualified_name(parent) if parent is not None else ""
    name = str(target.spelling)
    if clang.kind_name(target) == "CONSTRUCTOR":
        return owner.rsplit("::", 1)[-1], owner
    return name, owner


def _referenced_usr(node: Cursor) -> str:
    return str(clang.template_of(node.referenced).get_usr())


def _module_argument(node: Cursor) -> Cursor:
    for argument in node.get_arguments():
        if "pybind11::module_" in str(argument.type.get_canonical().spelling):
            return argument
    return node


def _scope(node: Cursor) -> str:
    """The submodule path of the module object below ``node``: ``""`` for the module itself."""
    for below in clang.walk(node):
        if clang.kind_name(below) != "DECL_REF_EXPR":
            continue
        variable = below.referenced
        if variable is None or "pybind11::module_" not in str(
            variable.type.get_canonical().spelling
        ):
            continue
        if clang.kind_name(variable) != "VAR_DECL":
            return ""
        for inner in clang.walk(variable):
            if clang.kind_name(inner) == "CALL_EXPR" and inner.spelling == "def_submodule":
                outer = _scope(inner)
                name = _text_below(inner) or "?"
                return f"{outer}.{name}" if outer else name
        return ""
    return ""


def _text_below(node: Cursor) -> Optional[str]:
    for below in clang.walk(node):
        if clang.kind_name(below) == "STRING_LITERAL":
            value = evaluate(below)
            return value if isinstance(value, str) else None
    return None


def _attribute(node: Cursor) -> Optional[str]:
    """Python text of an attribute's value; ``=name`` for an alias of another attribute."""
    inner = strip(node)
    if clang.kind_name(inner) == "CALL_EXPR":
        name, owner = _callee(inner)
        if name == "attr" and owner.startswith("pybind11"):
            return f"={_text_below(inner)}"
        arguments = list(inner.get_arguments())
        if name in ("cast", "int_", "str", "bool_", "float_", "make_tuple") and arguments:
            values = [python_value(strip(argument)) for argument in arguments]
            if name == "make_tuple":
                known = [value for value in values if value is not None]
                return f"({', '.join(known)},)" if len(known) == len(values) else None
            return values[0]
    return python_value(inner)


def _instance(found: Cursor) -> tuple[CppType, ...]:
    """Result and parameters of a template's instance, in place of the template's own."""
    if clang.kind_name(found) == "FUNCTION_TEMPLATE":
        return ()
    params = [cpp_type(parameter.type) for parameter in found.get_arguments()]
    return (cpp_type(found.result_type), *params)


def _target(node: Cursor) -> Optional[Cursor]:
    """The function or lambda an expression such as ``&f`` or ``overload_cast<int>(&f)`` names."""
    for below in clang.walk(node):
        kind = clang.kind_name(below)
        if kind == "LAMBDA_EXPR":
            return below
        if kind == "DECL_REF_EXPR":
            found = below.referenced
            if found is not None and clang.kind_name(found) in FUNCTION_KINDS:
                if not clang.qualified_name(found).startswith("pybind11::"):
                    return found
            if found is not None and clang.kind_name(found) == "VAR_DECL":
                for inner in clang.walk(found):
                    if clang.kind_name(inner) == "LAMBDA_EXPR":
                        return inner
    return None


def _cross_check(
    registry: Registry, source: Source, macros: Mapping[str, Macro], methods: set[str]
) -> None:
    text = _code_only(source.text[registry.start : registry.end])
    expected: list[tuple[str, int, Optional[str]]] = [
        (match.group(1), registry.start + match.start(), None) for match in _TEXT_DEF.finditer(text)
    ]
    for match in _NAME.finditer(text):
        macro = macros.get(match.group())
        if macro is None:
            continue
        for row in _TEXT_DEF.finditer(macro.body):
            if "#" not in row.group(1):
                expected.append((row.group(1), registry.start + match.start(), macro.name))
    found = {row.name for row in registry.registrations}
    broken = any(registry.start <= problem.offset < registry.end for problem in source.errors)
    why = "the parser dropped it after an error nearby" if broken else "it stands in an inactive `#if` branch"
    places = {row.span.start: row for row in registry.registrations}
    for name, offset, macro_name in expected:
        if macro_name is not None and name in found:
            for index, row in enumerate(registry.registrations):
                if row.name == name and row.span.start == offset:
                    registry.registrations[index] = replace(row, macro=macro_name)
        if name in found or name in methods or offset in places:
            continue
        registry.registrations.append(
            Registration(
                module="",
                name=name,
                kind="function",
                span=source.span(offset, offset + len(name)),
                macro=macro_name,
                unresolved=why,
            )
        )


def _code_only(text: str) -> str:
    """``text`` with comments blanked (strings stay: they hold the names) and inactive code kept."""
    pattern = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
    return pattern.sub(lambda m: m.group(1) or " " * len(m.group()), text)
