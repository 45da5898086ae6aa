"""Tensors print in a worker as they do everywhere, but each only once.

pybind11's TypeErrors show all arguments. torch takes longer to print one than most operators take, and
calls with one thing wrong have the others in common.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from migrate.compare.materialise import tensor_bytes

_MOST_ELEMENTS = 4096
_MOST_KEPT = 512


def print_once() -> None:
    """From now on, in this process."""
    tensor: Any = torch.Tensor
    tensor.__repr__ = _remembering(tensor.__repr__)


def _remembering(printed: Callable[..., str]) -> Callable[..., str]:
    known: dict[tuple[Any, ...], str] = {}

    def __repr__(self: torch.Tensor, **options: Any) -> str:
        if options or not _is_plain(self):
            return printed(self, **options)
        form = (self.dtype, self.shape, self.requires_grad, torch.get_default_dtype())
        key = (*form, tensor_bytes(self))
        if key not in known:
            if len(known) == _MOST_KEPT:
                known.clear()
            known[key] = printed(self)
        return known[key]

    return __repr__


def _is_plain(tensor: torch.Tensor) -> bool:
    """Whether what it prints follows from its elements and its form."""
    return (
        type(tensor) is torch.Tensor
        and tensor.is_cpu
        and tensor.layout == torch.strided
        and tensor.grad_fn is None
        and tensor.numel() <= _MOST_ELEMENTS
    )
