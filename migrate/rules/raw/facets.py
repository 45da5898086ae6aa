"""What a launcher needs of each tensor: the pointer and the metadata its code asks for.

``x.size(0)`` becomes the parameter ``x_size_0``, ``x.data_ptr<scalar_t>()`` becomes
``ffi_port::typed<scalar_t>(x, x_dtype)``: a check of the element type, then the pointer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional, Sequence

from migrate.model.launcher import Facet
from migrate.text.lexer import Token, closing

_POINTERS = frozenset({"data_ptr", "mutable_data_ptr", "const_data_ptr", "data"})
# Method -> (suffix of the parameter, its type, header of the type).
_METADATA = {
    "numel": ("numel", "int64_t", "<cstdint>"),
    "dim": ("dim", "int64_t", "<cstdint>"),
    "ndimension": ("dim", "int64_t", "<cstdint>"),
    "scalar_type": ("dtype", "ffi_port::ScalarType", '"ffi_port/scalar_type.h"'),
    "is_contiguous": ("is_contiguous", "bool", ""),
    "is_cuda": ("is_cuda", "bool", ""),
    "device": ("device", "ffi_port::Device", '"ffi_port/device.h"'),
    "get_device": ("device_index", "int64_t", "<cstdint>"),
    "element_size": ("element_size", "int64_t", "<cstdint>"),
    "itemsize": ("element_size", "int64_t", "<cstdint>"),
}
_ABSENT = {
    "int64_t": "int64_t{0}",
    "bool": "false",
    "ffi_port::ScalarType": "ffi_port::ScalarType::Undefined",
    "ffi_port::Device": "ffi_port::Device(ffi_port::kCPU)",
    "void*": "nullptr",
    "const void*": "nullptr",
}


@dataclass(frozen=True)
class TensorVariable:
    name: str
    optional: bool


@dataclass
class Facets:
    """Facets found in a launcher's text, in the order of their first use, with the edits
    (start, end, text) that make the text use them."""

    rows: dict[str, Facet] = field(default_factory=dict)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)
    uses: int = 0
    read_only: frozenset[int] = frozenset()


def find_facets(
    text: str,
    tokens: Sequence[Token],
    variables: Sequence[TensorVariable],
    read_only: frozenset[int] = frozenset(),
) -> Facets | str:
    """Facets of ``variables`` in ``tokens`` (whose offsets are in ``text``), or the use that is no
    plain property of a tensor. A tensor whose pointers all stand at ``read_only`` places is
    passed as ``const void*``."""
    found = Facets(read_only=read_only)
    by_name = {variable.name: variable for variable in variables}
    index = 0
    while index < len(tokens):
        token = tokens[index]
        variable = by_name.get(token.text) if token.kind == "name" else None
        if variable is None or (index and tokens[index - 1].text in (".", "->", "::")):
            index += 1
            continue
        end = _use(text, tokens, index, variable, found)
        if end is None:
            line = text.count("\n", 0, token.start) + 1
            return f"`{token.text}` is passed on as a whole tensor at line {line}"
        index = end
    return found


def _use(
    text: str, tokens: Sequence[Token], index: int, variable: TensorVariable, found: Facets
) -> Optional[int]:
    """Handle one use; the index of the token after it, None when it is no facet."""
    found.uses += 1
    guarded = _device_of(tokens, index)
    if guarded is not None:
        start, end = guarded
        facet = _facet(variable, "device", "ffi_port::Device", "device()")
        found.headers.add('"ffi_port/device.h"')
        found.rows.setdefault(facet.name, facet)
        found.edits.append((tokens[start].start, tokens[end].end, facet.name))
        return end + 1
    position = index + 1
    words = [t.text for t in tokens[position : position + 4]]
    if words[:2] == [".", "has_value"] and variable.optional:
        return _presence(tokens, index, variable, found)
    if variable.optional:
        if words[:4] == [".", "value", "(", ")"]:
            position += 4
        elif words[:1] != ["->"]:
            return None
    elif words[:2] == [".", "defined"]:
        return None
    return _method(text, tokens, index, position, variable, found)


def _device_of(tokens: Sequence[Token], index: int) -> Optional[tuple[int, int]]:
    """Token range of ``device_of(x)`` with its qualification, around the tensor at ``index``."""
    if index < 2 or tokens[index - 1].text != "(" or tokens[index - 2].text != "device_of":
        return None
    if index + 1 >= len(tokens) or tokens[index + 1].text != ")":
        return None
    start = index - 2
    while start >= 2 and tokens[start - 1].text == "::" and tokens[start - 2].kind == "name":
        start -= 2
    return start, index + 1


def _presence(
    tokens: Sequence[Token], index: int, variable: TensorVariable, found: Facets
) -> Optional[int]:
    name = f"has_{variable.name.rstrip('_')}"
    found.rows.setdefault(name, Facet(name, "bool", "", f"{variable.name}.has_value()"))
    found.edits.append((tokens[index].start, tokens[index + 4].end, name))
    return index + 5


def _method(
    text: str,
    tokens: Sequence[Token],
    index: int,
    position: int,
    variable: TensorVariable,
    found: Facets,
) -> Optional[int]:
    if position + 2 >= len(tokens) or tokens[position].text not in (".", "->"):
        return None
    method = tokens[position + 1]
    opening = position + 2
    element = ""
    if tokens[opening].text == "<":
        opening = _after_template(tokens, opening)
        element = text[tokens[position + 2].end : tokens[opening - 1].start].strip()
    if opening >= len(tokens) or tokens[opening].text != "(":
        return None
    end = closing(tuple(tokens), opening)
    if end is None:
        return None
    inside = text[tokens[opening].end : tokens[end].start].strip()
    name = method.text
    if name in _POINTERS and tokens[index].start in found.read_only:
        name = "const_data_ptr" if element or name != "data" else name
    replacement = _replacement(name, element, inside, variable, found)
    if replacement is None:
        return None
    found.edits.append((tokens[index].start, tokens[end].end, replacement))
    return end + 1


def _after_template(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        depth += {"<": 1, ">": -1}.get(tokens[position].text, 0)
        if depth == 0:
            return position + 1
    return len(tokens)


def _replacement(
    method: str, element: str, inside: str, variable: TensorVariable, found: Facets
) -> Optional[str]:
    if method == "data" and not element:
        # `x.data()` is a tensor; only the deprecated `x.data<T>()` is a pointer.
        return None
    if method in _POINTERS and not inside:
        return _pointer(method, element, variable, found)
    if method in ("size", "stride") and re.fullmatch(r"-?\d+", inside):
        which = inside if not inside.startswith("-") else f"last{inside[1:] if inside != '-1' else ''}"
        facet = _facet(variable, f"{method}_{which}", "int64_t", f"{method}({inside})")
    elif method in _METADATA and not inside:
        suffix, type_, header = _METADATA[method]
        facet = _facet(variable, suffix, type_, f"{method}()", header)
        found.headers.add(header)
    else:
        return None
    found.rows.setdefault(facet.name, facet)
    return facet.name


def _pointer(method: str, element: str, variable: TensorVariable, found: Facets) -> str:
    type_ = "const void*" if method == "const_data_ptr" else "void*"
    name = variable.name.rstrip("_")
    earlier = found.rows.get(name)
    if earlier is not None and earlier.type == "void*":
        type_ = "void*"
    argument = _guarded(variable, f"{method if type_ != 'void*' else 'data_ptr'}()", type_)
    found.rows[name] = Facet(name, type_, "", argument)
    if not element:
        return name
    dtype = _facet(variable, "dtype", "ffi_port::ScalarType", "scalar_type()")
    found.rows.setdefault(dtype.name, dtype)
    found.headers |= {'"ffi_port/scalar_type.h"', '"ffi_port/pointer.h"'}
    bare = element[len("const ") :] if element.startswith("const ") else element
    return f"ffi_port::typed<{bare}>({name}, {dtype.name})"


def _facet(
    variable: TensorVariable, suffix: str, type_: str, call: str, header: str = "<cstdint>"
) -> Facet:
    name = f"{variable.name.rstrip('_')}_{suffix}"
    return Facet(name, type_, header, _guarded(variable, call, type_))


def _guarded(variable: TensorVariable, call: str, type_: str) -> str:
    if not variable.optional:
        return f"{variable.name}.{call}"
    return f"{variable.name}.has_value() ? {variable.name}->{call} : {_ABSENT[type_]}"
