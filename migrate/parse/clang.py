"""libclang with names: the only file that imports ``clang.cindex``.

The rest of the room sees cursors through the functions here. Kinds are compared by raw id, since
``Cursor.kind`` raises on kinds newer than the bindings; walks use an explicit stack, since a
RecursionError inside libclang's visitor callback is swallowed and drops children without a word.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

from clang import cindex

Cursor = Any
Type = Any

_BASE_FLAGS = (
    "-std=c++20 -ferror-limit=0 -fno-spell-checking -w -nostdinc -nostdinc++ -nobuiltininc"
).split()
_CUDA_FLAGS = (
    "-x cuda --cuda-host-only -nocudainc -nocudalib -nogpuinc -D__CUDACC__ -D__NVCC__ "
    "-D__CUDACC_VER_MAJOR__=12 -D__CUDACC_VER_MINOR__=4"
).split()
_HIP_FLAGS = (
    "-x hip --cuda-host-only -nogpuinc -nogpulib -D__HIPCC__ -D__HIP_PLATFORM_AMD__ -DUSE_ROCM"
).split()
BACKEND_FLAGS = {"cuda": _CUDA_FLAGS, "hip": _HIP_FLAGS, "cpu": _CUDA_FLAGS}

_KIND_NAMES = {kind.value: kind.name for kind in cindex.CursorKind.get_all_kinds()}
_KIND_NAMES[155] = "CXX_PAREN_LIST_INIT_EXPR"
KIND_ID = {name: value for value, name in _KIND_NAMES.items()}

_lib = cindex.conf.lib
_lib.clang_Cursor_Evaluate.argtypes = [cindex.Cursor]
_lib.clang_Cursor_Evaluate.restype = ctypes.c_void_p
_lib.clang_EvalResult_getKind.argtypes = [ctypes.c_void_p]
_lib.clang_EvalResult_getKind.restype = ctypes.c_int
_lib.clang_EvalResult_getAsLongLong.argtypes = [ctypes.c_void_p]
_lib.clang_EvalResult_getAsLongLong.restype = ctypes.c_longlong
_lib.clang_EvalResult_getAsDouble.argtypes = [ctypes.c_void_p]
_lib.clang_EvalResult_getAsDouble.restype = ctypes.c_double
_lib.clang_EvalResult_getAsStr.argtypes = [ctypes.c_void_p]
_lib.clang_EvalResult_getAsStr.restype = ctypes.c_char_p
_lib.clang_EvalResult_dispose.argtypes = [ctypes.c_void_p]
_file_location = ctypes.CDLL(_lib._name).clang_getFileLocation
_file_location.argtypes = [
    cindex.SourceLocation,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
]


class ParserCrash(Exception):
    """libclang gave no translation unit for a file."""


@dataclass(frozen=True)
class Problem:
    """An error of the parser. ``offset`` is where the tokens stand in ``file``."""

    file: str
    offset: int
    line: int
    column: int
    message: str


def open_unit(
    path: Path, text: Optional[bytes], backend: str, flags: Sequence[str], prelude: Path
) -> Any:
    """Parse ``path`` (or ``text`` in its place) with the sysroot's ``prelude`` included first."""
    arguments = [*BACKEND_FLAGS[backend], *_BASE_FLAGS, "-include", str(prelude), *flags]
    unsaved = None if text is None else [(str(path), text)]
    options = 0
    try:
        return cindex.Index.create().parse(str(path), arguments, unsaved, options)
    except cindex.TranslationUnitLoadError as error:
        raise ParserCrash(str(path)) from error


def problems(unit: Any) -> Iterator[Problem]:
    """Errors (not warnings), at file locations."""
    for diagnostic in unit.diagnostics:
        if diagnostic.severity >= cindex.Diagnostic.Error:
            file, line, column, offset = place(diagnostic.location)
            yield Problem(file, offset, line, column, diagnostic.spelling)


