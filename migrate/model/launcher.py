"""How a host function of the raw tier comes apart: a shim part and a launcher with raw pointers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Facet:
    """One launcher parameter that stands for a property of a tensor.

    ``header`` declares its type; ``argument`` is the expression the shim passes for it.
    """

    name: str
    type: str
    header: str
    argument: str


@dataclass(frozen=True)
class StreamUse:
    """``device_of`` names the tensor whose device's stream the original launched on; ``edits``
    (start, end, text) replace its reads by the launcher's parameter."""

    device_of: str
    edits: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Output:
    """One returned tensor a caller may provide: its variable, the parameter it comes in, and what
    is inserted at ``offset`` into the allocation."""

    name: str
    parameter: str
    offset: int
    insertion: str


@dataclass(frozen=True)
class Split:
    """The cut through one host function. Offsets are those of its file.

    ``launcher`` are the bytes that stay in the kernel file, None when the whole function can run in
    the shim; ``facets`` and ``scalars`` (type, name)
    its parameters; ``edits`` what changes inside; ``outputs`` the results a caller may hand in.
    """

    launcher: Optional[tuple[int, int]]
    facets: tuple[Facet, ...]
    scalars: tuple[tuple[str, str], ...]
    edits: tuple[tuple[int, int, str], ...]
    headers: tuple[str, ...]
    stream: Optional[StreamUse]
    outputs: tuple[Output, ...]
