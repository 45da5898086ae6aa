"""Registrations with torch's dispatcher are said, never silently passed over."""

from __future__ import annotations

from pathlib import Path

from migrate.parse.dispatcher import dispatcher_findings
from migrate.scan import scan

SOURCE = """// TORCH_LIBRARY(in_a_comment, m)
#include <torch/library.h>
TORCH_LIBRARY(ops, m) { m.def("f(Tensor x) -> Tensor"); }
TORCH_LIBRARY_IMPL(ops, CPU, m) {}
"""


def test_a_dispatcher_block_is_a_finding_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "ops.cpp").write_text(SOURCE)
    (finding,) = dispatcher_findings(scan(tmp_path))
    assert (finding.id, finding.severity, finding.file, finding.line) == ("MIG230", "manual", "ops.cpp", 3)
    assert "2 `TORCH_LIBRARY` block(s)" in finding.message


def test_a_comment_or_a_define_is_none(tmp_path: Path) -> None:
    (tmp_path / "ops.cpp").write_text("// TORCH_LIBRARY(a, m)\n#define TORCH_LIBRARY(n, m) void f()\n")
    assert dispatcher_findings(scan(tmp_path)) == []
