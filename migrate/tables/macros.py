"""torch macros and what carries them in migrated code: checks, dispatch, runtime and compiler switches."""

from __future__ import annotations

from migrate.tables.row import Row


def _macros(header: str, pairs: str) -> dict[str, Row]:
    """``OLD=NEW`` pairs; a word without ``=`` only loses ``TORCH_``, ``AT_`` or ``C10_``."""
    rows = {}
    for pair in pairs.split():
        old, _, new = pair.partition("=")
        rows[old] = Row(new or f"FFI_{old.split('_', 1)[1]}", f"ffi_port/{header}")
    return rows


# Checks whose default text is the condition: a renamed condition is spelled out (`_AS`).
CHECK_MACROS: dict[str, Row] = _macros(
    "error.h",
    "TORCH_CHECK AT_CHECK TORCH_CHECK_VALUE TORCH_CHECK_TYPE TORCH_CHECK_INDEX TORCH_CHECK_LINALG "
    "TORCH_CHECK_BUFFER TORCH_CHECK_NOT_IMPLEMENTED",
)
# Checks that print the condition even where a message follows.
ASSERT_MACROS: dict[str, Row] = _macros(
    "error.h", "AT_ASSERT AT_ASSERTM TORCH_INTERNAL_ASSERT TORCH_INTERNAL_ASSERT_DEBUG_ONLY"
)
# Checks that print both operands' spelling: the operator between them.
COMPARE_MACROS: dict[str, str] = {
    "TORCH_CHECK_EQ": "==",
    "TORCH_CHECK_NE": "!=",
    "TORCH_CHECK_LT": "<",
    "TORCH_CHECK_LE": "<=",
    "TORCH_CHECK_GT": ">",
    "TORCH_CHECK_GE": ">=",
}

_KINDS = (
    "FLOATING_TYPES FLOATING_TYPES_AND FLOATING_TYPES_AND2 FLOATING_TYPES_AND3 FLOATING_TYPES_AND4 "
    "FLOATING_TYPES_AND5 FLOATING_TYPES_AND_HALF REDUCED_FLOATING_TYPES INTEGRAL_TYPES "
    "INTEGRAL_TYPES_AND COMPLEX_TYPES COMPLEX_TYPES_AND FLOATING_AND_COMPLEX_TYPES "
    "FLOATING_AND_COMPLEX_TYPES_AND1 FLOATING_AND_COMPLEX_TYPES_AND2 "
    "FLOATING_AND_COMPLEX_TYPES_AND3 FLOATING_AND_COMPLEX_TYPES_AND4 "
    "FLOATING_AND_COMPLEX_TYPES_AND5 FLOATING_AND_COMPLEX_TYPES_AND6 ALL_TYPES ALL_TYPES_AND "
    "ALL_TYPES_AND2 ALL_TYPES_AND3 ALL_TYPES_AND_COMPLEX ALL_TYPES_AND_COMPLEX_AND "
    "ALL_TYPES_AND_COMPLEX_AND2 ALL_TYPES_AND_COMPLEX_AND3 ALL_TYPES_AND_COMPLEX_AND4 "
    "ALL_TYPES_AND_COMPLEX_AND5 ALL_TYPES_AND_COMPLEX_AND6 ALL_TYPES_AND_COMPLEX_AND7 "
    "ALL_TYPES_AND_COMPLEX_AND8"
).split()

MACROS: dict[str, Row] = {
    **CHECK_MACROS,
    **ASSERT_MACROS,
    **_macros("logging.h", " ".join(COMPARE_MACROS)),
    **_macros("error.h", "TORCH_CHECK_WITH TORCH_CHECK_ARG AT_ERROR C10_THROW_ERROR"),
    **_macros("warn.h", "TORCH_WARN AT_WARN TORCH_WARN_ONCE TORCH_WARN_DEPRECATION"),
    **_macros(
        "dispatch.h",
        "AT_DISPATCH_SWITCH AT_DISPATCH_CASE AT_DISPATCH_INDEX_TYPES "
        "AT_PRIVATE_CASE_TYPE_USING_HINT=FFI_PRIVATE_CASE_TYPE_USING_HINT "
        + " ".join(f"AT_DISPATCH_{kind} AT_DISPATCH_CASE_{kind}" for kind in _KINDS),
    ),
    **_macros(
        "dispatch_v2.h",
        "AT_DISPATCH_V2 AT_WRAP AT_EXPAND AT_FLOATING_TYPES AT_COMPLEX_TYPES AT_INTEGRAL_TYPES "
        "AT_BAREBONES_UNSIGNED_TYPES AT_INTEGRAL_TYPES_V2 AT_FLOAT8_TYPES AT_ALL_TYPES "
        "AT_ALL_TYPES_AND_COMPLEX",
    ),
    **_macros(
        "cuda.h",
        "C10_CUDA_CHECK=FFI_CUDA_CHECK AT_CUDA_CHECK=FFI_CUDA_CHECK C10_CUDA_KERNEL_LAUNCH_CHECK "
        "C10_CUDA_ERROR_HANDLED C10_CUDA_CLEAR_ERROR C10_WARP_SIZE",
    ),
    **_macros("hip.h", "C10_HIP_CHECK AT_HIP_CHECK C10_HIP_KERNEL_LAUNCH_CHECK"),
    **_macros("blas.h", "TORCH_CUDABLAS_CHECK"),
    **_macros("driver.h", "AT_CUDA_DRIVER_CHECK AT_CUDA_NVRTC_CHECK"),
    **_macros("kernel.h", "CUDA_KERNEL_ASSERT=FFI_CUDA_KERNEL_ASSERT"),
    **_macros(
        "version.h",
        " ".join(
            f"TORCH_VERSION{part}=FFI_PORT_TORCH_VERSION{part}" for part in ("", "_MAJOR", "_MINOR", "_PATCH")
        ),
    ),
    **_macros(
        "macros.h",
        " ".join(
            f"C10_{name}=FFI_PORT_{name}"
            for name in (
                "HOST_DEVICE DEVICE HOST RESTRICT UNUSED NODISCARD NOINLINE LIKELY UNLIKELY "
                "ALWAYS_INLINE EXPORT LAUNCH_BOUNDS_0 LAUNCH_BOUNDS_1 LAUNCH_BOUNDS_2 "
                "MAX_THREADS_PER_BLOCK MIN_BLOCKS_PER_SM STRINGIZE"
            ).split()
        )
        + " C10_CONCATENATE=FFI_PORT_CONCAT",
    ),
}
