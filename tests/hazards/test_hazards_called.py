"""Hazards of hand-made migrations, by number, on operators that the tool migrated: built and called.

``removals.toml`` says, per number, what is taken out to see its test fail.
"""

from __future__ import annotations

import ctypes
import gc
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rendered import generated

pytestmark = pytest.mark.e2e
torch: Any = pytest.importorskip("torch")
np: Any = pytest.importorskip("numpy")


class _View(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device", ctypes.c_int32 * 2),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    )


class _Managed(ctypes.Structure):
    _fields_ = (("view", _View), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p))


class Shifted:
    """A DLPack producer whose first element does not lie at ``data``."""

    def __init__(self, values: list[float], skip: int) -> None:
        self.memory = (ctypes.c_float * len(values))(*values)
        self.shape = (ctypes.c_int64 * 1)(len(values) - skip)
        self.managed = _Managed()
        view = self.managed.view
        view.data = ctypes.addressof(self.memory)
        view.device[0], view.ndim = 1, 1
        view.code, view.bits, view.lanes = 2, 32, 1
        view.shape = self.shape
        view.byte_offset = 4 * skip

    def __dlpack__(self, **_options: object) -> object:
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
        return make(ctypes.addressof(self.managed), b"dltensor", None)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


def in_a_process(out: Path, program: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(out)}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def without_torch(out: Path, program: str) -> str:
    """For what may end the process it goes wrong in, and for hosts that have no torch."""
    start = "import sys\nsys.modules['torch'] = None\nimport numpy as np\nimport hazards._C as m\n"
    return in_a_process(out, start + program)


def test_hazard_01_byte_offset(ops: Any) -> None:
    given = Shifted([1, 2, 3, 4], skip=2)
    assert ops.first(given) == 3
    assert ops.first_maybe(given, 1) == 4
    assert ops.first_of_all([given, given]) == 6


def test_hazard_02_dtype_is_checked_where_the_pointer_is_typed(ops: Any) -> None:
    for dtype in (torch.float64, torch.int64, torch.int32, torch.float16, torch.bool):
        for call in (ops.first, ops.first_maybe, lambda x: ops.first_of_all([x])):
            with pytest.raises(RuntimeError, match="expected scalar type Float but found ") as caught:
                call(torch.ones(3, dtype=dtype))
            assert "\n" not in str(caught.value)
    with pytest.raises(RuntimeError, match=r"^expected scalar type Float but found Long$"):
        ops.first(torch.ones(3, dtype=torch.int64))


def test_hazard_06_tensors_of_size_zero(ops: Any) -> None:
    for shape in ((0,), (0, 3), (3, 0), (2, 0, 3)):
        x = torch.empty(shape)
        assert tuple(ops.scaled(x).shape) == shape
        assert ops.address(x) == x.data_ptr() == 0  # as torch has it, and no reason to refuse
        assert ops.address(torch.ones(4)[4:]) == 0
        # No elements: contiguous whatever the strides say.
        assert ops.contiguous(x.as_strided(shape, (7,) * len(shape)))
    assert ops.first_of_all([]) == 0


def test_hazard_07_strides_of_dimensions_of_size_one(ops: Any) -> None:
    x = torch.ones(4).as_strided((1, 4), (128, 1))
    assert ops.contiguous(x) is x.is_contiguous() is True
    assert ops.stride(x, 0) == 128
    assert ops.contiguous(torch.ones(1, 4).expand(3, 4)) is False
    assert ops.contiguous(torch.ones(3, 4)[:, :1]) is False


