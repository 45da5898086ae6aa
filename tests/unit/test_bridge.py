"""What is bridged, under which schema, and what the library's sources look like."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from parsed import function_of, reasons, rendered, tiers

from migrate.pipeline import Request, analyse, migrate
from migrate.rules.bridge import schema

BODY = "{ x.var(); }"
CONTAINERS = "#include <functional>\n#include <variant>\n"
OWN_CLASS = '&f); py::class_<Own>(m, "Own");'


def bound(parameters: str, body: str = BODY, returns: str = "void", before: str = "") -> str:
    text = f"{before}\n{returns} f(at::Tensor x{', ' if parameters else ''}{parameters}) {body}\n"
    return f'{text}PYBIND11_MODULE(ops, m) {{ m.def("f", &f); }}\n'


@pytest.mark.parametrize(
    ("parameters", "written"),
    [
        ("at::Tensor& out", "Tensor(a!) out"),
        ("const at::Tensor& in", "Tensor in_"),
        ("int8_t a, size_t b, bool c, float d", "int a, int b, bool c, float d"),
        ("c10::optional<at::Tensor> a, std::optional<double>& b", "Tensor? a, float? b"),
        ("std::vector<at::Tensor> a, at::IntArrayRef b", "Tensor[] a, int[] b"),
        ("std::vector<std::vector<int>> a, std::array<int, 2> b", "int[][] a, int[] b"),
        ("std::tuple<int, int> a, std::pair<int, at::Tensor> b", "int[] a, (int, Tensor) b"),
        ("std::map<std::string, at::Tensor> a", "Dict(str, Tensor) a"),
        ("std::string a, const char* b", "str a, str? b"),
        ("at::ScalarType a, at::Device b", "ScalarType a, Device b"),
        ("std::optional<at::Generator> a", "Generator? a"),
        ("double print, double", "float print_, float arg2"),
        ("const std::variant<int, std::tuple<int, int>>& a", "Any a"),
        ("std::optional<std::variant<std::string, std::vector<at::Tensor>>> a", "Any? a"),
    ],
)
def test_parameters_of_the_schema(parameters: str, written: str) -> None:
    source = bound(parameters, before=CONTAINERS)
    assert tiers(source) == {"f": "bridge"}, reasons(source)
    assert schema("f", function_of(source, "f")) == f"f(Tensor x, {written}) -> ()"


@pytest.mark.parametrize(
    ("returns", "written"),
    [
        ("at::Tensor&", "Tensor"),
        ("std::tuple<at::Tensor, std::vector<int64_t>>", "(Tensor, int[])"),
        ("std::pair<std::string, bool>", "(str, bool)"),
        ("std::vector<std::tuple<int, int>>", "(int, int)[]"),
        ("std::optional<std::map<std::string, double>>", "Dict(str, float)?"),
        ("std::function<int(at::Tensor)>", "Capsule?"),
        ("std::pair<at::Tensor, std::function<void()>>", "(Tensor, Capsule?)"),
        ("std::tuple<std::function<int()>, std::function<bool()>>", "(Capsule?, Capsule?)"),
        ("std::tuple<int, std::tuple<at::Tensor, bool>>", "(int, (Tensor, bool))"),
    ],
)
def test_results_of_the_schema(returns: str, written: str) -> None:
    source = bound("", "{ x.var(); throw 1; }", returns, CONTAINERS)
    assert schema("f", function_of(source, "f")) == f"f(Tensor x) -> {written}"


@pytest.mark.parametrize(
    ("parameters", "returns"),
    [
        ("Own a", "void"),
        ("std::function<int()> a", "void"),
        ("py::dict a", "void"),
        ("int* a", "void"),
        ("char a", "void"),
        ("std::optional<std::optional<int>> a", "void"),
        ("std::map<double, int> a", "void"),
        ("std::vector<Own> a", "void"),
        ("", "at::ScalarType"),
        ("", "std::tuple<at::Tensor>"),
        ("", "std::unique_ptr<Own>"),
        ("std::variant<int, std::map<int, int>> a", "void"),
        ("std::variant<int, at::ScalarType> a", "void"),
        ("std::variant<int, at::IntArrayRef> a", "void"),
        ("std::vector<std::variant<int, bool>> a", "void"),
        ("", "std::variant<int, bool>"),
        ("", "std::function<Own()>"),
        ("", "std::function<void(Own)>"),
        ("", "std::function<std::function<int()>()>"),
        ("", "std::vector<std::function<int()>>"),
    ],
)
def test_types_that_the_dispatcher_lacks_stay(parameters: str, returns: str) -> None:
    before = f"{CONTAINERS}#include <memory>\nstruct Own {{ int a; }};"
    source = bound(parameters, "{ x.var(); throw 1; }", returns, before)
    assert tiers(source) == {"f": "manual"}
    assert "has type" in reasons(source)["f"] or "it returns" in reasons(source)["f"]


def test_the_compiler_may_know_what_the_parser_does_not() -> None:
    """An unknown name in the body is bridged; in the signature, the types cannot be trusted."""
    source = """
