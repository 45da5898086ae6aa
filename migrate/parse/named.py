"""Names given to Python that are put together: ``(std::string("f_") + suffix).c_str()``.

A helper's parameter is filled in with what each call of the helper hands it.
"""

from __future__ import annotations

from typing import Optional, Sequence, Union

from migrate.parse import clang
from migrate.parse.arguments import strip
from migrate.parse.clang import Cursor
from migrate.parse.constants import evaluate

# Text, or the index of a parameter.
Parts = tuple[Union[str, int], ...]
_SAME = frozenset({"c_str", "data", "str", "basic_string", "string"})


def name_parts(cursor: Cursor, parameters: Sequence[Cursor]) -> Optional[Parts]:
    """What ``cursor``, a string, is made of; None where it is more than text and parameters."""
    node = strip(cursor)
    while clang.kind_name(node) == "CXX_FUNCTIONAL_CAST_EXPR":
        node = strip(clang.children(node)[-1])
    value = evaluate(node)
    if isinstance(value, str):
        return (value,)
    kind = clang.kind_name(node)
    if kind == "DECL_REF_EXPR" and node.referenced is not None:
        place = clang.offset_of(node.referenced)
        found = (i for i, parameter in enumerate(parameters) if clang.offset_of(parameter) == place)
        return next(((index,) for index in found), None)
    if kind != "CALL_EXPR":
        return None
    return _joined(node, parameters)


def _joined(node: Cursor, parameters: Sequence[Cursor]) -> Optional[Parts]:
    """The parts of a call: two strings that are added, or one that is only handed on."""
    name, arguments = clang.spelling(node), list(node.get_arguments())
    if name == "operator+" and len(arguments) == 2:
        left, right = (name_parts(argument, parameters) for argument in arguments)
        return None if left is None or right is None else (*left, *right)
    if name not in _SAME or len(arguments) > 1:
        return None
    if not arguments:  # `text.c_str()`
        arguments = [below for member in clang.children(node)[:1] for below in clang.children(member)[:1]]
    return name_parts(arguments[0], parameters) if arguments else None


def filled(parts: Optional[Parts], given: Sequence[Optional[str]]) -> Optional[str]:
    """The text of ``parts``, with the parameters as ``given``."""
    texts = [
        part if isinstance(part, str) else given[part] if part < len(given) else None for part in parts or ()
    ]
    known = [text for text in texts if text is not None]
    return "".join(known) if texts and len(known) == len(texts) else None
