"""libclang's types as ``CppType``: what a binding needs to know, and nothing else."""

from __future__ import annotations

from typing import Optional

from migrate.model.cpp import CppType
from migrate.parse import clang
from migrate.parse.clang import Type

# Raw TypeKind ids, so that a kind newer than the bindings cannot raise.
_VOID, _BOOL, _POINTER, _ENUM = 2, 3, 101, 106
_REFERENCES = (103, 104)
_UNSIGNED = {5: 8, 8: 16, 9: 32, 10: 64, 11: 64, 12: 128}
_SIGNED = {14: 8, 16: 16, 17: 32, 18: 64, 19: 64, 20: 128}
# Not numbers to pybind11, which takes a string of one character for them.
_CHARACTERS = {4: 8, 13: 8, 6: 16, 7: 32, 15: 32}
_FLOATS = {21: 32, 22: 64, 23: 128, 31: 16, 32: 16}

# Class name -> kind, and how many leading template arguments matter (-1: all).
_CLASSES = {
    "at::Tensor": ("tensor", 0),
    "at::Generator": ("generator", 0),
    "c10::Device": ("device", 0),
    "c10::Scalar": ("scalar", 0),
    "std::optional": ("optional", 1),
    "std::vector": ("list", 1),
    "std::array": ("array", 1),
    "std::initializer_list": ("list", 1),
    "c10::ArrayRef": ("list", 1),
    "c10::List": ("list", 1),
    "std::tuple": ("tuple", -1),
    "std::pair": ("pair", 2),
    "std::variant": ("variant", -1),
    "std::function": ("function", 1),
    "std::map": ("map", 2),
    "std::unordered_map": ("map", 2),
    "std::string": ("string", 0),
    "std::basic_string": ("string", 0),
    "std::string_view": ("string", 0),
    "std::basic_string_view": ("string", 0),
    "c10::string_view": ("string", 0),
}
_ENUMS = {"c10::ScalarType": "scalar_type"}


def cpp_type(type_: Type, spelling: Optional[str] = None) -> CppType:
    """The reduced form of ``type_``; ``spelling`` overrides the text as written."""
    text = spelling if spelling is not None else str(type_.spelling)
    canonical = type_.get_canonical()
    written = str(canonical.spelling)
    reference = canonical._kind_id in _REFERENCES
    if reference:
        canonical = canonical.get_pointee().get_canonical()
    kind, args, bits, signed = _classify(canonical)
    const = bool(canonical.is_const_qualified())
    return CppType(kind, text, args, bits, signed, const, reference, written)


def is_constant(type_: Type) -> bool:
    """True for objects that cannot change. A constant pointer to something that can is not one."""
    canonical = type_.get_canonical()
    if canonical.get_array_element_type()._kind_id != 0:
        # libclang drops the qualifiers of an array's elements, but prints them.
        element = str(canonical.spelling).partition("[")[0].strip()
        return element.startswith("const ") and ("*" not in element or element.endswith("const"))
    if not canonical.is_const_qualified():
        return False
    target = canonical.get_pointee()
    return target._kind_id == 0 or bool(target.get_canonical().is_const_qualified())


def _classify(type_: Type) -> tuple[str, tuple[CppType, ...], int, bool]:
    kind_id = type_._kind_id
    if kind_id == _VOID:
        return "void", (), 0, True
    if kind_id == _BOOL:
        return "bool", (), 8, False
    if kind_id in _SIGNED:
        return "int", (), _SIGNED[kind_id], True
    if kind_id in _UNSIGNED:
        return "int", (), _UNSIGNED[kind_id], False
    if kind_id in _CHARACTERS:
        return "char", (), _CHARACTERS[kind_id], True
    if kind_id in _FLOATS:
        return "float", (), _FLOATS[kind_id], True
    if kind_id == _POINTER:
        pointee = cpp_type(type_.get_pointee())
        if pointee.const and pointee.kind == "char" and pointee.bits == 8:
            return "string", (), 0, True
        return "pointer", (pointee,), 64, False
    return _class(type_)


def _class(type_: Type) -> tuple[str, tuple[CppType, ...], int, bool]:
    declaration = type_.get_declaration()
    name = clang.qualified_name(declaration)
    if type_._kind_id == _ENUM:
        return _ENUMS.get(name, "enum"), (), 32, True
    if name.startswith("pybind11::"):
        return "python", (), 0, True
    if name not in _CLASSES:
        return "opaque", (), 0, True
    kind, count = _CLASSES[name]
    total = max(type_.get_num_template_arguments(), 0)
    wanted = total if count < 0 else min(count, total)
    written = [type_.get_template_argument_type(i) for i in range(wanted)]
    if kind == "function" and written:
        written = [written[0].get_result(), *written[0].argument_types()]
    return kind, tuple(cpp_type(arg) for arg in written), 0, True