void body(at::Tensor x) { absent::launch(x); }
void signature(at::Tensor x, Absent y) { x.var(); }
void wrong(at::Tensor x) { x.size(0) + ; }
PYBIND11_MODULE(ops, m) {
  m.def("body", &body);
  m.def("signature", &signature);
  m.def("wrong", &wrong);
}
"""
    assert tiers(source) == {"body": "bridge", "signature": "manual", "wrong": "manual"}
    assert "absent" in reasons(source)["body"]


def test_python_in_a_body_stays_and_leaves_the_copy() -> None:
    source = """
void with_python(at::Tensor x) { py::print("x"); x.var(); }
void without(at::Tensor x) { x.var(); }
PYBIND11_MODULE(ops, m) {
  m.def("with_python", &with_python);
  m.def("without", &without);
}
"""
    assert tiers(source) == {"with_python": "manual", "without": "bridge"}
    assert reasons(source)["with_python"] == "`py::print` at ops.cpp:4 needs Python"
    copy = rendered(source)["bridge/ops.cpp"]
    assert "with_python" not in copy
    assert "void without" in copy


def test_each_of_several_functions_with_python_leaves_the_copy() -> None:
    source = """
void early(at::Tensor x) { x.var(); }
void with_python(at::Tensor x) { py::print("x"); x.var(); }
void with_more(at::Tensor x) { py::print("y"); x.var(); }
PYBIND11_MODULE(ops, m) {
  m.def("early", &early);
  m.def("with_python", &with_python);
  m.def("with_more", &with_more);
}
"""
    assert tiers(source) == {"early": "bridge", "with_python": "manual", "with_more": "manual"}
    assert "py::print" not in rendered(source)["bridge/ops.cpp"]


def test_the_gil_is_released_already() -> None:
    source = """
