"""Names: what is renamed, what is left, what is reported."""

from __future__ import annotations

import pytest

from migrate.rules.rename import rename
from migrate.text.edits import apply_edits


def renamed(text: str) -> str:
    return apply_edits(text, rename("f", text).edits)


def unknown(text: str) -> list[str]:
    return [name.name for name in rename("f", text).unknown]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("at::Tensor x;", "ffi_port::Tensor x;"),
        ("const ::at::Tensor& x;", "const ffi_port::Tensor& x;"),
        ("at::ScalarType::Half", "ffi_port::ScalarType::Half"),
        ("torch::indexing::Slice()", "ffi_port::Slice()"),
        ("torch::Dtype t;", "ffi_port::ScalarType t;"),
        ("at :: kFloat", "ffi_port::kFloat"),
        ("using at::Tensor;", "using ffi_port::Tensor;"),
        ("using namespace at;", "using namespace ffi_port;"),
        ("using namespace ::torch::indexing;", "using namespace ffi_port;"),
        ("namespace idx = torch::indexing;", "namespace idx = ffi_port;"),
        ("c10::optional<at::Tensor> x = c10::nullopt;", "std::optional<ffi_port::Tensor> x = std::nullopt;"),
        (
            "using namespace c10; optional<int> x = nullopt;",
            "using namespace ffi_port; std::optional<int> x = std::nullopt;",
        ),
        ("C10_HOST_DEVICE int f();", "FFI_PORT_HOST_DEVICE int f();"),
        ("TORCH_CHECK(a == b);", "FFI_CHECK(a == b);"),
        ("TORCH_CHECK(a == at::kCPU);", 'FFI_CHECK_AS("a == at::kCPU", a == ffi_port::kCPU);'),
        ("TORCH_CHECK(a == at::kCPU, 1);", "FFI_CHECK(a == ffi_port::kCPU, 1);"),
        (
            "#define C(x, ...) TORCH_CHECK(x.f(__VA_ARGS__) == at::kCPU)",
            '#define C(x, ...) FFI_CHECK_AS(#x ".f(" #__VA_ARGS__ ") == at::kCPU", '
            "x.f(__VA_ARGS__) == ffi_port::kCPU)",
        ),
        (
            "#define C TORCH_CHECK(x == at::kCPU)",
            '#define C FFI_CHECK_AS("x == at::kCPU", x == ffi_port::kCPU)',
        ),
        (
            "#define C(x) \\\n  TORCH_CHECK_EQ(x, at::kCPU)",
            '#define C(x) \\\n  FFI_CHECK_OP_AS(#x " == at::kCPU", x, ffi_port::kCPU, ==)',
        ),
        ("TORCH_CHECK(TORCH_CHECK_NOTHING", "FFI_CHECK(TORCH_CHECK_NOTHING"),
    ],
)
def test_names(before: str, after: str) -> None:
    assert renamed(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "// at::Tensor",
        '"at::Tensor"',
        "x.at(0); y->at(1); int at = 2;",
        "mine::at::Tensor x;",
        "#include <torch/extension.h>",
        "#ifdef TORCH_EXTENSION_NAME\n#endif",
        "#define TORCH_CHECK(x) mine(x)\nTORCH_CHECK(a == b);",
    ],
)
def test_left_alone(text: str) -> None:
    assert not rename("f", text).edits
    assert not unknown(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("at::svd(x);", ["at::svd"]),
        ("torch::nn::functional::silu(x);", ["torch::nn::functional::silu"]),
        ("TORCH_LIBRARY(a, m) {}", ["TORCH_LIBRARY"]),
        ("namespace at { class Tensor; }", ["at"]),
        ("namespace at::native { }", ["at::native"]),
        ("namespace t = torch;", ["torch"]),
        ("using namespace torch::autograd;", ["torch::autograd"]),
        ("#if AT_PARALLEL_OPENMP\n#endif", ["AT_PARALLEL_OPENMP"]),
        ("TORCH_CHECK_WITH(ValueError, x == at::kCPU)", ["TORCH_CHECK_WITH"]),
        ("#define C(a) TORCH_CHECK(a##_x == at::kCPU)", ["TORCH_CHECK"]),
    ],
)
def test_what_has_no_row_is_reported(text: str, names: list[str]) -> None:
    assert unknown(text) == names


def test_a_name_inside_a_user_namespace_is_renamed() -> None:
    assert renamed("namespace foo { at::Tensor f(); }") == "namespace foo { ffi_port::Tensor f(); }"
    assert not unknown("namespace foo { at::Tensor f(); }")


def test_skipped_ranges_are_not_looked_at() -> None:
    text = "at::cat(x); at::Tensor y;"
    found = rename("f", text, [(0, 11)])
    assert not found.unknown
    assert [edit.start for edit in found.edits] == [12]


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("using namespace torch; Tensor f(Tensor x) { return empty_like(x); }", {"tensor.h", "factory.h"}),
        ("using namespace torch; int current_device();", set()),
        ("using namespace at::cuda; auto s = getCurrentCUDAStream();", {"cuda.h"}),
        ("at::DeviceGuard g(d);", {"device_guard.h"}),
        ("c10::optional<int> x;", {"<optional>"}),
    ],
)
def test_headers(text: str, headers: set[str]) -> None:
    expected = {name if name.startswith("<") else f"ffi_port/{name}" for name in headers}
    assert rename("f", text).headers == expected


def test_a_touched_condition_keeps_its_text() -> None:
    text = "TORCH_CHECK(x.dim() == 2);"
    found = rename("f", text, [(12, 19)], [(12, 19)])
    assert apply_edits(text, found.edits) == 'FFI_CHECK_AS("x.dim() == 2", x.dim() == 2);'


@pytest.mark.parametrize("macro", ["RECORD_FUNCTION", "THCudaCheck", "STD_TORCH_CHECK", "CAFFE2_ENFORCE"])
def test_macros_of_torchs_without_its_prefix_are_reported_too(macro: str) -> None:
    assert unknown(f'void f() {{ {macro}("f"); }}') == [macro]
