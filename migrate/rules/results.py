"""Which results are fresh tensors, and which may be an argument coming back.

A fresh tensor is handed out as it is. Anything else is compared with the arguments at run time, so
that a returned argument is the same Python object, as with pybind11.
"""

from __future__ import annotations

from typing import Iterator, Optional

from migrate.model.cpp import CppType, Function, Node

_ALLOCATES = frozenset(
    "empty empty_like empty_strided zeros zeros_like ones ones_like full full_like clone".split()
)
_COPIES = frozenset("to contiguous clone reshape flatten toType cpu cuda type_as".split())
_VALUES = ("EXPR", "LITERAL", "OPERATOR")
_WRAPS = frozenset("make_tuple tuple pair make_pair vector Tensor optional move forward UNEXPOSED".split())


def is_tensor(type_: CppType) -> bool:
    """True for a tensor and an optional one."""
    return type_.kind == "tensor" or (type_.kind == "optional" and type_.args[0].kind == "tensor")


def may_come_back(type_: CppType) -> bool:
    """True for a parameter that hands in tensors, in an order that Python can tell: not in a map."""
    if type_.kind in ("map", "variant"):
        return False
    return type_.kind == "tensor" or any(may_come_back(arg) for arg in type_.args)


def lost_identity(function: Function) -> Optional[str]:
    """Why a tensor that comes back would be another object; None when it is the caller's own."""
    hidden = [p for p in function.params if p.type.mentions("tensor") and not may_come_back(p.type)]
    if not hidden or returns_only_fresh(function):
        return None
    return f"it may return a tensor out of `{hidden[0].name}`, a `{hidden[0].type.spelling}`"


def returns_only_fresh(function: Function) -> bool:
    """True when every tensor that ``function`` returns was allocated by it."""
    if function.body is None or not function.returns.mentions("tensor"):
        return True
    values = _assigned(function.body)
    found = False
    for statement in _returns(function.body):
        for child in statement.children:
            found = True
            if not _is_fresh(child, values, 0):
                return False
    return found


def history_reason(function: Function) -> Optional[str]:
    """Why the result may carry autograd history that DLPack would sever: it is a copy or conversion
    of an argument, made by an operation that torch differentiates."""
    if function.body is None or not function.returns.mentions("tensor"):
        return None
    values = _assigned(function.body)
    for statement in _returns(function.body):
        for child in statement.children:
            name = _differentiable(child, values, 0)
            if name is not None:
                return f"its result can require grad: torch records `{name}`"
    return None


def _differentiable(node: Node, values: dict[str, list[Optional[Node]]], depth: int) -> Optional[str]:
    """The copying call that ``node``'s value comes out of; views of it and wrappers are seen through."""
    if depth > 20:
        return None
    sources: list[Optional[Node]] = list(node.children)
    if node.kind == "CALL_EXPR":
        receiver = [child for part in node.children[:1] for child in part.children]
        if node.spelling in _COPIES and not all(_is_fresh(child, values, 0) for child in receiver):
            return node.spelling
        if node.spelling in _ALLOCATES:
            return None
    elif node.kind == "DECL_REF_EXPR":
        sources = values.get(node.spelling) or [] if "Tensor" in node.type else []
    for source in sources:
        name = _differentiable(source, values, depth + 1) if source is not None else None
        if name is not None:
            return name
    return None


def _returns(body: Node) -> Iterator[Node]:
    """Return statements of the function itself, not of lambdas inside it."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.kind == "RETURN_STMT":
            yield node
        elif node.kind != "LAMBDA_EXPR":
            stack.extend(node.children)


def _assigned(body: Node) -> dict[str, list[Optional[Node]]]:
    """Everything each local variable is initialised or assigned with, by name."""
    values: dict[str, list[Optional[Node]]] = {}
    for node in body.walk():
        if node.kind == "VAR_DECL":
            sources = [c for c in node.children if c.kind.endswith(_VALUES)]
            values.setdefault(node.spelling, []).extend(sources[-1:])
        if node.kind == "CALL_EXPR" and node.spelling == "operator=" and len(node.children) >= 2:
            target = next((n for n in node.children[0].walk() if n.kind == "DECL_REF_EXPR"), None)
            if target is not None:
                values.setdefault(target.spelling, []).append(node.children[-1])
        if node.kind == "CALL_EXPR" and node.spelling in ("push_back", "emplace_back"):
            target = next((n for n in node.walk() if n.kind == "DECL_REF_EXPR"), None)
            if target is not None:
                values.setdefault(target.spelling, []).extend(node.children[1:])
    return values


def _is_fresh(node: Node, values: dict[str, list[Optional[Node]]], depth: int) -> bool:
    if depth > 20:
        return False
    if node.kind == "CALL_EXPR":
        if node.spelling in _ALLOCATES:
            return True
        if node.spelling in _WRAPS or not node.spelling:
            return all(_is_fresh(child, values, depth + 1) for child in _operands(node))
        return False
    if node.kind == "DECL_REF_EXPR":
        if node.type.split("<")[0].endswith("Tensor") or "Tensor" in node.type:
            sources = values.get(node.spelling, [])
            return bool(sources) and all(
                source is not None and _is_fresh(source, values, depth + 1) for source in sources
            )
        return True
    if node.kind.endswith("LITERAL"):
        return True
    if node.kind.endswith(("EXPR", "OPERATOR")):  # such as `c ? a : b`
        return all(_is_fresh(child, values, depth + 1) for child in _operands(node))
    return True


def _operands(node: Node) -> list[Node]:
    return [c for c in node.children if c.kind not in ("TYPE_REF", "NAMESPACE_REF", "TEMPLATE_REF")]
