"""The page of `make cases` says what was reached, and why the rest was not."""

from __future__ import annotations

from reach.page import Figures, TreeRow, to_page
from reach.rows import Asked, Planned

GOOD = Asked("m:good", "raw", True, 3, 100, 40, 200)
BAD = Asked("m:bad", "view", True, 0, 0, 0, 900, {"died": 2}, "RuntimeError: not on the CPU")
BRIDGED = Asked("m:torch", "bridge", True, 0, 0, 0, 10)


def test_only_answers_count_and_the_others_are_listed_with_the_reason() -> None:
    page = to_page(Figures(trees=(TreeRow("tree", (GOOD, BAD, BRIDGED)),)))
    assert "| tree | 3 | 1 | 2 | 1 | 50% |" in page
    assert "| `m:bad` | view | 0 | 900 | RuntimeError: not on the CPU |" in page


def test_half_of_a_hundred_cases_must_be_answers() -> None:
    rows = (GOOD, Asked("m:half", "raw", True, 1, 40, 60, 500))
    assert "Of 2 functions, 1 have 100 cases or more" in to_page(Figures(fixtures=(TreeRow("f", rows),)))


def test_a_tree_that_was_only_read_says_what_no_case_satisfies() -> None:
    planned = (Planned("m:a", "raw", 2), Planned("m:b", "view", 3, ("x.dim() == 2",)))
    page = to_page(Figures(planned=(TreeRow("tree", planned=planned),)))
    assert "| tree | 2 | 2 | 5 | 1 |" in page
    assert "| `m:b` | 3 | x.dim() == 2 |" in page
