"""Edits by byte range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.source import Edit
from migrate.text.backslashes import aligned
from migrate.text.edits import EditConflict, apply_edits


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of it that do not overlap."""
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = list(zip(cuts[::2], cuts[1::2]))
    return text, [Edit("f", a, b, draw(st.text(max_size=5))) for a, b in pairs]


@given(edited(), st.randoms())
def test_round_trip(case: tuple[str, list[Edit]], order: st.random_module) -> None:
    text, edits = case
    shuffled = list(edits)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    result = apply_edits(text, [*shuffled, *edits[:1]])
    back, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        back.append(Edit("f", start, start + len(edit.text), text[edit.start : edit.end]))
        shift += len(edit.text) - (edit.end - edit.start)
    assert apply_edits(result, back) == text


@pytest.mark.parametrize(
    ("first", "second"), [((0, 3), (2, 4)), ((0, 4), (1, 2)), ((1, 2), (1, 2)), ((0, 1), (0, 1))]
)
def test_overlap_is_an_error(first: tuple[int, int], second: tuple[int, int]) -> None:
    with pytest.raises(EditConflict):
        apply_edits("abcdef", [Edit("f", *first, "x"), Edit("f", *second, "y")])


def test_an_insertion_stands_before_a_replacement_at_the_same_place() -> None:
    assert apply_edits("abc", [Edit("f", 1, 2, "X"), Edit("f", 1, 1, "+")]) == "a+Xc"


BLOCK = "#define F(x)      \\\n  at::g(x);       \\\n  h(x)\n"


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ("ffi_port", "  ffi_port::g(x); \\"),
        ("", "  ::g(x);         \\"),
        ("a_name_without_room", "  a_name_without_room::g(x); \\"),
    ],
)
def test_backslashes_keep_their_column(new: str, line: str) -> None:
    start = BLOCK.index("at::")
    edits = aligned(BLOCK, [Edit("f", start, start + 2, new)])
    assert apply_edits(BLOCK, edits).split("\n")[1] == line


def test_two_edits_of_a_line_share_its_room() -> None:
    text = "#define F     \\\n  a + b       \\\n  c\n"
    first, second = text.index("a +"), text.index("b ")
    edits = [Edit("f", first, first + 1, "aaaa"), Edit("f", second, second + 1, "bbbb")]
    assert apply_edits(text, aligned(text, edits)) == "#define F     \\\n  aaaa + bbbb \\\n  c\n"


def test_a_backslash_of_no_block_is_left_alone() -> None:
    text = "#define F a   \\\n  b\n"
    assert aligned(text, [Edit("f", 10, 11, "aaa")]) == [Edit("f", 10, 11, "aaa")]
