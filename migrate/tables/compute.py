"""Operations of torch that only a framework computes: migrated code asks its host for them.

Per name the most arguments, the tensor itself aside, that ``ffi_port/compute_methods.h`` and
``ffi_port/compute.h`` take: another form of the same operation keeps its operator on libtorch.
"""

from __future__ import annotations

from migrate.tables.row import Row

_ALONE = (
    "abs bitwise_not ceil cos erf exp exp2 expm1 floor frac isfinite isinf isnan log log10 log1p log2 "
    "logical_not neg nonzero reciprocal relu round rsqrt sigmoid sign sin sqrt square tanh trunc"
)
_BY_ONE = (
    "add sub mul div true_divide floor_divide remainder fmod pow eq ne lt le gt ge bitwise_and bitwise_or "
    "bitwise_xor bitwise_left_shift bitwise_right_shift clamp_min clamp_max minimum maximum logical_and "
    "logical_or matmul mm bmm masked_select repeat flip"
)
_IN_PLACE_BY_ONE = "floor_divide_ remainder_ pow_ bitwise_and_ bitwise_or_ clamp_min_ clamp_max_"
_BY_TWO = (
    "clamp all any amax amin argmax argmin max min sort argsort cumsum cumprod index_select gather "
    "masked_fill masked_fill_"
)
_BY_THREE = "sum mean prod scatter_ scatter_add_ index_add_"

METHODS: dict[str, int] = {
    **dict.fromkeys(_ALONE.split(), 0),
    **dict.fromkeys(_BY_ONE.split(), 1),
    **dict.fromkeys(_IN_PLACE_BY_ONE.split(), 1),
    **dict.fromkeys(_BY_TWO.split(), 2),
    **dict.fromkeys(_BY_THREE.split(), 3),
    "topk": 4,
}

# As functions, what they are given counted whole.
_FUNCTIONS = (
    "abs add all any argmax argmin argsort bmm ceil clamp clamp_max clamp_min cos cumprod cumsum div eq exp "
    "floor floor_divide gather ge gt index_select isfinite isinf isnan le log log2 lt masked_select matmul "
    "max maximum mean min minimum mm mul ne neg nonzero pow prod relu round rsqrt sigmoid sin sort sqrt sub "
    "sum tanh topk"
)
FUNCTIONS: dict[str, int] = {
    **{name: METHODS[name] + 1 for name in _FUNCTIONS.split()},
    **{"where": 3, "cat": 2, "stack": 2, "addmm": 5, "_unique": 3},
    **{"mm_out": 3, "bmm_out": 3, "matmul_out": 3, "addmm_out": 6, "sum_out": 5, "mean_out": 5},
    **{"cumsum_out": 4, "index_select_out": 4, "randperm": 2, "rand": 2},
}

# Of torch::nn::functional.
NN_NAMESPACE = "torch::nn::functional"
NN_FUNCTIONS: dict[str, int] = {"pad": 2}

OPERATORS = frozenset(
    "operator+ operator- operator* operator/ operator== operator!= operator< operator<= operator> operator>= "
    "operator& operator| operator~".split()
)

COMPUTE_NAMES: dict[str, Row] = {name: Row(f"ffi_port::{name}", "ffi_port/compute.h") for name in FUNCTIONS}
COMPUTE_NAMES.update(
    {
        f"nn::functional::{name}": Row(f"ffi_port::functional::{name}", "ffi_port/compute.h")
        for name in (*NN_FUNCTIONS, "PadFuncOptions")
    }
)
