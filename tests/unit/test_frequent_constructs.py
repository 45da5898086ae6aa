"""Constructs that occur in at least 3 of 56 surveyed extension libraries: each has an answer.

``NOT_MIGRATED`` is the exact list of those whose operators stay manual, each with a reason of its own;
a row that takes one over also takes it off the list. ``NO_ANSWER`` must stay empty.
"""

from __future__ import annotations

import pytest
from parsed import reasons, tiers

from migrate.mapping import look_up
from migrate.model.rules import NO_RULES

BINDINGS = (
    "PYBIND11_MODULE m.def m.doc m.attr def_submodule py::arg py::class_ py::init "
    "py::gil_scoped_release py::call_guard py::overload_cast py::def_readwrite TORCH_LIBRARY "
    "TORCH_LIBRARY_IMPL TORCH_LIBRARY_FRAGMENT m.impl torch::RegisterOperators TORCH_EXTENSION_NAME"
)
METHODS = (
    "data_ptr size scalar_type device options sizes numel dtype is_contiguous contiguous is_cuda dim stride "
    "get_device view to zero_ transpose item sum clone index copy_ reshape element_size type ndimension "
    "slice fill_ narrow nbytes defined max accessor strides unsqueeze is_cpu t select requires_grad "
    "index_select cpu data packed_accessor32 flatten permute new_empty resize_ storage detach layout "
    "addmm_ mutable_data_ptr view_as itemsize add_ expand storage_offset is_meta const_data_ptr "
    "masked_fill matmul cumsum"
)
FUNCTIONS = (
    "empty zeros empty_like zeros_like from_blob full ones indexing::Slice cat arange indexing::None sum_out "
    "cumsum tensor mm_out nn::functional::pad empty_strided matmul max sum index_select"
)
MACROS = (
    "TORCH_CHECK AT_ERROR AT_ASSERTM AT_CUDA_CHECK TORCH_INTERNAL_ASSERT C10_CUDA_KERNEL_LAUNCH_CHECK "
    "C10_CUDA_CHECK TORCH_WARN AT_DISPATCH_FLOATING_TYPES_AND_HALF AT_DISPATCH_FLOATING_TYPES "
    "AT_DISPATCH_FLOATING_TYPES_AND2 AT_DISPATCH_ALL_TYPES AT_DISPATCH_ALL_TYPES_AND2 "
    "AT_DISPATCH_ALL_TYPES_AND"
)
RUNTIME = (
    "at::cuda::getCurrentCUDAStream at::cuda::OptionalCUDAGuard at::cuda::CUDAGuard "
    "at::cuda::getCurrentDeviceProperties at::cuda::getCurrentCUDABlasHandle "
    "at::cuda::detail::getDefaultCUDAGenerator c10::cuda::getCurrentCUDAStream at::cuda::CUDAStream "
    "c10::cuda::CUDAGuard at::cuda::ATenCeilDiv at::cuda::setCurrentCUDAStream c10::cuda::MaybeSetDevice "
    "at::cuda::current_device at::cuda::getStreamFromPool <<<>>> hipLaunchKernelGGL at::parallel_for "
    "at::TensorIterator c10::cuda::CUDACachingAllocator c10d::ProcessGroup multi_tensor_apply "
    "torch::autograd::Function"
)
TYPES = (
    "at::Tensor torch::TensorOptions at::Half at::BFloat16 at::kFloat at::kInt at::kByte at::ScalarType "
    "at::kLong at::Float8_e4m3fn at::Device at::kCPU at::kCUDA torch::dtype at::PhiloxCudaState "
    "torch::device at::kChar at::elementSize at::MemoryFormat::Contiguous at::kBool at::IntArrayRef "
    "c10::optional "
    "at::RestrictPtrTraits at::PackedTensorAccessor32 at::Generator"
)
HEADERS = (
    "ATen/cuda/CUDAContext.h torch/extension.h c10/cuda/CUDAGuard.h ATen/ATen.h pybind11/pybind11.h "
    "torch/torch.h c10/cuda/CUDAStream.h torch/python.h pybind11/stl.h torch/all.h torch/script.h "
    "c10/util/Half.h ATen/Tensor.h torch/types.h ATen/TensorUtils.h ATen/cuda/CUDAGeneratorImpl.h "
    "c10/cuda/CUDAException.h ATen/core/Tensor.h ATen/AccumulateType.h c10/util/Exception.h "
    "pybind11/functional.h torch/library.h"
)
NAMES = (
    *BINDINGS.split(),
    *(f"x.{name}" for name in METHODS.split()),
    *(f"torch::{name}" for name in FUNCTIONS.split()),
    *MACROS.split(),
    *RUNTIME.split(),
    *TYPES.split(),
    *HEADERS.split(),
)
NO_ANSWER: set[str] = set()
NOT_MIGRATED = set(
    (
        # classes, enums and the dispatcher
        "py::class_ py::def_readwrite py::init TORCH_LIBRARY TORCH_LIBRARY_FRAGMENT "
        "TORCH_LIBRARY_IMPL m.impl torch::RegisterOperators "
        # services of torch's runtime
        "at::TensorIterator "
        ""
        "c10::cuda::CUDACachingAllocator c10d::ProcessGroup multi_tensor_apply "
        "torch::autograd::Function x.requires_grad x.storage "
        # compute
        "torch::tensor x.addmm_"
    ).split()
)


