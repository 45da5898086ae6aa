"""Stripping: removals, blank lines, and where the carried includes go."""

from __future__ import annotations

import pytest

from migrate.model.plan import FilePlan
from migrate.model.source import Edit
from migrate.render.includes import implied
from migrate.render.strip import strip
from migrate.text.directives import emptied_conditionals, include_lines


def stripped(text: str, *removed: str, dropped: tuple[str, ...] = (), backend: str = "cpu") -> str:
    spans = tuple((text.index(piece), text.index(piece) + len(piece)) for piece in removed)
    return strip(text, FilePlan("f.cpp", "strip", spans, dropped), backend)


@pytest.mark.parametrize(
    ("text", "removed", "after"),
    [
        ("int a;\nint b;\nint c;\n", ["int b;"], "int a;\nint c;\n"),
        ("int a;\n\nint b;\n\nint c;\n", ["int b;"], "int a;\n\nint c;\n"),
        ("int a;\n\n// b\nint b;\n\nint c;\n", ["int b;"], "int a;\n\nint c;\n"),
        ("int a;\n\n// far\n\nint b;\nint c;\n", ["int b;"], "int a;\n\n// far\n\nint c;\n"),
        ("// file\nint b;\nint c;\n", ["int b;"], "// file\nint c;\n"),
        ("int a;  // a\nint b;\n", ["int b;"], "int a;  // a\n"),
        ("int a;\n/* b\n   b */\nint b;  // end\n\nint c;\n", ["int b"], "int a;\n\nint c;\n"),
        ("int a;\n\nint b;\n", ["int b;"], "int a;\n"),
        ("int a;\r\n\r\nint b;\r\n\r\nint c;\r\n", ["int b;"], "int a;\r\n\r\nint c;\r\n"),
        ("int a;\n\nint b;\n\nint c;\n\nint d;\n", ["int b;", "int c;"], "int a;\n\nint d;\n"),
        ("int a; int b; int c;\n", ["int b;"], "int a;  int c;\n"),
        ("int b;\n", ["int b;"], ""),
    ],
)
def test_removals(text: str, removed: list[str], after: str) -> None:
    assert stripped(text, *removed) == after


def test_a_replacement_wins_over_what_stands_inside() -> None:
    text = "at::Tensor f();\nint module { at::cat; }\n"
    start, end = text.index("int module"), text.rindex("}") + 1
    plan = FilePlan("f.cpp", "strip", ((start, end),))
    found = strip(text, plan, "cpu", [Edit("f.cpp", start, end, "int entry;")], ["<vector>"])
    assert found == '#include <vector>\n#include "ffi_port/tensor.h"\nffi_port::Tensor f();\nint entry;\n'


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("#include <torch/torch.h>\nat::Half x;\n", '#include "ffi_port/half.h"\nat::Half x;\n'),
        ("#pragma once\n\nat::Half x;\n", '#pragma once\n#include "ffi_port/half.h"\n\nat::Half x;\n'),
        (
            "#include <a.h>\n#if X\n#include <b.h>\n#endif\nat::Half x;\n",
            '#include <a.h>\n#include "ffi_port/half.h"\n#if X\n#include <b.h>\n#endif\nat::Half x;\n',
        ),
        (
            '#include "ffi_port/half.h"\n#include <c10/util/Half.h>\nat::Half x;\n',
            '#include "ffi_port/half.h"\nat::Half x;\n',
        ),
        (
            "#if X\n#include <torch/torch.h>\n#endif\nat::Half x;\n",
            '#include "ffi_port/half.h"\nat::Half x;\n',
        ),
        ("#if X\n#include <torch/torch.h>\nint x;\n#endif\n", "#if X\nint x;\n#endif\n"),
        (
            "#ifndef A_H\n#define A_H\nat::Half x;\n#endif\n",
            '#ifndef A_H\n#define A_H\n#include "ffi_port/half.h"\nat::Half x;\n#endif\n',
        ),
    ],
)
def test_includes(text: str, after: str) -> None:
    assert stripped(text) == after.replace("at::Half x", "ffi_port::Half x")


def test_a_header_deleted_with_the_bindings_leaves() -> None:
    text = '#include "lib/bind.h"\n#include "lib/kernel.h"\nint x;\n'
    assert stripped(text, dropped=("src/lib/bind.h",)) == '#include "lib/kernel.h"\nint x;\n'


@pytest.mark.parametrize(
    ("text", "backend", "headers"),
    [
        (
            "std::vector<std::string> x; int64_t n; std::sort(a, b);",
            "cpu",
            {"<vector>", "<string>", "<cstdint>", "<algorithm>"},
        ),
        ("cudaStream_t s; cuda x; cudagraph y;", "cuda", {"<cuda_runtime.h>"}),
        ("cudaStream_t s; __half h;", "cpu", set()),
        ("__half a; auto b = static_cast<half*>(p);", "cuda", {"<cuda_fp16.h>"}),
        ("int half = n / 2;", "cuda", set()),
        ("x.vector; mine::vector; // std::vector", "cpu", set()),
        ("hipStream_t s;", "hip", {"<hip/hip_runtime.h>"}),
    ],
)
def test_implied_headers(text: str, backend: str, headers: set[str]) -> None:
    assert implied(text, backend) == headers


