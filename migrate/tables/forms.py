"""Constructs that no single name carries: what a binding becomes, and what has no counterpart.

``map`` and docs/rules.md read these rows; the rules themselves live in ``migrate/rules``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """``becomes``, in words or code, in ``place`` of the migrated tree."""

    becomes: str
    place: str
    why: str


@dataclass(frozen=True)
class Refusal:
    """Names that match ``pattern`` keep their operator in ``tier``."""

    pattern: re.Pattern[str]
    tier: str
    why: str
    examples: tuple[str, ...]


_SHIM, _ADAPTOR = "the shim (*_ffi.cc)", "the Python adaptor"

FORMS: dict[str, Form] = {
    "PYBIND11_MODULE": Form(
        "one TVM_FFI_DLL_EXPORT_TYPED_FUNC per m.def, and a package under the old import name",
        f"{_SHIM} and {_ADAPTOR}",
        "the module leaves the file; its names, keywords, defaults and docstrings stay",
    ),
    "m.def": Form(
        "TVM_FFI_DLL_EXPORT_TYPED_FUNC under the same name, and a def",
        f"{_SHIM} and {_ADAPTOR}",
        "tvm-ffi functions have no keywords or defaults, so Python gets a real def",
    ),
    "m.doc": Form("the docstring of the package", _ADAPTOR, "it is read by help()"),
    "m.attr": Form(
        "a constant of the package", _ADAPTOR, "constant values are copied; others stay on the legacy module"
    ),
    "def_submodule": Form("a submodule of the package", _ADAPTOR, "import paths do not change"),
    "py::arg": Form("the parameter's name and default", _ADAPTOR, "keyword calls go on working"),
    "py::kw_only": Form("a bare * in the def", _ADAPTOR, "keyword-only stays keyword-only"),
    "py::call_guard": Form(
        "release_gil of the bound function",
        _ADAPTOR,
        "only gil_scoped_release has a counterpart: tvm-ffi can release the GIL around a call",
    ),
    "py::gil_scoped_release": Form(
        "release_gil of the bound function", _ADAPTOR, "the GIL is released only where the original did"
    ),
    "py::enum_": Form(
        "a class with pybind11's members and comparisons", _ADAPTOR, "its numbers cross the border"
    ),
    "py::overload_cast": Form("the function it picks", _SHIM, "the parser has resolved the overload"),
    "TORCH_EXTENSION_NAME": Form(
        "the module's name from the build files", _ADAPTOR, "the import name does not change"
    ),
    "<<<>>>": Form("itself", "the kernel file", "a launch is the compiler's, not torch's"),
    "hipLaunchKernelGGL": Form("itself", "the kernel file", "a launch is the runtime's, not torch's"),
}

# What the file that only binds included goes with the binding.
_TIERS = (
    (
        "bridge",
        r"(?:.*::)?(?:manual_seed|rand|randn|randint|randperm|rand_like|randn_like|multinomial|uniform_"
        r"|normal_|bernoulli_|random_|exponential_)",
        "torch draws the numbers",
        "torch::randn x.normal_",
    ),
    (
        "bridge",
        r"(?:.*::)?(?:get\w*(?:Sparse|Solver|Cudnn|Miopen)\w*Handle\w*|TORCH_CUDA(?:SPARSE|SOLVER)_CHECK)",
        "torch owns the library's handle, its workspace and its modes",
        "at::cuda::getCurrentCUDASparseHandle",
    ),
    (
        "bridge",
        r"(?:.*::)?\w*CachingAllocator\w*(?:::.*)?",
        "it asks torch's caching allocator for more than memory",
        "c10::cuda::CUDACachingAllocator::emptyCache",
    ),
    (
        "bridge",
        r"(?:.*::)?(?:TensorIterator\w*|gpu_kernel\w*|cpu_kernel\w*|Vectorized|vec::.*|multi_tensor_apply)"
        r"(?:::.*)?",
        "torch's own kernel machinery does the work",
        "at::TensorIterator at::vec::Vectorized multi_tensor_apply",
    ),
    (
        "bridge",
        r"(?:torch::)?(?:autograd::.*|Variable)|.*AutogradContext.*|.*AutoDispatch.*|.*AutoNonVariable.*",
        "C++ autograd needs libtorch's graph",
        "torch::autograd::Function",
    ),
    (
        "bridge",
        r"(?:.*::)?(?:(?:set_)?requires_grad_?|grad|grad_fn|backward|is_leaf|retain_grad|register_hook)",
        "DLPack has no autograd state: what requires grad stays with torch",
        "x.requires_grad x.grad",
    ),
    (
        "bridge",
        r"(?:.*::)?(?:resize_as_|set_|storage|unsafeGetTensorImpl)",
        "it changes or hands out the tensor's storage, which the host owns",
        "x.set_ x.storage",
    ),
    (
        "bridge",
        r"torch::(?:nn|jit|optim|data|serialize)(?:::.*)?",
        "it is torch's own library, not a tensor",
        "torch::nn::functional::silu torch::jit",
    ),
    (
        "bridge",
        r"(?:c10::)?(?:Dict|List|intrusive_ptr|IValue)",
        "it is an object of torch's, not a tensor",
        "c10::Dict c10::IValue",
    ),
    (
        "bridge",
        r"RECORD_\w+|C10_LOG_\w+",
        "it reports to torch's profiler or log",
        "RECORD_FUNCTION",
    ),
    (
        "manual",
        r"(?:::)?c10d(?:::.*)?|.*ProcessGroup.*",
        "process groups belong to torch.distributed",
        "c10d::ProcessGroup",
    ),
    (
        "manual",
        r"(?:STABLE_)?TORCH_LIBRARY\w*|(?:torch::)?(?:RegisterOperators|Library|CppFunction|dispatch"
        r"|class_|Dispatcher)|TORCH_(?:FN|SELECTIVE_\w+|BOX)|m\.impl",
        "the operator is registered with torch's dispatcher, not with Python",
        "TORCH_LIBRARY torch::RegisterOperators",
    ),
    (
        "manual",
        r"(?:py|pybind11)::(?:class_|init|def_\w+)|py::(?:dynamic_attr|pickle)",
        "a class is no function: tvm-ffi would give Python another kind of object",
        "py::class_",
    ),
    (
        "manual",
        r"(?:py|pybind11)::.+|Py[A-Z]\w+|THP\w+",
        "it touches Python objects, which no other host has",
        "py::object PyObject",
    ),
)

REFUSALS = tuple(
    Refusal(re.compile(pattern), tier, why, tuple(shown.split())) for tier, pattern, why, shown in _TIERS
)

# What every other name of torch's without a row means.
COMPUTE = Refusal(
    re.compile(r".*"),
    "bridge",
    "torch computes it: only metadata, views, allocation, fills and copies work without libtorch",
    (),
)
