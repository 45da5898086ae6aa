"""Standard and runtime headers that torch's headers brought along, by the name that needs them."""

from __future__ import annotations

import re

_ROWS = """
algorithm: all_of any_of copy copy_n count count_if equal fill fill_n find find_if for_each generate
algorithm: includes max max_element min min_element minmax none_of partial_sort remove_if reverse
algorithm: rotate sort stable_sort transform unique lower_bound upper_bound clamp nth_element
array: array
atomic: atomic
bitset: bitset
chrono: chrono
cmath: abs ceil cos erf exp exp2 fabs floor fma fmax fmin fmod hypot isfinite isinf isnan lround log
cmath: log1p log2 nearbyint pow rint round rsqrt sin sqrt tanh trunc
complex: complex
condition_variable: condition_variable
cstddef: byte nullptr_t ptrdiff_t
cstdint: int16_t int32_t int64_t int8_t uint16_t uint32_t uint64_t uint8_t uintptr_t
cstdio: printf fprintf snprintf
cstdlib: abort exit free getenv malloc
cstring: memcpy memmove memset strcmp strlen
deque: deque
exception: current_exception exception exception_ptr rethrow_exception terminate
filesystem: filesystem
fstream: ifstream ofstream
functional: bind function greater hash less multiplies plus ref reference_wrapper
future: async future
initializer_list: initializer_list
iomanip: setprecision setw
iostream: cerr cout endl
iterator: back_inserter begin end distance
limits: numeric_limits
list: list
map: map multimap
memory: addressof enable_shared_from_this make_shared make_unique shared_ptr unique_ptr weak_ptr
mutex: call_once lock_guard mutex once_flag scoped_lock unique_lock
numeric: accumulate exclusive_scan inner_product iota partial_sum reduce
optional: make_optional nullopt nullopt_t optional
ostream: ostream
queue: queue priority_queue
random: mt19937 uniform_real_distribution
set: multiset set
sstream: istringstream ostringstream stringstream
stack: stack
stdexcept: domain_error invalid_argument length_error logic_error out_of_range overflow_error
stdexcept: range_error runtime_error
string: string stod stof stoi stol to_string
string_view: string_view
thread: thread
tuple: apply forward_as_tuple get make_tuple tie tuple tuple_element_t tuple_size
type_traits: add_const_t bool_constant common_type_t conditional conditional_t decay decay_t
type_traits: enable_if enable_if_t false_type integral_constant is_arithmetic_v is_convertible_v
type_traits: is_floating_point is_floating_point_v is_integral is_integral_v is_same is_same_v
type_traits: remove_const_t remove_cv_t remove_reference_t true_type underlying_type_t void_t
unordered_map: unordered_map
unordered_set: unordered_set
utility: declval exchange forward index_sequence integer_sequence make_index_sequence make_pair move
utility: pair swap
variant: get_if holds_alternative monostate variant visit
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

# Members of carried types that return a std::string, which their headers only declare.
STRING_MEMBERS = frozenset({"str", "toString", "name"})

# Words by which a dispatch names types that no header but their own brings: macros and enumerators.
DISPATCHED_TYPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"k?Complex(?:Half|Float|Double|32|64|128)|FFI_\w*COMPLEX\w*"), "ffi_port/complex.h"),
    (re.compile(r"k?Float(?:8|4)_e\w+|FFI_\w*FLOAT8\w*"), "ffi_port/float8.h"),
)

# Functions of the global namespace that C++'s <stdlib.h> has more overloads of than C's, and its <math.h>.
STDLIB_OVERLOADS = frozenset({"abs", "div"})
MATH_OVERLOADS = STDLIB_OVERLOADS | frozenset(
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim "
    "floor fma fmax fmin fmod fpclassify frexp hypot ilogb isfinite isgreater isgreaterequal isinf isless "
    "islessequal islessgreater isnan isnormal isunordered ldexp lgamma llrint llround log log10 log1p log2 "
    "logb lrint lround modf nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn "
    "signbit sin sinh sqrt tan tanh tgamma trunc".split()
)

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
        ("__float2half", "<cuda_fp16.h>"),
        ("__float2bfloat16", "<cuda_bf16.h>"),
        ("__bfloat162float", "<cuda_bf16.h>"),
        ("half2", "<cuda_fp16.h>"),
        ("cuda", "<cuda_runtime.h>"),
    ),
    "hip": (
        ("hipblas", "<hipblas/hipblas.h>"),
        ("__hip_bfloat16", "<hip/hip_bf16.h>"),
        ("__half", "<hip/hip_fp16.h>"),
        ("__float2half", "<hip/hip_fp16.h>"),
        ("half2", "<hip/hip_fp16.h>"),
        ("hip", "<hip/hip_runtime.h>"),
    ),
    "cpu": (),
}

# Words that are the runtime's types only where a type must stand: `half*`, `<half>`.
RUNTIME_TYPES: dict[str, dict[str, str]] = {
    "cuda": {"half": "<cuda_fp16.h>"},
    "hip": {"half": "<hip/hip_fp16.h>"},
}
