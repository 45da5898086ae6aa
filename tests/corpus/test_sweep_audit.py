"""The audit must find what it is there for: planted faults, and nothing in a right migration."""

from __future__ import annotations

import pytest
from sweep.audit import Audit, Change, audit
from sweep.compiling import for_one_architecture

BEFORE = """\
// The file's own comment.
#include <torch/extension.h>

// Adds one; torch::Tensor in a comment.
at::Tensor plus(at::Tensor x) {  // by value
  TORCH_CHECK(x.dim() == 1, "at::Tensor wanted, got ", x.dim());
  int  wide =  1;
  return x;
}
"""
AFTER = """\
// The file's own comment.
#include "ffi_port/tensor.h"

// Adds one; torch::Tensor in a comment.
ffi_port::Tensor plus(ffi_port::Tensor x) {  // by value
  FFI_CHECK(x.dim() == 1, "at::Tensor wanted, got ", x.dim());
  int  wide =  1;
  return x;
}
"""


Ranges = tuple[tuple[int, int], ...]


def judged(after: str | None, written: str = "", copied: str = "", removed: Ranges = ()) -> Audit:
    return audit([Change("a.cu", BEFORE, after, removed)], [after or "", written], [copied])


def kinds(after: str | None, written: str = "", copied: str = "", removed: Ranges = ()) -> list[str]:
    return [row.kind for row in judged(after, written, copied, removed).findings]


def test_a_right_migration_has_no_finding() -> None:
    found = judged(AFTER)
    assert found.findings == ()
    assert (found.comments, found.strings) == (3, 1)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("torch::Tensor in", "ffi_port::Tensor in", "comment edited"),
        ('"at::Tensor wanted', '"ffi_port::Tensor wanted', "string edited"),
        ("  // by value", "", "comment lost"),
        ("int  wide", "int wide", "line changed outside an edit"),
        ("  return x;", "    return x;", "line changed outside an edit"),
    ],
)
def test_a_planted_fault_is_found(old: str, new: str, kind: str) -> None:
    assert AFTER.count(old) == 1
    assert kinds(AFTER.replace(old, new)) == [kind]


def test_changed_line_ends_are_found() -> None:
    assert kinds(AFTER.replace("\n", "\r\n")) != []


def test_code_that_moved_takes_its_comments_along() -> None:
    start, end = BEFORE.index("at::Tensor plus"), BEFORE.rindex("}") + 1
    rest = BEFORE[: BEFORE.index("// Adds")]
    assert kinds(rest, written=AFTER) == []
    assert kinds(rest, copied=BEFORE) != []
    assert kinds(rest, copied=BEFORE, removed=((start, end),)) == []


def test_a_deleted_file_takes_its_comments_along() -> None:
    assert kinds(None, copied=BEFORE, removed=((0, len(BEFORE)),)) == []
    assert kinds(None).count("comment lost") == 3


def test_a_comment_that_the_report_lists_is_not_lost() -> None:
    gone = Change("a.cu", BEFORE, AFTER.replace("  // by value", ""))
    assert audit([gone], [AFTER.replace("  // by value", "")], [], {("a.cu", 5)}).findings == ()
    assert audit([gone], [AFTER.replace("  // by value", "")], [], {("a.cu", 4), ("b.cu", 5)}).findings


def test_one_architecture_of_many_is_compiled() -> None:
    usual = "-gencode=arch=compute_90a,code=sm_90a"
    command = ["nvcc", "-gencode", "arch=compute_75,code=sm_75", usual, "-O3"]
    assert for_one_architecture(command) == ("nvcc", usual, "-O3")
    assert for_one_architecture(["nvcc", *command[1:3]]) == ("nvcc", *command[1:3])
    assert for_one_architecture(["nvcc", "-arch=sm_80"]) == ("nvcc", "-arch=sm_80")
