"""Does the carried class or function that takes the place of torch's do what this call asks for?

A name alone does not say it: ``x.index({1})`` is a view where ``x.index({y})`` gathers, and ``sum(x)``
finds torch's function without naming its namespace.
"""

from __future__ import annotations

from migrate.model.cpp import Node
from migrate.rules.compute import is_compute
from migrate.tables.compute import COMPUTE_NAMES, METHODS
from migrate.tables.lookup import BUILTIN, Tables
from migrate.tables.methods import CLASS_METHODS, TENSOR_CLASSES, TENSOR_METHODS, UPDATES
from migrate.tables.names import NAMESPACES

_TENSOR_TYPES = frozenset({"at::Tensor", "at::TensorBase"})


def is_carried(node: Node, tables: Tables = BUILTIN) -> bool:
    """True for a call or member use of torch's that migrated code keeps as it is."""
    if not node.spelling:
        return True
    if is_compute(node, tables):
        return True
    if node.owner in TENSOR_CLASSES:
        named = node.kind != "CALL_EXPR" and node.spelling in METHODS  # the call around it decides
        return named or (node.spelling in TENSOR_METHODS and _is_plain_use(node))
    if node.owner in NAMESPACES:
        return _is_carried_function(node, tables)
    methods = CLASS_METHODS.get(node.owner)
    # Classes without a row are names in the text: the renaming table decides.
    return methods is None or node.spelling in methods or node.spelling.startswith("operator ")


def _is_carried_function(node: Node, tables: Tables) -> bool:
    if node.spelling.startswith("operator"):
        return not any(_is_tensor(part) for part in (node, *node.children))
    row = tables.names.get(node.spelling)
    # Of the operations that the host computes, is_compute has said yes to the forms that are carried.
    return node.kind != "CALL_EXPR" or (row is not None and row is not COMPUTE_NAMES.get(node.spelling))


def _is_plain_use(node: Node) -> bool:
    """False where the same method computes for these arguments."""
    if node.kind != "CALL_EXPR":
        return True
    arguments = node.children[1:]
    if node.spelling == "index":
        return not any(_is_tensor(part) for child in arguments for part in child.walk())
    if node.spelling == "clone":
        return not arguments
    if node.spelling in UPDATES:
        return len(arguments) == 1  # a factor or a rounding mode makes it more than one operation
    return True


def _is_tensor(node: Node) -> bool:
    return node.type.replace("const ", "").rstrip("& ") in _TENSOR_TYPES
