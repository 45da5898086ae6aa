"""Which of many calls come first: those that differ most in what they show."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from migrate.compare.call import Call, tensors


def bases_of(answers: list[Call]) -> list[Call]:
    """Answered calls that differ in form: ranks, types, and which optional arguments are there."""
    found: dict[object, Call] = {}
    for call in answers:
        shapes = tuple((len(tensor.shape), tensor.dtype) for tensor in tensors(call))
        found.setdefault((shapes, tuple(value.kind for value in call.values)), call)
    # Of two equally good bases, one that holds data says more than an empty one.
    return sorted(found.values(), key=lambda call: any(t.numel == 0 for t in tensors(call)))[:12]


def forms(answers: list[Call]) -> dict[object, list[Call]]:
    """By type, layout, content, form and magnitude of the sizes."""
    groups: dict[object, list[Call]] = {}
    for call in answers:
        largest = max((tensor.numel for tensor in tensors(call)), default=0)
        form = tuple((t.dtype, t.layout, t.fill, t.grad, t.numel == 0) for t in tensors(call))
        scalars = tuple((value.kind, repr(value.scalar)) for value in call.values)
        groups.setdefault((form, scalars, call.note, largest.bit_length()), []).append(call)
    return groups


def in_turns(groups: Mapping[Any, list[Call]]) -> list[Call]:
    """The first of each group, then the second of each, and so on."""
    rounds = zip_longest(*groups.values())
    return [call for taken in rounds for call in taken if call is not None]
