"""``x.resize_(size)`` where ``x`` is new: the library may give its own memory another size.

Before: ``auto scratch = torch::empty({0}, options); fill([&scratch](size_t n) { scratch.resize_({n}); });``
After:  the same on the carried tensor. A tensor of the caller's, or one that something else may see, is
resized by torch alone.
"""

from __future__ import annotations

from typing import Callable, Optional, Sequence

from migrate.model.cpp import Function, Node
from migrate.rules.results import ALLOCATES, assigned

_ALLOCATES = (ALLOCATES - {"clone"}) | frozenset("new_empty new_zeros new_ones new_full".split())
_WRAPS = frozenset({"", "Tensor"})
_DEPTH = 8

# Calls of a function, each with the function it stands in; None where not every call is known.
Calls = Callable[[Function], Optional[Sequence[tuple[Function, Node]]]]


def resizes_own(function: Function, call: Node, calls: Calls) -> bool:
    """Whether the tensor of ``call`` was allocated by the operator that calls it, and not reassigned."""
    receiver = call.children[0].children if call.children else ()
    return len(call.children) == 2 and len(receiver) == 1 and _is_own(receiver[0], function, calls, 0)


def _is_own(node: Node, function: Function, calls: Calls, depth: int) -> bool:
    if node.kind != "DECL_REF_EXPR" or function.body is None or depth > _DEPTH:
        return False
    values = assigned(function.body).get(node.spelling, [])
    index = next((i for i, param in enumerate(function.params) if param.name == node.spelling), None)
    if index is None:
        return bool(values) and all(value is not None and _allocates(value) for value in values)
    known = calls(function)
    if values or not known:
        return False
    given = [(caller, call.children[1:]) for caller, call in known]
    return all(
        index < len(arguments) and _is_own(arguments[index], caller, calls, depth + 1)
        for caller, arguments in given
    )


def _allocates(value: Node) -> bool:
    while value.kind.endswith("EXPR") and value.spelling in _WRAPS and len(value.children) == 1:
        value = value.children[0]
    return value.kind == "CALL_EXPR" and value.spelling in _ALLOCATES
