"""Checks that print their condition: the text of a renamed condition stays as it was spelled.

Before: ``TORCH_CHECK(x.scalar_type() == at::kFloat);``
After:  ``FFI_CHECK_AS("x.scalar_type() == at::kFloat", x.scalar_type() == ffi_port::kFloat);``

Inside a macro the parameters stay what the preprocessor makes of them: ``#x ".dim() == 2"``.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Optional, Sequence

from migrate.model.source import Edit
from migrate.tables.macros import ASSERT_MACROS, COMPARE_MACROS, MACROS
from migrate.text.lexer import Token, line_end, split_arguments

_WIDTH = 100


def keep_text(
    file: str, text: str, tokens: tuple[Token, ...], index: int, starts: Sequence[int], name: str
) -> Optional[tuple[Edit, ...]]:
    """The edits that replace the plain renaming of the check at ``index``; ``starts`` are those of
    all other edits, sorted; ``name`` is the torch macro that prints as it does.

    Empty when the plain renaming already prints the same text, None when nothing can.
    """
    if index + 1 >= len(tokens) or tokens[index + 1].text != "(":
        return ()
    arguments = split_arguments(tokens, index + 1)
    if not arguments:
        return ()
    printed = _printed(name, arguments)
    groups = [tokens[start:end] for start, end in printed]
    if not any(_is_edited(group, starts) for group in groups):
        return ()
    if name == "TORCH_CHECK_WITH" or any(t.text in ("#", "##") for group in groups for t in group):
        return None
    params = _macro_params(tokens, index)
    pieces = _stringified(text, groups[0], params)
    for group in groups[1:]:
        pieces += [f" {COMPARE_MACROS[name]} ", *_stringified(text, group, params)]
    target = "FFI_CHECK_OP_AS" if name in COMPARE_MACROS else MACROS[name].target + "_AS"
    opening = tokens[index + 1].end
    spelled = _literals(pieces)
    gap = _gap(text, tokens[index], target, spelled)
    rows = [Edit(file, opening, opening, f"{spelled},{gap}")]
    if name in COMPARE_MACROS:
        end = groups[-1][-1].end
        rows.append(Edit(file, end, end, f", {COMPARE_MACROS[name]}"))
    return (Edit(file, tokens[index].start, tokens[index].end, target), *rows)


def _gap(text: str, token: Token, target: str, spelled: str) -> str:
    """What separates the text from the condition: a line break where one line has no room."""
    start = text.rfind("\n", 0, token.start) + 1
    line = text[start : line_end(text, start)].rstrip()
    if token.directive or len(line) + len(target) - len(token.text) + len(spelled) + 2 <= _WIDTH:
        return " "
    newline = "\r\n" if "\r\n" in text else "\n"
    margin = text[start : token.start]
    blank = "".join(c if c == "\t" else " " for c in margin)
    return newline + blank + " " * (len(target) + 1)


def _printed(name: str, arguments: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The arguments whose spelling shows when the check fails."""
    if name in COMPARE_MACROS:
        return arguments[:2]
    if name in ASSERT_MACROS:
        return arguments[:1]
    if name == "TORCH_CHECK_WITH":
        return arguments[1:2] if len(arguments) == 2 else ()
    return arguments if len(arguments) == 1 else ()


def _is_edited(group: Sequence[Token], starts: Sequence[int]) -> bool:
    if not group:
        return False
    at = bisect_left(starts, group[0].start)
    return at < len(starts) and starts[at] < group[-1].end


def _macro_params(tokens: Sequence[Token], index: int) -> frozenset[str]:
    """The parameters of the ``#define`` that the token stands in."""
    if tokens[index].directive != "define":
        return frozenset()
    at = index
    while at and not (tokens[at].text == "define" and tokens[at - 1].text == "#"):
        at -= 1
    opening = at + 2
    if tokens[opening].text != "(" or tokens[opening].start != tokens[at + 1].end:
        return frozenset()
    names = set()
    for token in tokens[opening + 1 : index]:
        if token.text == ")":
            break
        names.add("__VA_ARGS__" if token.text == "..." else token.text)
    return frozenset(names)


def _stringified(text: str, tokens: Sequence[Token], params: frozenset[str]) -> list[str]:
    """What the preprocessor's ``#`` makes of ``tokens``: texts, and ``#x`` for a parameter."""
    pieces: list[str] = []
    before = None
    for token in tokens:
        if before is not None and text[before.end : token.start]:
            pieces.append(" ")
        if token.text in params:
            pieces.append(f"#{token.text}")
        elif token.kind in ("string", "char"):
            pieces.append(token.text.replace("\\", "\\\\").replace('"', '\\"'))
        else:
            pieces.append(token.text)
        before = token
    return pieces


def _literals(pieces: Sequence[str]) -> str:
    """Adjacent C++ string literals: ``a == `` and ``#x`` -> ``"a == " #x``."""
    rows, literal = [], ""
    for piece in pieces:
        if not piece.startswith("#"):
            literal += piece
            continue
        rows += [f'"{literal}"', piece] if literal else [piece]
        literal = ""
    return " ".join([*rows, f'"{literal}"'] if literal else rows)