void f(at::Tensor x) {
  TORCH_CHECK(x.dim() == 1);
  py::gil_scoped_release release;
  x.var();
}
PYBIND11_MODULE(ops, m) {
  m.def("f", &f);
  m.def("g", [](at::Tensor x) { pybind11::gil_scoped_release r{}; x.var(2); });
}
"""
    assert set(tiers(source).values()) == {"bridge"}, reasons(source)
    copy = rendered(source)["bridge/ops.cpp"]
    assert "  TORCH_CHECK(x.dim() == 1);\n  x.var();\n" in copy
    assert "ffi_bridge::bridge([](at::Tensor x) { x.var(2); })" in copy


def test_python_outside_functions_keeps_the_whole_module() -> None:
    source = bound("", before="static PyObject* kept = nullptr;")
    assert tiers(source) == {"f": "manual"}
    assert reasons(source)["f"] == "`PyObject` at ops.cpp:3 needs Python, outside every host function"


def test_a_class_of_the_tree_is_not_pythons_whatever_its_name() -> None:
    own = "template <class T> struct PyCamera : T { int width; };\nusing Any = PyCamera<Other>;"
    assert tiers(bound("", before=f"struct Other {{}};\n{own}")) == {"f": "bridge"}
    assert tiers(bound("", before="struct PyObject;\nstatic PyObject* kept;")) == {"f": "manual"}


def test_a_registration_macro_is_no_use_of_python_but_in_a_function() -> None:
    before = "#define REGISTER_OWN(m) py::class_<Own>(m, \"Own\")\nstruct Own {};"
    source = bound("", before=before)
    assert tiers(source)["f"] == "bridge"
    assert "REGISTER_OWN" not in rendered(source)["bridge/ops.cpp"]
    assert tiers(source.replace(BODY, "{ REGISTER_OWN(x); x.var(); }"))["f"] == "manual"


def test_the_fragment_stands_where_the_module_stood() -> None:
    source = """
// Adds one.
static void one(at::Tensor& x) { x.var(); }
static void two(at::Tensor x) { x.var(2); }
static void two(at::Tensor x, int n) { x.var(n); }
template <class T> void three(at::Tensor x, T n) { x.var(3); }
PYBIND11_MODULE(ops, m) {
  using namespace at;
  // In place.
  m.def("one", &one);
  m.def("two", static_cast<void (*)(at::Tensor, int)>(&two));
  m.def("three", &three<double>);
  m.def("four", [](at::Tensor x) { x.var(4); });
}
"""
    assert set(tiers(source).values()) == {"bridge"}
    assert rendered(source)["bridge/ops.cpp"] == """\
#include <torch/all.h>
#include "ffi_bridge/bridge.h"

// Adds one.
static void one(at::Tensor& x) { x.var(); }
static void two(at::Tensor x) { x.var(2); }
static void two(at::Tensor x, int n) { x.var(n); }
template <class T> void three(at::Tensor x, T n) { x.var(3); }
TORCH_LIBRARY_FRAGMENT(_ffi_bridge_ops, m) {
  using namespace at;
  // In place.
  m.def("one(Tensor(a!) x) -> ()", ffi_bridge::bridge(&one));
  m.def("two(Tensor x, int n) -> ()",
        ffi_bridge::bridge(static_cast<void (*)(at::Tensor, int)>(&two)));
  m.def("three(Tensor x, float n) -> ()", ffi_bridge::bridge(&three<double>));
  m.def("four(Tensor x) -> ()", ffi_bridge::bridge([](at::Tensor x) { x.var(4); }));
}
"""


def adaptor(source: str) -> dict[str, Any]:
    """What the adaptor's ``_torch.py`` defines, the library aside."""
    files = rendered(source)
    words: dict[str, Any] = {"__name__": "ops._arguments"}
    exec(files["ops/_arguments.py"], words)
    text = re.sub(r"^from \._arguments import .*\n", "", files["ops/_torch.py"], flags=re.MULTILINE)
    names: dict[str, Any] = {"__name__": "ops._torch", "_WORDS": words["_READERS"]}
    names["reader_of"] = words["reader_of"]
    exec(text, names)
    return names


def test_the_adaptor_chooses_the_alternative() -> None:
    source = bound("std::variant<std::tuple<int, int>, double, int, std::vector<int>> a", before=CONTAINERS)
    word = "variant[tuple[int32, int32], float, int32, list[int32]]"
    assert f'bridge("f", ("Tensor", "{word}"))' in rendered(source)["ops/__init__.py"]
    read = adaptor(source)["_reader"](word)
    assert read([1, 2]) == (0, (1, 2))
    assert read(1) == (2, 1)
    assert read(1.0) == (1, 1.0)
    assert read(2**40) == (1, 2.0**40)
    assert read([]) == (3, ())
    assert read((1, 2, 3)) == (3, (1, 2, 3))
    for wrong in (None, "1", [1.5], {}):
        with pytest.raises(TypeError):
            read(wrong)


