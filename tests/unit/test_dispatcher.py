"""Operators of torch's dispatcher: every form of registration, what is planned, what is generated."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from parsing import ids, model_of

from migrate.model.bindings import Operator
from migrate.model.dispatcher import CATCH_ALL, Dispatch
from migrate.model.plan import ModulePlan
from migrate.pipeline import Analysis, Request, analyse
from migrate.render import render

FORMS = """
#include <torch/library.h>
namespace k {
at::Tensor f(const at::Tensor& a, int64_t n) { return a; }
at::Tensor g(at::Tensor a) { return a; }
}
void more(torch::Library& m) { m.def("late(Tensor a) -> Tensor", &k::g); }
TORCH_LIBRARY(forms, m) {
  m.def("f(Tensor a, "
        "int n=3) -> Tensor");
  m.def("g.out(Tensor a) -> Tensor", {at::Tag::pt2_compliant_tag});
  m.def(TORCH_SELECTIVE_SCHEMA("forms::sel(Tensor a) -> Tensor"));
  m.def("plain", &k::g);
  m.def("lam(Tensor a) -> Tensor", [](at::Tensor a) { return a; });
  m.impl("f", torch::kCUDA, &k::f);
  m.impl(TORCH_SELECTIVE_NAME("forms::sel"), torch::dispatch(c10::DispatchKey::CPU, TORCH_FN(k::g)));
  m.impl("g.out", c10::DispatchKey::CPU, k::g);
  m.def("one(Tensor a) -> Tensor", k::g).def("two(Tensor a) -> Tensor", TORCH_FN(k::g));
  more(m);
}
TORCH_LIBRARY_FRAGMENT(forms, m) { m.def("frag(Tensor a) -> Tensor"); }
TORCH_LIBRARY_IMPL(forms, CPU, m) {
  m.impl("f", TORCH_FN(k::f));
  m.impl("frag", torch::CppFunction::makeFallthrough());
}
static auto registry = torch::RegisterOperators()
    .op("forms::ro", &k::g)
    .op("forms::rs(Tensor a, int n) -> Tensor", k::f)
    .op("forms::rl", [](at::Tensor a) -> at::Tensor { return a; });
