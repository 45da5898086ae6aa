"""Methods of ``at::Tensor`` (and its options, devices, array references) that migrated code keeps.

The carried ``ffi_port::Tensor`` has them under the same names. ``host`` methods go through a
service of the host framework when metadata alone cannot answer.
"""

from __future__ import annotations

METADATA = frozenset(
    "defined dim ndimension size sizes stride strides numel nbytes element_size itemsize "
    "scalar_type dtype device is_cuda is_cpu is_hip is_contiguous is_non_overlapping_and_dense "
    "get_device options is_same storage_offset layout is_floating_point is_complex is_sparse "
    "is_meta type toString".split()
)
POINTERS = frozenset(
    "data_ptr mutable_data_ptr const_data_ptr data accessor packed_accessor packed_accessor32 "
    "packed_accessor64".split()
)
VIEWS = frozenset(
    "view reshape reshape_as select narrow slice transpose permute t squeeze unsqueeze flatten "
    "expand expand_as as_strided view_as operator[] unflatten detach alias index".split()
)
HOST = frozenset("contiguous to toType clone copy_ zero_ fill_ item cpu cuda".split())
ALLOCATION = frozenset("new_empty new_zeros new_ones new_full".split())
# Only of the library's own memory: `migrate/rules/resize.py` decides.
RESIZES = frozenset({"resize_"})
# Arithmetic in place by one tensor or number.
UPDATES = frozenset("add_ sub_ mul_ div_".split())
OPERATORS = frozenset("operator= operator+= operator-= operator*= operator/=".split())
OTHER = frozenset("reset Tensor TensorBase".split())

TENSOR_METHODS = METADATA | POINTERS | VIEWS | HOST | ALLOCATION | RESIZES | UPDATES | OPERATORS | OTHER
TENSOR_CLASSES = frozenset({"at::Tensor", "at::TensorBase"})

_STREAM = (
    "stream id device device_index device_type priority synchronize query operator== operator!= operator="
)
_STREAM_GUARD = "reset_stream original_stream current_stream"
_GUARD = "set_device reset_device set_index original_device current_device"
_ACCESSOR = "size stride data operator[] operator="

# Other torch classes that migrated code keeps, with every method the carried class has.
CLASS_METHODS: dict[str, frozenset[str]] = {
    "c10::TensorOptions": frozenset(
        "TensorOptions dtype device layout requires_grad memory_format pinned_memory device_index "
        "merge_in has_device has_dtype device_opt memory_format_opt operator=".split()
    ),
    "c10::Device": frozenset(
        "Device type index set_index is_cuda is_cpu is_hip is_xpu is_mps is_meta has_index str "
        "operator== operator!= operator=".split()
    ),
    "c10::ArrayRef": frozenset(
        "ArrayRef size begin end cbegin cend rbegin rend vec slice empty front back at data "
        "operator[] equals operator=".split()
    ),
    "c10::Scalar": frozenset(
        "Scalar to toDouble toFloat toLong toInt toShort toChar toByte toBool toHalf toBFloat16 "
        "isFloatingPoint isIntegral isBoolean isComplex type operator=".split()
    ),
    "caffe2::TypeMeta": frozenset(
        "TypeMeta toScalarType itemsize Match Make name operator== operator!= operator=".split()
    ),
    "at::DeprecatedTypeProperties": frozenset(
        "scalarType is_cuda toString operator== operator!= operator=".split()
    ),
    "at::Context": frozenset("deterministicAlgorithms alertNotDeterministic".split()),
    "at::Generator": frozenset("Generator defined device mutex current_seed get operator=".split()),
    "at::CUDAGeneratorImpl": frozenset(
        "philox_cuda_state philox_engine_inputs current_seed philox_offset_per_thread device "
        "device_type get_offset mutex_".split()
    ),
    "at::PhiloxCudaState": frozenset(
        "PhiloxCudaState seed_ offset_ offset_intragraph_ captured_ operator=".split()
    ),
    "at::TensorAccessor": frozenset(f"TensorAccessor sizes strides {_ACCESSOR}".split()),
    "at::GenericPackedTensorAccessor": frozenset(
        f"GenericPackedTensorAccessor transpose {_ACCESSOR}".split()
    ),
    "c10::cuda::CUDAStream": frozenset(f"CUDAStream {_STREAM}".split()),
    "c10::cuda::CUDAGuard": frozenset(f"CUDAGuard {_GUARD}".split()),
    "c10::cuda::OptionalCUDAGuard": frozenset(f"OptionalCUDAGuard reset {_GUARD}".split()),
    "c10::cuda::CUDAStreamGuard": frozenset(
        f"CUDAStreamGuard {_STREAM_GUARD} original_device current_device".split()
    ),
    "c10::cuda::OptionalCUDAStreamGuard": frozenset(f"OptionalCUDAStreamGuard reset {_STREAM_GUARD}".split()),
    "c10::cuda::CUDAMultiStreamGuard": frozenset({"CUDAMultiStreamGuard"}),
    "at::cuda::CUDAEvent": frozenset(
        "CUDAEvent event isCreated device_index query record recordOnce block elapsed_time "
        "synchronize operator=".split()
    ),
    "at::cuda::detail::TensorInfo": frozenset(
        "TensorInfo data sizes strides dims collapseDims reduceDim isContiguous operator=".split()
    ),
    "at::cuda::detail::IndexToOffset": frozenset({"get"}),
    "torch::nn::functional::PadFuncOptions": frozenset("PadFuncOptions value operator=".split()),
    "c10::DataPtr": frozenset("DataPtr get mutable_get get_context device clear operator=".split()),
    "c10::Allocator": frozenset({"allocate"}),
    "c10::cuda::CUDACachingAllocator::CUDAAllocator": frozenset(
        "allocate raw_alloc raw_alloc_with_stream raw_delete".split()
    ),
}

