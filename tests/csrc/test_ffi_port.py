"""csrc/ffi_port against torch: answers, bits, views, errors, the tvm-ffi seam, and compilation.

`cases.h` is written against torch; its tokens are renamed here as the migration renames a user's
source, and every case must answer what torch answered (torch_answers.json, by record_torch.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
tvm_ffi = pytest.importorskip("tvm_ffi")

HERE = Path(__file__).parent
CSRC = HERE.parent.parent / "csrc"
PORT = CSRC / "ffi_port"
HEADERS = sorted(PORT.glob("*.h"))
TVM_INCLUDE = tvm_ffi.libinfo.find_include_path()
TVM_HEADERS = {"shim.h", "convert.h", "results.h", "export.h", "maps.h"}
GPU_HEADERS = {"cuda.h", "cuda_stream.h", "hip.h", "hip_stream.h", "blas.h", "driver.h", "gpu_data_type.h"}
GXX = shutil.which("g++")

RENAMES = [
    (r"\b(?:torch|at|c10)::(?:indexing::|cuda::)?", "ffi_port::"),
    (r"\bTORCH_", "FFI_"),
    (r"\bC10_", "FFI_"),
    (r"\bAT_", "FFI_"),
]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def _cached_dir() -> Path:
    """A folder that changes with every source that goes into the build."""
    digest = hashlib.sha256(f"{sys.version}{tvm_ffi.__version__}".encode())
    for path in [*sorted(PORT.rglob("*")), *sorted(HERE.iterdir())]:
        if path.is_file() and path.suffix in {".h", ".inl", ".cc", ".py"}:
            digest.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"ffi-port-{os.getuid()}-{digest.hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def probe():
    if GXX is None:
        pytest.skip("no g++")
    folder = _cached_dir()
    library = folder / "probe.so"
    if not library.exists():
        cases = (HERE / "cases.h").read_text()
        for pattern, new in RENAMES:
            cases = re.sub(pattern, new, cases)
        (folder / "ported_cases.h").write_text(cases)
        flags = [GXX, "-std=c++17", "-O1", "-w", "-fPIC", "-fopenmp", "-fvisibility=hidden"]
        flags += [f"-I{CSRC}", f"-I{folder}", f"-I{TVM_INCLUDE}"]
        fresh = folder / f"probe-{os.getpid()}.so"
        _run([*flags, "-shared", str(HERE / "probe.cc"), "-o", str(fresh)])
        fresh.rename(library)
    for name in ("NotImplementedError", "OverflowError"):
        tvm_ffi.error.register_error(name, getattr(__import__("builtins"), name))
    tvm_ffi.error.register_error("LinAlgError", torch.linalg.LinAlgError)
    return tvm_ffi.load_module(str(library))


# What torch answered.

ANSWERS = json.loads((HERE / "torch_answers.json").read_text())
GROUPS = sorted({name.split(".")[0] for name in ANSWERS["answers"]})
# Texts that carry a file, a line or a time.
PLACE = re.compile(r'(INTERNAL ASSERT FAILED at )"[^"]*":\d+')
STAMP = re.compile(r"^\[F[^\]]*\] ")


def _plain(text: str) -> str:
    return STAMP.sub("[F] ", PLACE.sub(r"\1PLACE", text))


def _answer(probe, name: str) -> list[str]:
    try:
        return ["ok", bytes(probe.run(name, torch.zeros(1))).decode("latin-1")]
    except Exception as error:  # the class is what is compared
        return [type(error).__name__, str(error)]


def test_the_recorded_answers_cover_the_cases(probe):
    assert sorted(probe.names()) == sorted(ANSWERS["answers"])


@pytest.mark.parametrize("group", GROUPS)
def test_answers_as_torch_does(probe, group):
    wrong = {}
    for name, expected in ANSWERS["answers"].items():
        if name.split(".")[0] != group:
            continue
        got = _answer(probe, name)
        if [got[0], _plain(got[1])] != [expected[0], _plain(expected[1])]:
            wrong[name] = (expected, got)
    assert not wrong


def test_half_and_bfloat16_agree_with_torch_tensors():
    """The recorded checksums against torch's own kernels, NaN payloads aside: both are IEEE."""
    patterns = torch.arange(65536, dtype=torch.int32).to(torch.uint16)
    for dtype in (torch.float16, torch.bfloat16):
        back = patterns.view(dtype).float().to(dtype).view(torch.uint16)
        number = ~patterns.view(dtype).isnan()
        assert torch.equal(back[number], patterns[number])


