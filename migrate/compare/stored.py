"""The memory and tensors of a recorded call, as they were when it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

import torch

from migrate.compare.fills import filling_text
from migrate.model.recorded import Store, View


def contents(store: Store) -> torch.Tensor:
    """The bytes of ``store``."""
    filling = store.filling
    if filling is None:
        return torch.frombuffer(bytearray(store.contents), dtype=torch.uint8)
    dtype = getattr(torch, filling.dtype)
    scope: dict[str, Any] = {"torch": torch, "g": torch.Generator().manual_seed(filling.seed)}
    scope.update(n=store.size // dtype.itemsize, low=filling.low, high=filling.high)
    made: torch.Tensor = eval(filling_text(filling), scope)
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
    derived: torch.Tensor = apply(torch.zeros((), requires_grad=True), lambda: tensor)
    return derived


class _Derived(torch.autograd.Function):
    """A tensor that something was computed for: not a leaf, and no view of one either."""

    @staticmethod
    def forward(ctx: Any, leaf: torch.Tensor, made: Callable[[], torch.Tensor]) -> torch.Tensor:
        del ctx, leaf
        return made()  # a tensor that is passed in comes out as a view of itself

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Optional[torch.Tensor], None]:
        del ctx, gradients
        return None, None
