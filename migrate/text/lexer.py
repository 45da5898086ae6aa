"""A C++ tokenizer that never loses a byte: comments, strings and directives are tokens too.

>>> [t.text for t in tokenize("x.size(0); // n")]
['x', '.', 'size', '(', '0', ')', ';', '// n']
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator, NamedTuple, Optional

_TOKEN = re.compile(
    r"""
    (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<raw>(?:u8|u|U|L)?R"(?P<delim>[^\s()\\]{0,16})\(.*?\)(?P=delim)")
  | (?P<string>(?:u8|u|U|L)?"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z))
  | (?P<char>(?:u8|u|U|L)?'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z))
  | (?P<number>\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*)
  | (?P<name>[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)
  | (?P<punct><<<|>>>|::|->\*?|\.\.\.|<<=|>>=|<=>|\#\#|&&|\|\||\+\+|--
      |[-+*/%&|^!=<>]=|<<|[^\s\\])
  | (?P<space>(?:\s|\\\r?\n|\\)+)
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(\w+)")


class Token(NamedTuple):
    """``kind``: name, number, string, char, punct or comment. ``directive`` names the
    preprocessor line the token stands on (``define``), or is empty."""

    kind: str
    text: str
    start: int
    end: int
    directive: str = ""


@lru_cache(maxsize=512)
def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of ``text`` but white space."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position, directive, directive_end, line_start = 0, "", -1, True
    while position < len(text):
        if line_start and position >= directive_end:
            directive, directive_end = _directive_at(text, position)
        match = _TOKEN.match(text, position)
        if match is None:  # pragma: no cover - the last alternatives take any byte
            position += 1
            continue
        kind = match.lastgroup or "punct"
        if kind == "delim":
            kind = "raw"
        end = match.end()
        if kind == "space":
            line_start = "\n" in match.group()
        else:
            inside = directive if position < directive_end else ""
            yield Token("string" if kind == "raw" else kind, match.group(), position, end, inside)
            line_start = kind == "comment" and match.group().startswith("//")
        position = end


def _directive_at(text: str, position: int) -> tuple[str, int]:
    start = text.rfind("\n", 0, position) + 1
    match = _DIRECTIVE.match(text, start)
    if match is None:
        return "", -1
    return match.group(1), line_end(text, match.end())


def line_end(text: str, position: int) -> int:
    """Offset of the newline that ends the logical line at ``position`` (or of the end of text)."""
    while True:
        newline = text.find("\n", position)
        if newline < 0:
            return len(text)
        if not text[position:newline].rstrip("\r").endswith("\\"):
            return newline
        position = newline + 1


def code_tokens(text: str) -> tuple[Token, ...]:
    """The tokens without comments."""
    return tuple(token for token in tokenize(text) if token.kind != "comment")


def closing(tokens: tuple[Token, ...], index: int) -> Optional[int]:
    """Index of the bracket that closes the one at ``index``; None when it never closes."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    stack: list[str] = []
    for position in range(index, len(tokens)):
        token = tokens[position]
        if token.kind != "punct":
            continue
        if token.text in pairs:
            stack.append(pairs[token.text])
        elif token.text in pairs.values():
            if not stack or stack.pop() != token.text:
                return None
            if not stack:
                return position
    return None


def split_arguments(tokens: tuple[Token, ...], opening: int) -> Optional[list[tuple[int, int]]]:
    """Token index ranges of the comma-separated arguments inside the bracket at ``opening``.

    Angle brackets do not nest, as in macro arguments.
    """
    end = closing(tokens, opening)
    if end is None:
        return None
    ranges, depth, start = [], 0, opening + 1
    for position in range(opening + 1, end):
        text = tokens[position].text if tokens[position].kind == "punct" else ""
        if text in "([{" and text:
            depth += 1
        elif text in ")]}" and text:
            depth -= 1
        elif text == "," and depth == 0:
            ranges.append((start, position))
            start = position + 1
    if end > start or ranges:
        ranges.append((start, end))
    return ranges
