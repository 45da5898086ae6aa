"""What clang is given of a file: kernels without their bodies.

Nothing reads the body of a kernel, and what it instantiates is most of the work of a file that has one.
"""

from __future__ import annotations

import re
from typing import Iterator, Optional

from migrate.model.project import Project
from migrate.text.lexer import Token, closing, code_tokens

_CPP = ("source", "header")
_MARK = "__global__"
_OWN_MARK = re.compile(rb"^[ \t]*#[ \t]*(?:define|undef)[ \t]+__global__\b", re.MULTILINE)
_CODE = ("", "pragma")  # tokens that stand in no directive, or in one that belongs to a statement
_SPACES = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))


def files_with_kernels(project: Project) -> frozenset[str]:
    """Files of which clang needs not all; none where the tree gives the mark a meaning of its own, so
    that it may stand before what is no kernel."""
    files = [file for file in project.files if file.kind in _CPP and _MARK.encode() in file.data]
    if any(_OWN_MARK.search(file.data) for file in files):
        return frozenset()
    return frozenset(file.path for file in files)


def without_kernels(data: bytes) -> bytes:
    """``data`` with spaces for the code of its kernels: offsets and lines stay, and so do conditions and
    macros that a kernel holds."""
    left = bytearray(data)
    for body in _bodies(code_tokens(data.decode("latin-1"))):
        for token in body:
            if token.directive in _CODE:
                left[token.start : token.end] = data[token.start : token.end].translate(_SPACES)
    return bytes(left)


def _bodies(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """What stands between the braces of each kernel whose end is sure."""
    index = 0
    while index < len(tokens):
        if tokens[index].text == _MARK and not tokens[index].directive:
            opening = _opening(tokens, index)
            end = closing(tokens, opening) if opening is not None else None
            if opening is not None and end is not None:
                if _is_whole(tokens[opening + 1 : end]):
                    yield tokens[opening + 1 : end]
                index = end
        index += 1


def _is_whole(body: tuple[Token, ...]) -> bool:
    """Whether conditions begin and end in ``body``, and each branch has its braces in pairs."""
    depth, conditions = 0, list[int]()
    for before, token in zip(body, body[1:]):
        if not token.directive:
            depth += (token.text == "{") - (token.text == "}")
        elif before.text != "#":
            continue
        elif token.text.startswith("if"):
            conditions.append(depth)
        elif token.text == "include":
            return False
        elif token.text in ("else", "endif") or token.text.startswith("elif"):
            if not conditions or conditions[-1] != depth:
                return False
            if token.text == "endif":
                conditions.pop()
    return not conditions


def _opening(tokens: tuple[Token, ...], index: int) -> Optional[int]:
    """The brace that opens the body of the kernel marked at ``index``; None for a declaration."""
    while index < len(tokens):
        word = tokens[index].text
        if word == "{":
            return index if tokens[index - 1].text == ")" else None
        if word in (";", "}", "="):
            return None
        if word in ("(", "["):
            end = closing(tokens, index)
            if end is None:
                return None
            index = end
        index += 1
    return None
