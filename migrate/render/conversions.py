"""From a shim parameter to the C++ argument: the calls of shim.h and convert.h."""

from __future__ import annotations

from migrate.model.cpp import CppType
from migrate.rules.border import cpp_spelling


def local_type(type_: CppType) -> str:
    text = cpp_spelling(type_).rstrip("& ").strip()
    return text[len("const ") :] if text.startswith("const ") else text


def converted(type_: CppType, name: str) -> str:
    """The C++ argument made of a shim parameter."""
    if type_.kind == "tensor":
        return f"from_ffi({name})"
    if type_.kind == "enum":
        return f'narrow<{local_type(type_)}>({name}, "{name}")'
    if type_.kind == "int":
        if type_.bits == 64 and type_.signed:
            return name
        return f'narrow<{local_type(type_)}>({name}, "{name}")'
    if type_.kind == "float":
        return name if type_.bits == 64 else f"static_cast<float>({name})"
    if type_.kind == "bool":
        return name
    local = local_type(type_)
    if _has_plain_conversion(type_):
        return f"from_ffi({name})"
    if type_.kind == "string" and local != "std::string":
        # A C string or string view lives as long as the call it is an argument of.
        return f"from_ffi({name})" + (".c_str()" if "*" in local else "")
    if local.startswith("ffi_port::ArrayRef<"):
        local = local.replace("ffi_port::ArrayRef<", "std::vector<", 1)
    return f"from_ffi<{local}>({name})"


def _has_plain_conversion(type_: CppType) -> bool:
    """True where shim.h's ``from_ffi(x)`` already gives the operator's own type."""
    if type_.kind == "optional":
        return type_.args[0].kind == "tensor"
    if type_.kind == "list" and "std::vector" in type_.canonical:
        element = type_.args[0]
        return element.kind == "tensor" or (element.kind == "int" and element.bits == 64 and element.signed)
    return type_.kind in ("scalar_type", "device")