# Views on random layouts.


def _random_step(rng: random.Random, x):
    ndim = x.dim()
    dim = rng.randint(-ndim - 1, ndim)
    pick = rng.choice
    size = x.size(dim) if ndim and -ndim <= dim < ndim else 3
    near = [rng.randint(-size - 1, size + 1) for _ in range(3)]
    shape = list(x.shape)
    steps = [
        ("select", [dim, near[0]], lambda: x.select(dim, near[0])),
        ("narrow", [dim, near[0], abs(near[1])], lambda: x.narrow(dim, near[0], abs(near[1]))),
        ("transpose", [dim, near[0]], lambda: x.transpose(dim, near[0])),
        ("squeeze", [], lambda: x.squeeze()),
        ("squeeze", [dim], lambda: x.squeeze(dim)),
        ("unsqueeze", [dim], lambda: x.unsqueeze(dim)),
        ("flatten", [dim, near[1]], lambda: x.flatten(dim, near[1])),
        ("empty_like", [], lambda: torch.empty_like(x)),
        ("contiguous", [], lambda: x.contiguous()),
        ("clone", [], lambda: x.clone()),
    ]
    step = rng.randint(1, 3)
    ops = torch.ops.aten.slice.Tensor
    steps.append(("slice", [dim, near[0], near[1], step], lambda: ops(x, dim, *near[:2], step)))
    order = list(range(ndim))
    rng.shuffle(order)
    steps.append(("permute", order, lambda: x.permute(order)))
    wider = [pick([2, s]) if s == 1 else pick([-1, s]) for s in shape]
    wider = [2] * rng.randint(0, 1) + wider
    steps.append(("expand", wider, lambda: x.expand(wider)))
    split = shape[:]
    if split:
        i = rng.randrange(len(split))
        split[i : i + 1] = pick([[split[i], 1], [1, split[i]], [-1], [2, -1]])
        joined = shape[:]
        if len(joined) > 1:
            j = rng.randrange(len(joined) - 1)
            joined[j : j + 2] = [joined[j] * joined[j + 1]]
        for target in (split, joined):
            steps.append(("view", target, lambda t=target: x.view(t)))
            steps.append(("reshape", target, lambda t=target: x.reshape(t)))
    return pick(steps)


def _layout(x):
    return list(x.shape), list(x.stride()), x.dtype, x.is_contiguous()


