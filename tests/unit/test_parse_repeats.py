"""A macro that repeats its argument makes one value of it, which keeps models of such trees small."""

from __future__ import annotations

from pathlib import Path

from migrate.parse import parse
from migrate.scan import scan

TREE = """\
#include <torch/extension.h>
#define BRANCH(N, ...) if (x.size(0) == N) { __VA_ARGS__; } else { __VA_ARGS__; }
int64_t run(torch::Tensor x) {
  BRANCH(4, x.size(1))
  return x.size(2);
}
PYBIND11_MODULE(ext, m) { m.def("run", &run); }
"""


def test_what_a_macro_repeats_is_one_value(tmp_path: Path) -> None:
    (tmp_path / "ext.cpp").write_text(TREE)
    (operator,) = parse(scan(tmp_path)).operators
    assert operator.function is not None
    assert operator.function.body is not None
    place = TREE.index("x.size(1)")
    calls = [n for n in operator.function.body.walk() if n.kind == "CALL_EXPR" and n.start == place]
    assert len(calls) == 2
    assert calls[0] is calls[1]