static torch::RegisterOperators second("forms::rc", &k::g);
"""

PYTHON_ENTRY = """
#include <Python.h>
extern "C" {
/* Nothing in it: to be imported. */
PyObject *PyInit__C(void) {
  static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_C", nullptr, -1, nullptr};
  return PyModule_Create(&definition);
}
}
"""
SETUP = """
from setuptools import setup
from torch.utils.cpp_extension import CppExtension
setup(name="pkg", ext_modules=[CppExtension("pkg._C", ["ops.cpp"])])
"""
TWICE = 'at::Tensor twice(at::Tensor x) { TORCH_CHECK(x.dim() == 1, "1"); return at::empty_like(x); }\n'
PRODUCT = "at::Tensor product(at::Tensor x) { return at::linear(x, x); }\n"
HEAD = "#include <torch/library.h>\n"


def dispatch_of(operator: Operator) -> Dispatch:
    assert operator.registration.dispatch is not None
    return operator.registration.dispatch


@cache
def analysed(source: str) -> Analysis:
    with TemporaryDirectory() as folder:
        (Path(folder) / "setup.py").write_text(SETUP)
        (Path(folder) / "ops.cpp").write_text(HEAD + source)
        return analyse(Request(Path(folder), "cpu"))


def rendered(source: str) -> dict[str, str]:
    analysis = analysed(source)
    files = render(analysis.project, analysis.model, analysis.plan)
    return {path: data.decode("utf-8", "replace") for path, data in files.write.items()}


def module(source: str) -> ModulePlan:
    (only,) = analysed(source).plan.modules
    return only


def tiers(source: str) -> dict[str, str]:
    return {row.operator.registration.name: row.tier for row in module(source).operators}


def test_every_form_of_registration_is_an_operator(tmp_path: Path) -> None:
    model = model_of(tmp_path, {"forms.cpp": FORMS})
    found = {operator.registration.name: dispatch_of(operator).keys for operator in model.operators}
    catch_all = (CATCH_ALL,)
    assert found == {
        "f": ("CUDA", "CPU"),
        "frag": ("CPU",),
        "g.out": ("CPU",),
        "sel": ("CPU",),
        **dict.fromkeys(["plain", "lam", "one", "two", "late", "ro", "rs", "rl", "rc"], catch_all),
    }
    assert ids(model) == set()
    by_name = {operator.registration.name: operator for operator in model.operators}
    assert by_name["f"].signature == "forms::f(Tensor a, int n=3) -> Tensor"
    assert by_name["plain"].signature == "forms::plain(Tensor _0) -> Tensor _0"
    assert dispatch_of(by_name["g.out"]).tags == ("pt2_compliant_tag",)
    assert len({operator.id for operator in model.operators}) == len(model.operators)
    unresolved = {o.registration.name for o in model.operators if o.registration.unresolved}
    assert unresolved == {"frag"}
    (shared,) = by_name["f"].implementations
    assert shared.function is not None
    assert shared.function.qualified == "k::f"


def test_stable_blocks_and_left_out_ones_are_seen(tmp_path: Path) -> None:
    source = (
        "#include <torch/csrc/stable/library.h>\n"
        "torch::stable::Tensor f(torch::stable::Tensor x) { return x; }\n"
        'STABLE_TORCH_LIBRARY(st, m) { m.def("f(Tensor x) -> Tensor"); }\n'
        'STABLE_TORCH_LIBRARY_IMPL(st, CPU, m) { m.impl("f", TORCH_BOX(&f)); }\n'
        "#ifdef WITH_MORE\n#define MORE 1\n#endif\n"
        'TORCH_LIBRARY(st2, m) {\n#ifdef WITH_MORE\n  m.def("hidden(Tensor x) -> Tensor");\n#endif\n}\n'
    )
    model = model_of(tmp_path, {"st.cpp": source})
    assert [(o.registration.name, dispatch_of(o).keys) for o in model.operators] == [("f", ("CPU",))]
    assert "MIG213" in ids(model)


def test_a_registration_that_an_error_hides_does_not_vanish(tmp_path: Path) -> None:
    model = model_of(
        tmp_path,
        {"a.cpp": HEAD + 'TORCH_LIBRARY(ns, m) { m.def("f(Tensor x) -> Tensor", &nowhere::g, what::is); }\n'},
    )
    (operator,) = model.operators
    assert operator.registration.name == "f"
    assert operator.registration.unresolved


def test_an_imported_library_is_registered_again_from_python() -> None:
    source = (
        PYTHON_ENTRY
        + TWICE
        + (
            'TORCH_LIBRARY(pkg, m) { m.def("twice(Tensor x) -> Tensor"); }\n'
            'TORCH_LIBRARY_IMPL(pkg, CPU, m) { m.impl("twice", &twice); }\n'
        )
    )
    assert tiers(source) in ({"twice": "view"}, {"twice": "raw"})
    assert module(source).bridge is None
    files = rendered(source)
    text = files["pkg/_C/_operators.py"]
    assert '_library.define("twice(Tensor x) -> Tensor")' in text
    assert ', "CPU")' in text
    assert "from . import _operators" in files["pkg/_C/__init__.py"]
    assert "TORCH_LIBRARY" not in files.get("ops.cpp", "")
    assert "PyInit" not in files.get("ops.cpp", "")


def test_what_device_sources_register_may_be_left_out_of_a_build(tmp_path: Path) -> None:
    """As torch's extension was, where its setup.py lists no device source without a toolkit."""
    (tmp_path / "setup.py").write_text(SETUP.replace('["ops.cpp"]', '["ops.cpp", "ops_cuda.cu"]'))
    (tmp_path / "ops.cpp").write_text(
        f'{HEAD}{PYTHON_ENTRY}{TWICE}TORCH_LIBRARY(pkg, m) {{ m.def("twice(Tensor x) -> Tensor"); }}\n'
        'TORCH_LIBRARY_IMPL(pkg, CPU, m) { m.impl("twice", &twice); }\n'
    )
    (tmp_path / "ops_cuda.cu").write_text(
        HEAD
        + TWICE.replace(" twice", " twice_cuda")
        + 'TORCH_LIBRARY_IMPL(pkg, CUDA, m) { m.impl("twice", &twice_cuda); }\n'
    )
    analysis = analyse(Request(tmp_path, "cuda"))
    files = render(analysis.project, analysis.model, analysis.plan).write
    operators = files["pkg/_C/_operators.py"].decode()
    assert 'if has("twice_cuda") else None' in operators
    assert 'if _twice_cuda is not None:\n    _library.impl("twice", twice_cuda, "CUDA")' in operators
    assert '\n_library.impl("twice", twice_cpu, "CPU")' in operators
    assert b"def has(" in files["pkg/_C/_backend.py"]
    (shim,) = (data.decode() for path, data in files.items() if path.endswith("_C_ffi.cc"))
    guarded = "".join(part.partition("#endif")[0] for part in shim.split("#ifndef FFI_PORT_HOST_ONLY")[1:])
    assert guarded.count("twice_cuda_ffi") == shim.count("twice_cuda_ffi") > 1
    assert "twice_cpu_ffi" not in guarded