def _outcome(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__, str(error).splitlines()[0]


@pytest.mark.parametrize("seed", range(8))
def test_views_as_torch(probe, seed):
    rng = random.Random(seed)
    seen = 0
    for _ in range(60):
        sizes = [rng.choice([0, 1, 1, 2, 3, 4, 6]) for _ in range(rng.randint(0, 4))]
        x = torch.arange(4000, dtype=torch.float32)[: torch.Size(sizes).numel()].view(sizes)
        for _ in range(5):
            op, args, call = _random_step(rng, x)
            want = _outcome(call)
            got = _outcome(partial(probe.apply, op, x, args))
            label = (op, args, list(x.shape), list(x.stride()))
            if isinstance(want, tuple):
                assert got == want, label
                continue
            assert not isinstance(got, tuple), (label, got)
            assert _layout(got) == _layout(want), label
            if op != "empty_like":
                assert torch.equal(got, want), label
                same_memory = want.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
                if want.numel() and same_memory:
                    assert got.data_ptr() == want.data_ptr(), label
            facts = list(probe.facts(want))
            expected = [want.numel(), want.numel() * 4, int(want.is_contiguous()), 6]
            assert facts[:4] == expected, label
            assert bool(facts[4]) == torch.ops.aten.is_non_overlapping_and_dense(want), label
            seen += 1
            x = torch.zeros_like(x) if op == "empty_like" else want
            if x.numel() > 2000 or x.dim() > 6:
                break
    assert seen > 100


# The seam to tvm-ffi.

DTYPES = [
    "uint8 int8 int16 int32 int64 float16 float32 float64 complex64 complex128 bool bfloat16",
    "float8_e5m2 float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz float8_e8m0fnu",
    "uint16 uint32 uint64 float4_e2m1fn_x2",
]


@pytest.mark.parametrize("name", " ".join(DTYPES).split())
def test_every_dtype_comes_back(probe, name):
    x = torch.empty(2, 4, dtype=getattr(torch, name))
    y = probe.apply("transpose", x, [0, 1])
    assert (y.dtype, list(y.shape), y.data_ptr()) == (x.dtype, [4, 2], x.data_ptr())


def test_byte_offset_is_added_and_missing_strides_are_contiguous(probe):
    assert probe.offset_of_byte_offset() == 201


def test_an_owned_tensor_comes_back_as_the_same_memory(probe):
    x = torch.arange(6.0)
    y = probe.apply("squeeze", x, [])
    assert y.data_ptr() == x.data_ptr()
    view = probe.apply("narrow", torch.arange(6.0), [0, 2, 3])
    assert view.tolist() == [2.0, 3.0, 4.0]  # kept alive by the view


def test_a_borrowed_tensor_cannot_be_returned(probe):
    with pytest.raises(RuntimeError, match="only borrowed from the caller"):
        probe.borrow_and_return(torch.zeros(2))


@pytest.mark.parametrize("at", [None, *range(8)])
@pytest.mark.parametrize("wrong", ["text", 0.5, 3, None, [1, "x"], [torch.ones(1)], torch.ones(1)])
def test_arguments_are_refused_as_by_tvm_ffi_itself(probe, at, wrong):
    good = [torch.zeros(2), 0, True, 1.5, None, [1, 2], "any"]
    given = good[: -1 if wrong is None else 3] if at is None else [*good[:at], wrong, *good[at + 1 :]]

    def answer(function):
        try:
            return function(*given)
        except Exception as error:
            return type(error), str(error).replace("typed_by_tvm_ffi", "typed_by_port")

    assert answer(probe.typed_by_port) == answer(probe.typed_by_tvm_ffi)


@pytest.mark.parametrize(("number", "kind"), [(1, RuntimeError), (2, IndexError)])
def test_what_a_function_throws_passes_as_by_tvm_ffi_itself(probe, number, kind):
    for function in (probe.typed_by_port, probe.typed_by_tvm_ffi):
        with pytest.raises(kind, match=r"not translated|as it is"):
            function(torch.zeros(2), number, True, 1.5, None, [], None)


def test_lists_tuples_and_optionals(probe):
    x = torch.arange(6.0).view(2, 3)
    first, second = list(probe.many([x, x.t()]))
    assert (first.data_ptr(), list(second.stride())) == (x.data_ptr(), [1, 3])
    with pytest.raises(TypeError, match="None"):
        probe.many([x, None])
    a, text, b, undefined, three = tuple(probe.triple(x, None))
    assert (str(text), undefined, three) == ("absent", None, 3)
    assert torch.equal(b, a.t())
    assert str(probe.triple(x, x)[1]) == "given"


def test_a_given_output_is_checked_and_used(probe):
    like = torch.zeros(1)
    out = torch.empty(2, 3)
    assert probe.result_into(like, out).data_ptr() == out.data_ptr()
    assert list(probe.result_into(like, None).shape) == [2, 3]
    wrongs = [torch.empty(3, 2), torch.empty(2, 3, dtype=torch.float64), torch.empty(3, 2).t()]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="given for an output"):
            probe.result_into(like, wrong)


def test_an_optional_dtype_is_read(probe):
    assert (probe.named_dtype(torch.bfloat16), probe.named_dtype(None)) == ("BFloat16", "none")


def test_integers_that_do_not_fit_are_refused(probe):
    assert probe.narrowed(-(2**31), "int32") == -(2**31)
    assert probe.narrowed(255, "uint8") == 255
    for value, kind in [(2**31, "int32"), (-1, "uint8"), (256, "uint8")]:
        with pytest.raises(TypeError, match="does not fit"):
            probe.narrowed(value, kind)


def test_a_host_without_an_allocator_gets_memory_of_the_library(probe):
    numpy = pytest.importorskip("numpy")
    x = tvm_ffi.from_dlpack(numpy.zeros(4, dtype="float32"))
    assert numpy.from_dlpack(probe.result_into(x, None)).shape == (2, 3)


def test_what_needs_a_framework_says_so_until_it_is_there(probe):
    x = torch.arange(4.0)
    with pytest.raises(NotImplementedError, match="'deterministic_algorithms' needs a framework"):
        probe.deterministic()
    set_host = probe.get_function("__ffi_port_set_host")

    def to(tensor, dtype, device, non_blocking, copy):
        source = torch.from_dlpack(tensor)
        kind = None if dtype is None else getattr(torch, str(dtype))
        return source.to(device=device, dtype=kind, non_blocking=non_blocking, copy=copy)

    set_host("to", tvm_ffi.convert(to))
    set_host("deterministic_algorithms", torch.are_deterministic_algorithms_enabled)
    assert probe.deterministic() is False
    for call in (probe.to_half, probe.borrowed_to_half):
        assert torch.equal(call(x), x.half())
    same = x.half()
    assert probe.to_half(same).data_ptr() == same.data_ptr()


