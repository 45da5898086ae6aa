"""Constants that a host function declares for itself: the launcher declares them again, since an array
bound or a template argument cannot be a parameter."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

from migrate.model.cpp import Function, Node
from migrate.rules.raw.statements import Statement

_CONSTANT = re.compile(r"(?:static\s+)?(constexpr|const)\b")


def constants(function: Function, before: Sequence[Statement], text: str) -> dict[str, Statement]:
    """The constants by name, in order, with the statement that declares each."""
    found: dict[str, Statement] = {}
    for statement in before:
        names = [variable.spelling for variable in _variables(statement)]
        if names and _is_constant(function, statement, text, found):
            found.update(dict.fromkeys(names, statement))
    return found


def declarations(
    function: Function, names: Sequence[str], known: dict[str, Statement], text: str
) -> list[str]:
    """What declares ``names`` of ``known``, and the constants that these are made of."""
    needed = set(names)
    for name in reversed(known):
        if name in needed:
            needed.update(node.spelling for node in _locals(function, known[name]))
    rows = dict.fromkeys((known[name].start, known[name].end) for name in known if name in needed)
    return [text[start:end] for start, end in rows]


def _is_constant(
    function: Function, statement: Statement, text: str, known: dict[str, Statement]
) -> bool:
    spelled = _CONSTANT.match(text, statement.start)
    if spelled is None or not all(v.type.startswith("const ") for v in _variables(statement)):
        return False
    if any(node.spelling not in known for node in _locals(function, statement)):
        return False
    if spelled.group(1) == "constexpr":
        return True
    # `const int n = x.size(0);` is no constant expression, nor need a global be one.
    made = [node for node in statement.walk() if node.kind in ("CALL_EXPR", "DECL_REF_EXPR")]
    return all(node.spelling in known for node in made)


def _variables(statement: Statement) -> list[Node]:
    if any(node.kind != "DECL_STMT" for node in statement.nodes):
        return []
    return [child for node in statement.nodes for child in node.children if child.kind == "VAR_DECL"]


def _locals(function: Function, statement: Statement) -> Iterator[Node]:
    for node in statement.walk():
        if node.kind == "DECL_REF_EXPR" and node.owner == function.qualified:
            yield node
