"""What a function asks of the framework that calls it, and whether the adaptor can keep the history of
gradients meanwhile.

``x.sum(0)`` and its like are torch's own operators, called back through the host. Where an argument
requires grad the adaptor runs them, copies and writes included, on the caller's own tensors, so that
torch records what it recorded before. It knows a result by its memory: a function that returns a second
tensor of the same memory without history (``x.detach()``) is not served so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from migrate.model.cpp import Function, Node
from migrate.rules.results import assigned, own_returns
from migrate.tables.compute import (
    COMPUTE_NAMES,
    FUNCTIONS,
    METHODS,
    NN_FUNCTIONS,
    NN_NAMESPACE,
    OPERATORS,
)
from migrate.tables.lookup import BUILTIN, Tables
from migrate.tables.methods import TENSOR_CLASSES
from migrate.tables.names import NAMESPACES

_TWINS = frozenset("detach data from_blob".split())


def is_compute(node: Node, tables: Tables = BUILTIN) -> bool:
    """True for a call that the host's framework answers, in a form that the carried headers take. A
    function that the user's row replaces is not asked of the host."""
    if node.kind != "CALL_EXPR":
        return False
    if node.spelling in OPERATORS:
        # Torch's namespaces hold operators of other types, too: ``x.sizes() == y.sizes()``.
        return node.owner in TENSOR_CLASSES or (node.owner in NAMESPACES and "at::Tensor" in node.type)
    if node.owner == NN_NAMESPACE:
        return len(node.children) - 1 <= NN_FUNCTIONS.get(node.spelling, -1)
    rows = METHODS if node.owner in TENSOR_CLASSES else FUNCTIONS if node.owner in NAMESPACES else {}
    if rows is FUNCTIONS and tables.names.get(node.spelling) is not COMPUTE_NAMES.get(node.spelling):
        return False
    return node.spelling in rows and len(node.children) - 1 <= rows[node.spelling]


def compute_uses(function: Function, tables: Tables) -> tuple[Node, ...]:
    if function.body is None:
        return ()
    return tuple(node for node in function.body.walk() if node.owner and is_compute(node, tables))


def returned_twin(functions: Iterable[Function]) -> Optional[str]:
    """The call whose result, a second tensor of another's memory, one of ``functions`` returns."""
    for function in functions:
        if function.body is None or not function.returns.mentions("tensor"):
            continue
        values = assigned(function.body)
        queue, seen = own_returns(function), set()
        while queue:
            for node in queue.pop().walk():
                if node.kind == "CALL_EXPR" and node.spelling in _TWINS:
                    return node.spelling
                if node.kind == "DECL_REF_EXPR" and node.spelling not in seen:
                    seen.add(node.spelling)
                    queue += [value for value in values.get(node.spelling, ()) if value is not None]
    return None