def test_hazard_08_the_gil_is_released_only_where_it_was(ops: Any) -> None:
    def most_at_once(call: Any) -> int:
        seen: list[int] = []
        threads = [threading.Thread(target=lambda: seen.append(call())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return max(seen)

    assert most_at_once(ops.enter) == 1
    assert most_at_once(ops.enter_released) > 1


def test_hazard_09_no_name_is_lost(ops: Any, migration: Any) -> None:
    names = {row.name for row in migration.report.operators}
    assert migration.report.totals["found"] == len(names) == 38
    assert {name for name in vars(ops) if callable(getattr(ops, name)) and name in names} == names
    assert set(ops.__all__) == names
    parameters = inspect.signature(ops.scaled).parameters.values()
    assert [(p.name, p.default) for p in parameters] == [("x", inspect.Parameter.empty), ("factor", 2.0)]
    assert ops.first(x=torch.ones(1)) == 1
    with pytest.raises(AttributeError):
        ops._backend.bind("no_such_operator")


def test_hazard_10_coercions_that_pybind11_made(ops: Any) -> None:
    class Index:
        def __index__(self) -> int:
            return 7

    assert [ops.int32(x) for x in (True, torch.tensor(3), np.int64(4), Index())] == [1, 3, 4, 7]
    assert [ops.number(x) for x in (1, torch.tensor(1.5), np.float32(2))] == [1.0, 1.5, 2.0]
    assert [ops.flag(x) for x in (1, None, np.bool_(True), torch.tensor(1), 0.0)] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert [ops.total(x) for x in (range(3), np.arange(3), torch.Size([1, 2]), (1, 2))] == [3, 3, 3, 3]
    with pytest.raises(TypeError):
        ops.int32(1.0)


def test_hazard_11_narrow_integers_do_not_wrap(ops: Any) -> None:
    limits = ((ops.int32, -(2**31), 2**31 - 1), (ops.uint8, 0, 255), (ops.uint64, 0, 2**64 - 1))
    for call, lowest, highest in limits:
        assert [call(lowest), call(highest)] == [lowest, highest]
        for value in (lowest - 1, highest + 1):
            with pytest.raises(TypeError, match="incompatible function arguments"):
                call(value)


def test_hazard_12_none(ops: Any, out: Path) -> None:
    assert ops.first_maybe(None) == -7
    with pytest.raises(TypeError):
        ops.first(None)
    program = (
        "try: m.first_of_all([np.ones(1, np.float32), None])\n"
        "except TypeError as error: print('expected a Tensor but got None' in str(error))\n"
    )
    assert without_torch(out, program) == "True"


def test_hazard_13_what_is_thrown_ends_no_process(out: Path, library: Path) -> None:
    program = "try: m.fail(3)\nexcept RuntimeError as error: print(error)\n"
    assert without_torch(out, program) == "Caught an unknown exception!"


@pytest.mark.parametrize(
    ("how", "kind", "text"),
    [
        (0, ValueError, "invalid"),
        (1, IndexError, "range"),
        (2, MemoryError, "std::bad_alloc"),
        (3, RuntimeError, "Caught an unknown exception!"),
        (4, RuntimeError, "how is 4 of five."),
        (5, NotImplementedError, "not here"),
        (6, ValueError, "value"),
        (7, IndexError, "index"),
        (8, TypeError, "type"),
        (9, RuntimeError, "runtime"),
        (10, torch.linalg.LinAlgError, "singular"),
    ],
)
def test_hazard_13_exceptions(ops: Any, how: int, kind: type, text: str) -> None:
    with pytest.raises(kind) as caught:
        ops.fail(how)
    assert type(caught.value) is kind
    assert str(caught.value) == text
    assert str(pickle.loads(pickle.dumps(caught.value))) == text


@pytest.mark.parametrize("scale", [1.0, 1, True, np.float32(1)])
def test_hazard_13_a_call_that_raised_is_not_made_again(ops: Any, scale: Any) -> None:
    before = ops.attempts()
    with pytest.raises(TypeError, match="no scale"):
        ops.attempt(scale)
    assert ops.attempts() == before + 1


# tvm-ffi has no Python spelling for complex dtypes.
DTYPES = (
    "uint8 int8 int16 int32 int64 float16 float32 float64 bfloat16 bool uint16 uint32 uint64 float8_e4m3fn "
    "float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2"
)


@pytest.mark.parametrize("name", DTYPES.split())
def test_hazard_14_every_dtype_goes_through(ops: Any, name: str) -> None:
    dtype = getattr(torch, name, None)
    if dtype is None:
        pytest.skip(f"not run: this torch has no {name}")
    x = torch.empty(2, dtype=dtype)
    assert ops.dtype_of(x) is dtype
    assert ops.item_bytes(x) == x.element_size()
    assert ops.same(x).dtype is dtype


def test_hazard_15_a_fake_tensor_is_no_null_pointer(ops: Any) -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode() as mode:
        fake = mode.from_tensor(torch.ones(3))
        for call in (ops.address, ops.first):  # address first: it only looks at the pointer
            with pytest.raises(RuntimeError, match="Cannot access data pointer of Tensor"):
                call(fake)
        assert ops.rank(fake) == 1
    meta = torch.ones(3, 2, device="meta")
    assert (ops.rank(meta), ops.stride(meta, 0), ops.dtype_of(meta)) == (2, 2, torch.float32)


def test_hazard_16_conjugate_and_negative_bits_read_raw_memory_as_before(ops: Any) -> None:
    x = torch.tensor([1 + 2j], dtype=torch.complex128)
    assert ops.first_real(x.conj()) == ops.first_real(x) == 1
    negative = torch._neg_view(torch.tensor([5.0], dtype=torch.float64))
    assert ops.first_real(negative) == 5
    assert ops.same(x.conj()).is_conj()


def test_hazard_17_a_returned_input_is_the_same_object(ops: Any) -> None:
    x = torch.ones(4, requires_grad=True) * 2
    assert ops.same(x) is x
    assert ops.dense(x) is x
    view = ops.head(x, 2)
    assert view._base is x or view.grad_fn is not None
    assert view.data_ptr() == x.data_ptr()
    view.sum().backward()
    leaf = torch.ones(2, 3, requires_grad=True)
    ops.dense(leaf.t()).sum().backward()
    assert torch.equal(leaf.grad, torch.ones(2, 3))


def test_hazard_18_a_result_outlives_the_argument_it_looks_into(ops: Any) -> None:
    view = ops.head(torch.arange(1000.0), 3)
    gc.collect()
    keep = [torch.zeros(1000) for _ in range(8)]
    assert view.tolist() == [0, 1, 2]
    assert len(keep) == 8


def test_hazard_19_an_else_after_a_check_binds_as_torchs_did(ops: Any) -> None:
    assert [ops.brace_less(True, True), ops.brace_less(False, True)] == [1, 2]
    assert [ops.brace_less_statement(True, True), ops.brace_less_statement(False, True)] == [2, 1]


def test_hazard_20_a_result_outlives_the_module(out: Path, library: Path) -> None:
    program = (
        "import gc, sys, torch\nimport hazards._C as m\n"
        "kept = [m.fresh(1000), m.scaled(torch.ones(1000)), m.two(torch.ones(3))]\n"
        "for name in [n for n in sys.modules if n.startswith('hazards')]: del sys.modules[name]\n"
        "del m; gc.collect()\n"
        "print(kept[0][999].item(), kept[1][999].item(), kept[2][1][0].item())\n"
    )
    assert in_a_process(out, program) == "3.0 2.0 2.0"
    # Without torch the memory is the library's own, and so is the code that frees it.
    program = (
        "import gc, sys\nsys.modules['torch'] = None\nimport hazards._C as m\nkept = m.fresh(1000)\n"
        "for name in [n for n in sys.modules if n.startswith('hazards')]: del sys.modules[name]\n"
        "del m; gc.collect()\nprint(kept.shape[0])\ndel kept; gc.collect()\n"
    )
    assert in_a_process(out, program) == "1000"


def test_hazard_21_allocation_where_no_argument_is_a_tensor(ops: Any, out: Path) -> None:
    made = ops.fresh(3)
    assert isinstance(made, torch.Tensor)
    assert made.tolist() == [3, 3, 3]
    assert np.from_dlpack(ops.scaled(np.ones(2, np.float32))).tolist() == [2, 2]
    assert made.add_(1).tolist() == [4, 4, 4]
    assert without_torch(out, "print(np.from_dlpack(m.fresh(2)).tolist())") == "[3.0, 3.0]"


def test_hazard_24_tuples_are_tuples_and_lists_are_lists(ops: Any) -> None:
    pair, several = ops.two(torch.ones(2)), ops.listed(torch.ones(2))
    assert type(pair) is tuple
    assert type(several) is list
    assert torch.stack(pair).sum() == torch.stack(several).sum() == 6
    assert all(type(item) is torch.Tensor for item in (*pair, *several))
    shape = ops.shape(torch.ones(2, 3))
    assert type(shape) is list
    assert json.dumps(shape) == "[2, 3]"


def test_hazard_25_texts_are_str(ops: Any) -> None:
    for text in ("a", "x" * 300, ""):
        answer = ops.text(text)
        assert type(answer) is str
        assert pickle.loads(pickle.dumps(answer)) == text + "!"


def test_hazard_26_torch_compile_falls_back_and_never_traces_into_the_kernel(ops: Any) -> None:
    def step(x: Any) -> Any:
        return ops.scaled(x + 1) + 1

    compiled = torch.compile(step, backend="eager")
    assert compiled(torch.ones(3)).tolist() == step(torch.ones(3)).tolist() == [5, 5, 5]


DISPATCHED = """
#include <torch/extension.h>
at::Tensor twice(const at::Tensor& x, double factor) {
  at::Tensor out = at::empty_like(x);
  for (int64_t i = 0; i < x.numel(); ++i) out.data_ptr<float>()[i] = x.data_ptr<float>()[i] * factor;
  return out;
}
TORCH_LIBRARY(hazards, m) { m.def("twice(Tensor x, float factor=2.0) -> Tensor"); }
TORCH_LIBRARY_IMPL(hazards, CPU, m) { m.impl("twice", &twice); }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {}
"""


def test_hazard_26_what_was_an_operator_of_the_dispatcher_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = ModuleType("opaque._backend")
    vars(backend).update(bind=lambda *_row: lambda x, factor, _out: x * factor, again=None)
    monkeypatch.setitem(sys.modules, backend.__name__, backend)
    script = (Path(__file__).parent / "tree" / "setup.py").read_text()
    registers = generated(DISPATCHED, "cpu", ".cpp", script).files["hazards/_C/_operators.py"]
    scope = {"__name__": "opaque._operators", "__package__": "opaque"}
    exec(registers, scope)
    torch.library.register_fake("hazards::twice", lambda x, factor=2.0: torch.empty_like(x))
    called: list[Any] = []

    def seen(graph: Any, _inputs: Any) -> Any:
        called.extend(node.target for node in graph.graph.nodes if node.op == "call_function")
        return graph.forward

    compiled = torch.compile(torch.ops.hazards.twice, backend=seen, fullgraph=True)
    assert compiled(torch.ones(2)).tolist() == [2, 2]
    assert called == [torch.ops.hazards.twice]


def test_hazard_29_import_and_calls_need_no_torch(out: Path, library: Path) -> None:
    program = (
        "print(m.first(np.ones(2, np.float32)), np.from_dlpack(m.fresh(2)).tolist())\n"
        "assert 'ninja' not in sys.modules\n"
    )
    assert without_torch(out, program) == "1.0 [3.0, 3.0]"


def test_hazard_30_layouts_and_alignment(ops: Any) -> None:
    x = torch.arange(24.0).reshape(4, 6)
    for given in (x.t(), x[:, ::2], x[1:, 1:], x.flatten()[1:], x[:1].expand(3, 6), x.flip(0)):
        assert torch.equal(ops.scaled(given), given * 2)


def test_hazard_32_the_parts_of_a_message_are_joined_as_torch_joined_them(ops: Any) -> None:
    with pytest.raises(RuntimeError) as caught:
        ops.fail(4)
    assert str(caught.value) == "how is 4 of five."


def test_hazard_34_names_that_a_tvm_ffi_module_has_itself(out: Path, library: Path) -> None:
    assert without_torch(out, "print(m.kind(1), m.imports(1), m.get_function(1))") == "2 3 4"


def test_hazard_36_what_the_library_needs(library: Path) -> None:
    listed = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    needed = re.findall(r"NEEDED.*\[(.*)\]", listed)
    assert "libtvm_ffi.so" in needed
    assert not [name for name in needed if "torch" in name or "c10" in name or "python" in name]
    assert "RPATH" not in listed
    assert "RUNPATH" not in listed


def test_hazard_37_symbols_of_the_library(library: Path) -> None:
    command = ["nm", "-DC", "--defined-only", str(library)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    strong = [line.split(maxsplit=2)[2] for line in listed.stdout.splitlines() if " T " in line]
    assert strong
    assert all(name.startswith("__tvm_ffi_") for name in strong)


def test_hazard_39_numpy_arrays_with_odd_strides(ops: Any) -> None:
    whole = np.arange(6, dtype=np.float32)
    for given in (whole[::-1], whole[::2], np.lib.stride_tricks.as_strided(whole, (4,), (0,)), whole[:0]):
        assert np.array_equal(np.from_dlpack(ops.scaled(given)), given * 2)


def test_hazard_41_what_a_struct_of_ones_own_would_lose(ops: Any) -> None:
    assert ops.rank(torch.ones((1,) * 9)) == 9
    assert ops.first_maybe(None, None) == -7
    assert ops.first_maybe(None, -1) == -1
    assert ops.number(0.1) == 0.1
    ops.first(torch.ones(1))
    with pytest.raises(TypeError):
        ops.first("again")  # every call is checked, not only the first


def test_hazard_42_functions_of_c_that_torchs_headers_overload(ops: Any) -> None:
    """Number 42 is ours: pytorch3d's nearest neighbours were wrong without it, and compiled."""
    assert ops.magnitude(-0.75) == 0.75
    assert ops.distance(-(2**40)) == 2**40
    assert ops.growth(0.3) == float(np.float32(ops.growth(0.3)))  # a float's exp, not a double's
