"""The raw tier: where a host function may be cut, and what keeps it whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.pipeline import Request, analyse
from migrate.render import render

SOURCE = """#include <torch/extension.h>
template <typename T> void k(T* out, const T* in, int64_t n) { out[0] = in[n - 1]; }
void helper(const torch::Tensor& x) { k(x.data_ptr<float>(), x.data_ptr<float>(), x.numel()); }
torch::Tensor f(torch::Tensor x) { BODY }
PYBIND11_MODULE(ext, m) { m.def("f", &f); }
"""
ALLOCATE = "auto out = torch::empty_like(x);"
LAUNCH = "k(out.data_ptr<float>(), x.data_ptr<float>(), x.numel());"


def outcome(folder: Path, body: str) -> tuple[str, str]:
    (folder / "ext.cpp").write_text(SOURCE.replace("BODY", body), encoding="utf-8")
    (planned,) = analyse(Request(folder, backend="cpu")).plan.modules
    return planned.operators[0].tier, planned.operators[0].reason


def test_checks_and_allocation_leave_the_launcher(tmp_path: Path) -> None:
    body = f"TORCH_CHECK(x.dim() == 1); {ALLOCATE} {LAUNCH} return out;"
    assert outcome(tmp_path, body) == ("raw", "")


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (f"helper(x); {LAUNCH}", "whole tensor"),
        (f"{LAUNCH} if (x.dim()) return x; {LAUNCH}", "returns"),
        (LAUNCH.replace("numel()", "size(3)"), "rank"),
        (f"\n#if 1\n{LAUNCH}\n#endif\n", "preprocessor"),
        (f"int64_t n = 0; {LAUNCH.replace('x.numel()', 'n')} if (n) return x;", "used after"),
    ],
)
def test_what_could_change_the_order_of_effects_stays_whole(
    tmp_path: Path, inside: str, why: str
) -> None:
    tier, reason = outcome(tmp_path, f"{ALLOCATE} {inside} return out;")
    assert tier == "view"
    assert why in reason


def test_comments_of_the_parameters_go_to_the_shim(tmp_path: Path) -> None:
    source = SOURCE.replace(
        "f(torch::Tensor x)",
        "f(\n  torch::Tensor x,  // [n] or\n                    // [m]\n  // how far\n"
        "  int64_t step  /* unused */\n  // no more)\n)",
    )
    (tmp_path / "ext.cpp").write_text(source.replace("BODY", f"{ALLOCATE} {LAUNCH} return out;"))
    found = analyse(Request(tmp_path, backend="cpu"))
    assert found.plan.modules[0].operators[0].tier == "raw"
    files = render(found.project, found.model, found.plan)
    shim = next(data.decode() for path, data in files.write.items() if path.endswith("_ffi.cc"))
    assert """\
ffi_port::Tensor f(
    ffi_port::Tensor x,  // [n] or
                         // [m]
    // how far
    int64_t step,  /* unused */
    const std::optional<ffi_port::Tensor> &out_dest
    // no more)
) {""" in shim
