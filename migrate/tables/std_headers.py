"""Standard and runtime headers that torch's headers used to bring along, by the name that needs them."""

from __future__ import annotations

_ROWS = """
algorithm: all_of any_of copy count fill find find_if for_each max max_element min min_element none_of reverse sort stable_sort transform unique lower_bound upper_bound clamp nth_element partial_sort
array: array
atomic: atomic
chrono: chrono
cmath: ceil exp fabs floor fma isfinite isinf isnan lround pow round sqrt tanh log log2 fmod
complex: complex
cstddef: nullptr_t ptrdiff_t
cstdint: int16_t int32_t int64_t int8_t uint16_t uint32_t uint64_t uint8_t uintptr_t
cstdio: printf fprintf
cstdlib: abort exit free getenv malloc
cstring: memcpy memset strcmp strlen
deque: deque
functional: function greater hash less multiplies plus
initializer_list: initializer_list
iomanip: setprecision setw
iostream: cerr cout endl
iterator: back_inserter begin end distance
limits: numeric_limits
map: map
memory: make_shared make_unique shared_ptr unique_ptr
mutex: call_once lock_guard mutex once_flag unique_lock
numeric: accumulate inner_product iota partial_sum
optional: make_optional nullopt optional
ostream: ostream
queue: queue priority_queue
random: mt19937 uniform_real_distribution
set: set
sstream: istringstream ostringstream stringstream
stdexcept: domain_error invalid_argument length_error logic_error out_of_range overflow_error range_error runtime_error
string: string stod stof stoi stol to_string
string_view: string_view
thread: thread
tuple: get make_tuple tie tuple
type_traits: conditional conditional_t decay_t enable_if enable_if_t integral_constant is_floating_point is_integral is_same is_same_v
unordered_map: unordered_map
unordered_set: unordered_set
utility: exchange forward index_sequence make_index_sequence make_pair move pair swap
variant: get_if holds_alternative variant visit
vector: vector
"""

# `std::NAME` -> `<header>`.
STD_NAMES: dict[str, str] = {
    name: f"<{row.split(':', 1)[0].strip()}>"
    for row in _ROWS.strip().splitlines()
    for name in row.split(":", 1)[1].split()
}

# Unqualified C names -> `<header>`.
C_NAMES: dict[str, str] = {
    **dict.fromkeys(
        "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t".split(),
        "<cstdint>",
    ),
    **dict.fromkeys("memset memcpy memmove strcmp strlen".split(), "<cstring>"),
    **dict.fromkeys("printf fprintf snprintf".split(), "<cstdio>"),
    **dict.fromkeys("getenv malloc free abort exit".split(), "<cstdlib>"),
    **dict.fromkeys(
        "expf exp logf sqrtf fabsf fmaxf fminf tanhf INFINITY NAN ceilf floorf powf M_PI".split(),
        "<cmath>",
    ),
    "assert": "<cassert>",
    "FLT_MAX": "<cfloat>",
    "FLT_MIN": "<cfloat>",
    "INT_MAX": "<climits>",
}

# Prefix of a runtime name -> header, per backend. The longest prefix wins.
RUNTIME_PREFIXES: dict[str, tuple[tuple[str, str], ...]] = {
    "cuda": (
        ("cublasLt", "<cublasLt.h>"),
        ("cublas", "<cublas_v2.h>"),
        ("curand", "<curand_kernel.h>"),
        ("__nv_bfloat16", "<cuda_bf16.h>"),
        ("nv_bfloat16", "<cuda_bf16.h>"),
        ("__nv_fp8", "<cuda_fp8.h>"),
        ("__half", "<cuda_fp16.h>"),
        ("half2", "<cuda_fp16.h>"),
        ("cuda", "<cuda_runtime.h>"),
    ),
    "hip": (
        ("hipblas", "<hipblas/hipblas.h>"),
        ("__hip_bfloat16", "<hip/hip_bf16.h>"),
        ("__half", "<hip/hip_fp16.h>"),
        ("half2", "<hip/hip_fp16.h>"),
        ("hip", "<hip/hip_runtime.h>"),
    ),
    "cpu": (),
}