def test_every_name_has_an_answer_and_a_reason() -> None:
    answers = {name: look_up(name, NO_RULES) for name in NAMES}
    assert {name for name, answer in answers.items() if not answer.known and not answer.tier} == NO_ANSWER
    assert not [name for name, answer in answers.items() if not answer.why]


def test_the_names_that_stay_manual_are_these() -> None:
    assert {name for name in NAMES if not look_up(name, NO_RULES).known} == NOT_MIGRATED


# Parameter types and results of bound functions, each in a function of its own.
PARAMETERS = {
    "p_int": "int a",
    "p_bool": "bool a",
    "p_tensor": "at::Tensor a",
    "p_float": "float a",
    "p_const_tensor_ref": "const at::Tensor& a",
    "p_tensor_ref": "at::Tensor& a",
    "p_const_tensor": "const at::Tensor a",
    "p_int64": "int64_t a",
    "p_optional_tensor": "std::optional<at::Tensor> a",
    "p_const_optional_tensor_ref": "const std::optional<at::Tensor>& a",
    "p_optional_tensor_ref": "std::optional<at::Tensor>& a",
    "p_string_ref": "const std::string& a",
    "p_uint32": "uint32_t a",
    "p_double": "double a",
    "p_tensors": "std::vector<at::Tensor> a",
    "p_tensors_ref": "const std::vector<at::Tensor>& a",
    "p_uintptr": "uintptr_t a",
    "p_size": "size_t a",
    "p_ints_ref": "const std::vector<int64_t>& a",
    "p_int32": "int32_t a",
    "p_ints": "std::vector<int64_t> a",
    "p_tensor_lists": "std::vector<std::vector<at::Tensor>> a",
    "p_optional_const_tensor": "std::optional<const at::Tensor> a",
    "p_optional_bool": "std::optional<bool> a",
    "p_device": "at::Device a",
    "p_unsigned": "unsigned a",
    "p_optional_const_tensor_ref": "std::optional<const at::Tensor>& a",
    "p_optional_generator": "std::optional<at::Generator> a",
    "p_int_array": "at::IntArrayRef a",
    "p_string": "std::string a",
    "p_py_object": "const py::object& a",
    "p_c_string": "const char* a",
    "p_scalar_type": "at::ScalarType a",
    "p_optional_int": "std::optional<int64_t> a",
    "p_half": "at::Half a",
    "p_enum": "Mode a",
    "p_tuple": "std::tuple<int, int> a",
}
RESULTS = {
    "r_tensor": ("at::Tensor", "at::empty({1})"),
    "r_tensors": ("std::vector<at::Tensor>", "{at::empty({1})}"),
    "r_int": ("int", "1"),
    "r_two": ("std::tuple<at::Tensor, at::Tensor>", "{at::empty({1}), at::empty({1})}"),
    "r_bool": ("bool", "true"),
    "r_int64": ("int64_t", "1"),
    "r_uintptr": ("uintptr_t", "1"),
    "r_size": ("size_t", "1"),
    "r_string": ("std::string", '"a"'),
}
MANUAL_TYPES = {"p_enum", "p_half", "p_py_object"}


def bound() -> str:
    rows = [f"void {name}({param}) {{}}" for name, param in PARAMETERS.items()]
    rows += [f"{type_} {name}() {{ return {value}; }}" for name, (type_, value) in RESULTS.items()]
    names = "".join(f'm.def("{name}", &{name});' for name in (*PARAMETERS, *RESULTS))
    return "enum class Mode { A };\n" + "\n".join(rows) + "\nPYBIND11_MODULE(ops, m) {" + names + "}"


def test_the_types_that_stay_manual_are_these() -> None:
    assert {name for name, tier in tiers(bound()).items() if tier == "manual"} == MANUAL_TYPES


@pytest.mark.parametrize("name", sorted(MANUAL_TYPES))
def test_a_type_that_stays_manual_is_named(name: str) -> None:
    assert "`a`" in reasons(bound())[name]