@pytest.mark.parametrize("operation", ["add_", "sub_", "mul_", "div_"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8])
def test_arithmetic_in_place_has_torchs_bits(probe, operation, dtype):
    if operation == "div_" and not dtype.is_floating_point:
        pytest.skip("not run: torch refuses true division into integers")
    torch.manual_seed(7)
    for shape in ((5,), (3, 4), (2, 3, 5)):
        numbers = [torch.randn(shape, dtype=torch.float64) * 1000 for _ in range(2)]
        ours, other = (x.to(dtype) if dtype.is_signed else x.abs().to(dtype) for x in numbers)
        theirs = ours.clone()
        for t, do in ((theirs, getattr(theirs, operation)), (ours, None)):
            for part in (other, other[..., -1:], other.select(0, 0)):
                do(part) if do else probe.update(operation, t, part)
        assert torch.equal(ours.view(torch.uint8), theirs.view(torch.uint8))
        column = ours.t() if ours.dim() == 2 else ours[::2]
        expected = getattr(column.clone(), operation)(column)
        probe.update(operation, column, column)
        assert torch.equal(column.nan_to_num(), expected.nan_to_num())


def test_arithmetic_of_narrow_floats_is_the_hosts(probe):
    x, y = torch.randn(9).half(), torch.randn(9).half()
    expected = x + y

    def update(tensor, operation, other):
        getattr(torch.from_dlpack(tensor), operation)(torch.from_dlpack(other))

    probe.get_function("__ffi_port_set_host")("update", tvm_ffi.convert(update))
    probe.update("add_", x, y)
    assert torch.equal(x, expected)


def test_raw_pointers_are_typed(probe):
    assert probe.typed_sum(torch.ones(5)) == 5.0
    with pytest.raises(RuntimeError, match=r"^expected scalar type Float but found Long$"):
        probe.typed_sum(torch.ones(5, dtype=torch.int64))


def test_stream_outside_a_context_is_the_default(probe):
    assert probe.stream_of(0) == 0


def test_a_gpu_without_an_index_is_the_current_one(probe):
    assert probe.resolved(True) == 3
    with pytest.raises(NotImplementedError, match="'current_device' needs a framework"):
        probe.resolved(False)


def test_device_guards(probe):
    assert str(probe.guards()).split("|") == [
        "set2 02 set0 ",
        "0 set1 set3 3 set0 ",
        "0 set1 set0 ",
        "0 set9 clear AcceleratorError:CUDA error: invalid device ordinal "
        "Expected a CUDA device, but got cpu 30",
    ]


# Compilation.


def _syntax(headers: list[Path], standard: str, folder: Path) -> str:
    source = folder / f"only_{headers[0].stem}_{len(headers)}.cc"
    lines = [f'#include "ffi_port/{h.name}"' for h in headers]
    source.write_text("\n".join([*lines, "int main() { return 0; }\n"]))
    flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{CSRC}"]
    if TVM_HEADERS & {h.name for h in headers}:
        flags += ["-isystem", TVM_INCLUDE]
    done = subprocess.run([GXX, *flags, str(source)], capture_output=True, text=True)
    return done.stderr


@pytest.mark.skipif(GXX is None, reason="no g++")
def test_every_header_compiles_alone(tmp_path):
    headers = [h for h in HEADERS if h.name not in GPU_HEADERS]
    with ThreadPoolExecutor(2) as pool:
        alone = pool.map(lambda h: _syntax([h], "c++17", tmp_path), headers)
        messages = dict(zip(headers, alone))
    assert {h.name: m for h, m in messages.items() if m} == {}


@pytest.mark.skipif(GXX is None, reason="no g++")
def test_all_headers_compile_together_as_cxx20(tmp_path):
    headers = [h for h in HEADERS if h.name not in GPU_HEADERS]
    assert _syntax(headers, "c++20", tmp_path) == ""