def test_defaults_keywords_and_aliases_need_a_def() -> None:
    source = PYTHON_ENTRY + (
        "at::Tensor& fill(at::Tensor& x, double v, bool twice) { x.data_ptr<float>()[0] = v; return x; }\n"
        "TORCH_LIBRARY(pkg, m) {\n"
        '  m.def("fill(Tensor(a!) x, float v=2, *, bool twice=False) -> Tensor(a!)");\n}\n'
        'TORCH_LIBRARY_IMPL(pkg, CPU, m) { m.impl("fill", &fill); }\n'
    )
    text = rendered(source)["pkg/_C/_operators.py"]
    assert "def fill(x, v=2.0, *, twice=False):" in text
    assert "    args = read(_fill, x, v, twice)\n" in text
    assert "    return x\n" in text
    assert "from ._backend import again, bind, read\n" in text


def test_a_namespace_may_be_split_and_each_schema_exists_once() -> None:
    source = (
        PYTHON_ENTRY
        + TWICE
        + PRODUCT
        + (
            "TORCH_LIBRARY(pkg, m) {\n"
            '  m.def("twice(Tensor x) -> Tensor");\n'
            '  m.def("product(Tensor x) -> Tensor");\n}\n'
            'TORCH_LIBRARY_IMPL(pkg, CPU, m) { m.impl("twice", &twice); m.impl("product", &product); }\n'
        )
    )
    assert tiers(source)["product"] == "bridge"
    assert tiers(source)["twice"] in ("raw", "view")
    files = rendered(source)
    kept = files["bridge/ops.cpp"]
    assert '"product(Tensor x)' in kept
    assert '"twice' not in kept
    assert "PyInit" not in kept
    assert "Python.h" not in kept
    registered = files["pkg/_C/_operators.py"]
    assert "product" not in registered
    assert registered.index("load()") < registered.index("_library.define")


def test_what_only_cpp_can_do_keeps_its_registration() -> None:
    blocks = {
        "Meta": 'TORCH_LIBRARY_IMPL(pkg, Meta, m) { m.impl("twice", &twice); }\n',
        "Autograd": 'TORCH_LIBRARY_IMPL(pkg, Autograd, m) { m.impl("twice", &twice); }\n',
    }
    for key, block in blocks.items():
        defined = 'TORCH_LIBRARY(pkg, m) { m.def("twice(Tensor x) -> Tensor"); }\n'
        source = PYTHON_ENTRY + TWICE + defined + block
        (row,) = module(source).operators
        assert (row.tier, key in row.reason) == ("bridge", True), row.reason
        assert any(d.id == "MIG330" for d in analysed(source).plan.diagnostics)


