"""libclang with names: the only file that imports ``clang.cindex``.

The rest of the room sees cursors through the functions here. Kinds are compared by raw id, since
``Cursor.kind`` raises on kinds newer than the bindings; walks use an explicit stack, since a
RecursionError inside libclang's visitor callback is swallowed and drops children without a word.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Sequence

from clang import cindex

Cursor = Any
Type = Any

_FOR_SERIALIZATION = 0x10  # cindex has no name for it


class _KindNames(dict[int, str]):
    def __missing__(self, kind: int) -> str:
        return f"KIND_{kind}"


_KIND_NAMES = _KindNames({kind.value: kind.name for kind in cindex.CursorKind.get_all_kinds()})
_KIND_NAMES[155] = "CXX_PAREN_LIST_INIT_EXPR"
_UNIT = cindex.CursorKind.TRANSLATION_UNIT.value
# `(lambda at /home/me/tree/a.cu:3:9)`: where the tree lies is nothing a Model may depend on.
_MACHINE_PATH = re.compile(r" at /[^():]*/(?=[^/():]+:\d)")
_INVALID = range(70, 74)  # kinds of the cursors that stand for "none"


class _Text(ctypes.Structure):
    """A string of libclang's; ``_text`` reads and frees it."""

    _fields_ = (("data", ctypes.c_void_p), ("flags", ctypes.c_uint))


_lib = cindex.conf.lib
# A second handle: the functions of `_lib` convert and check each result in Python, and a tree's
# nodes ask for millions of them.
_raw = ctypes.CDLL(_lib._name)
_Out, _Handle = ctypes.POINTER(ctypes.c_uint), ctypes.POINTER(ctypes.c_void_p)
_Visitor = ctypes.CFUNCTYPE(ctypes.c_int, cindex.Cursor, cindex.Cursor, ctypes.py_object)


CURSOR, LOCATION = cindex.Cursor, cindex.SourceLocation


def declare(name: str, result: Any, *arguments: Any) -> Any:
    """A function of libclang's C interface."""
    function = getattr(_raw, name)
    function.restype, function.argtypes = result, arguments
    return function


_file_location = declare("clang_getFileLocation", None, cindex.SourceLocation, _Handle, _Out, _Out, _Out)
_file_name_of = declare("clang_getFileName", _Text, ctypes.c_void_p)
_c_string = declare("clang_getCString", ctypes.c_char_p, _Text)
_dispose = declare("clang_disposeString", None, _Text)
_spelling_of = declare("clang_getCursorSpelling", _Text, cindex.Cursor)
_CONST_PARAM = re.compile(r"#1(?=[A-Za-z$>*])")
_usr_of = declare("clang_getCursorUSR", _Text, cindex.Cursor)
_type_of = declare("clang_getCursorType", cindex.Type, cindex.Cursor)
_canonical_of = declare("clang_getCanonicalType", cindex.Type, cindex.Type)
_type_spelling = declare("clang_getTypeSpelling", _Text, cindex.Type)
_referenced_by = declare("clang_getCursorReferenced", cindex.Cursor, cindex.Cursor)
_parent_of = declare("clang_getCursorSemanticParent", cindex.Cursor, cindex.Cursor)
_pattern_of = declare("clang_getSpecializedCursorTemplate", cindex.Cursor, cindex.Cursor)
_definition_of = declare("clang_getCursorDefinition", cindex.Cursor, cindex.Cursor)
_linkage_of = declare("clang_getCursorLinkage", ctypes.c_int, cindex.Cursor)
_storage_of = declare("clang_Cursor_getStorageClass", ctypes.c_int, cindex.Cursor)
_location_of = declare("clang_getCursorLocation", cindex.SourceLocation, cindex.Cursor)
_extent_of = declare("clang_getCursorExtent", cindex.SourceRange, cindex.Cursor)
_range_start = declare("clang_getRangeStart", cindex.SourceLocation, cindex.SourceRange)
_range_end = declare("clang_getRangeEnd", cindex.SourceLocation, cindex.SourceRange)
_visit = declare("clang_visitChildren", ctypes.c_uint, cindex.Cursor, _Visitor, ctypes.py_object)


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


def open_unit(path: Path, flags: Sequence[str], texts: Mapping[Path, bytes], instances: bool = True) -> Any:
    """Parse ``path``, with ``texts`` in place of what lies on disk. Declarations of a precompiled header
    are left out; without ``instances`` templates are read as they stand, which saves most of the work."""
    options = 0 if instances else cindex.TranslationUnit.PARSE_INCOMPLETE
    unsaved = [(str(file), text) for file, text in texts.items()]
    try:
        return cindex.Index.create(excludeDecls=True).parse(str(path), list(flags), unsaved, options)
    except cindex.TranslationUnitLoadError as error:
        raise ParserCrash(str(path)) from error


def precompile(header: Path, flags: Sequence[str], target: Path) -> bool:
    """Save ``header`` in the form that ``-include-pch`` takes; False where libclang cannot."""
    options = cindex.TranslationUnit.PARSE_INCOMPLETE | _FOR_SERIALIZATION
    try:
        cindex.Index.create().parse(str(header), list(flags), None, options).save(str(target))
    except (cindex.TranslationUnitLoadError, cindex.TranslationUnitSaveError):
        return False
    return True


def problems(unit: Any) -> Iterator[Problem]:
    """Errors (not warnings), at file locations."""
    for diagnostic in unit.diagnostics:
        if diagnostic.severity >= cindex.Diagnostic.Error:
            file, line, column, offset = place(diagnostic.location)
            yield Problem(file, offset, line, column, diagnostic.spelling)