def place(location: Any) -> tuple[str, int, int, int]:
    """File, line, column and offset of a location; macro arguments keep their own place, tokens
    of a macro body get the place of the macro's use."""
    file, line = ctypes.c_void_p(), ctypes.c_uint()
    column, offset = ctypes.c_uint(), ctypes.c_uint()
    _file_location(location, file, line, column, offset)
    if not file.value:
        return "", 0, 0, 0
    return _file_name(file.value), line.value, column.value, offset.value


_names: dict[int, str] = {}


def _file_name(handle: int) -> str:
    # A handle lives as long as its unit; `forget` clears the cache between units.
    name = _names.get(handle)
    if name is None:
        name = _names[handle] = str(_lib.clang_getFileName(ctypes.c_void_p(handle)))
    return name


_lib.clang_getFileName.argtypes = [ctypes.c_void_p]


def forget() -> None:
    """Drop what was cached for the last unit."""
    _names.clear()


def offset_of(location: Any) -> int:
    return place(location)[3]


def start_of(cursor: Cursor) -> tuple[str, int]:
    """File and offset of the cursor's first token."""
    file, _, _, offset = place(cursor.extent.start)
    return file, offset


def extent(cursor: Cursor) -> tuple[int, int]:
    """Offsets of the first and one past the last token, in the cursor's file."""
    span = cursor.extent
    return place(span.start)[3], place(span.end)[3]


def kind_name(cursor: Cursor) -> str:
    return _KIND_NAMES.get(cursor._kind_id, f"KIND_{cursor._kind_id}")


def children(cursor: Cursor) -> list[Cursor]:
    return list(cursor.get_children())


def walk(cursor: Cursor) -> Iterator[Cursor]:
    """The cursor and everything below it, in source order, without recursion."""
    stack = [cursor]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def template_of(cursor: Cursor) -> Cursor:
    """The template a specialisation was made from, or the cursor itself."""
    origin = _lib.clang_getSpecializedCursorTemplate(cursor)
    return origin if origin is not None and origin._kind_id not in (0, 70, 71) else cursor


def qualified_name(cursor: Cursor) -> str:
    """``ns::Class::name``; inline and anonymous namespaces are left out."""
    parts: list[str] = []
    while cursor is not None and kind_name(cursor) != "TRANSLATION_UNIT":
        spelling = str(cursor.spelling)
        if spelling and not spelling.startswith("(anonymous"):
            parts.append(spelling)
        cursor = cursor.semantic_parent
    return "::".join(reversed(parts))


def in_anonymous_namespace(cursor: Cursor) -> bool:
    parent = cursor.semantic_parent
    while parent is not None and kind_name(parent) != "TRANSLATION_UNIT":
        if kind_name(parent) == "NAMESPACE" and not parent.spelling:
            return True
        parent = parent.semantic_parent
    return False


def is_internal(cursor: Cursor) -> bool:
    """True for internal linkage: ``static`` or in an anonymous namespace."""
    return cursor.linkage == cindex.LinkageKind.INTERNAL or in_anonymous_namespace(cursor)


def _string_value(spelling: str) -> Optional[str]:
    """The text of a literal that libclang spells with quotes and C escapes, bytes as octal."""
    quote = spelling.find('"')
    if quote < 0 or not spelling.endswith('"'):
        return None
    raw = spelling[quote + 1 : -1].encode("utf-8").decode("latin-1")
    return raw.encode("latin-1").decode("unicode_escape").encode("latin-1", "replace").decode(
        "utf-8", "replace"
    )


def evaluate(cursor: Cursor) -> object:
    """The value of a constant expression as int, float or str; None when it has none."""
    if kind_name(cursor) == "STRING_LITERAL":
        return _string_value(str(cursor.spelling))
    result = _lib.clang_Cursor_Evaluate(cursor)
    if not result:
        return None
    try:
        kind = _lib.clang_EvalResult_getKind(result)
        if kind == 1:
            return int(_lib.clang_EvalResult_getAsLongLong(result))
        if kind == 2:
            return float(_lib.clang_EvalResult_getAsDouble(result))
        if kind in (3, 4, 5):
            text: Optional[bytes] = _lib.clang_EvalResult_getAsStr(result)
            return None if text is None else text.decode("utf-8", "replace")
        return None
    finally:
        _lib.clang_EvalResult_dispose(result)
