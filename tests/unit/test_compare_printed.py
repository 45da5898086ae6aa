"""A tensor prints as torch prints it; the second time without torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from migrate.compare.printed import _remembering

TENSORS: dict[str, Callable[[], torch.Tensor]] = {
    "floats": lambda: torch.arange(6.0).view(2, 3) / 7,
    "other floats": lambda: torch.arange(6.0).view(2, 3) / 9,
    "other shape": lambda: torch.arange(6.0).view(3, 2) / 7,
    "same bytes": lambda: (torch.arange(6.0).view(2, 3) / 7).view(torch.int32),
    "grad": lambda: (torch.arange(6.0).view(2, 3) / 7).requires_grad_(),
    "transposed": lambda: (torch.arange(6.0).view(3, 2) / 7).t(),
    "empty": lambda: torch.empty(0, 4),
    "conjugated": lambda: torch.tensor([1 + 2j]).conj(),
    "computed": lambda: torch.ones(2, requires_grad=True) * 2,
    "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
    "meta": lambda: torch.empty(2, device="meta"),
    "sparse": lambda: torch.eye(2).to_sparse(),
}


def counting() -> tuple[Callable[..., str], list[torch.Tensor]]:
    asked: list[torch.Tensor] = []

    def printed(tensor: torch.Tensor, **options: Any) -> str:
        asked.append(tensor)
        return torch._tensor_str._str(tensor, **options)  # type: ignore[attr-defined,no-any-return]

    return printed, asked


def test_every_kind_prints_as_ever_whatever_was_printed_before() -> None:
    printed, _ = counting()
    remembered = _remembering(printed)
    for make in [*TENSORS.values()] * 2:
        assert remembered(make()) == printed(make())


def test_the_default_type_shows() -> None:
    printed, _ = counting()
    remembered = _remembering(printed)
    before, usual = remembered(torch.ones(2)), torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        after = remembered(torch.ones(2, dtype=torch.float32))
    finally:
        torch.set_default_dtype(usual)
    assert "dtype" not in before
    assert "dtype=torch.float32" in after


@pytest.mark.parametrize("kind", ["floats", "grad", "transposed", "empty"])
def test_torch_prints_a_tensor_once(kind: str) -> None:
    printed, asked = counting()
    remembered = _remembering(printed)
    assert remembered(TENSORS[kind]()) == remembered(TENSORS[kind]())
    assert len(asked) == 1


def test_a_worker_remembers() -> None:
    import migrate.compare.observe  # noqa: F401

    assert torch.Tensor.__repr__.__module__ == "migrate.compare.printed"