def test_names_of_std_stand_alone_where_it_is_opened() -> None:
    text = (
        "using namespace std;\nvector<int> f(string s, int size) { cout << max(size, 1); return s.size(); }"
    )
    assert implied(text, "cpu") == {"<algorithm>", "<iostream>", "<string>", "<vector>"}
    assert implied(text.replace("using namespace std;", ""), "cpu") == set()
    assert implied("using namespace std; void f() { stringstream s; }", "cpu") == {"<sstream>"}


def test_a_tensor_finds_torchs_functions_without_their_namespace() -> None:
    assert implied("auto y = sum(x); Tensor x;", "cpu") == {"ffi_port/compute.h"}
    assert implied("Tensor max(Tensor a); auto y = x.sum() + std::max(1, 2);", "cpu") == {"<algorithm>"}
    assert implied("float y = max(a, b);", "cpu") == set()


def test_carried_types_need_what_their_headers_only_declare() -> None:
    assert implied("auto s = x.device().str();", "cpu") == {"<string>"}
    assert implied("f(ffi_port::DeviceTypeName(t))", "cpu") == {"<string>"}
    assert implied("FFI_DISPATCH_COMPLEX_TYPES(t, n, f)", "cpu") == {"ffi_port/complex.h"}
    assert implied("f(kFloat8_e4m3fn, at::kComplexFloat, x.is_complex())", "cpu") == {
        "ffi_port/complex.h",
        "ffi_port/float8.h",
    }


def test_math_h_serves_what_cmath_would() -> None:
    assert implied("float f(float x) { return exp(x) + INFINITY; }", "cpu", "<math.h>") == {"<math.h>"}
    assert implied("f(exp(x), std::exp(x))", "cpu", "<math.h>") == {"<cmath>", "<math.h>"}
    assert implied("f(exp(x))", "cpu", "<stdlib.h>") == {"<cmath>"}


def test_includes_in_comments_and_strings_are_none() -> None:
    text = '/*\n#include <a>\n*/\nauto s = R"(\n#include <b>\n)";\n#include <c>  // c\n'
    assert [(line.path, line.comment) for line in include_lines(text)] == [("c", "// c")]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("#if A\n-\n#endif\n", ["#if A\n-\n#endif\n"]),
        (
            "#if A\n#ifdef B\n-\n#endif\n#else\n\n#endif\nx\n",
            ["#if A\n#ifdef B\n-\n#endif\n#else\n\n#endif\n"],
        ),
        ("#if A\n-\n#else\nx\n#endif\n", []),
        ("#if A\nx\n#ifdef B\n-\n#endif\n#endif\n", ["#ifdef B\n-\n#endif\n"]),
        ("#if A\n#endif\n-\n", []),
    ],
)
def test_conditionals_left_empty(text: str, groups: list[str]) -> None:
    at = text.index("-\n")
    assert [text[a:b] for a, b in emptied_conditionals(text, [(at, at + 2)])] == groups


def test_a_macro_inside_of_a_replaced_module_goes_with_it() -> None:
    text = 'at::Tensor f();\nint module {\n#define DEF(T) m.def("f_" #T, &f<T>)\nDEF(int) }\n'
    start, end = text.index("int module"), text.rindex("}") + 1
    macro = text.index("#define"), text.index("\nDEF(int)")
    plan = FilePlan("f.cpp", "strip", (macro, (start, end)))
    found = strip(text, plan, "cpu", [Edit("f.cpp", start, end, "int entry;")])
    assert found == '#include "ffi_port/tensor.h"\nffi_port::Tensor f();\nint entry;\n'


_CALL = "void f() {\n#ifdef GPU\n  c10::cuda::getCurrentCUDAStream();\n#endif\n}\n"
_CARRIED = _CALL.replace("c10::cuda", "ffi_port")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "#ifdef GPU\n#include <c10/cuda/CUDAStream.h>\n#endif\n#include <torch/torch.h>\nat::Half x;\n"
            + _CALL,
            '#ifdef GPU\n#include "ffi_port/cuda.h"\n#endif\n#include "ffi_port/half.h"\nffi_port::Half x;\n'
            + _CARRIED,
        ),
        (
            "#pragma once\n#ifdef GPU\n#include <ATen/cuda/CUDAContext.h>\n"
            "#include <c10/cuda/CUDAStream.h>\n#endif\n" + _CALL,
            '#pragma once\n#ifdef GPU\n#include "ffi_port/cuda.h"\n#endif\n' + _CARRIED,
        ),
        (  # a name outside of the condition: the include must be there always
            "#ifdef GPU\n#include <c10/cuda/CUDAStream.h>\n#endif\nc10::cuda::CUDAStream s();\n",
            '#include "ffi_port/cuda.h"\nffi_port::CUDAStream s();\n',
        ),
        (  # an include outside of the condition
            "#include <c10/cuda/CUDAGuard.h>\n#ifdef GPU\n#include <c10/cuda/CUDAStream.h>\n#endif\n" + _CALL,
            '#include "ffi_port/cuda.h"\n' + _CARRIED,
        ),
        (  # one branch of several: the others may need it too
            "#ifdef AMD\n#include <hip/hip_runtime.h>\n#else\n#include <c10/cuda/CUDAStream.h>\n#endif\n"
            + _CALL,
            '#include "ffi_port/cuda.h"\n#ifdef AMD\n#include <hip/hip_runtime.h>\n#else\n#endif\n'
            + _CARRIED,
        ),
    ],
)
def test_what_only_a_gpu_build_has_stays_under_its_condition(text: str, after: str) -> None:
    assert stripped(text) == after
