"""Host functions as plain values: signature, body as ``Node``, errors inside it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Optional

from migrate.model.cpp import CppType, Function, Node, Param
from migrate.parse import clang
from migrate.parse.absent.exchange import opaque_names
from migrate.parse.clang import Cursor
from migrate.parse.source import Source
from migrate.parse.types import cpp_type
from migrate.parse.unseen import undecodable_strings, unseen_uses

FUNCTION_KINDS = ("FUNCTION_DECL", "CXX_METHOD", "FUNCTION_TEMPLATE")
_TRANSPARENT = frozenset({"UNEXPOSED_EXPR", "PAREN_EXPR"})
_TYPED = frozenset(
    "DECL_REF_EXPR MEMBER_REF_EXPR CALL_EXPR VAR_DECL PARM_DECL CXX_FUNCTIONAL_CAST_EXPR".split()
)
_REFERRING = frozenset(
    "DECL_REF_EXPR MEMBER_REF_EXPR CALL_EXPR OVERLOADED_DECL_REF TYPE_REF TEMPLATE_REF".split()
)
# Kinds that libclang never gives a spelling: most of a tree, and each question costs a call.
_NAMELESS = frozenset(
    "COMPOUND_STMT DECL_STMT RETURN_STMT IF_STMT FOR_STMT WHILE_STMT DO_STMT SWITCH_STMT CASE_STMT "
    "DEFAULT_STMT BREAK_STMT CONTINUE_STMT NULL_STMT INTEGER_LITERAL FLOATING_LITERAL "
    "CHARACTER_LITERAL CXX_BOOL_LITERAL_EXPR PAREN_EXPR UNARY_OPERATOR BINARY_OPERATOR "
    "COMPOUND_ASSIGNMENT_OPERATOR CONDITIONAL_OPERATOR ARRAY_SUBSCRIPT_EXPR CSTYLE_CAST_EXPR "
    "CXX_STATIC_CAST_EXPR CXX_REINTERPRET_CAST_EXPR INIT_LIST_EXPR LAMBDA_EXPR".split()
)
# Kinds that have nothing below them.
_LEAVES = frozenset(
    "TYPE_REF NAMESPACE_REF INTEGER_LITERAL FLOATING_LITERAL CHARACTER_LITERAL STRING_LITERAL "
    "CXX_BOOL_LITERAL_EXPR NULL_STMT BREAK_STMT CONTINUE_STMT".split()
)
# `x.member` where `x` has a dependent type: libclang names neither the member nor its place.
_LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>)?\Z")
_CAPTURES_ALL = re.compile(r"\[\s*[=&]\s*[\],]")
_TORCH_TYPE = re.compile(r"\b(?:at|c10|torch|pybind11)::")
_MENTIONS_TORCH = re.compile(r"Tensor|torch::|at::|c10::|TORCH_|AT_|C10_|py::|pybind11::")


def is_device_only(cursor: Cursor) -> bool:
    """True for ``__global__`` and ``__device__`` functions without ``__host__``."""
    kinds = {clang.kind_name(child) for child in clang.children(cursor)}
    if "CUDAGLOBAL_ATTR" in kinds:
        return True
    return "CUDADEVICE_ATTR" in kinds and "CUDAHOST_ATTR" not in kinds


def uses_torch(cursor: Cursor, text: str) -> bool:
    """Whether a function names torch in its text, or takes or returns what an alias hides."""
    return bool(_MENTIONS_TORCH.search(text) or _TORCH_TYPE.search(clang.canonical(cursor)))


def read_function(cursor: Cursor, source: Source, with_body: bool = True) -> Function:
    """A function declaration or definition. Its body becomes a tree only ``with_body``."""
    start, end = clang.extent(cursor)
    body = _body_of(cursor)
    params = tuple(_params(cursor, source))
    returns = cpp_type(cursor.result_type)
    body_span = source.span(*clang.extent(body)) if body is not None else None
    node = convert(body, source) if body is not None and with_body else None
    # Without torch in its text nothing of a body is rewritten: an absent name in it costs nothing.
    unread = body_span is not None and not with_body and source.absent is not None
    errors = _errors_within(source, start, body_span.start if unread and body_span is not None else end)
    return Function(
        usr=clang.usr(cursor),
        name=str(cursor.spelling),
        qualified=clang.qualified_name(cursor),
        span=source.span(start, end),
        params=params,
        returns=returns,
        body=node,
        body_span=body_span,
        static=clang.is_internal(cursor),
        template=clang.kind_name(cursor) == "FUNCTION_TEMPLATE",
        errors=errors,
        calls=_calls(node),
        unseen_uses=unseen_uses(node, source, body_span),
        opaque=opaque_names(returns.canonical, source, start, end, body if with_body else None),
    )


def read_lambda(cursor: Cursor, source: Source, usr: str, qualified: str) -> Function:
    """A bound lambda, as a function of its own, in the namespace of the code that binds it."""
    start, end = clang.extent(cursor)
    parts = clang.children(cursor)
    body = next((p for p in reversed(parts) if clang.kind_name(p) == "COMPOUND_STMT"), None)
    params = tuple(_param(part, source) for part in parts if clang.kind_name(part) == "PARM_DECL")
    body_span = source.span(*clang.extent(body)) if body is not None else None
    node = convert(body, source) if body is not None else None
    captures = _captures(cursor, parts, source)
    return Function(
        usr=usr,
        name=qualified.rsplit("::", 1)[-1],
        qualified=qualified,
        span=source.span(start, end),
        params=params,
        returns=_lambda_result(cursor),
        body=node,
        body_span=body_span,
        static=True,
        is_lambda=True,
        captures=captures,
        errors=_errors_within(source, start, end),
        calls=_calls(node),
        unseen_uses=unseen_uses(node, source, body_span),
        opaque=opaque_names(_lambda_result(cursor).canonical, source, start, end, body),
    )


def _captures(cursor: Cursor, parts: list[Cursor], source: Source) -> tuple[str, ...]:
    """What a lambda takes along: as it says, and what its body uses under a `[=]` or `[&]`."""
    named = [clang.spelling(part) for part in parts if clang.kind_name(part) == "VARIABLE_REF"]
    start, end = clang.extent(cursor)
    if _CAPTURES_ALL.match(source.text, start):
        uses = [below for below in clang.walk(cursor) if clang.kind_name(below) == "DECL_REF_EXPR"]
        outer = [use for use in uses if clang.is_local(use.referenced)]
        named += [clang.spelling(u) for u in outer if not start <= clang.offset_of(u.referenced) < end]
    return tuple(dict.fromkeys(named))


def _lambda_result(cursor: Cursor) -> CppType:
    """The lambda's deduced result: libclang gives it as the type of its call operator's body."""
    for part in clang.walk(cursor):
        if clang.kind_name(part) == "RETURN_STMT":
            values = clang.children(part)
            return cpp_type(values[0].type) if values else CppType("void", "void")
    return CppType("void", "void")


def _body_of(cursor: Cursor) -> Optional[Cursor]:
    if not cursor.is_definition():
        return None
    parts = clang.children(cursor)
    return next((p for p in reversed(parts) if clang.kind_name(p) == "COMPOUND_STMT"), None)


def _params(cursor: Cursor, source: Source) -> list[Param]:
    kind = clang.kind_name(cursor)
    if kind == "FUNCTION_TEMPLATE":
        cursors = [c for c in clang.children(cursor) if clang.kind_name(c) == "PARM_DECL"]
    else:
        cursors = list(cursor.get_arguments())
    return [_param(parameter, source) for parameter in cursors]


def _param(parameter: Cursor, source: Source) -> Param:
    start, end = clang.extent(parameter)
    text = source.text[start:end]
    default = text.split("=", 1)[1].strip() if "=" in text else None
    return Param(str(parameter.spelling), cpp_type(parameter.type), source.span(start, end), default)


def _errors_within(source: Source, start: int, end: int) -> tuple[str, ...]:
    found = [problem for problem in source.errors if start <= problem.offset < end]
    if found:
        # What a person can act on is what the file says, not what our declarations make of it.
        found = [problem for problem in source.first_errors if start <= problem.offset < end] or found
    errors = tuple(f"{source.path}:{p.line}:{p.column}: {p.message}" for p in found)
    return errors + undecodable_strings(source, start, end)


def convert(root: Cursor, source: Source) -> Node:
    """The cursor's subtree as ``Node``. Wrappers that add nothing are left out, and a lambda that a
    dispatch macro expands several times is kept once."""
    seen_lambdas: set[int] = set()
    made: dict[tuple[Any, ...], Node] = {}
    # Post-order with an explicit stack: a cursor, and its kind once its children are on their way.
    finished: list[list[Node]] = [[]]
    stack: list[tuple[Cursor, str]] = [(root, "")]
    while stack:
        cursor, kind = stack.pop()
        if kind:
            below = finished.pop()
            if kind in _TRANSPARENT and len(below) == 1:
                finished[-1].append(_as_converted(below[0], cursor))
            else:
                finished[-1].append(_node(cursor, kind, source, tuple(below), made))
            continue
        kind = clang.kind_name(cursor)
        if kind == "LAMBDA_EXPR":
            start = clang.extent(cursor)[0]
            if start in seen_lambdas:
                continue
            seen_lambdas.add(start)
        children = () if kind in _LEAVES else clang.children(cursor)
        if children:
            stack.append((cursor, kind))
            finished.append([])
            stack.extend([(child, "") for child in reversed(children)])
        else:
            finished[-1].append(_node(cursor, kind, source, (), made))
    return finished[0][0]


def _dependent_member(cursor: Cursor, source: Source, start: int) -> tuple[int, str]:
    """Place and name of a member of a dependent type: the last name of its extent."""
    begin, end = clang.extent(cursor)
    name = _LAST_NAME.search(source.text[begin:end])
    return (begin + name.start(1), name.group(1)) if name is not None else (start, "")


def _as_converted(node: Node, wrapper: Cursor) -> Node:
    """A pointer that is implicitly made a pointer to const carries that type: it is only read."""
    if node.kind == "CALL_EXPR" and node.type.endswith("*") and not node.type.startswith("const "):
        type_ = str(wrapper.type.get_canonical().spelling)
        if type_ == f"const {node.type}":
            return replace(node, type=type_)
    return node


def _node(
    cursor: Cursor, kind: str, source: Source, below: tuple[Node, ...], made: dict[tuple[Any, ...], Node]
) -> Node:
    spelling = "" if kind in _NAMELESS else clang.spelling(cursor)
    if kind == "MEMBER_REF_EXPR":
        start = clang.offset_of(cursor)
        if not spelling:
            start, spelling = _dependent_member(cursor, source, start)
        end = start + len(spelling)
    else:
        start, end = clang.extent(cursor)
    ref, owner = clang.reference(cursor) if kind in _REFERRING else ("", "")
    type_ = clang.canonical(cursor) if kind in _TYPED else ""
    exact = _is_exact(source, kind, spelling, start, end)
    # What a macro repeats becomes one value: where dispatch macros nest, that is most of a body. The
    # nodes whose `id` is in a key live as long as the one that is kept for it.
    key = (kind, start, end, exact, spelling, type_, ref, owner, *map(id, below))
    node = made.get(key)
    if node is None:
        node = made[key] = Node(kind, start, end, exact, spelling, type_, ref, owner, below)
    return node


def _is_exact(source: Source, kind: str, spelling: str, start: int, end: int) -> bool:
    if kind in ("MEMBER_REF_EXPR", "DECL_REF_EXPR"):
        text = source.text
        return text.startswith(spelling, start, end) or text.endswith(spelling, start, end)
    return end > start and source.is_balanced(start, end)


def _calls(node: Optional[Node]) -> tuple[str, ...]:
    if node is None:
        return ()
    return tuple(sorted({n.ref for n in node.walk() if n.ref and n.kind != "TYPE_REF"}))
