"""Names from headers that the tree lacks: host code around them is rewritten, unless a framework type
passes through one. Nobody sees what takes it, so it can be given nothing else.

Stays: ``fused_norm({x.data_ptr(), n}, stream)``.
With torch: ``fused_norm(x)``, ``std::function<at::Tensor()> f = table()``.
"""

from __future__ import annotations

from typing import Iterable, Optional, Sequence

from migrate.model.cpp import Function, Opaque

_SHOWN = 3


def exchange_reason(function: Function) -> Optional[str]:
    """Why a function cannot leave torch because of what it exchanges with absent code."""
    for name in function.opaque:
        if name.exchanges:
            return f"`{name.name}` exchanges {name.exchanges} with {_headers(name)}"
    return None


def absent_names(functions: Iterable[Function]) -> str:
    """The absent names in these functions and where they come from; empty where there are none."""
    found = {name.name: name for function in functions for name in function.opaque}
    if not found:
        return ""
    names = _listed([f"`{name}`" for name in sorted(found)])
    return f"{names} from {_headers(found[min(found)])}"


def _headers(name: Opaque) -> str:
    shown = [f"`{spelling}` included at {file}:{line}" for spelling, file, line in name.headers]
    which = "a header that is" if len(shown) == 1 else "headers that are"
    return f"{which} not in the tree ({_listed(shown)})"


def _listed(items: Sequence[str]) -> str:
    more = len(items) - _SHOWN
    return ", ".join(items[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
