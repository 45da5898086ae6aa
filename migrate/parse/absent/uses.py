"""What kind of thing an unknown name must be: from the parser's message and the tokens around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

from migrate.parse.absent.tokens import (
    KEYWORDS,
    SHOUTED,
    Part,
    angle_position,
    braced_arguments,
    chain_start,
    declared_variables,
    is_inside_angles,
    looks_constant,
    read_chain,
    text_at,
    tokens_of,
)
from migrate.parse.clang import Problem
from migrate.text.lexer import Token, closing

_UNDECLARED = re.compile(r"use of undeclared identifier '(\w+)'")
_UNKNOWN_TYPE = re.compile(r"unknown (?:type|class) name '(\w+)'|no template named '(\w+)'(?!.* in )")
_IN_NAMESPACE = re.compile(r"no (member|type|template) named '(\w+)' in namespace '([\w:]+)'")
_IN_CLASS = re.compile(r"no (member|type|template) named '(\w+)' in '(?:const )?([^']+)'")
_INCOMPLETE = re.compile(r"incomplete type '(?:const )?([\w:]+)'")
_TYPE_AS_VALUE = re.compile(
    r"'[^']+' does not refer to a value|unexpected type name '[^']+'|expected '\(' for function-style cast"
)
_NAMESPACE = re.compile(r"expected namespace name")
_TYPE_NAME = re.compile(r"expected class name|expected a type$")
_VALUE_ARGUMENT = re.compile(r"template argument for template type parameter must be a type")
_NO_SPECIFIER = re.compile(r"a type specifier is required|requires a type specifier")

# What the sysroot declares in full, so that a name it lacks is a mistake or a gap, and torch's macros.
_COMPLETE = re.compile(r"(?:std|at|c10|torch|caffe2|pybind11|py)\Z")
_FRAMEWORK_MACRO = re.compile(r"(?:TORCH|AT|C10|PYBIND11|CAFFE2)_")
_BEFORE_TYPE = frozenset("struct class enum typename new public private protected virtual const".split())
_DECLARES = frozenset(
    "void int bool char float double long short unsigned signed auto const static inline extern template "
    "struct class constexpr typename".split()
)
_STATEMENT_START = frozenset(";{}")


@dataclass(frozen=True)
class Use:
    """One use of a name, ``path`` being its scopes and itself.

    ``kind``: namespace, type, function, value, kernel, member (of any absent class), decoration (a
    macro before a declaration), or another macro by what it leaves: nothing, statement, expression.
    ``arguments`` says of each template
    argument whether it is a value; ``braced`` is the number of arguments of a call that has braced
    lists among them.
    """

    path: tuple[str, ...]
    kind: str
    arguments: Optional[tuple[bool, ...]] = None
    braced: int = 0


def uses_at(problem: Problem, text: str) -> list[Use]:
    """The uses of names the sysroot does not know in full that ``problem``, an error in a file of that
    text, complains of."""
    found = _by_name(problem, text) or _by_place(problem, text)
    return [use for use in found if not _is_complete(use.path) and not KEYWORDS & set(use.path)]


def _is_complete(path: tuple[str, ...]) -> bool:
    return _COMPLETE.match(path[0]) is not None or _FRAMEWORK_MACRO.match(path[-1]) is not None


@lru_cache(maxsize=4096)
def declares(text: str, name: str) -> bool:
    """Whether a file declares a name itself: if it is unknown, its declaration has an error."""
    pattern = rf"\busing\s+{name}\s*=|\b(?:struct|class|enum|union)\s+{name}\s*[:{{]|#\s*define\s+{name}\b"
    return re.search(pattern, text) is not None or name in declared_variables(text)


def _by_name(problem: Problem, text: str) -> list[Use]:
    """Messages that say the name."""
    message = problem.message
    match = _UNDECLARED.match(message)
    if match is not None:
        return _named((), match.group(1), problem.offset, text)
    match = _UNKNOWN_TYPE.match(message)
    if match is not None:
        return _named((), match.group(1) or match.group(2), problem.offset, text, is_type=True)
    match = _IN_NAMESPACE.match(message)
    if match is not None:
        scope = tuple(match.group(3).split("::"))
        return _named(scope, match.group(2), problem.offset, text, match.group(1) == "type")
    match = _IN_CLASS.match(message)
    if match is not None:
        kind = "member" if match.group(1) == "member" else "type"
        return [Use((*_class_path(match.group(3)), match.group(2)), kind)]
    match = _INCOMPLETE.search(message)
    return [Use(tuple(match.group(1).split("::")), "type")] if match is not None else []


def _by_place(problem: Problem, text: str) -> list[Use]:
    """Messages that only say where."""
    tokens, at = tokens_of(text)
    index = at.get(problem.offset, -1)
    if index < 0:
        return []
    if _VALUE_ARGUMENT.match(problem.message):
        return _template_around(tokens, index)
    if _TYPE_AS_VALUE.match(problem.message):
        return _macro_around(tokens, index)
    if tokens[index].kind != "name":
        return []
    name = tokens[index].text
    if _NAMESPACE.match(problem.message):
        return [Use(path, "namespace") for path in _prefixes(read_chain(tokens, index, text)[0])]
    if _TYPE_NAME.match(problem.message):
        scope = [tokens[i].text for i in range(chain_start(tokens, index), index, 2)]
        return _named(tuple(scope), name, problem.offset, text, is_type=True)
    if _NO_SPECIFIER.search(problem.message) and SHOUTED.match(name) and text_at(tokens, index + 1) == "(":
        return [Use((name,), "nothing")]
    return []


def _class_path(printed: str) -> tuple[str, ...]:
    """``ns::Box<int>`` -> its names."""
    return tuple(re.sub(r"<.*>", "", printed).split("::"))


def _named(scope: tuple[str, ...], name: str, offset: int, text: str, is_type: bool = False) -> list[Use]:
    """The uses of ``name`` at ``offset``, and of the names that follow it after ``::``."""
    tokens, at = tokens_of(text)
    index = at.get(offset, -1)
    if text_at(tokens, index) != name:
        # In the body of a macro: the place is that of the macro's use.
        return [Use((*scope, name), "type" if is_type else "value")]
    parts, after = read_chain(tokens, index, text)
    rows = []
    path = scope
    for part, arguments in parts[:-1]:
        path = (*path, part)
        is_class = arguments is not None or part[0].isupper()
        rows.append(Use(path, "type" if is_class else "namespace", arguments))
    last, arguments = parts[-1]
    kind = _kind(tokens, index, after, arguments is not None, is_type and len(parts) == 1)
    return [*rows, Use((*path, last), kind, arguments, braced_arguments(tokens, after, kind))]


def _prefixes(parts: list[Part]) -> list[tuple[str, ...]]:
    names = [name for name, _ in parts]
    return [tuple(names[:count]) for count in range(1, len(names) + 1)]


def _kind(tokens: tuple[Token, ...], first: int, after: int, has_arguments: bool, is_type: bool) -> str:
    """What the name must be whose chain begins at ``first`` and ends before ``after``."""
    first = chain_start(tokens, first)
    before, next_ = text_at(tokens, first - 1), text_at(tokens, after)
    if next_ == "<<<":
        return "kernel"
    if is_type:
        return "decoration" if _is_decoration(tokens, first, after) else "type"
    is_alias = before == "=" and text_at(tokens, first - 3) == "using"
    if before in _BEFORE_TYPE or is_alias or (next_ == "{" and before != ")"):
        return "type"
    if next_ == "(":
        return "function" if has_arguments else _called(tokens, first, after)
    if after < len(tokens) and tokens[after].kind == "name":
        return "type"
    return "type" if _stands_for_type(tokens, first, after) else "value"


def _is_decoration(tokens: tuple[Token, ...], first: int, after: int) -> bool:
    """``API_EXPORT void f()``: a macro that stands before a declaration."""
    if not SHOUTED.match(tokens[first].text) or after != first + 1:
        return False
    if text_at(tokens, after) in _DECLARES:
        return True
    is_name = after < len(tokens) and tokens[after].kind == "name"
    return is_name and (text_at(tokens, after + 1) == "::" or tokens[after + 1].kind == "name")


def _called(tokens: tuple[Token, ...], first: int, opening: int) -> str:
    """A name before a bracket: a function, or a macro that no function could stand for."""
    end = closing(tokens, opening)
    before, next_ = text_at(tokens, first - 1), text_at(tokens, end + 1) if end is not None else ""
    if before == "{" and next_ == "}" and SHOUTED.match(tokens[first].text):
        return "nothing"
    follows = end is not None and end + 1 < len(tokens) and tokens[end + 1].kind == "name"
    if before in _STATEMENT_START and (next_ in ("{", "}") or follows):
        return "statement"
    return "function"


def _stands_for_type(tokens: tuple[Token, ...], first: int, after: int) -> bool:
    before, next_ = text_at(tokens, first - 1), text_at(tokens, after)
    if next_ in ("*", "&") and text_at(tokens, after + 1) in (">", ",", ")"):
        return True
    if next_ == ")" and before == "(":
        operand = tokens[after + 1] if after + 1 < len(tokens) else None
        owner = tokens[first - 2] if first > 1 else None
        is_call = owner is not None and owner.kind == "name" and owner.text != "return"
        return operand is not None and not is_call and (operand.kind != "punct" or operand.text == "(")
    if before in ("<", ",") and next_ in (">", ",", ">>>"):
        return is_inside_angles(tokens, first) and not looks_constant(tokens[first].text)
    return False


def _template_around(tokens: tuple[Token, ...], index: int) -> list[Use]:
    """The template that has a value for its argument at ``index``."""
    position, opening = angle_position(tokens, index)
    if opening < 1 or tokens[opening - 1].kind != "name":
        return []
    start = chain_start(tokens, opening - 1)
    path = tuple(tokens[i].text for i in range(start, opening, 2))
    return [Use(path, "type", (*(False for _ in range(position)), True))]


def _macro_around(tokens: tuple[Token, ...], index: int) -> list[Use]:
    """The macro that takes a type as its argument at ``index``."""
    depth = 0
    for position in range(index - 1, 0, -1):
        word = tokens[position].text
        depth += (word in (")", "]", "}")) - (word in ("(", "[", "{"))
        if depth < 0:
            owner = tokens[position - 1]
            if word != "(" or owner.kind != "name" or not SHOUTED.match(owner.text):
                return []
            end = closing(tokens, position)
            alone = (
                text_at(tokens, position - 2) == "{" and end is not None and text_at(tokens, end + 1) == "}"
            )
            return [Use((owner.text,), "nothing" if alone else "expression")]
    return []