def test_a_returned_function_is_called_through_an_operator_of_its_own() -> None:
    returns = "std::tuple<int, std::function<at::Tensor(at::Tensor&, std::variant<int, bool>)>>"
    source = bound("", "{ x.var(); throw 1; }", returns, CONTAINERS)
    copy = rendered(source)["bridge/ops.cpp"]
    assert 'm.def("f(Tensor x) -> (int, Capsule?)", ffi_bridge::bridge(&f));' in copy
    assert "f.called1(Capsule called, Tensor(a!) arg0, Any arg1) -> Tensor" in copy
    words = '"f", ("Tensor",), called={1: ("Tensor", "variant[int32, bool]")}'
    assert words in rendered(source)["ops/__init__.py"]
    assert "collections.abc.Callable[[torch.Tensor, " in rendered(source)["ops/__init__.py"]
    assert "Callable[[torch.Tensor, Union[int, bool]], torch.Tensor]" in rendered(source)["ops/__init__.pyi"]


def test_the_adaptor_has_no_more_than_its_operators_need() -> None:
    text = rendered(bound("int a"))["ops/_torch.py"]
    assert "_arguments" not in text
    assert "called" not in text.partition("# The dispatcher")[0].partition("def bridge")[2]


def tree(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


SETUP = """\
from setuptools import setup
from torch.utils.cpp_extension import CppExtension
setup(ext_modules=[CppExtension("pkg._a", [{a}]), CppExtension("pkg._b", [{b}])])
"""


def test_modules_that_share_their_registration_are_told_apart_by_the_build(tmp_path: Path) -> None:
    shared = "#include <torch/extension.h>\n" + bound("").replace("(ops,", "(TORCH_EXTENSION_NAME,")
    source = tree(
        tmp_path / "source",
        {
            "setup.py": SETUP.format(a="'bind.cpp'", b="'bind.cpp', 'more.cpp'"),
            "bind.cpp": shared,
            "more.cpp": "int more() { return 1; }\n",
        },
    )
    out = tmp_path / "out"
    planned = analyse(Request(source, backend="cpu")).plan
    defines = [module.bridge.defines for module in planned.modules if module.bridge is not None]
    assert defines == [
        ("FFI_BRIDGE_NAMESPACE=_ffi_bridge_pkg__a",),
        ("FFI_BRIDGE_NAMESPACE=_ffi_bridge_pkg__b",),
    ]
    migrate(Request(source, backend="cpu"), out)
    assert "TORCH_LIBRARY_FRAGMENT(FFI_BRIDGE_NAMESPACE, m) {" in (out / "bridge/bind.cpp").read_text()


def test_a_header_that_registers_in_several_units_is_not_bridged(tmp_path: Path) -> None:
    """Each unit would register its operators once more."""
    source = tree(
        tmp_path,
        {
            "setup.py": SETUP.format(a="'a.cpp', 'b.cpp'", b="'c.cpp'"),
            "bind.h": "#pragma once\n#include <torch/extension.h>\n"
            "inline void f(at::Tensor x) { x.var(); }\n"
            'inline void bind(pybind11::module_& m) { m.def("f", &f); }\n',
            "a.cpp": '#include "bind.h"\nPYBIND11_MODULE(_a, m) { bind(m); }\n',
            "b.cpp": '#include "bind.h"\nint b() { return 1; }\n',
            "c.cpp": "int c() { return 1; }\n",
        },
    )
    (row,) = (row for m in analyse(Request(source, backend="cpu")).plan.modules for row in m.operators)
    assert (row.tier, row.reason) == ("manual", "several sources include bind.h, which registers it")


def test_a_source_that_only_a_bridge_is_compiled_from_moves(tmp_path: Path) -> None:
    head = "#include <torch/extension.h>\n"
    source = tree(
        tmp_path / "source",
        {
            "setup.py": SETUP.format(a="'a.cpp', 'keeps.cpp', 'leaves.cpp'", b="'b.cpp'"),
            "ops.h": head + "void keeps(at::Tensor x);\nint64_t leaves(at::Tensor x);\n",
            "a.cpp": '#include "ops.h"\nPYBIND11_MODULE(_a, m) {\n'
            '  m.def("keeps", &keeps);\n  m.def("leaves", &leaves);\n}\n',
            "keeps.cpp": '#include "ops.h"\nvoid keeps(at::Tensor x) { x.var(); }\n',
            "leaves.cpp": '#include "ops.h"\nint64_t leaves(at::Tensor x) { return x.size(0); }\n',
            "b.cpp": head + bound("", before="struct Own {};").replace("(ops,", "(_b,"),
        },
    )
    planned = analyse(Request(source, backend="cpu")).plan
    assert [row.path for row in planned.files if row.action == "delete"] == ["a.cpp", "b.cpp", "keeps.cpp"]
    assert {row.copy for row in planned.bridged} >= {"bridge/a.cpp", "bridge/b.cpp", "bridge/keeps.cpp"}


@pytest.mark.parametrize(
    ("parameter", "old"),
    [("at::Tensor x", False), ("at::Tensor x, py::object o", True)],
    ids=["the bridge registers", "what needs Python keeps all in the old extension"],
)
def test_nothing_is_registered_twice_with_the_dispatcher(parameter: str, old: bool) -> None:
    library = f"""at::Tensor g({parameter}) {{ return x.inverse(); }}
// What the dispatcher gets.
TORCH_LIBRARY(own, m) {{ m.def("g", &g); }} TORCH_LIBRARY_IMPL(own, CPU, m) {{ m.impl("g", &g); }}
"""
    source = bound("").replace("PYBIND11", library + "PYBIND11")
    source = source.replace("&f);", OWN_CLASS).replace("void f", "struct Own {};\nvoid f")
    assert tiers(source) == {"f": "bridge", "Own": "manual", "g": "manual" if old else "bridge"}
    files = rendered(source)
    assert ("TORCH_LIBRARY(own" in files["bridge/ops.cpp"]) != old
    block = "#if 0  // another library of the module gives this to torch's dispatcher\nTORCH_LIBRARY(own"
    assert (block in files["legacy/ops.cpp"]) != old
    assert files["legacy/ops.cpp"].endswith(source) == old
    assert files["legacy/ops.cpp"].count("#if") == files["legacy/ops.cpp"].count("#endif")


def test_the_adaptor_of_a_module_without_tvm_ffi() -> None:
    source = bound("").replace("&f);", OWN_CLASS).replace("void f", "struct Own {};\nvoid f")
    files = rendered(source)
    assert "tvm_ffi" not in files["ops/_backend.py"]
    assert "from ._backend import legacy\nfrom ._torch import bridge\n" in files["ops/__init__.py"]
    for path in ("ops/__init__.py", "ops/__init__.pyi", "ops/_backend.py", "ops/_torch.py"):
        compile(files[path], path, "exec")
    alone = rendered(bound(""))
    assert "ops/_backend.py" not in alone
    assert "_backend" not in alone["ops/__init__.py"]


def test_a_submodule_imports_from_the_package_it_lies_in() -> None:
    source = """
void f(at::Tensor x) { x.var(); }
int64_t rows(at::Tensor x) { return x.size(0); }
PYBIND11_MODULE(ops, m) {
  auto sub = m.def_submodule("sub");
  sub.def("f", &f);
  sub.def("rows", &rows);
}
"""
    text = rendered(source)["ops/sub.py"]
    assert "from ._backend import again, bind\nfrom ._torch import bridge\n" in text
    assert 'm.def("sub__f(Tensor x) -> ()", ffi_bridge::bridge(&f));' in rendered(source)["bridge/ops.cpp"]
