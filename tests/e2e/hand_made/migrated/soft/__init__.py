"""The old import name, on top of the tvm-ffi library."""

import operator

import torch

from soft import _backend


def _tensor(name, value):
    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{name}(): incompatible function arguments")
    return value


def _float(name, value):
    if isinstance(value, str) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise TypeError(f"{name}(): incompatible function arguments")
    return float(value)


def _int(name, value):
    if isinstance(value, (str, float)) or not (hasattr(value, "__index__") or hasattr(value, "__int__")):
        raise TypeError(f"{name}(): incompatible function arguments")
    number = operator.index(value) if hasattr(value, "__index__") else int(value)
    if not -(1 << 63) <= number < 1 << 63:
        raise TypeError(f"{name}(): incompatible function arguments")
    return number


def soften(x, scale=None, eps=1e-6):
    """soften(x: torch.Tensor, scale: torch.Tensor | None = None, eps: typing.SupportsFloat | typing.SupportsIndex = 1e-06) -> torch.Tensor
"""
    _tensor("soften", x)
    if scale is not None:
        _tensor("soften", scale)
    return _backend.library.soften(x, scale, _float("soften", eps))


def accumulate_(y, x, factor=1):
    """accumulate_(y: torch.Tensor, x: torch.Tensor, factor: typing.SupportsInt | typing.SupportsIndex = 1) -> torch.Tensor
"""
    _tensor("accumulate_", y)
    _tensor("accumulate_", x)
    _backend.library.accumulate_(y, x, _int("accumulate_", factor))
    return y
