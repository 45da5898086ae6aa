"""What tensors hold and how they lie in memory, as torch expressions.

Workers evaluate the expressions and repro scripts print them: one source, so that a script shows
what was really compared. ``shape`` is a tuple, ``n`` its product, ``g`` a seeded generator, ``limit`` a
number that the elements stay below.
"""

from __future__ import annotations

from functools import lru_cache

from migrate.model.recorded import Filling

FILLS = {
    "normal": "torch.randn(shape, generator=g, dtype=torch.float64)",
    "uniform": "torch.rand(shape, generator=g, dtype=torch.float64)",
    "large": "torch.randn(shape, generator=g, dtype=torch.float64) * 1000",
    "whole": "torch.randint(-4, 5, shape, generator=g)",
    "small": "torch.randint(0, limit, shape, generator=g)",
    "padded": "torch.randint(-1, limit, shape, generator=g)",
    "ascending": "torch.randint(0, limit, shape, generator=g).sort(-1).values",
    "offsets": "torch.linspace(0, limit - 1, (1, *shape)[-1]).long().expand(shape)",
    "binary": "torch.randint(0, 2, shape, generator=g)",
    "signed": "torch.randint(-100, 101, shape, generator=g)",
    "index": "torch.arange(n).reshape(shape)",
    "halves": "torch.randint(-8, 9, shape, generator=g) + 0.5",
    "zeros": "torch.zeros(shape)",
    "ones": "torch.ones(shape)",
    "special": (
        "torch.tensor([0.0, -0.0, math.inf, 0.5, math.nan, -2.5, -math.inf, 1.0, -1.0, 1e-45, 3e38, 65504.0])"
        ".repeat(n // 12 + 1)[:n].reshape(shape)"
    ),
}

FLOAT_FILLS = ("normal", "uniform", "whole", "large", "special", "zeros", "ones")
INT_FILLS = ("small", "ascending", "offsets", "padded", "index", "zeros", "ones", "signed", "binary")
# Their numbers are below the value's ``limit``: indices that stay inside of what they index.
BOUNDED = frozenset({"small", "padded", "ascending", "offsets"})

FLOATS = ("float32", "float16", "bfloat16", "float64")
INTS = ("int64", "int32", "int8", "uint8", "int16")
DTYPES = (*FLOATS, *INTS, "bool", "float8_e4m3fn", "float8_e5m2", "complex64")

# Layout -> the shape of the memory behind a tensor of ``shape``, and the view of it.
LAYOUTS = {
    "contiguous": ("shape", "base"),
    "transposed": ("(*shape[:-2], shape[-1], shape[-2])", "base.transpose(-1, -2)"),
    "sliced": (
        "(shape[0] + 2, *shape[1:-1], shape[-1] + 8)",
        "base[(slice(1, 1 + shape[0]), ..., slice(8, 8 + shape[-1]))]",
    ),
    "offset": ("(n + 8,)", "base[8:].view(shape)"),
    "strided": ("(*shape[:-1], shape[-1] * 2)", "base[..., ::2]"),
    "expanded": ("(1, *shape[1:])", "base.expand(shape)"),
    "channels_last": (
        "(shape[0], *shape[2:], shape[1])",
        "base.movedim(-1, 1)",
    ),
    "reversed": ("shape[::-1]", "base.permute(*range(len(shape))[::-1])"),
    # No stride follows from the sizes: `sliced` leaves the inner dimensions whole.
    "inner": ("[size + 3 for size in shape]", "base[tuple(slice(1, 1 + size) for size in shape)]"),
}
_LEAST_RANK = {
    "transposed": 2, "sliced": 2, "strided": 1, "expanded": 1, "channels_last": 3, "reversed": 3, "inner": 3,
}  # fmt: skip

# What stands in for contents that were too large to record: ``n`` numbers from ``low`` to ``high``, by
# what is known of them.
FILLINGS = {
    "unknown": "torch.randn((n,), generator=g, dtype=torch.float64)",
    "float": "torch.rand((n,), generator=g, dtype=torch.float64) * (high - low) + low",
    "whole": "torch.randint(int(low), min(int(high) + 1, 2**63 - 1), (n,), generator=g)",
}


def filling_text(filling: Filling) -> str:
    kinds = {"NoneType": "unknown", "float": "float"}
    text = FILLINGS[kinds.get(type(filling.low).__name__, "whole")]
    return f"({text}).sort().values" if filling.ascending else f"({text})"


@lru_cache(maxsize=64)
def layouts(rank: int) -> tuple[str, ...]:
    """The layouts that a tensor of this rank can have, contiguous first."""
    return tuple(name for name in LAYOUTS if rank >= _LEAST_RANK.get(name, 0))


def is_float(dtype: str) -> bool:
    return dtype.startswith(("float", "bfloat", "complex"))


def usual_fill(dtype: str) -> str:
    """Values that work as data and, for integers, as indices into small tensors."""
    if dtype == "bool":
        return "binary"
    return "normal" if is_float(dtype) else "small"
