"""What a ``TORCH_LIBRARY`` block, a function that takes the library, or a chain of
``RegisterOperators`` registers with torch's dispatcher."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Mapping, Optional

from migrate.model.bindings import Macro, Registration
from migrate.model.cpp import Function
from migrate.model.source import Span
from migrate.parse import clang
from migrate.parse.arguments import strip
from migrate.parse.calls import bound_instance, bound_target, callee, referenced_usr
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate
from migrate.parse.crosscheck import Seen, cross_check
from migrate.parse.functions import FUNCTION_KINDS, read_lambda
from migrate.parse.registry import HelperCall, Registry
from migrate.parse.source import Source

_LIBRARIES = ("torch::Library", "torch::stable::Library")
_BLOCK = re.compile(r"torch_library_(?:(def|fragment)_(\w+)|impl_(\w+)_([A-Za-z0-9]+))_\d+$")
_KEY = re.compile(r"(?:\w+::)*k?([A-Z]\w*)")
_TAG = re.compile(r"\bTag::(\w+)")
_NO_FUNCTION = re.compile(r"make(?:Fallthrough|FromBoxed\w*)")
_LINKAGE = re.compile(r'extern\s+"C"\s*\{\s*(?:(?://[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)\s*)*$')
_CLOSING = re.compile(r"\s*\}")
_SEMICOLON = re.compile(r"\s*;")


@dataclass(frozen=True)
class LibraryCall:
    """One ``def``, ``impl`` or ``op``. ``text`` is the schema or name; ``key`` the dispatch key it
    names itself; ``span`` what must leave the source for the registration to be gone."""

    kind: str
    text: str
    span: Span
    key: str = ""
    bound: Optional[Registration] = None
    tags: tuple[str, ...] = ()
    unresolved: str = ""


@dataclass
class LibraryBlock:
    """All registrations of one body. ``kind``: def, fragment, impl, static, or helper for a function
    that is handed a library. ``registry`` serves the check against the text, as for a module."""

    kind: str
    namespace: str
    key: str
    registry: Registry
    calls: list[LibraryCall] = field(default_factory=list)
    python_module: str = ""
    stable: bool = False

    @property
    def span(self) -> Span:
        return self.registry.span

    @property
    def lambdas(self) -> list[Function]:
        return self.registry.lambdas


def with_linkage(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with the ``extern "C" { }`` around it that holds nothing else."""
    near = max(0, start - 2000)
    opening, closing = _LINKAGE.search(text[near:start]), _CLOSING.match(text, end)
    if opening is None or closing is None:
        return start, end
    return near + opening.start(), closing.end()


def takes_library(cursor: Cursor) -> bool:
    """True for a block, and for a function with a ``torch::Library&`` parameter."""
    return any(_is_library(argument) for argument in cursor.get_arguments() or ())


def _is_library(argument: Cursor) -> bool:
    written = str(argument.type.get_canonical().spelling).replace("const ", "").rstrip(" &")
    return written in _LIBRARIES


def is_static_chain(cursor: Cursor) -> bool:
    """True for ``static auto registry = torch::RegisterOperators().op(...)``."""
    return str(cursor.type.get_canonical().spelling).rstrip(" &").endswith("torch::RegisterOperators")


def read_block(cursor: Cursor, source: Source, macros: Mapping[str, Macro]) -> LibraryBlock:
    """Everything the body of ``cursor`` registers."""
    name = str(cursor.spelling)
    start, end = clang.extent(cursor)
    registry = Registry(clang.usr(cursor), name, None, source.span(start, end))
    registry.namespace = clang.qualified_name(cursor.semantic_parent)
    match = _BLOCK.match(name)
    if clang.kind_name(cursor) == "VAR_DECL":
        semicolon = _SEMICOLON.match(source.text, end)
        registry.span = source.span(start, semicolon.end() if semicolon else end)
        block = LibraryBlock("static", "", "", registry)
    elif match is None:
        block = LibraryBlock("helper", "", "", registry)
    elif match.group(1):
        block = LibraryBlock(match.group(1), match.group(2), "", registry)
    else:
        block = LibraryBlock("impl", match.group(3), match.group(4), registry)
    _Reader(block, source).read(cursor)
    block.calls.sort(key=lambda call: call.span.start)
    _check_text(block, source, macros)
    return block


def _check_text(block: LibraryBlock, source: Source, macros: Mapping[str, Macro]) -> None:
    """What stands in the text and not in the tree must not vanish."""
    registry = block.registry
    places = {call.span.start for call in block.calls} | registry_places(block)
    cross_check(registry, source, macros, Seen(places))
    for row in registry.registrations:
        block.calls.append(LibraryCall("def", row.name, row.span, unresolved=row.unresolved))
    registry.registrations.clear()


def registry_places(block: LibraryBlock) -> set[int]:
    """Where the first arguments of the calls stand."""
    return {call.bound.span.start for call in block.calls if call.bound is not None}


