"""torch names and what carries them in migrated code.

A row maps the tail of a qualified name (what follows ``at::``, ``torch::``, ``c10::`` or one of
their inner namespaces) to its replacement and the header that declares it: a carried header
(``ffi_port/...``) or one of the standard library (``<optional>``).
"""

from __future__ import annotations

from migrate.tables.compute import COMPUTE_NAMES
from migrate.tables.macros import CHECK_MACROS, MACROS
from migrate.tables.row import Row

__all__ = ["CHECK_MACROS", "MACROS", "NAMES", "NAMESPACES", "Row"]

# Longest first: `at::cuda::CUDAGuard` must not be read as `at::` + `cuda::CUDAGuard`. Names of an
# inner namespace that stay in one (`philox::unpack`) are rows of the outer one.
NAMESPACES = (
    "at::cuda::detail",
    "at::hip::detail",
    "torch::headeronly",
    "torch::indexing",
    "at::indexing",
    "torch::cuda",
    "torch::hip",
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
    "Float16 Float32 Float64 ComplexHalf ComplexFloat ComplexDouble Complex32 Complex64 Complex128 "
    "UInt16 UInt32 UInt64 Float8_e5m2 Float8_e4m3fn Float8_e5m2fnuz Float8_e4m3fnuz Float8_e8m0fnu "
    "Float4_e2m1fn_x2 QInt8 QUInt8 QInt32 QUInt4x2 QUInt2x4 Bits1x8 Bits2x4 Bits4x2 Bits8 Bits16 "
    "UInt1 UInt2 UInt3 UInt4 UInt5 UInt6 UInt7 Int1 Int2 Int3 Int4 Int5 Int6 Int7 "
    "U8 I8 I16 I32 I64 F16 F32 F64"
)

