"""Results the shim allocates: a caller without an allocator may hand them in instead."""

from __future__ import annotations

from typing import Optional, Sequence

from migrate.model.cpp import Function, Node
from migrate.model.launcher import Output
from migrate.rules.raw.statements import Statement
from migrate.tables.methods import RESIZES

# Allocation -> filler for the arguments that stand between its last one and the destination.
_FILL = {
    "empty": ("{}",),
    "zeros": ("{}",),
    "ones": ("{}",),
    "empty_like": ("{}", "std::nullopt"),
    "zeros_like": ("{}", "std::nullopt"),
    "ones_like": ("{}", "std::nullopt"),
}


def find_outputs(
    function: Function, before: Sequence[Statement], after: Sequence[Statement], text: str
) -> list[Output]:
    """Returned tensors that a plain ``auto out = torch::empty...`` allocates, in return order. Where
    one is given another size, a caller cannot know what to hand in."""
    if any(node.spelling in RESIZES for part in (*before, *after) for node in part.walk()):
        return []
    if not after or after[-1].nodes[0].kind != "RETURN_STMT":
        return []
    returned = [
        node.spelling
        for node in after[-1].walk()
        if node.kind == "DECL_REF_EXPR" and node.owner == function.qualified
    ]
    rows = []
    for name in dict.fromkeys(returned):
        call = _allocation(name, before)
        if call is None:
            continue
        filler = _filler(call, text)
        if filler is None:
            continue
        parameter = f"{name.rstrip('_')}_dest"
        insertion = ", ".join([*filler, parameter])
        rows.append(Output(name, parameter, call.end - 1, f", {insertion}"))
    return rows


def allocated(before: Sequence[Statement]) -> set[str]:
    """Variables that the shim part initialises with an allocation."""
    names = {
        variable.spelling
        for statement in before
        for node in statement.nodes
        if node.kind == "DECL_STMT"
        for variable in node.children
        if variable.kind == "VAR_DECL"
    }
    return {name for name in names if _allocation(name, before) is not None}


def _allocation(name: str, before: Sequence[Statement]) -> Optional[Node]:
    """The one call that initialises ``name``."""
    for statement in before:
        for node in statement.nodes:
            for variable in node.children if node.kind == "DECL_STMT" else ():
                if variable.kind == "VAR_DECL" and variable.spelling == name:
                    calls = [c for c in variable.walk() if c.kind == "CALL_EXPR"]
                    return next((c for c in calls if c.spelling in _FILL and c.exact), None)
    return None


def _filler(call: Node, text: str) -> Optional[list[str]]:
    """What must be written between the given arguments and the destination."""
    opening = text.find("(", call.start)
    arguments = _argument_count(text[opening : call.end])
    wanted = _FILL[call.spelling]
    if not text[call.start : call.end].endswith(")") or arguments - 1 > len(wanted):
        return None
    return list(wanted[arguments - 1 :])


def _argument_count(text: str) -> int:
    depth, count = 0, 1
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        count += character == "," and depth == 1
    return count