# Where libclang writes its answers: one set, since a place is asked for a million times.
_file, _line, _column, _offset = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
_to_file, _to_line = ctypes.byref(_file), ctypes.byref(_line)
_to_column, _to_offset = ctypes.byref(_column), ctypes.byref(_offset)


def place(location: Any) -> tuple[str, int, int, int]:
    """File, line, column and offset of a location; macro arguments keep their own place, tokens
    of a macro body get the place of the macro's use."""
    _file_location(location, _to_file, _to_line, _to_column, _to_offset)
    if not _file.value:
        return "", 0, 0, 0
    return file_name(_file.value), _line.value, _column.value, _offset.value


# What was asked about the current unit. A handle lives as long as its unit: `forget` empties them.
_names: dict[int, str] = {}
_types: dict[bytes, str] = {}
_references: dict[bytes, tuple[str, str]] = {}


def forget() -> None:
    """Drop what was cached for the last unit."""
    _names.clear()
    _types.clear()
    _references.clear()


def file_name(handle: int) -> str:
    name = _names.get(handle)
    if name is None:
        name = _names[handle] = _text(_file_name_of(handle))
    return name


def _text(value: _Text) -> str:
    raw: Optional[bytes] = _c_string(value)
    text = "" if raw is None else raw.decode("utf-8", "replace")
    _dispose(value)
    return text


def _offset_at(location: Any) -> int:
    _file_location(location, None, None, None, _to_offset)
    return _offset.value


def offset_of(cursor: Cursor) -> int:
    """Offset of the token that names the cursor."""
    return _offset_at(_location_of(cursor))


def file_of(cursor: Cursor) -> str:
    _file_location(_location_of(cursor), _to_file, None, None, None)
    return file_name(_file.value) if _file.value else ""


def extent(cursor: Cursor) -> tuple[int, int]:
    """Offsets of the first and one past the last token, in the cursor's file."""
    span = _extent_of(cursor)
    return _offset_at(_range_start(span)), _offset_at(_range_end(span))


def kind_name(cursor: Cursor) -> str:
    return _KIND_NAMES[cursor._kind_id]


def spelling(cursor: Cursor) -> str:
    return _text(_spelling_of(cursor))


def usr(cursor: Cursor) -> str:
    """libclang's name of a declaration across files. The `const` of a by-value parameter, which one
    declaration of a function may have and another may lack, is no part of it."""
    text = _text(_usr_of(cursor))
    name, function, params = text.partition("@F")
    return name + function + _CONST_PARAM.sub("#", params) if function else text


def canonical(cursor: Cursor) -> str:
    """The canonical type of an expression or declaration, as text."""
    type_ = _type_of(cursor)
    # The type's own pointer: what surrounds it in the structure is its kind and the unit.
    key = bytes(type_)[8:16]
    text = _types.get(key)
    if text is None:
        written = _text(_type_spelling(_canonical_of(type_)))
        text = _types[key] = _MACHINE_PATH.sub(" at ", written)
    return text


def reference(cursor: Cursor) -> tuple[str, str]:
    """USR of the declaration that a reference resolves to, and the class or namespace it is in.

    A call of a template names an instance: what the tree defines, and this gives, is the template.
    """
    target = _referenced_by(cursor)
    if target._kind_id in _INVALID:
        return "", ""
    key = bytes(target)
    found = _references.get(key)
    if found is None:
        defined = _pattern_of(target) if is_instantiation(target) else target
        found = _references[key] = usr(defined), qualified_name(_parent_of(target))
    return found


def _append(child: Cursor, _parent: Cursor, into: list[Cursor]) -> int:
    into.append(child)
    return 1  # go on to the next sibling


_collect = _Visitor(_append)


def children(cursor: Cursor) -> list[Cursor]:
    found: list[Cursor] = []
    _visit(cursor, _collect, found)
    unit = cursor._tu
    for child in found:
        child._tu = unit  # keeps the unit alive, and the properties of cindex need it
    return found


def walk(cursor: Cursor) -> Iterator[Cursor]:
    """The cursor and everything below it, in source order, without recursion."""
    stack = [cursor]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def template_of(cursor: Cursor) -> Cursor:
    """The template a specialisation was made from, or the cursor itself."""
    origin = _pattern_of(cursor)
    if origin._kind_id in _INVALID:
        return cursor
    origin._tu = cursor._tu
    return origin


def is_instantiation(cursor: Cursor) -> bool:
    """True for what clang made out of a template; an explicit specialisation has its own text."""
    origin = _pattern_of(cursor)
    if origin._kind_id in _INVALID:
        return False
    here = offset_of(cursor), file_of(cursor)
    # It stands where its pattern is declared, or where that is defined.
    return any(here == (offset_of(one), file_of(one)) for one in (origin, _definition_of(origin)))


def qualified_name(cursor: Optional[Cursor]) -> str:
    """``ns::Class::name``; anonymous namespaces and unnamed types are left out."""
    parts: list[str] = []
    while cursor is not None and cursor._kind_id not in _INVALID and cursor._kind_id != _UNIT:
        name = spelling(cursor)
        if name and not name.startswith(("(anonymous", "(unnamed")):
            parts.append(name)
        cursor = _parent_of(cursor)
    return "::".join(reversed(parts))


def is_internal(cursor: Cursor) -> bool:
    """True for internal linkage: ``static`` or in an anonymous namespace."""
    return _linkage_of(cursor) in (2, 3)


def is_local(cursor: Optional[Cursor]) -> bool:
    """True for a variable or parameter that lives in a call: no linkage, not ``static``."""
    return cursor is not None and _linkage_of(cursor) == 1 and _storage_of(cursor) != 3