NAMES: dict[str, Row] = {
    **_rows("tensor.h", "Tensor TensorBase TensorList device_of"),
    **_rows("type_properties.h", "DeprecatedTypeProperties"),
    **_rows("array_ref.h", "IntArrayRef ArrayRef makeArrayRef"),
    **_rows("str.h", "str"),
    **_rows("irange.h", "irange"),
    **_rows("scalar.h", "Scalar"),
    **_rows("type_meta.h", "TypeMeta typeMetaToScalarType scalarTypeToTypeMeta"),
    **_rows(
        "scalar_type.h",
        "ScalarType toString elementSize isFloatingType isIntegralType isComplexType isFloat8Type "
        "isReducedFloatingType isSignedType toRealValueType CppTypeToScalarType "
        + " ".join("k" + name for name in _DTYPES.split()),
    ),
    **_rows("promote.h", "promote_types promoteTypes"),
    **_rows(
        "tensor_arg.h",
        "TensorArg TensorGeometryArg CheckedFrom checkDim checkDimRange checkSameDim checkContiguous "
        "checkAllContiguous checkSize checkSameSize checkAllSameSize checkNumel checkSameNumel "
        "checkAllSameNumel checkScalarType checkScalarTypes checkSameGPU checkAllSameGPU checkSameType "
        "checkAllSameType checkDefined checkAllDefined checkDeviceType checkLayout",
    ),
    "Dtype": Row("ffi_port::ScalarType", "ffi_port/scalar_type.h"),
    **_rows(
        "device.h",
        "Device DeviceType DeviceIndex DeviceTypeName kCPU kCUDA kHIP kXPU kMPS kMeta kXLA "
        "kHPU kVulkan kMetal kIPU kMTIA kLazy kPrivateUse1 COMPILE_TIME_MAX_DEVICE_TYPES",
    ),
    **_rows(
        "tensor_options.h",
        "TensorOptions dtype device layout requires_grad memory_format Layout MemoryFormat kStrided kSparse",
    ),
    **_rows(
        "factory.h",
        "empty empty_like empty_strided zeros zeros_like ones ones_like full full_like arange",
    ),
    **_rows("from_blob.h", "from_blob"),
    **_rows(
        "tensor.h",
        "slice transpose reshape permute unsqueeze narrow numel size stride is_floating_point is_complex",
    ),
    **COMPUTE_NAMES,
    **_rows("indexing.h", "TensorIndex Slice None Ellipsis"),
    **_rows("half.h", "Half"),
    **_rows("bfloat16.h", "BFloat16"),
    **_rows(
        "float8.h",
        "Float8_e4m3fn Float8_e5m2 Float8_e4m3fnuz Float8_e5m2fnuz Float8_e8m0fnu Float4_e2m1fn_x2",
    ),
    **_rows("complex.h", "complex"),
    **_rows(
        "accumulate.h",
        "AccumulateType acc_type acc_type_device toAccumulateType OpMathType opmath_type",
    ),
    **_rows("ceil_div.h", "ceil_div round_up ATenCeilDiv"),
    **_rows(
        "parallel.h",
        "parallel_for parallel_reduce get_num_threads get_thread_num in_parallel_region divup "
        "internal::GRAIN_SIZE",
    ),
    **_rows(
        "accessor.h",
        "TensorAccessor PackedTensorAccessor PackedTensorAccessor32 PackedTensorAccessor64 "
        "GenericPackedTensorAccessor RestrictPtrTraits DefaultPtrTraits",
    ),
    **_rows("device_guard.h", "DeviceGuard OptionalDeviceGuard"),
    **_rows(
        "cuda.h",
        "CUDAGuard OptionalCUDAGuard CUDAStream getCurrentCUDAStream getDefaultCUDAStream "
        "getStreamFromExternal getCurrentDeviceProperties getDeviceProperties current_device "
        "set_device device_count getNumGPUs check_device is_available warp_size "
        "device_synchronize stream_synchronize GetDevice SetDevice MaybeSetDevice synchronize "
        "canDeviceAccessPeer",
    ),
    **_rows(
        "cuda_stream.h",
        "CUDAStreamGuard OptionalCUDAStreamGuard CUDAMultiStreamGuard CUDAEvent setCurrentCUDAStream "
        "getStreamFromPool CaptureStatus currentStreamCaptureStatus "
        "currentStreamCaptureStatusMayInitCtx",
    ),
    **_rows(
        "hip.h",
        "HIPGuard OptionalHIPGuard HIPStream getCurrentHIPStream getDefaultHIPStream "
        "HIPGuardMasqueradingAsCUDA OptionalHIPGuardMasqueradingAsCUDA "
        "HIPStreamMasqueradingAsCUDA getCurrentHIPStreamMasqueradingAsCUDA",
    ),
    **_rows(
        "hip_stream.h",
        "HIPStreamGuard OptionalHIPStreamGuard HIPMultiStreamGuard HIPEvent "
        "HIPStreamGuardMasqueradingAsCUDA OptionalHIPStreamGuardMasqueradingAsCUDA "
        "HIPMultiStreamGuardMasqueradingAsCUDA setCurrentHIPStream "
        "setCurrentHIPStreamMasqueradingAsCUDA getStreamFromPoolMasqueradingAsCUDA",
    ),
    **_rows("philox.h", "PhiloxCudaState philox::unpack"),
    **_rows(
        "generator.h",
        "Generator CUDAGeneratorImpl get_generator_or_default check_generator "
        "getDefaultCUDAGenerator getDefaultHIPGenerator",
    ),
    **_rows(
        "allocator.h",
        "DataPtr Allocator getCUDADeviceAllocator "
        + " ".join(
            f"{vendor}CachingAllocator::{name}"
            for vendor in ("CUDA", "HIP")
            for name in "get raw_alloc raw_alloc_with_stream raw_delete".split()
        ),
    ),
    **_rows("tensor_info.h", "TensorInfo IndexToOffset getTensorInfo canUse32BitIndexMath"),
    **_rows("gpu_data_type.h", "ScalarTypeToCudaDataType ScalarTypeToHipDataType"),
    **_rows("blas.h", "getCurrentCUDABlasHandle getCurrentHIPBlasHandle getCurrentCUDABlasLtHandle"),
    **_rows("kernel.h", "GET_BLOCKS CUDA_NUM_THREADS"),
    **_rows("context.h", "globalContext Context"),
    **_rows(
        "exception.h",
        "Error ValueError TypeError IndexError NotImplementedError LinAlgError OutOfMemoryError",
    ),
    "optional": Row("std::optional", "<optional>"),
    "nullopt": Row("std::nullopt", "<optional>"),
    "nullopt_t": Row("std::nullopt_t", "<optional>"),
    "make_optional": Row("std::make_optional", "<optional>"),
    "string_view": Row("std::string_view", "<string_view>"),
}

# Names of torch's that stand in no namespace of its own, by their parts: `::detail::scalar_type`.
GLOBAL_NAMES: dict[tuple[str, ...], Row] = {
    ("detail", "scalar_type"): Row("ffi_port::detail::scalar_type", "ffi_port/dispatch.h"),
}

# What a runtime header of CUDA or HIP stands behind: never for a file that only names the CPU.
DEVICE_HEADERS = frozenset(
    f"ffi_port/{name}.h"
    for name in "cuda cuda_stream hip hip_stream kernel blas gpu_data_type driver".split()
)

# What a header that opens torch's namespace gives its includers.
HEADERS = (".h", ".hpp", ".cuh", ".hxx", ".inc", ".inl")
OPENED_BY_HEADERS = ("ffi_port/factory.h", "ffi_port/tensor.h")

# Includes that torch or pybind11 own: they leave a migrated file.
TORCH_HEADERS = ("torch/", "ATen/", "c10/", "caffe2/", "pybind11/", "torch_", "THC/", "TH/", "Python.h")

# Headers whose macros keep their names: the include is swapped, the uses stay.
HEADER_SWAPS = {
    "ATen/cuda/detail/KernelUtils.h": "ffi_port/kernel.h",
    "ATen/cuda/Atomic.cuh": "ffi_port/atomic.h",
    "ATen/cuda/DeviceUtils.cuh": "ffi_port/warp.h",
    "ATen/cuda/detail/TensorInfo.cuh": "ffi_port/tensor_info.h",
    "ATen/cuda/detail/IndexUtils.cuh": "ffi_port/tensor_info.h",
    "THC/THCAtomics.cuh": "ffi_port/atomic.h",
}
