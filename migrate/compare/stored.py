"""The memory and tensors of a recorded call, as they were when it was made."""

from __future__ import annotations

from typing import Any, Optional

import torch

from migrate.model.recorded import Filling, Store, View

# What stands in for contents that were too large to keep; ``f`` is the filling, ``n`` a count.
FILLINGS = {
    "unknown": "torch.randn((n,), generator=g, dtype=torch.float64)",
    "float": "torch.rand((n,), generator=g, dtype=torch.float64) * (f.high - f.low) + f.low",
    "whole": "torch.randint(int(f.low), min(int(f.high) + 1, 2**63 - 1), (n,), generator=g)",
}


def filling_kind(filling: Filling) -> str:
    if filling.low is None:
        return "unknown"
    return "float" if isinstance(filling.low, float) else "whole"


def contents(store: Store) -> torch.Tensor:
    """The bytes of ``store``."""
    filling = store.filling
    if filling is None:
        return torch.frombuffer(bytearray(store.contents), dtype=torch.uint8)
    dtype = getattr(torch, filling.dtype)
    generator = torch.Generator().manual_seed(filling.seed)
    scope: dict[str, Any] = {"torch": torch, "g": generator, "f": filling, "int": int, "min": min}
    made: torch.Tensor = eval(FILLINGS[filling_kind(filling)], {**scope, "n": store.size // dtype.itemsize})
    made = made.sort().values if filling.ascending else made
    whole = torch.zeros(store.size, dtype=torch.uint8)
    seen = made.to(dtype).view(torch.uint8)
    whole[: seen.numel()] = seen
    return whole


def on_storage(base: torch.Tensor, view: View) -> torch.Tensor:
    """The tensor that ``view`` describes, on the storage of ``base``."""
    plain = torch.empty(0, dtype=getattr(torch, view.dtype), device=base.device)
    tensor = plain.set_(base.untyped_storage(), view.offset, view.shape, view.strides)
    if view.parameter:
        return torch.nn.Parameter(tensor, requires_grad=view.grad)
    if not view.grad:
        return tensor
    if view.leaf:
        return tensor.requires_grad_()
    apply: Any = _Derived.apply
    derived: torch.Tensor = apply(torch.zeros((), requires_grad=True), tensor)
    return derived


class _Derived(torch.autograd.Function):
    """A tensor that something was computed for: not a leaf, and no view of one either."""

    @staticmethod
    def forward(ctx: Any, leaf: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
        del ctx, leaf
        return tensor

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Optional[torch.Tensor], None]:
        del ctx, gradients
        return None, None
