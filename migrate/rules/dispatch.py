"""Which implementations of a dispatcher operator Python can register in the place of C++."""

from __future__ import annotations

import keyword
from typing import Optional

from migrate.model.bindings import Registration
from migrate.model.dispatcher import CATCH_ALL

# Keys whose implementations get plain tensors with memory behind them.
_PLAIN_KEYS = frozenset(
    ("CPU", "CUDA", "HIP", "XPU", "MPS", "PrivateUse1", CATCH_ALL, "CompositeExplicitAutograd")
)
_WHY_NOT = {
    "Meta": "computes shapes of tensors without memory, which DLPack cannot hand over",
    "Autograd": "is autograd in C++",
}


def dispatch_reason(row: Registration) -> Optional[str]:
    """Why the implementation must be registered from C++; None when Python can do it."""
    dispatch = row.dispatch
    if dispatch is None:
        return None
    if dispatch.schema is None:
        return "the schema of the operator it implements is not known"
    for key in dispatch.keys:
        if key not in _PLAIN_KEYS:
            why = next((text for start, text in _WHY_NOT.items() if key.startswith(start)), "")
            return f"its `{key}` implementation {why or 'is more than a function of plain tensors'}"
    for argument in dispatch.schema.arguments:
        if argument.keyword_only and keyword.iskeyword(argument.name):
            return f"no parameter of a `def` can have the name `{argument.name}`"
    return None
