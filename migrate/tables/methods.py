"""Methods of ``at::Tensor`` (and its options, devices, array references) that migrated code keeps.

The carried ``ffi_port::Tensor`` has them under the same names. ``host`` methods go through a
service of the host framework when metadata alone cannot answer.
"""

from __future__ import annotations

METADATA = frozenset(
    "defined dim ndimension size sizes stride strides numel nbytes element_size itemsize "
    "scalar_type dtype device is_cuda is_cpu is_contiguous get_device options is_same "
    "storage_offset has_storage layout is_hip".split()
)
POINTERS = frozenset(
    "data_ptr mutable_data_ptr const_data_ptr data accessor packed_accessor packed_accessor32 "
    "packed_accessor64".split()
)
VIEWS = frozenset(
    "view reshape select narrow slice transpose permute t squeeze unsqueeze flatten expand "
    "as_strided view_as operator[] unflatten detach".split()
)
HOST = frozenset("contiguous to clone copy_ zero_ fill_ item cpu cuda".split())
OTHER = frozenset("operator= reset Tensor TensorBase toString".split())

TENSOR_METHODS = METADATA | POINTERS | VIEWS | HOST | OTHER
TENSOR_CLASSES = frozenset({"at::Tensor", "at::TensorBase"})

# Other torch classes that migrated code keeps, with every method the carried class has.
CLASS_METHODS: dict[str, frozenset[str]] = {
    "c10::TensorOptions": frozenset(
        "TensorOptions dtype device layout requires_grad memory_format pinned_memory device_index "
        "operator=".split()
    ),
    "c10::Device": frozenset(
        "Device type index is_cuda is_cpu is_hip has_index str operator== operator!= "
        "operator=".split()
    ),
    "c10::ArrayRef": frozenset(
        "ArrayRef size begin end vec slice empty front back at data operator[] equals "
        "operator=".split()
    ),
    "at::cuda::CUDAStream": frozenset("stream operator= CUDAStream".split()),
    "c10::cuda::CUDAStream": frozenset("stream operator= CUDAStream".split()),
    "c10::hip::HIPStream": frozenset("stream operator= HIPStream".split()),
    "at::Context": frozenset({"deterministicAlgorithms"}),
}
