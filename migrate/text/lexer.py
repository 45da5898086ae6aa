"""A C++ tokenizer that never loses a byte: comments, strings and directives are tokens too.

>>> [t.text for t in tokenize("x.size(0); // n")]
['x', '.', 'size', '(', '0', ')', ';', '// n']
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator, NamedTuple, Optional

# What is most frequent comes first; a group is named as its kind where one may have the name.
_TOKEN = re.compile(
    r"""
    (?P<space>[ \n][\s\\]*)
  | (?P<name>(?!(?:u8|u|U|L)?(?:R?"|'))[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)
  | (?P<punct>[()\[\]{},;])
  | (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<raw>(?:u8|u|U|L)?R"(?P<delim>[^\s()\\]{0,16})\(.*?\)(?P=delim)")
  | (?P<string>(?:u8|u|U|L)?"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z))
  | (?P<char>(?:u8|u|U|L)?'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z))
  | (?P<number>\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*)
  | (?P<prefix>[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)
  | (?P<operator><<<|>>>|::|->\*?|\.\.\.|<<=|>>=|<=>|\#\#|&&|\|\||\+\+|--
      |[-+*/%&|^!=<>]=|<<|[^\s\\])
  | (?P<blank>[\s\\]+)
    """,
    re.VERBOSE | re.DOTALL,
)
# A raw string ends with its inner group, the delimiter.
_KINDS = {
    **{kind: kind for kind in ("name", "punct", "comment", "string", "char", "number")},
    **{"raw": "string", "delim": "string", "prefix": "name", "operator": "punct", "space": "", "blank": ""},
}
_DIRECTIVE = re.compile(r"#[ \t]*(\w+)")


class Token(NamedTuple):
    """``kind``: name, number, string, char, punct or comment. ``directive`` names the
    preprocessor line the token stands on (``define``), or is empty."""

    kind: str
    text: str
    start: int
    end: int
    directive: str = ""


_new = tuple.__new__


@lru_cache(maxsize=512)
def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of ``text`` but white space."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    directive, directive_end = "", -1
    for match in _TOKEN.finditer(text):
        kind = _KINDS[match.lastgroup or ""]
        if not kind:
            continue
        start, end = match.span()
        word = text[start:end]
        if word == "#" and start >= directive_end:
            directive, directive_end = _directive_at(text, start)
        inside = directive if start < directive_end else ""
        # Not `Token(...)`: a tree has hundreds of thousands of tokens.
        yield _new(Token, (kind, word, start, end, inside))


def _directive_at(text: str, position: int) -> tuple[str, int]:
    """Name and end of the directive whose ``#`` stands at ``position``, if it begins its line."""
    match = _DIRECTIVE.match(text, position)
    before = text[text.rfind("\n", 0, position) + 1 : position]
    if match is None or before.strip(" \t"):
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
