"""Tokens: nothing of a file is lost, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.text.lexer import closing, code_tokens, line_end, split_arguments, tokenize

PIECES = [
    "at::Tensor",
    "x",
    " ",
    "\n",
    "\r\n",
    "\\\n",
    "//",
    "/*",
    "*/",
    '"',
    "'",
    'R"(',
    ')"',
    "#",
    "define ",
]
PIECES += [
    "<<<",
    ">>>",
    "->",
    "1.5e-3f",
    "0x1p-2",
    "1'000",
    "\\",
    "\t",
    "(",
    ")",
    "é",
    "\x00",
    'u8"a"',
    "...",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_byte_is_lost(text: str) -> None:
    position = 0
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
        assert token.start >= position
        # Between tokens stand only white space and continued lines.
        assert not text[position : token.start].replace("\\", "").strip()
        position = token.end
    assert not text[position:].replace("\\", "").strip()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('R"x(a" )x" b', ["string", "name"]),
        ("'\\'' a", ["char", "name"]),
        ("// a \\\n b\nc", ["comment", "name"]),
        ("/* a", ["comment"]),
        ("1.5e-3f 0x1p-2 1'000", ["number"] * 3),
        ("u8\"é\" L'x'", ["string", "char"]),
        ("a<<<b>>>c", ["name", "punct", "name", "punct", "name"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokenize(text)] == kinds


def test_a_directive_covers_its_continued_lines() -> None:
    tokens = code_tokens("#define F(x) \\\n  g(x)\nh();")
    assert [t.text for t in tokens if t.directive == "define"] == [
        "#",
        "define",
        "F",
        "(",
        "x",
        ")",
        "g",
        "(",
        "x",
        ")",
    ]
    assert [t.text for t in tokens if not t.directive] == ["h", "(", ")", ";"]


def test_line_end_follows_backslashes() -> None:
    text = "a \\\n b \\\r\n c\nd"
    assert text[line_end(text, 0) :] == "\nd"


@pytest.mark.parametrize("text", ["f(a, (b, c), [d, e]{g, h})", "f(a,(b,c),[d,e]{g,h})"])
def test_arguments(text: str) -> None:
    tokens = code_tokens(text)
    ranges = split_arguments(tokens, 1)
    assert ranges is not None
    assert ["".join(t.text for t in tokens[a:b]) for a, b in ranges] == ["a", "(b,c)", "[d,e]{g,h}"]


@pytest.mark.parametrize("text", ["f(a", "f(a]", "f(a}"])
def test_a_bracket_that_never_closes(text: str) -> None:
    assert closing(code_tokens(text), 1) is None
    assert split_arguments(code_tokens(text), 1) is None
