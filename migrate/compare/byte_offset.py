"""Tensors that DLPack describes as torch after 2.13 does: a base pointer and a byte offset.

The offset is made up: the pointer is moved back by as much. Whoever forgets to add it reads and
writes before the tensor's first byte.
"""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import cache
from typing import Any, Optional

import torch

from migrate.compare.materialise import Arguments

_OFFSET = 64
# Places in DLManagedTensorVersioned: version, context, deleter and flags precede the DLTensor.
_DATA, _BYTE_OFFSET = 32, 72
_NAME = b"dlpack_exchange_api"


class _Api(ctypes.Structure):
    """DLPack's ``DLPackExchangeAPI``."""

    _fields_ = (
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        *((name, ctypes.c_void_p) for name in "previous allocate export adopt borrow stream".split()),
    )


_Export = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(ctypes.c_void_p))


def with_byte_offset(arguments: Arguments) -> Arguments:
    """The same arguments, their tensors of a class whose DLPack export has an offset."""
    kind = _offset_class()
    if kind is None:
        return arguments
    positional = [_changed(thing, kind) for thing in arguments.positional]
    keywords = {name: _changed(thing, kind) for name, thing in arguments.keywords.items()}
    return replace(arguments, positional=positional, keywords=keywords)


def offset_tensor(thing: Any) -> Any:
    """``thing``, where it is a tensor, of the class whose export has an offset."""
    kind = _offset_class()
    return thing if kind is None else _changed(thing, kind)


def _changed(thing: Any, kind: type) -> Any:
    if isinstance(thing, torch.Tensor) and thing.layout == torch.strided:
        return thing.as_subclass(kind)
    if isinstance(thing, (list, tuple)):
        return type(thing)(_changed(item, kind) for item in thing)
    if isinstance(thing, dict):
        return {key: _changed(item, kind) for key, item in thing.items()}
    return thing


@cache
def _offset_class() -> Optional[type]:
    """None where this torch has no such export to change."""
    capsule = vars(torch.Tensor).get("__dlpack_c_exchange_api__")
    if capsule is None:
        return None
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    original = _Api.from_address(pointer(capsule, _NAME))
    if original.major != 1:
        return None
    export = _Export(original.export)

    def moved(tensor: Any, out: Any) -> int:
        status: int = export(tensor, out)
        if status == 0:
            data = ctypes.c_uint64.from_address(out[0] + _DATA)
            if data.value:
                data.value -= _OFFSET
                ctypes.c_uint64.from_address(out[0] + _BYTE_OFFSET).value += _OFFSET
        return status

    callback = _Export(moved)
    api = _Api.from_buffer_copy(original)
    api.export = ctypes.cast(callback, ctypes.c_void_p).value
    api.borrow = None  # it would describe the tensor without the offset
    make = ctypes.pythonapi.PyCapsule_New
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    members = {
        "__module__": "torch",
        "__dlpack_c_exchange_api__": make(ctypes.addressof(api), _NAME, None),
        "_kept": (api, callback, export),  # for as long as the capsule points to them
    }
    # By its name it is torch's own class: results of it must compare as such.
    return type("Tensor", (torch.Tensor,), members)