def test_why_a_schema_is_not_known() -> None:
    source = (
        PYTHON_ENTRY
        + TWICE
        + """
struct Lens : torch::CustomClassHolder {};
at::Tensor bend(const c10::intrusive_ptr<Lens>& lens, at::Tensor x) { return at::empty_like(x); }
TORCH_LIBRARY(ours, m) { m.def("bend", &bend); }
TORCH_LIBRARY_IMPL(theirs, CPU, m) { m.impl("twice", &twice); }
"""
    )
    reasons = {row.operator.registration.name: row.reason for row in module(source).operators}
    assert "infers its schema from a C++ type" in reasons["bend"]
    assert reasons["twice"] == "its schema is defined elsewhere"


def test_a_library_that_is_loaded_by_path_stays_as_it_is() -> None:
    source = TWICE + 'static auto r = torch::RegisterOperators().op("pkg::twice", &twice);\n'
    (row,) = module(source).operators
    assert row.tier == "bridge"
    assert "loaded by path" in row.reason
    bridge = module(source).bridge
    assert bridge is not None
    assert (bridge.name, bridge.sources) == ("pkg._C", ("ops.cpp",))
    assert set(rendered(source)) <= {".migrate/manifest.json", "tests/test_pkg__C_equivalence.py"}


def test_static_functions_are_reached_from_the_file_that_binds_them() -> None:
    source = PYTHON_ENTRY + (
        "namespace pkg { namespace {\n" + TWICE + "}\n"
        'TORCH_LIBRARY(pkg, m) { m.def("twice(Tensor x) -> Tensor", &twice); }\n}\n'
    )
    assert tiers(source) == {"twice": "view"}
    kept = rendered(source)["ops.cpp"]
    assert kept.rstrip().endswith("}  // namespace ops_entry")
    assert "return ::pkg::twice(x);" in kept
    assert 'extern "C"' not in kept
    assert "alias_analysis" not in rendered(source)["pkg/_C/_operators.py"]


def test_operators_beside_a_pybind11_module_belong_to_it() -> None:
    source = (
        "#include <torch/extension.h>\n" + TWICE + "int64_t one() { return 1; }\n"
        'TORCH_LIBRARY(pkg, m) { m.def("twice(Tensor x) -> Tensor", &twice); }\n'
        'PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("one", &one); }\n'
    )
    assert set(tiers(source)) == {"one", "twice"}
    assert analysed(source).report.totals["found"] == 2
    init = rendered(source)["pkg/_C/__init__.py"]
    assert "def one(" in init
    assert "def twice(" not in init
    assert "from . import _operators" in init


def test_an_ignored_operator_keeps_its_registration(tmp_path: Path) -> None:
    library = 'TORCH_LIBRARY(pkg, m) { m.def("twice", &twice); m.def("product", &product); }\n'
    other = TWICE.replace("twice", "product")
    bound = 'struct Own {};\nPYBIND11_MODULE(_C, m) { pybind11::class_<Own>(m, "Own"); }\n'
    rules = '[[ignore]]\noperator = "product"\nreason = "later"\n'
    text = (
        "#include <torch/extension.h>\n"
        + TWICE
        + other
        + library.replace('("twice"', '("twice(Tensor x) -> Tensor"')
    )
    files = {"ops.cpp": text + bound, "setup.py": SETUP, "migrate.toml": rules}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    analysis = analyse(Request(tmp_path, "cpu"))
    found = {row.operator.registration.name: row.tier for row in analysis.plan.modules[0].operators}
    assert found == {"Own": "manual", "product": "bridge", "twice": "raw"}
    written = render(analysis.project, analysis.model, analysis.plan).write
    # Each is registered once: by the bridge, from Python, and not by the copy for the class.
    assert b'm.def("product"' in written["bridge/ops.cpp"]
    assert b'"twice(Tensor' not in written["bridge/ops.cpp"]
    assert b"_library.define" in written["pkg/_C/_operators.py"]
    assert b"#if 0" in written["legacy/ops.cpp"]


