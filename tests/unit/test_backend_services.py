"""What the generated ``_backend`` does with torch's generators and settings, on a torch that records."""

from __future__ import annotations

import ast
import ctypes
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from migrate import __version__
from migrate.render.contexts import BackendContext
from migrate.render.templates import render_template


class Generator:
    """As torch's: offsets are multiples of 4, seeds have 64 bits."""

    def __init__(self, seed: int = 2**63 + 5, device: str = "cuda:0") -> None:
        self.device, self._seed, self._offset, self._cdata = device, seed, 0, 77

    def initial_seed(self) -> int:
        return self._seed

    def get_offset(self) -> int:
        return self._offset

    def set_offset(self, value: int) -> None:
        assert value % 4 == 0
        self._offset = value


def torch_with(tmp_path: Path, capturing: bool = False) -> Any:
    cuda = SimpleNamespace(
        init=lambda: None,
        default_generators=(Generator(1), Generator(2)),
        is_current_stream_capturing=lambda: capturing,
    )
    return SimpleNamespace(Generator=Generator, cuda=cuda, __file__=str(tmp_path / "__init__.py"))


def generated(*names: str) -> dict[str, Any]:
    """Functions of the generated module, without the library it loads."""
    tree = ast.parse(
        render_template("_backend.py.j2", BackendContext(__version__, "pkg._C", "", migrated=True))
    )
    wanted = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    assert len(wanted) == len(names)
    scope: dict[str, Any] = {"threading": threading, "ctypes": ctypes, "Path": Path, "_MODULE": "pkg._C"}
    future = ast.parse("from __future__ import annotations").body
    exec(compile(ast.Module([*future, *wanted], []), "_backend.py", "exec"), scope)
    return scope


def random_services(torch: Any) -> dict[str, Any]:
    services: dict[str, Any] = generated("_random_services", "_philox_cuda_state", "_signed")[
        "_random_services"
    ](torch)
    return services


def test_each_reservation_starts_where_the_last_ended(tmp_path: Path) -> None:
    torch = torch_with(tmp_path)
    reserve = random_services(torch)["reserve_philox"]
    assert [reserve(None, 0, n) for n in (1, 4, 5, 0)] == [[1, 0], [1, 4], [1, 8], [1, 16]]
    assert torch.cuda.default_generators[0].get_offset() == 16
    assert reserve(None, 1, 7) == [2, 0]


def test_the_callers_generator_is_used_and_its_seed_is_signed(tmp_path: Path) -> None:
    torch, mine = torch_with(tmp_path), Generator()
    services = random_services(torch)
    assert services["reserve_philox"](mine, 0, 3) == [-(2**63) + 5, 0]
    assert services["generator_offset"](mine, 0) == 4
    assert services["generator_seed"](mine, 0) == -(2**63) + 5
    assert torch.cuda.default_generators[0].get_offset() == 0


def test_only_generators_pass_for_one(tmp_path: Path) -> None:
    device = random_services(torch_with(tmp_path))["generator_device"]
    assert device(Generator(device="cuda:1")) == "cuda:1"
    with pytest.raises(TypeError, match=r"expected a torch\.Generator, not int"):
        device(3)


def test_libraries_share_one_lock(tmp_path: Path) -> None:
    torch = torch_with(tmp_path)
    random_services(torch)
    lock = torch._ffi_port_philox_lock
    random_services(torch)
    assert torch._ffi_port_philox_lock is lock


def test_a_capture_without_torchs_function_is_refused(tmp_path: Path) -> None:
    torch = torch_with(tmp_path, capturing=True)
    with pytest.raises(NotImplementedError, match="while a CUDA graph is captured"):
        random_services(torch)["reserve_philox"](None, 0, 4)
    assert torch.cuda.default_generators[0].get_offset() == 0


def gpu_services(torch: Any) -> dict[str, Any]:
    services: dict[str, Any] = generated("_gpu_services")["_gpu_services"](torch)
    return services


def test_a_stream_that_is_put_back_is_the_one_that_was_there() -> None:
    def stream(handle: int, device: int = 0) -> Any:
        return SimpleNamespace(cuda_stream=handle, device=device)

    first, state = stream(7), {"device": 0}
    current = {0: first, 1: stream(0, 1)}

    def set_stream(new: Any) -> None:
        current[new.device] = new
        state["device"] = new.device

    cuda = SimpleNamespace(
        current_stream=current.__getitem__,
        current_device=lambda: state["device"],
        set_device=lambda index: state.update(device=index),
        ExternalStream=lambda handle, device: stream(handle, device),
        default_stream=lambda index: stream(0, index),
        set_stream=set_stream,
    )
    change = gpu_services(SimpleNamespace(cuda=cuda))["set_stream"]
    change(0, 9)
    assert current[0].cuda_stream == 9
    change(0, 7)
    assert current[0] is first
    change(1, 5)
    assert (current[1].cuda_stream, state["device"]) == (5, 0)
    change(0, 0)
    assert current[0].cuda_stream == 0


@pytest.mark.parametrize(
    ("matmul", "allowed"),
    [({"fp32_precision": "tf32"}, True), ({"fp32_precision": "ieee", "allow_tf32": True}, False),
     ({"allow_tf32": True}, True), ({"allow_tf32": False}, False)],
)  # fmt: skip
def test_tf32_is_asked_in_either_spelling(matmul: dict[str, Any], allowed: bool) -> None:
    cuda = SimpleNamespace(matmul=SimpleNamespace(**matmul))
    torch = SimpleNamespace(backends=SimpleNamespace(cuda=cuda))
    assert gpu_services(torch)["allow_tf32"]() is allowed
