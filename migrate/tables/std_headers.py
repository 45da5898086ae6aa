"""Standard and runtime headers that torch's headers brought along, by the name that needs them."""

from __future__ import annotations

import re

_ROWS = """
algorithm: adjacent_find all_of any_of binary_search clamp copy copy_backward copy_if copy_n count
algorithm: count_if equal equal_range fill fill_n find find_end find_first_of find_if find_if_not
algorithm: for_each for_each_n generate generate_n includes inplace_merge is_heap is_partitioned
algorithm: is_permutation is_sorted is_sorted_until iter_swap lexicographical_compare lower_bound
algorithm: make_heap max max_element merge min min_element minmax minmax_element mismatch move_backward
algorithm: next_permutation none_of nth_element partial_sort partial_sort_copy partition partition_copy
algorithm: partition_point pop_heap prev_permutation push_heap random_shuffle remove remove_copy
algorithm: remove_copy_if remove_if replace replace_if reverse reverse_copy rotate rotate_copy sample
algorithm: search search_n set_difference set_intersection set_symmetric_difference set_union shuffle
algorithm: sort sort_heap stable_partition stable_sort swap_ranges transform unique unique_copy
algorithm: upper_bound
any: any any_cast
array: array to_array
atomic: atomic atomic_bool atomic_flag atomic_int atomic_thread_fence memory_order memory_order_acq_rel
atomic: memory_order_acquire memory_order_relaxed memory_order_release memory_order_seq_cst
bit: bit_cast countl_zero countr_zero has_single_bit popcount
bitset: bitset
cctype: isalnum isalpha isdigit islower isspace isupper tolower toupper
chrono: chrono duration duration_cast high_resolution_clock microseconds milliseconds nanoseconds
chrono: seconds steady_clock system_clock time_point
cmath: abs acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1
cmath: fabs fdim floor fma fmax fmin fmod fpclassify frexp hypot ilogb isfinite isinf isnan isnormal
cmath: ldexp lgamma llround log log10 log1p log2 log2f logb lrint lround modf nearbyint nextafter pow
cmath: remainder remquo rint round rsqrt scalbn signbit sin sinh sqrt tan tanh tgamma trunc
codecvt: codecvt_utf8
complex: complex conj imag norm polar proj real
condition_variable: condition_variable condition_variable_any cv_status
cstddef: byte max_align_t nullptr_t ptrdiff_t size_t
cstdint: int16_t int32_t int64_t int8_t int_fast32_t intmax_t intptr_t uint16_t uint32_t uint64_t
cstdint: uint8_t uint_fast32_t uintmax_t uintptr_t
cstdio: FILE fclose fflush fgets fopen fprintf fputs fread fwrite getchar perror printf putchar puts
cstdio: rename snprintf sprintf sscanf vfprintf vsnprintf
cstdlib: _Exit abort aligned_alloc at_quick_exit atexit atof atoi atol atoll calloc exit free getenv
cstdlib: llabs malloc qsort quick_exit rand realloc srand strtod strtof strtol strtoll strtoul strtoull
cstdlib: system
cstring: memchr memcmp memcpy memmove memset strcat strchr strcmp strcpy strerror strlen strncat strncmp
cstring: strncpy strrchr strstr strtok
ctime: clock clock_t ctime difftime gmtime localtime mktime strftime time time_t
deque: deque
exception: current_exception exception exception_ptr make_exception_ptr nested_exception
exception: rethrow_exception set_terminate terminate throw_with_nested uncaught_exceptions
filesystem: filesystem
fstream: basic_ifstream filebuf fstream ifstream ofstream
functional: bind bit_and bit_or bit_xor cref divides equal_to function greater greater_equal hash invoke
functional: less less_equal logical_and logical_not logical_or mem_fn minus modulus multiplies negate
functional: not_equal_to placeholders plus ref reference_wrapper
future: async future future_status launch packaged_task promise shared_future
initializer_list: initializer_list
iomanip: get_time put_time quoted setbase setfill setprecision setw
ios: ios ios_base
ios: streamsize
iostream: cerr cin clog cout endl
istream: istream ws
iterator: advance back_insert_iterator back_inserter begin bidirectional_iterator_tag cbegin cend
iterator: crbegin crend data distance empty end forward_iterator_tag front_inserter inserter
iterator: istream_iterator istreambuf_iterator iterator_traits make_move_iterator make_reverse_iterator
iterator: move_iterator next ostream_iterator prev random_access_iterator_tag rbegin rend
iterator: reverse_iterator size
limits: float_round_style numeric_limits
list: list
map: map multimap
memory: addressof align allocator allocator_traits bad_weak_ptr const_pointer_cast default_delete
memory: destroy destroy_at dynamic_pointer_cast enable_shared_from_this make_shared make_unique
memory: make_unique_for_overwrite pointer_traits reinterpret_pointer_cast shared_ptr static_pointer_cast
memory: uninitialized_copy uninitialized_fill unique_ptr weak_ptr
mutex: adopt_lock call_once defer_lock lock lock_guard mutex once_flag recursive_mutex scoped_lock
mutex: timed_mutex try_to_lock unique_lock
new: align_val_t bad_alloc bad_array_new_length hardware_destructive_interference_size launder nothrow
new: nothrow_t set_new_handler
numbers: numbers
numeric: accumulate adjacent_difference exclusive_scan gcd inclusive_scan inner_product iota lcm
numeric: midpoint partial_sum reduce transform_reduce
optional: bad_optional_access in_place make_optional nullopt nullopt_t optional
ostream: boolalpha dec defaultfloat ends fixed flush hex hexfloat noboolalpha oct ostream scientific
ostream: showpoint
queue: priority_queue queue
random: bernoulli_distribution default_random_engine discrete_distribution exponential_distribution
random: linear_congruential_engine minstd_rand mt19937 mt19937_64 normal_distribution
random: poisson_distribution random_device uniform_int_distribution uniform_real_distribution
ratio: micro milli nano ratio
regex: regex regex_match regex_replace regex_search smatch
set: multiset set
shared_mutex: shared_lock shared_mutex shared_timed_mutex
span: span
sstream: basic_ostringstream istringstream ostringstream stringbuf stringstream
stack: stack
stdexcept: domain_error invalid_argument length_error logic_error out_of_range overflow_error
stdexcept: range_error runtime_error underflow_error
streambuf: streambuf
string: basic_string char_traits getline stod stof stoi stol stold stoll stoul stoull string to_string
string: u16string u32string wstring
string_view: basic_string_view string_view
system_error: errc error_code generic_category system_category system_error
thread: this_thread thread
tuple: apply forward_as_tuple get ignore make_from_tuple make_tuple tie tuple tuple_cat tuple_element_t
tuple: tuple_size
type_traits: add_const_t add_lvalue_reference_t add_pointer_t aligned_storage_t alignment_of
type_traits: bool_constant common_type common_type_t conditional conditional_t conjunction conjunction_v
type_traits: decay decay_t disjunction disjunction_v enable_if enable_if_t extent false_type
type_traits: has_unique_object_representations integral_constant invoke_result invoke_result_t
type_traits: is_abstract is_arithmetic is_arithmetic_v is_array is_assignable is_base_of is_base_of_v
type_traits: is_class is_class_v is_const is_const_v is_constant_evaluated is_constructible
type_traits: is_constructible_v is_convertible is_convertible_v is_copy_constructible
type_traits: is_default_constructible is_empty is_empty_v is_enum is_enum_v is_floating_point
type_traits: is_floating_point_v is_function is_integral is_integral_v is_invocable is_invocable_r
type_traits: is_invocable_r_v is_invocable_v is_lvalue_reference is_lvalue_reference_v
type_traits: is_move_constructible is_nothrow_move_constructible is_pod is_pointer is_pointer_v
type_traits: is_reference is_reference_v is_rvalue_reference is_same is_same_v is_scalar is_signed
type_traits: is_signed_v is_standard_layout is_trivial is_trivially_copyable is_trivially_copyable_v
type_traits: is_trivially_destructible is_union is_unsigned is_unsigned_v is_void is_void_v make_signed
type_traits: make_signed_t make_unsigned make_unsigned_t negation negation_v rank remove_all_extents
type_traits: remove_all_extents_t remove_const remove_const_t remove_cv remove_cv_t remove_cvref
type_traits: remove_cvref_t remove_extent remove_pointer remove_pointer_t remove_reference
type_traits: remove_reference_t result_of result_of_t true_type type_identity type_identity_t
type_traits: underlying_type underlying_type_t void_t
typeindex: type_index
typeinfo: bad_cast type_info
unordered_map: unordered_map unordered_multimap
unordered_set: unordered_multiset unordered_set
utility: as_const cmp_equal cmp_less declval exchange forward index_sequence index_sequence_for
utility: integer_sequence make_index_sequence make_integer_sequence make_pair move move_if_noexcept pair
utility: piecewise_construct swap to_underlying tuple_element
valarray: valarray
variant: bad_variant_access get_if holds_alternative in_place_index in_place_type monostate variant
variant: variant_alternative_t variant_size variant_size_v visit
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
    **dict.fromkeys(
        "memset memcpy memmove memcmp memchr strcmp strncmp strlen strcpy strncpy strcat strncat strchr "
        "strrchr strstr strtok strerror".split(),
        "<cstring>",
    ),
    **dict.fromkeys(
        "printf fprintf snprintf sprintf vsnprintf sscanf puts fputs fflush fopen fclose fread fwrite FILE "
        "stdout stderr".split(),
        "<cstdio>",
    ),
    **dict.fromkeys(
        "getenv setenv malloc calloc realloc free abort exit atoi atol atof strtol strtoul strtoll strtod "
        "strtof rand srand qsort EXIT_FAILURE EXIT_SUCCESS".split(),
        "<cstdlib>",
    ),
    **dict.fromkeys(
        "expf exp logf sqrtf fabsf fmaxf fminf tanhf INFINITY NAN ceilf floorf powf M_PI".split(),
        "<cmath>",
    ),
    "assert": "<cassert>",
    "errno": "<cerrno>",
    **dict.fromkeys("FLT_MAX FLT_MIN FLT_EPSILON DBL_MAX DBL_MIN DBL_EPSILON".split(), "<cfloat>"),
    **dict.fromkeys(
        "CHAR_BIT CHAR_MAX SHRT_MAX INT_MAX INT_MIN UINT_MAX LONG_MAX LONG_MIN ULONG_MAX LLONG_MAX LLONG_MIN "
        "ULLONG_MAX".split(),
        "<climits>",
    ),
}

# Members of carried types that return a std::string, which their headers only declare.
STRING_MEMBERS = frozenset({"str", "toString", "name"})
STRING_FUNCTIONS = frozenset({"DeviceTypeName"})

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