NVCC_FLAGS = ["--expt-relaxed-constexpr", "-D__CUDA_NO_HALF_OPERATORS__"]
NVCC_FLAGS += ["-D__CUDA_NO_HALF_CONVERSIONS__", "-D__CUDA_NO_BFLOAT16_CONVERSIONS__"]


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="no nvcc")
def test_a_launcher_compiles_with_nvcc(tmp_path):
    command = ["nvcc", "-std=c++17", "-arch=sm_90", *NVCC_FLAGS, f"-I{CSRC}", "-c"]
    _run([*command, str(HERE / "kernels.cu"), "-o", str(tmp_path / "kernels.o")])


@pytest.mark.skipif(shutil.which("hipcc") is None, reason="no hipcc")
def test_a_launcher_compiles_with_hipcc(tmp_path, monkeypatch):
    monkeypatch.setenv("HIP_PLATFORM", "amd")
    source = (HERE / "kernels.cu").read_text()
    source = source.replace("ffi_port/cuda.h", "ffi_port/hip.h").replace("cudaMem", "hipMem")
    (tmp_path / "kernels.hip").write_text(source)
    command = ["hipcc", "-std=c++17", "--offload-arch=gfx90a", f"-I{CSRC}", "-c"]
    _run([*command, str(tmp_path / "kernels.hip"), "-o", str(tmp_path / "kernels.o")])


@pytest.mark.skipif(GXX is None, reason="no g++")
@pytest.mark.parametrize(
    "name", "accumulate device error gpu gpu_stream half pointer runtime scalar_type".split()
)
def test_what_kernel_files_include_brings_no_strings_and_no_streams(name):
    """The compile-time bars rest on it: nvcc reads a header four times per file."""
    command = [GXX, "-std=c++17", f"-I{CSRC}", "-H", "-fsyntax-only", "-x", "c++", "-"]
    source = f'#include "ffi_port/{name}.h"\n'
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    heavy = re.findall(r"/(basic_string\.h|ostream|memory)$", done.stderr, re.MULTILINE)
    assert heavy == []


@pytest.mark.skipif(GXX is None, reason="no g++")
@pytest.mark.parametrize("first", ["", "#include <ostream>\n"])
def test_a_check_prints_any_argument_without_streams_as_with_them(tmp_path, first):
    """A file that has no <ostream> must not print, say, a char array as the Device it converts to."""
    program = """
        #include "ffi_port/device.h"
        #include "ffi_port/error.h"
        #include "ffi_port/half.h"
        #include <atomic>
        #include <vector>
        enum Old { kOld = 70000 };
        enum class New { kNew = 3 };
        struct Seven { operator int() const { return 7; } };
        void check(bool ok) {
          char text[64] = "text";
          unsigned char bytes[4] = "ab";
          wchar_t wide = 'a';
          std::vector<bool> flags{true};
          std::atomic<int> five{5};
          FFI_CHECK(ok, text, ' ', bytes, ' ', flags[0], ' ', five, ' ', Seven{}, ' ', wide + 0, ' ', kOld,
                    ' ', New::kNew, ' ', ffi_port::Device("cpu"), ' ', ffi_port::Half(1.5f), ' ', &check, ' ',
                    std::optional<int>(3), ' ', std::optional<int>(), ' ', static_cast<void*>(nullptr));
        }
    """
    bodies = """
        #include "ffi_port/runtime/texts.inl"
        #include "ffi_port/runtime/naming.inl"
        #include <cstdio>
        void check(bool ok);
        int main() {
          try { check(false); } catch (const ffi_port::Error& error) { std::puts(error.what()); }
        }
    """
    # Two files: templates are instantiated at the end of theirs, where no stream may have come in.
    checks, main, made = tmp_path / "checks.cc", tmp_path / "main.cc", tmp_path / "program"
    checks.write_text(first + program)
    main.write_text(bodies)
    _run([GXX, "-std=c++17", "-w", f"-I{CSRC}", str(checks), str(main), "-o", str(made)])
    done = subprocess.run([made], capture_output=True, text=True, check=True)
    assert done.stdout == "text ab 1 5 7 97 70000 3 cpu 1.5 1 3 std::nullopt 0\n"


def test_headers_keep_their_bounds():
    for path in sorted(path for path in PORT.rglob("*") if path.suffix in (".h", ".inl")):
        text = path.read_text()
        lines = text.splitlines()
        assert len(lines) <= 300, path.name
        assert max(map(len, lines)) <= 100, path.name
        assert lines[0].startswith("// "), f"{path.name} does not say what it carries"
        if path.name not in TVM_HEADERS | {"runtime.inl"} and path.parent == PORT:
            assert "<tvm/" not in text, path.name
        assert "torch/" not in re.sub(r"//.*", "", text), path.name
