"""Element types as C++ and torch spell them, and the lists that torch's dispatch macros stand for."""

from __future__ import annotations

import re
from typing import Optional

_BY_NAME = {
    "Half": "float16", "Float16": "float16", "Float": "float32", "Float32": "float32",
    "Double": "float64", "Float64": "float64", "BFloat16": "bfloat16", "Int": "int32", "Int32": "int32",
    "Long": "int64", "Int64": "int64", "Short": "int16", "Int16": "int16", "Char": "int8",
    "Int8": "int8", "Byte": "uint8", "UInt8": "uint8", "Bool": "bool",
    "Float8_e4m3fn": "float8_e4m3fn", "Float8_e5m2": "float8_e5m2", "ComplexFloat": "complex64",
    "ComplexDouble": "complex128", "UInt16": "uint16", "UInt32": "uint32", "UInt64": "uint64",
}  # fmt: skip
_BY_TYPE = {
    "float": "float32", "double": "float64", "Half": "float16", "half": "float16", "__half": "float16",
    "BFloat16": "bfloat16", "bfloat16": "bfloat16", "__nv_bfloat16": "bfloat16", "int8_t": "int8",
    "char": "int8", "uint8_t": "uint8", "int16_t": "int16", "short": "int16", "int32_t": "int32",
    "int": "int32", "int64_t": "int64", "long": "int64", "longlong": "int64", "unsignedchar": "uint8",
    "bool": "bool", "Float8_e4m3fn": "float8_e4m3fn", "Float8_e5m2": "float8_e5m2",
    "signedchar": "int8", "uint16_t": "uint16", "uint32_t": "uint32", "uint64_t": "uint64",
}  # fmt: skip
_FLOATING = ("float32", "float64")
_INTEGRAL = ("uint8", "int8", "int32", "int64", "int16")
_COMPLEX = ("complex64", "complex128")
_KINDS = {
    "FLOATING_TYPES_AND_HALF": (*_FLOATING, "float16"),
    "FLOATING_AND_COMPLEX_TYPES": (*_FLOATING, *_COMPLEX),
    "REDUCED_FLOATING_TYPES": ("float16", "bfloat16"),
    "FLOATING_TYPES": _FLOATING,
    "INTEGRAL_TYPES_V2": (*_INTEGRAL, "uint16", "uint32", "uint64"),
    "INTEGRAL_TYPES": _INTEGRAL,
    "COMPLEX_TYPES": _COMPLEX,
    "ALL_TYPES_AND_COMPLEX": (*_INTEGRAL, *_FLOATING, *_COMPLEX),
    "ALL_TYPES": (*_INTEGRAL, *_FLOATING),
    "INDEX_TYPES": ("int32", "int64"),
    "FLOAT8_TYPES": ("float8_e5m2", "float8_e4m3fn"),
    "BAREBONES_UNSIGNED_TYPES": ("uint16", "uint32", "uint64"),
}
_DISPATCH = re.compile(rf"AT_DISPATCH_(?:CASE_)?({'|'.join(_KINDS)})(_AND(\d*))?")


def named_dtype(name: str) -> Optional[str]:
    """``at::kHalf``, ``torch::ScalarType::Half`` and ``c10::kFloat16`` -> ``float16``."""
    scope, _, last = name.rpartition("::")
    if last.startswith("k"):
        return _BY_NAME.get(last[1:])
    return _BY_NAME.get(last) if scope.endswith("ScalarType") else None


def element_dtype(type_: str) -> Optional[str]:
    """``at::Half`` and ``const float`` -> the type of elements they are."""
    words = re.sub(r"^const(?=[A-Za-z_])|\bconst\b|[*&\s]", "", type_)
    return _BY_TYPE.get(words) or _BY_TYPE.get(words.rpartition("::")[2])


def dispatch_list(macro: str) -> Optional[tuple[tuple[str, ...], int]]:
    """The types of ``AT_DISPATCH_FLOATING_TYPES_AND2``, and how many arguments name more."""
    match = _DISPATCH.fullmatch(macro)
    if match is None:
        return None
    more = int(match.group(3) or 1) if match.group(2) else 0
    return _KINDS[match.group(1)], more


def type_list(macro: str) -> tuple[str, ...]:
    """``AT_FLOATING_TYPES``, as ``AT_DISPATCH_V2`` takes them."""
    return _KINDS.get(macro[3:], ())
