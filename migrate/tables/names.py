"""torch names and what carries them in migrated code.

A row maps the tail of a qualified name (what follows ``at::``, ``torch::``, ``c10::`` or one of
their runtime namespaces) to its replacement and the header that declares it: a carried header
(``ffi_port/...``) or one of the standard library (``<optional>``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    target: str
    header: str


# Longest first: `at::cuda::CUDAGuard` must not be read as `at::` + `cuda::CUDAGuard`.
NAMESPACES = (
    "torch::headeronly",
    "c10::cuda::CUDACachingAllocator",
    "at::cuda::detail",
    "at::cuda",
    "c10::cuda",
    "at::hip",
    "c10::hip",
    "torch",
    "at",
    "c10",
    "caffe2",
)


def _rows(header: str, names: str) -> dict[str, Row]:
    return {name: Row(f"ffi_port::{name}", f"ffi_port/{header}") for name in names.split()}


_DTYPES = (
    "Byte Char Short Int Long Half Float Double Bool BFloat16 UInt8 Int8 Int16 Int32 Int64 "
    "Float16 Float32 Float64 ComplexHalf ComplexFloat ComplexDouble UInt16 UInt32 UInt64 "
    "Float8_e5m2 Float8_e4m3fn Float8_e5m2fnuz Float8_e4m3fnuz Float8_e8m0fnu"
)

NAMES: dict[str, Row] = {
    **_rows("tensor.h", "Tensor TensorBase TensorList"),
    **_rows("array_ref.h", "IntArrayRef ArrayRef"),
    **_rows(
        "scalar_type.h",
        "ScalarType toString elementSize isFloatingType isIntegralType isComplexType "
        "CppTypeToScalarType " + " ".join("k" + name for name in _DTYPES.split()),
    ),
    **_rows("device.h", "Device DeviceType DeviceIndex kCPU kCUDA kHIP"),
    **_rows("tensor_options.h", "TensorOptions dtype device layout requires_grad Layout kStrided"),
    **_rows(
        "factory.h",
        "empty empty_like empty_strided zeros zeros_like ones ones_like full full_like from_blob",
    ),
    **_rows("half.h", "Half"),
    **_rows("bfloat16.h", "BFloat16"),
    **_rows(
        "float8.h", "Float8_e4m3fn Float8_e5m2 Float8_e4m3fnuz Float8_e5m2fnuz Float8_e8m0fnu"
    ),
    **_rows("complex.h", "complex"),
    **_rows("accumulate.h", "acc_type acc_type_device opmath_type"),
    **_rows("ceil_div.h", "ceil_div ATenCeilDiv"),
    **_rows("parallel.h", "parallel_for get_num_threads"),
    **_rows(
        "accessor.h",
        "TensorAccessor PackedTensorAccessor PackedTensorAccessor32 PackedTensorAccessor64 "
        "GenericPackedTensorAccessor RestrictPtrTraits DefaultPtrTraits",
    ),
    **_rows(
        "cuda.h",
        "CUDAGuard OptionalCUDAGuard CUDAStream getCurrentCUDAStream getCurrentDeviceProperties "
        "getDeviceProperties current_device device_count DeviceGuard OptionalDeviceGuard device_of",
    ),
    **_rows(
        "hip.h",
        "HIPGuard OptionalHIPGuard HIPStream getCurrentHIPStream HIPGuardMasqueradingAsCUDA "
        "OptionalHIPGuardMasqueradingAsCUDA HIPStreamMasqueradingAsCUDA "
        "getCurrentHIPStreamMasqueradingAsCUDA",
    ),
    **_rows("runtime.h", "globalContext"),
    **_rows("error.h", "Error ValueError TypeError IndexError NotImplementedError"),
    "optional": Row("std::optional", "<optional>"),
    "nullopt": Row("std::nullopt", "<optional>"),
    "nullopt_t": Row("std::nullopt_t", "<optional>"),
    "make_optional": Row("std::make_optional", "<optional>"),
    "string_view": Row("std::string_view", "<string_view>"),
}


def _macros(header: str, pairs: str) -> dict[str, Row]:
    rows = (pair.split("=") for pair in pairs.split())
    return {old: Row(new, f"ffi_port/{header}") for old, new in rows}


CHECK_MACROS: dict[str, Row] = _macros(
    "error.h",
    "TORCH_CHECK=FFI_CHECK AT_ASSERT=FFI_INTERNAL_ASSERT AT_ASSERTM=FFI_CHECK AT_CHECK=FFI_CHECK "
    "TORCH_CHECK_VALUE=FFI_CHECK_VALUE TORCH_CHECK_TYPE=FFI_CHECK_TYPE "
    "TORCH_CHECK_INDEX=FFI_CHECK_INDEX TORCH_CHECK_NOT_IMPLEMENTED=FFI_CHECK_NOT_IMPLEMENTED "
    "TORCH_INTERNAL_ASSERT=FFI_INTERNAL_ASSERT "
    "TORCH_INTERNAL_ASSERT_DEBUG_ONLY=FFI_INTERNAL_ASSERT_DEBUG_ONLY",
)

_DISPATCHES = (
    "SWITCH CASE FLOATING_TYPES FLOATING_TYPES_AND_HALF FLOATING_TYPES_AND FLOATING_TYPES_AND2 "
    "FLOATING_TYPES_AND3 ALL_TYPES ALL_TYPES_AND ALL_TYPES_AND2 ALL_TYPES_AND3 ALL_TYPES_AND4 "
    "INTEGRAL_TYPES INTEGRAL_TYPES_AND REDUCED_FLOATING_TYPES INDEX_TYPES COMPLEX_TYPES "
    "FLOATING_AND_COMPLEX_TYPES ALL_TYPES_AND_COMPLEX ALL_TYPES_AND_COMPLEX_AND2 "
    "CASE_FLOATING_TYPES CASE_FLOATING_TYPES_AND CASE_FLOATING_TYPES_AND2 CASE_ALL_TYPES "
    "CASE_INTEGRAL_TYPES CASE_REDUCED_FLOATING_TYPES"
)

MACROS: dict[str, Row] = {
    **CHECK_MACROS,
    **_macros("error.h", "AT_ERROR=FFI_ERROR TORCH_WARN=FFI_WARN TORCH_WARN_ONCE=FFI_WARN_ONCE"),
    **_macros(
        "dispatch.h",
        " ".join(f"AT_DISPATCH_{name}=FFI_DISPATCH_{name}" for name in _DISPATCHES.split()),
    ),
    **_macros(
        "cuda.h",
        "C10_CUDA_CHECK=FFI_CUDA_CHECK AT_CUDA_CHECK=FFI_CUDA_CHECK "
        "C10_CUDA_KERNEL_LAUNCH_CHECK=FFI_CUDA_KERNEL_LAUNCH_CHECK",
    ),
    **_macros(
        "hip.h",
        "C10_HIP_CHECK=FFI_HIP_CHECK AT_HIP_CHECK=FFI_HIP_CHECK "
        "C10_HIP_KERNEL_LAUNCH_CHECK=FFI_HIP_KERNEL_LAUNCH_CHECK",
    ),
    **_macros(
        "macros.h",
        "C10_HOST_DEVICE=FFI_PORT_HOST_DEVICE C10_DEVICE=FFI_PORT_DEVICE C10_HOST=FFI_PORT_HOST "
        "C10_RESTRICT=FFI_PORT_RESTRICT C10_UNUSED=FFI_PORT_UNUSED C10_LIKELY=FFI_PORT_LIKELY "
        "C10_UNLIKELY=FFI_PORT_UNLIKELY C10_ALWAYS_INLINE=FFI_PORT_ALWAYS_INLINE "
        "C10_LAUNCH_BOUNDS_0=FFI_PORT_LAUNCH_BOUNDS_0 C10_LAUNCH_BOUNDS_1=FFI_PORT_LAUNCH_BOUNDS_1 "
        "C10_LAUNCH_BOUNDS_2=FFI_PORT_LAUNCH_BOUNDS_2",
    ),
}

# Includes that torch or pybind11 own: they leave a migrated file.
TORCH_HEADERS = ("torch/", "ATen/", "c10/", "caffe2/", "pybind11/", "torch_", "THC/", "TH/")

# torch's and the CUDA runtime's headers bring these along; a migrated file says so itself.
CUDA_HEADERS = {
    "cuda": "<cuda_runtime.h>",
    "hip": "<hip/hip_runtime.h>",
}