def test_one_name_for_the_dispatcher_and_for_python_is_exported_twice() -> None:
    source = (
        "#include <torch/extension.h>\n"
        + TWICE
        + 'TORCH_LIBRARY(pkg, m) { m.def("twice(Tensor x) -> Tensor", &twice); }\n'
        'PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) { m.def("twice", &twice); }\n'
    )
    files = rendered(source)
    shim = next(text for path, text in files.items() if path.endswith("_ffi.cc"))
    for name in ("twice", "pkg__twice"):
        assert f"TVM_FFI_DLL_EXPORT_TYPED_FUNC({name}, {name}_ffi);" in shim
    assert 'bind("twice"' in files["pkg/_C/__init__.py"]
    assert 'bind("pkg__twice"' in files["pkg/_C/_operators.py"]


def test_a_device_file_that_no_cpu_build_takes_stays_a_device_file(tmp_path: Path) -> None:
    setup = """
from setuptools import setup
from torch.utils.cpp_extension import CppExtension, CUDAExtension
import torch
if torch.cuda.is_available():
    one = CUDAExtension("pkg._C", ["host.cpp", "device.cu"])
else:
    one = CppExtension("pkg._C", ["host.cpp"])
setup(name="pkg", ext_modules=[one])
"""
    block = "#include <torch/library.h>\nat::Tensor f(const at::Tensor& a) { return a; }\nTORCH_LIBRARY"
    (tmp_path / "setup.py").write_text(setup)
    (tmp_path / "host.cpp").write_text(block + '(ns, m) { m.def("f(Tensor a) -> Tensor", &f); }\n')
    (tmp_path / "device.cu").write_text(block + '_IMPL(ns, CUDA, m) { m.impl("f", &f); }\n')
    planned = analyse(Request(tmp_path, backend="cpu")).plan
    backends = {spec.sources: spec.backend for m in planned.modules if (spec := m.original) is not None}
    assert backends == {("host.cpp",): "cpu", ("device.cu",): "cuda"}


def test_two_libraries_of_one_name_keep_their_operators_apart(tmp_path: Path) -> None:
    for folder, namespace in (("a", "one"), ("b", "two")):
        text = f"""
        #include <torch/library.h>
        at::Tensor f(const at::Tensor& x) {{ return at::empty_like(x); }}
        TORCH_LIBRARY({namespace}, m) {{ m.def("f(Tensor x) -> Tensor"); }}
        TORCH_LIBRARY_IMPL({namespace}, CPU, m) {{ m.impl("f", &f); }}
        """
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ext.cpp").write_text(text, encoding="utf-8")
    report = analyse(Request(tmp_path, "cpu")).report
    assert report.totals["found"] == 2
    assert sum(report.totals[tier] for tier in ("raw", "view", "bridge", "manual")) == 2


def test_a_const_parameter_by_value_hides_no_implementation() -> None:
    """Declaration and definition of one function may differ in it."""
    source = """
at::Tensor f(at::Tensor a, double t);
at::Tensor f(at::Tensor a, const double t) { return at::empty_like(a); }
void more(torch::Library& m, const int n);
void more(torch::Library& m, int n) { m.def("late", &f); }
TORCH_LIBRARY(ops, m) { m.def("f", &f); more(m, 1); }
"""
    signatures = {row.operator.id: row.operator.signature for row in module(source).operators}
    assert signatures == {
        "pkg._C:ops::f": "ops::f(Tensor _0, float _1) -> Tensor _0",
        "pkg._C:ops::late": "ops::late(Tensor _0, float _1) -> Tensor _0",
    }