# Where the carried class of each row stands.
CARRIED_CLASSES: dict[str, tuple[str, str]] = {
    "c10::TensorOptions": ("TensorOptions", "tensor_options.h"),
    "c10::Device": ("Device", "device.h"),
    "c10::ArrayRef": ("ArrayRef", "array_ref.h"),
    "c10::Scalar": ("Scalar", "scalar.h"),
    "caffe2::TypeMeta": ("TypeMeta", "type_meta.h"),
    "at::DeprecatedTypeProperties": ("DeprecatedTypeProperties", "type_properties.h"),
    "at::Context": ("Context", "context.h"),
    "at::Generator": ("Generator", "generator.h"),
    "at::CUDAGeneratorImpl": ("CUDAGeneratorImpl", "generator.h"),
    "at::PhiloxCudaState": ("PhiloxCudaState", "philox.h"),
    "at::TensorAccessor": ("TensorAccessor", "accessor.h"),
    "at::GenericPackedTensorAccessor": ("GenericPackedTensorAccessor", "accessor.h"),
    "c10::cuda::CUDAStream": ("Stream", "gpu.h"),
    "c10::cuda::CUDAGuard": ("Guard", "gpu.h"),
    "c10::cuda::OptionalCUDAGuard": ("OptionalGuard", "gpu.h"),
    "c10::cuda::CUDAStreamGuard": ("StreamGuard", "gpu_stream.h"),
    "c10::cuda::OptionalCUDAStreamGuard": ("OptionalStreamGuard", "gpu_stream.h"),
    "c10::cuda::CUDAMultiStreamGuard": ("MultiStreamGuard", "gpu_stream.h"),
    "at::cuda::CUDAEvent": ("Event", "gpu_stream.h"),
    "at::cuda::detail::TensorInfo": ("TensorInfo", "tensor_info.h"),
    "at::cuda::detail::IndexToOffset": ("IndexToOffset", "tensor_info.h"),
    "torch::nn::functional::PadFuncOptions": ("functional::PadFuncOptions", "compute.h"),
    "c10::DataPtr": ("DataPtr", "allocator.h"),
    "c10::Allocator": ("Allocator", "allocator.h"),
    "c10::cuda::CUDACachingAllocator::CUDAAllocator": ("CUDAAllocator", "allocator.h"),
}