class _Reader:
    def __init__(self, block: LibraryBlock, source: Source) -> None:
        self.block, self.source = block, source

    def read(self, root: Cursor) -> None:
        for node in clang.walk(root):
            if clang.kind_name(node) != "CALL_EXPR":
                continue
            name, owner = callee(node)
            if owner in _LIBRARIES and name in ("def", "impl", "fallback"):
                self.block.stable = self.block.stable or "stable" in owner
                self._call(node, name)
            elif owner.endswith("torch::RegisterOperators") and name in ("op", "RegisterOperators"):
                self._call(node, "def")
            elif owner in _LIBRARIES and name in ("set_python_module", "impl_abstract_pystub"):
                module = evaluate(strip(next(iter(node.get_arguments()))))
                self.block.python_module = module if isinstance(module, str) else ""
            elif self._hands_on_library(node):
                self.block.registry.calls.append(HelperCall(referenced_usr(node), "", ""))

    def _hands_on_library(self, node: Cursor) -> bool:
        target = node.referenced
        if target is None or clang.kind_name(target) not in FUNCTION_KINDS:
            return False
        return takes_library(target) and not clang.qualified_name(target).startswith("torch::")

    def _call(self, node: Cursor, kind: str) -> None:
        arguments = [strip(argument) for argument in node.get_arguments()]
        arguments = [a for a in arguments if self._text(a)]  # without default arguments
        if not arguments or is_static_chain(arguments[0]):
            return  # the empty start of a chain, or its end that moves into the variable
        text = _literal(arguments[0])
        tags = tuple(_TAG.findall(self._text(arguments[-1]))) if len(arguments) > 1 else ()
        rest = [a for a in arguments[1:] if not (tags and a is arguments[-1])]
        target = rest[-1] if rest else None
        key = _key_of(self._text(rest[0])) if kind == "impl" and len(rest) == 2 else ""
        unresolved = "" if text is not None else "its name is not a literal"
        if kind == "fallback":
            text, target, unresolved = "", arguments[0], ""
        if target is not None:
            key, target = self._dispatched(target, key)
        place = self._span(arguments[0])
        row = Registration(self.block.namespace, text or "", "function", place)
        bound = self._bound(row, target) if target is not None else row
        call = LibraryCall(kind, text or "", self._statement(node), key, bound, tags, unresolved)
        self.block.calls.append(call)

    def _dispatched(self, target: Cursor, key: str) -> tuple[str, Cursor]:
        """``torch::dispatch(key, f)``: the key, and f."""
        if clang.kind_name(target) == "CALL_EXPR" and callee(target) == ("dispatch", "torch"):
            inner = [strip(argument) for argument in target.get_arguments()]
            return _key_of(self._text(inner[0])), inner[1]
        for below in clang.walk(target):
            if clang.kind_name(below) == "CALL_EXPR" and callee(below) == ("dispatch", "torch"):
                inner = [strip(argument) for argument in below.get_arguments()]
                return _key_of(self._text(inner[0])), inner[1]
        return key, target

    def _bound(self, row: Registration, target: Cursor) -> Registration:
        """``row`` with the function it binds."""
        start, end = clang.extent(target)
        text = self.source.text[start:end]
        if _NO_FUNCTION.search(text):
            return replace(row, target_text=text, unresolved=f"it is bound to `{text.strip()[:60]}`")
        found = bound_target(target)
        if found is None:
            why = f"its target `{text.strip()[:60]}` cannot be resolved"
            return replace(row, target_text=text, unresolved=why)
        if clang.kind_name(found) == "LAMBDA_EXPR":
            name = re.sub(r"\W", "_", row.name.split("(", 1)[0])
            usr = f"lambda@{self.block.registry.file}:{start}:{name}"
            outer = self.block.registry.namespace
            qualified = f"{outer}::{name}" if outer else name
            self.block.lambdas.append(read_lambda(found, self.source, usr, qualified))
            return replace(row, target=usr)
        generic = clang.template_of(found)
        spelled, types = bound_instance(found, text)
        return replace(row, target=clang.usr(generic), target_text=spelled, instance=types)

    def _statement(self, node: Cursor) -> Span:
        """The call with its semicolon; of a chained call only its own link."""
        start, end = clang.extent(node)
        below = clang.children(node)
        receiver = clang.children(below[0]) if below else []
        if receiver and clang.kind_name(strip(receiver[0])) == "CALL_EXPR":
            return self.source.span(clang.extent(strip(receiver[0]))[1], end)
        match = _SEMICOLON.match(self.source.text, end)
        return self.source.span(start, match.end() if match else end)

    def _span(self, node: Cursor) -> Span:
        return self.source.span(*clang.extent(node))

    def _text(self, node: Cursor) -> str:
        start, end = clang.extent(node)
        return self.source.text[start:end]


def _literal(node: Cursor) -> Optional[str]:
    """The string an argument is, also inside `torch::schema(...)` and what the macros leave of it."""
    value = evaluate(node)
    if isinstance(value, str):
        return value
    for below in clang.walk(node):
        if clang.kind_name(below) == "STRING_LITERAL":
            inner = evaluate(below)
            return inner if isinstance(inner, str) else None
    return None


def _key_of(text: str) -> str:
    """``c10::DispatchKey::CUDA`` and ``torch::kCUDA`` are both CUDA."""
    match = _KEY.fullmatch(text.strip())
    return match.group(1) if match else text.strip()
