"""Generators, streams and events of csrc/ffi_port, without a GPU: over a device that writes down."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
tvm_ffi = pytest.importorskip("tvm_ffi")

HERE = Path(__file__).parent
CSRC = HERE.parent.parent / "csrc"
GXX = shutil.which("g++")

pytestmark = pytest.mark.skipif(GXX is None, reason="not run: no g++")

# torch's class as its library exports it, in the layouts of torch 2.0 to 2.8 and of 2.13.
LAYOUTS = {"narrow": "uint32_t", "wide": "uint64_t"}
TORCH = """
#include <cstdint>
#include <stdexcept>
namespace at {{
struct State {{
  int64_t* seed;
  int64_t* offset;
  {intragraph} intragraph = 0;
  bool captured = true;
}};
struct CUDAGeneratorImpl {{
  int64_t seed = 11, offset = 100;
  uint64_t used = 0;
  State philox_cuda_state(uint64_t increment);
}};
State CUDAGeneratorImpl::philox_cuda_state(uint64_t increment) {{
  if (increment == 13) throw std::runtime_error("not in capture mode");
  State state{{&seed, &offset}};
  state.intragraph = used;
  used += (increment + 3) / 4 * 4;
  return state;
}}
}}  // namespace at
static at::CUDAGeneratorImpl generator;
extern "C" void* generator_address() {{ return &generator; }}
"""


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    target = tmp_path_factory.mktemp("gpu_services") / "gpu_services.so"
    includes = [f"-I{CSRC}", f"-I{tvm_ffi.libinfo.find_include_path()}"]
    flags = ["-std=c++17", "-w", "-fPIC", "-shared", "-fvisibility=hidden", *includes]
    run([GXX, *flags, str(HERE / "gpu_services.cc"), "-o", str(target)])
    return tvm_ffi.load_module(str(target))


@pytest.fixture
def host(library):
    """Registers services; those of another test are replaced."""
    return library["__ffi_port_set_host"]


class TestGenerators:
    def test_the_default_one_of_the_device_is_asked_for(self, library, host):
        asked = []
        host("reserve_philox", lambda *args: asked.append(args) or [-5, 40])
        assert list(library["draw"](None, 6)) == [-5, 40, 0]
        assert asked == [(None, 1, 6)]

    def test_the_callers_one_comes_back_as_the_object_it_is(self, library, host):
        generator, asked = torch.Generator(), []
        host("generator_device", lambda value: "cuda:0")
        host("reserve_philox", lambda *args: asked.append(args) or [1, 2])
        library["draw"](generator, 4)
        assert asked[0][0] is generator
        assert asked[0][1:] == (0, 4)

    def test_one_of_the_cpu_is_refused_in_torchs_words(self, library, host):
        host("generator_device", lambda value: str(value.device))
        host("reserve_philox", lambda *args: pytest.fail("asked all the same"))
        with pytest.raises(RuntimeError, match="Expected a 'cuda' device type for generator but found 'cpu'"):
            library["draw"](torch.Generator(), 4)

    def test_what_is_no_generator_is_a_type_error(self, library, host):
        def device(value):
            raise TypeError("expected a torch.Generator, not int")

        host("generator_device", device)
        with pytest.raises(TypeError, match=r"expected a torch\.Generator"):
            library["draw"](3, 4)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_under_capture_torchs_own_function_reserves(self, library, host, layout, tmp_path):
        source, fake = tmp_path / "torch.cc", tmp_path / f"lib{layout}.so"
        source.write_text(TORCH.format(intragraph=LAYOUTS[layout]))
        run([GXX, "-fPIC", "-shared", str(source), "-o", str(fake)])
        loaded = ctypes.CDLL(str(fake))
        loaded.generator_address.restype = ctypes.c_void_p
        # The name under which the generated `_backend` looks for it.
        symbol = loaded._ZN2at17CUDAGeneratorImpl17philox_cuda_stateEm
        function = ctypes.cast(symbol, ctypes.c_void_p).value
        host("reserve_philox", lambda *_: ["captured", function, loaded.generator_address()])
        assert list(library["draw"](None, 5)) == [11, 100, 1]
        assert list(library["draw"](None, 1)) == [11, 108, 1]
        with pytest.raises(RuntimeError, match="not in capture mode"):
            library["draw"](None, 13)


class TestStreams:
    def test_guards_and_the_pool(self, library, host):
        told = []
        host("set_stream", lambda index, stream: told.append((index, bool(stream))))
        made, seen = str(library["streams"]()).split("| ")
        assert made == "device 1; stream of priority 0; device 0; stream of priority -2; "
        assert seen == "011 cuda:0cuda:1 000 210 00 again capturing"
        assert told == [(1, True), (1, False), (1, True), (0, True), (1, False), (0, False)]


class TestEvents:
    def test_they_are_made_when_they_are_recorded(self, library):
        assert str(library["events"]()) == (
            "device 1; event with 0; device 0; device 1; record 1; device 0; "
            "device 1; event with 0; device 0; device 1; record 2; device 0; "
            "device 1; wait 1; device 0; device 1; device 0; "
            "device 1; destroy 1; device 0; device 1; destroy 2; device 0; 1.500000"
        )

    @pytest.mark.parametrize(
        ("which", "error", "text"),
        [
            (0, ValueError, "Both events must be created with argument 'enable_timing=True'."),
            (1, ValueError, "Both events must be recorded before calculating elapsed time."),
            (2, RuntimeError, "Event device 1 does not match recording stream's device 0."),
            (3, RuntimeError, "Expected FAKE stream priority to be less than or equal to 0, got 1"),
            (4, RuntimeError, "invalid device pointer: "),
        ],
    )
    def test_misuse_is_refused_in_torchs_words(self, library, which, error, text):
        with pytest.raises(error, match=text):
            library["refused"](which)


class TestTensorInfo:
    @pytest.mark.parametrize(
        ("shape", "exclude", "expected"),
        [
            ((2, 3, 4), -1, [-1, 1, 24, 1]),
            ((2, 1, 4), -1, [-1, 1, 8, 1]),
            ((1, 1), -1, [0, 1, 1, 1]),
            ((2, 3, 4), 1, [1, 3, 2, 3, 4, 12, 4, 1]),
            ((2, 3, 1), 2, [1, 2, 6, 1, 1, 1]),
        ],
    )
    def test_dimensions_collapse(self, library, shape, exclude, expected):
        assert list(library["collapsed"](torch.zeros(shape), exclude)) == expected

    def test_only_what_lies_as_one_collapses(self, library):
        strided = torch.zeros(4, 7, 5)[:, ::2]
        assert list(library["collapsed"](strided, -1)) == [-1, 3, 4, 4, 5, 35, 10, 1]
        assert list(library["collapsed"](torch.zeros(4, 6).t(), -1)) == [-1, 2, 6, 4, 1, 6]

    def test_a_dimension_that_is_not_there_is_refused(self, library):
        with pytest.raises(RuntimeError, match="expected excluded dim between -1 and dims - 1"):
            library["collapsed"](torch.zeros(2), 1)

    @pytest.mark.parametrize(("limit", "fits"), [(7, True), (6, False), (5, False)])
    def test_32_bits_count_the_last_offset(self, library, limit, fits):
        # Four elements, the last of them six apart from the first.
        assert library["counts_in_32_bits"](torch.zeros(8)[::2], limit) is fits
