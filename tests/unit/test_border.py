"""The Python border: which signatures pass, and under which types."""

from __future__ import annotations

import pytest
from parsed import function_of, reasons, rendered, tiers

from migrate.model.cpp import CppType
from migrate.rules.border import cpp_spelling, python_type, shim_type, stored_type

TENSOR = CppType("tensor", "at::Tensor")
INT = CppType("int", "int64_t", bits=64)
STRING = CppType("string", "std::string")


def optional(inner: CppType) -> CppType:
    return CppType("optional", f"std::optional<{inner.spelling}>", (inner,))


def listed(inner: CppType) -> CppType:
    return CppType("list", f"std::vector<{inner.spelling}>", (inner,))


@pytest.mark.parametrize(
    ("type_", "shim", "stored", "python"),
    [
        (TENSOR, "TensorView", "Tensor", "torch.Tensor"),
        (INT, "int64_t", "int64_t", "int"),
        (STRING, "String", "String", "str"),
        (CppType("float", "float", bits=32), "double", "double", "float"),
        (CppType("scalar_type", "at::ScalarType"), "DLDataType", "DLDataType", "torch.dtype"),
        (CppType("device", "at::Device"), "DLDevice", "DLDevice", "torch.device"),
        (CppType("generator", "at::Generator"), "Any", "Any", "torch.Generator"),
        (optional(CppType("generator", "at::Generator")), "Any", "Any", "Optional[torch.Generator]"),
        (optional(TENSOR), "Optional<TensorView>", "Optional<Tensor>", "Optional[torch.Tensor]"),
        (listed(TENSOR), "Array<Tensor>", "Array<Tensor>", "List[torch.Tensor]"),
        (
            optional(listed(INT)),
            "Optional<Array<int64_t>>",
            "Optional<Array<int64_t>>",
            "Optional[List[int]]",
        ),
        (listed(listed(TENSOR)), "Array<Array<Tensor>>", "Array<Array<Tensor>>", "List[List[torch.Tensor]]"),
        (
            CppType("tuple", "", (TENSOR, INT)),
            "Tuple<Tensor, int64_t>",
            "Tuple<Tensor, int64_t>",
            "Tuple[torch.Tensor, int]",
        ),
    ],
)
def test_types(type_: CppType, shim: str, stored: str, python: str) -> None:
    """A view may not stand inside a container: it would not own what it shows."""
    assert (shim_type(type_), stored_type(type_), python_type(type_)) == (shim, stored, python)


@pytest.mark.parametrize(
    ("parameter", "spelling"),
    [
        ("const c10::optional<at::Tensor>& x", "const std::optional<ffi_port::Tensor> &"),
        ("at::IntArrayRef x", "ffi_port::ArrayRef<int64_t>"),
        ("long x", "int64_t"),
        ("unsigned long x", "uint64_t"),
        ("std::vector<std::string> x", "std::vector<std::string>"),
        ("torch::Dtype x", "ffi_port::ScalarType"),
    ],
)
def test_the_type_in_a_migrated_declaration(parameter: str, spelling: str) -> None:
    source = f'void f({parameter}) {{}}\nPYBIND11_MODULE(ops, m) {{ m.def("f", &f); }}\n'
    assert cpp_spelling(function_of(source, "f").params[0].type) == spelling


UNFIT = """
struct Own {};
void own(Own x) {}
void pointer(float* x) {}
void plain(at::Tensor x, int n) {}
void two(int a, int b) {}
PYBIND11_MODULE(ops, m) {
  m.def("own", &own);
  m.def("pointer", &pointer);
  m.def("a-b", &plain);
  m.def("lambda", &plain);
  m.def("order", &two, py::arg("a") = 1, py::arg("b"));
  m.def("keyword_only", &two, py::kw_only(), py::arg("a") = 1, py::arg("b"));
  m.def("twice", &two, py::arg("a"), py::arg("a"));
  m.def("list", &two, py::arg("list"), py::arg("b"));
  m.def("keyword", &two, py::arg("in"), py::arg("in_"));
  m.def("fine", &two, py::arg("in"), py::arg("b") = 2);
}
"""


def test_what_no_def_can_say_stays_on_the_legacy_module() -> None:
    migrated = {name for name, tier in tiers(UNFIT).items() if tier != "manual"}
    assert migrated == {"keyword_only", "fine"}
    assert "`b` has no default" in reasons(UNFIT)["order"]
    assert "parameter `x` has type `Own`" in reasons(UNFIT)["own"]


SAMPLE = """
void sample(at::Tensor out, {parameter}) {{ out.zero_(); }}
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {{
  m.def("sample", &sample, py::arg("out"), py::arg("gen"){default});
}}
"""


def test_a_generator_reaches_the_function_as_the_object_it_is() -> None:
    source = SAMPLE.format(parameter="c10::optional<at::Generator> gen", default=" = py::none()")
    assert tiers(source) == {"sample": "raw"}
    files = rendered(source)
    shim = next(text for path, text in files.items() if path.endswith("_ffi.cc"))
    assert "void sample_ffi(TensorView out, Any gen)" in shim
    assert "from_ffi<std::optional<ffi_port::Generator>>(gen)" in shim
    adaptor = next(text for path, text in files.items() if path.endswith("__init__.py"))
    assert "def sample(out: torch.Tensor, gen: Optional[torch.Generator] = None) -> None" in adaptor
    assert "sample(out: torch.Tensor, gen: torch.Generator | None = None) -> None" in adaptor


def test_a_list_of_generators_has_no_border_type() -> None:
    source = SAMPLE.format(parameter="std::vector<at::Generator> gen", default="")
    assert tiers(source)["sample"] not in ("raw", "view")
