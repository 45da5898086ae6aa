"""Includes that only a GPU build can have, in a file that a CPU build compiles too."""

from __future__ import annotations

import re
from typing import Optional, Sequence

from migrate.tables.lookup import Tables
from migrate.tables.names import DEVICE_HEADERS
from migrate.tables.row import Row
from migrate.text.directives import IncludeLine, conditionals
from migrate.text.lexer import code_tokens

_TORCHS = re.compile(r"(?:^|/)(?:cuda|hip)/")
_VENDORS = re.compile(r"(?:cuda|hip|cublas|curand|cusparse|cusolver|cudnn|nvrtc|cub/|thrust/|rocprim/)")


def is_device_header(spelling: str) -> bool:
    """Whether a line of a new block, ``<cuda_runtime.h>`` or ``ffi_port/cuda.h``, needs a GPU's toolkit."""
    return spelling in DEVICE_HEADERS or bool(_VENDORS.match(spelling.strip("<>")))


def conditional_place(
    text: str, lines: Sequence[IncludeLine], gone: Sequence[IncludeLine], tables: Tables
) -> Optional[int]:
    """Where the original's own condition for GPU builds lets such headers in: at the first of torch's
    device includes that leave. None where one stands outside of that condition, or a name that needs it."""
    device = [line for line in lines if _TORCHS.search(line.path) or _VENDORS.match(line.path)]
    leaving = [line.start for line in gone if line in device]
    if not leaving:
        return None
    groups = conditionals(text)
    around = {
        next((text[a:b].split("\n")[0] for a, b, plain in groups if plain and a <= line.start < b), "")
        for line in device
    }
    if len(around) != 1 or "" in around:
        return None
    needing = {row.target.rpartition("::")[2] for row in _rows(tables) if row.header in DEVICE_HEADERS}
    outside = (
        token
        for token in code_tokens(text)
        if token.text in needing and not any(a <= token.start < b for a, b, _ in groups)
    )
    return leaving[0] if next(outside, None) is None else None


def _rows(tables: Tables) -> tuple[Row, ...]:
    return (*tables.names.values(), *tables.macros.values())
