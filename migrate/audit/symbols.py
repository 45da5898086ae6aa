"""Whose symbol is it? Rows that tell Python's, torch's and tvm-ffi's names apart."""

from __future__ import annotations

import re
from typing import Optional

from migrate.model.binaries import Binary

# A mangled name's own namespace: `_ZNK3c10...`, and vtables and type information, `_ZTIN3c10...`.
_NESTED = r"_Z(?:T[VTISC]|GV|Th?n?\d*_)?N[KVrRO]*"
_OWNERS: dict[str, re.Pattern[str]] = {
    "python": re.compile(r"_?Py[A-Z_]"),
    "torch": re.compile(rf"{_NESTED}(?:3c10|2at|5torch|6caffe2)\d|aoti_torch_|torch_\w|THP"),
    "tvm_ffi": re.compile(rf"{_NESTED}3tvm3ffi|TVMFFI"),
}
_NEEDED: dict[str, re.Pattern[str]] = {
    "python": re.compile(r"libpython\d"),
    "torch": re.compile(r"lib(?:torch|c10|caffe2)\w*(?:-\w+)?\.so"),
    "tvm_ffi": re.compile(r"libtvm_ffi(?:-\w+)?\.so"),
}
_OPERATOR = "__tvm_ffi_"
_INTERNAL = ("_metadata_", "_doc_", "_library_", "__ffi_port_")
RUNTIME = re.compile(r"libtvm_ffi(?!_testing)[^/]*\.so[^/]*")


def undefined(binary: Binary, owner: str) -> tuple[str, ...]:
    return tuple(name for name in binary.undefined if _OWNERS[owner].match(name))


def needed(binary: Binary, owner: str) -> tuple[str, ...]:
    return tuple(name for name in binary.needed if _NEEDED[owner].match(name))


def operators(binary: Binary) -> tuple[str, ...]:
    """Names under which tvm-ffi finds the operators of a library."""
    names = (name[len(_OPERATOR) :] for name in binary.defined if name.startswith(_OPERATOR))
    return tuple(name for name in names if not name.startswith(_INTERNAL))


def is_runtime(binary: Binary) -> bool:
    """Whether it is a copy of libtvm_ffi itself, whatever it is called now."""
    name = binary.path.rpartition("/")[2]
    return RUNTIME.fullmatch(name) is not None or "TVMFFIFunctionCall" in binary.defined


def uses_runtime(binary: Binary) -> bool:
    return bool(needed(binary, "tvm_ffi") or undefined(binary, "tvm_ffi")) and not is_runtime(binary)


def registers_with_dispatcher(binary: Binary) -> bool:
    return any(name.startswith(("_ZN5torch7Library", "torch_library_")) for name in binary.undefined)


def lowest_glibc(binary: Binary) -> Optional[tuple[int, ...]]:
    found = [re.fullmatch(r"GLIBC_(\d+(?:\.\d+)+)", name) for name in binary.versions]
    versions = [tuple(int(part) for part in match.group(1).split(".")) for match in found if match]
    if "GLIBC_ABI_DT_RELR" in binary.versions:
        versions.append((2, 36))
    return max(versions, default=None)
