"""Headers whose names the parser's sysroot declares in full. Any other header outside the tree may
declare names that nobody here knows."""

from __future__ import annotations

import re

# Of the C library, with or without `.h`, and POSIX.
_C = """
assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time uchar wchar wctype
dlfcn fcntl unistd malloc memory strings sys/types
"""
_CPP = """
algorithm any array atomic barrier bit bitset charconv chrono codecvt compare concepts
condition_variable coroutine deque exception execution filesystem format forward_list fstream functional
future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex
scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept stop_token
streambuf string string_view strstream syncstream system_error thread tuple type_traits typeindex
typeinfo unordered_map unordered_set utility valarray variant vector version
"""
_RUNTIME = """
cuda.h cuda_runtime.h cuda_runtime_api.h cuda_fp16.h cuda_fp16.hpp cuda_bf16.h cuda_fp8.h
cuda_device_runtime_api.h device_launch_parameters.h device_functions.h device_types.h driver_types.h
host_defines.h builtin_types.h vector_types.h vector_functions.h math_constants.h math_functions.h
sm_20_intrinsics.h sm_30_intrinsics.h library_types.h hip/hip_runtime.h hip/hip_runtime_api.h
hip/hip_fp16.h hip/hip_bf16.h hip/hip_bfloat16.h hip/hip_fp8.h hip/hip_version.h hip/hip_vector_types.h
hip/hip_common.h Python.h
"""
_NAMES = frozenset(
    [*_CPP.split(), *_RUNTIME.split(), *(form for name in _C.split() for form in (f"{name}.h", f"c{name}"))]
)
_FOLDERS = re.compile(r"(?:torch|ATen|c10|caffe2|pybind11|THC|TH|bits|ext)/")


def is_declared(spelling: str) -> bool:
    """Whether a header that is spelled so in an ``#include`` holds nothing the sysroot lacks.

    >>> is_declared("torch/extension.h"), is_declared("cstdint"), is_declared("cudnn.h")
    (True, True, False)
    """
    return spelling in _NAMES or _FOLDERS.match(spelling) is not None
