"""What the text of a function says that its tree does not."""

from __future__ import annotations

import re
from typing import Optional

from migrate.model.cpp import Node
from migrate.model.source import Span
from migrate.parse.source import Source
from migrate.text.conditions import conditions_at
from migrate.text.lexer import tokenize

# Member names of a tensor: a use of one in the text that the tree does not show is a silent hole.
_TENSOR_USE = re.compile(
    r"(?:\.|->)\s*(data_ptr|const_data_ptr|mutable_data_ptr|scalar_type|is_contiguous|is_cuda|numel|"
    r"sizes?|strides?|dim|options|contiguous|element_size|get_device|accessor|packed_accessor32|"
    r"packed_accessor64|zero_|fill_|copy_|defined|has_value)\b"
)
_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_DEFINE = re.compile(r"^[ \t]*#[ \t]*define\b(?:\\\r?\n|[^\n])*", re.MULTILINE)
_BEYOND_ASCII = re.compile(r"[\x80-\xff]")


def unseen_uses(node: Optional[Node], source: Source, body: Optional[Span]) -> tuple[str, ...]:
    """Tensor uses in the text that the tree does not show: ``name at line N``, and under which
    condition the compiler would see it."""
    if node is None or body is None:
        return ()
    # A dependent call shows only as an overloaded or member reference, but at the same place.
    seen = {n.start for n in node.walk()}
    code = _without_comments(source.text, body)
    defines = [match.span() for match in _DEFINE.finditer(code)]
    # A macro's body shows where the macro is used: as members that are not spelled there.
    members = node.walk() if defines else ()
    expanded = {n.spelling for n in members if n.kind == "MEMBER_REF_EXPR" and not n.exact}
    rows = []
    for match in _TENSOR_USE.finditer(code):
        offset = body.start + match.start(1)
        if match.group(1) in expanded and any(start < match.start() < end for start, end in defines):
            continue
        if offset not in seen:
            conditions = [condition.text for condition in conditions_at(source.text, offset)]
            where = f" (only where {' and '.join(conditions)})" if conditions else ""
            rows.append(f"{match.group(1)} at line {source.span(offset, offset).line}{where}")
    return tuple(rows)


def undecodable_strings(source: Source, start: int, end: int) -> tuple[str, ...]:
    """String literals that Python cannot decode: the original raises where it should report."""
    if _BEYOND_ASCII.search(source.text, start, end) is None:
        return ()
    rows = []
    for token in tokenize(source.text[start:end]):
        if token.kind == "string" and not _is_utf8(token.text):
            span = source.span(start + token.start, start + token.end)
            rows.append(f"{source.path}:{span.line}:{span.column}: the bytes of a string are not UTF-8")
    return tuple(rows)


def _is_utf8(text: str) -> bool:
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_comments(text: str, body: Span) -> str:
    return _COMMENT_OR_STRING.sub(lambda m: " " * len(m.group()), text[body.start : body.end])
