"""The dispatcher's schema language: ``add.out(Tensor a, *, Scalar s=1, Tensor(a!) out) -> Tensor(a!)``."""

from __future__ import annotations

import ast
import re
from typing import Iterator, Optional

from migrate.model.cpp import CppType, Function
from migrate.model.dispatcher import Schema, SchemaArgument

_HEAD = re.compile(r"\s*(?:(\w+)::)?(\w+)(?:\.(\w+))?\s*(\(.*)?$", re.DOTALL)
_ALIAS = re.compile(r"^(Tensor|[\w.]+)\(([a-z*|]+!?(?:\s*->\s*[\w*|]+)?)\)")
_NAMED = re.compile(r"^(.*[\])?\s])(\w+)$", re.DOTALL)
_SIZED = re.compile(r"^(int|SymInt|float|bool)\[(\d+)\]$")
_INFERRED = {
    "tensor": "Tensor",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "string": "str",
    "scalar": "Scalar",
    "scalar_type": "ScalarType",
    "device": "Device",
    "generator": "Generator",
}


def split_name(text: str) -> tuple[str, str, str, bool]:
    """Namespace, name, overload, and whether a schema follows the name."""
    match = _HEAD.match(text)
    if match is None:
        return "", "", "", False
    namespace, name, overload, rest = match.groups()
    return namespace or "", name, overload or "", rest is not None


def parse_schema(text: str) -> Optional[Schema]:
    """The schema that ``text`` spells; None when it does not follow the grammar."""
    match = _HEAD.match(text)
    if match is None or match.group(4) is None:
        return None
    _, name, overload, rest = match.groups()
    end = _closing(rest, 0)
    if end is None:
        return None
    arrow = rest[end + 1 :].strip()
    if not arrow.startswith("->"):
        return None
    arguments = _arguments(rest[1:end])
    returns = _returns(arrow[2:].strip())
    if arguments is None or returns is None:
        return None
    spelled = f"{name}.{overload}" if overload else name
    return Schema(name, overload or "", arguments, returns, f"{spelled}{' '.join(rest.split())}")


def _arguments(text: str) -> Optional[tuple[SchemaArgument, ...]]:
    rows = []
    keyword_only = False
    for part in _parts(text):
        if part == "*":
            keyword_only = True
            continue
        row = _argument(part, keyword_only)
        if row is None:
            return None
        rows.append(row)
    return tuple(rows)


def _argument(text: str, keyword_only: bool) -> Optional[SchemaArgument]:
    left, equals, default = _at_equals(text)
    match = _NAMED.match(left.strip())
    if match is None:
        return None
    type_, alias = _without_alias(match.group(1).strip())
    written = default.strip() if equals else None
    python = _python(type_, written) if written is not None else None
    return SchemaArgument(match.group(2), type_, written, python, alias, keyword_only)


def _returns(text: str) -> Optional[tuple[SchemaArgument, ...]]:
    if text.startswith("("):
        end = _closing(text, 0)
        if end is None or text[end + 1 :].strip():
            return None
        text = text[1:end]
    rows = []
    for part in _parts(text):
        match = _NAMED.match(part)
        named = match is not None and not match.group(1).rstrip().endswith("->")
        name = match.group(2) if match is not None and named else ""
        type_, alias = _without_alias(part[: len(part) - len(name)].strip())
        rows.append(SchemaArgument(name, type_, alias=alias))
    return tuple(rows)


def _without_alias(type_: str) -> tuple[str, str]:
    match = _ALIAS.match(type_)
    if match is None:
        return type_, ""
    return match.group(1) + type_[match.end() :], match.group(2)


def _python(type_: str, text: str) -> Optional[str]:
    """The default as dispatch hands it to a Python implementation."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    base = type_.rstrip("?")
    sized = _SIZED.match(base)
    if sized and isinstance(value, (int, float)):
        value = [value] * int(sized.group(2))
    if base == "float" and isinstance(value, int):
        value = float(value)
    if base in ("Device", "ScalarType", "Layout", "MemoryFormat") and value is not None:
        return None
    return repr(value)


def _parts(text: str) -> Iterator[str]:
    """What the commas outside of brackets and quotes separate."""
    start = 0
    for index in _top_level(text):
        if text[index] == ",":
            yield text[start:index].strip()
            start = index + 1
    if text[start:].strip():
        yield text[start:].strip()


def _at_equals(text: str) -> tuple[str, str, str]:
    for index in _top_level(text):
        if text[index] == "=":
            return text[:index], "=", text[index + 1 :]
    return text, "", ""


def _depths(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Offset of each character outside quotes, and how many brackets are open behind it."""
    depth, quote = 0, ""
    for index in range(start, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
            continue
        if character in "\"'":
            quote = character
            continue
        depth += (character in "([") - (character in ")]")
        yield index, depth


def _top_level(text: str) -> Iterator[int]:
    """Offsets of the characters that stand in no bracket and no quotes."""
    return (index for index, depth in _depths(text) if depth == 0 and text[index] not in ")]")


def _closing(text: str, start: int) -> Optional[int]:
    """Where the bracket closes that opens at ``start``."""
    return next((index for index, depth in _depths(text, start) if depth == 0 and text[index] in ")]"), None)


def inferred_schema(name: str, overload: str, function: Function) -> Optional[Schema]:
    """The schema torch derives from a C++ signature: arguments and results called ``_0``, ``_1``."""
    types = [_inferred_type(param.type) for param in function.params]
    results = _inferred_results(function.returns)
    known = [type_ for type_ in types if type_ is not None]
    if results is None or len(known) != len(types):
        return None
    arguments = tuple(SchemaArgument(f"_{index}", type_) for index, type_ in enumerate(known))
    returns = tuple(SchemaArgument(f"_{index}", type_) for index, type_ in enumerate(results))
    spelled = f"{name}.{overload}" if overload else name
    inside = ", ".join(f"{row.type} {row.name}" for row in arguments)
    after = ", ".join(f"{row.type} {row.name}" for row in returns)
    after = after if len(returns) == 1 else f"({after})"
    return Schema(name, overload, arguments, returns, f"{spelled}({inside}) -> {after}", inferred=True)


def _inferred_results(type_: CppType) -> Optional[list[str]]:
    if type_.kind == "void":
        return []
    rows = type_.args if type_.kind == "tuple" else (type_,)
    found = [_inferred_type(row) for row in rows]
    known = [row for row in found if row is not None]
    return known if len(known) == len(found) else None


def _inferred_type(type_: CppType) -> Optional[str]:
    if type_.kind in ("optional", "list"):
        inner = _inferred_type(type_.args[0]) if type_.args else None
        suffix = "?" if type_.kind == "optional" else "[]"
        return None if inner is None else f"{inner}{suffix}"
    return _INFERRED.get(type_.kind)
