"""torch's runtime services in migrated code, on a device: the same numbers, streams and memory as
with torch. Not run where there is none; that it migrates and compiles is checked everywhere."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migrate.build import toolchain
from migrate.pipeline import Request
from migrate.pipeline import migrate as migrated

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).parent / "services"
NVCC = toolchain.nvcc()
OPERATORS = ("copied", "product", "uniform")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("services")
    source = shutil.copytree(SOURCE, folder / "source")
    result = migrated(Request(source, "cuda"), folder / "tree")
    tiers = {row.name: row.tier for row in result.report.operators}
    assert tiers == {name: tiers[name] for name in OPERATORS}
    assert set(tiers.values()) <= {"raw", "view"}
    return folder / "tree"


@pytest.mark.skipif(NVCC is None, reason="not run: no nvcc on this machine")
def test_the_kernel_file_compiles_without_torch(tree: Path) -> None:
    folders = [f"-I{tree / 'ffi'}", *(f"-I{folder}" for folder in toolchain.nvidia_include_dirs())]
    headers = [Path(folder[2:]) for folder in folders]
    home = toolchain.cuda_home()
    headers += [home / "include"] if home else []
    for needed in ("cublas_v2.h", "curand_kernel.h"):
        if not any((folder / needed).is_file() for folder in headers):
            pytest.skip(f"not run: no {needed} on this machine")
    flags = ["-std=c++17", "-arch=sm_90", *toolchain.NVCC_DEFAULTS, *folders]
    done = subprocess.run(
        [NVCC or "", *flags, "-c", str(tree / "services.cu"), "-o", os.devnull],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def library(tree: Path) -> Iterator[Any]:
    command = [sys.executable, "-m", "migrate", "build", "-C", str(tree)]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=3600, check=False)
    sys.path.insert(0, str(tree))
    yield importlib.import_module("services._C")
    sys.path.remove(str(tree))


@pytest.mark.gpu
def test_numbers_come_from_torchs_sequence(library: Any) -> None:
    import torch

    like = torch.empty(1000, device="cuda")
    torch.manual_seed(5)
    first, second = library.uniform(like), library.uniform(like)
    assert not torch.equal(first, second)
    assert torch.cuda.default_generators[0].get_offset() == 8
    torch.manual_seed(5)
    assert torch.equal(library.uniform(like), first)
    mine = torch.Generator("cuda").manual_seed(5)
    assert torch.equal(library.uniform(like, generator=mine), first)
    assert (mine.get_offset(), torch.cuda.default_generators[0].get_offset()) == (4, 4)
    with pytest.raises(RuntimeError, match="Expected a 'cuda' device type for generator but found 'cpu'"):
        library.uniform(like, torch.Generator())
    with pytest.raises(TypeError):
        library.uniform(like, 3)


@pytest.mark.gpu
def test_each_replay_of_a_graph_draws_what_a_call_would(library: Any) -> None:
    import torch

    like = torch.empty(1000, device="cuda")
    torch.manual_seed(5)
    called = [library.uniform(like) for _ in range(4)]
    torch.manual_seed(5)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        first, second = library.uniform(like), library.uniform(like)
    for expected in (called[:2], called[2:]):
        graph.replay()
        assert torch.equal(first, expected[0])
        assert torch.equal(second, expected[1])


@pytest.mark.gpu
@pytest.mark.parametrize("tf32", [False, True])
def test_products_use_torchs_handle_settings(library: Any, tf32: bool) -> None:
    import torch

    before = torch.backends.cuda.matmul.allow_tf32
    a, b = torch.randn(256, 256, device="cuda"), torch.randn(256, 256, device="cuda")
    c = torch.empty_like(a)
    side = torch.cuda.Stream()
    try:
        torch.backends.cuda.matmul.allow_tf32 = tf32
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            library.product(a, b, c)
            expected = a @ b
        side.synchronize()
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before
    # torch may choose another algorithm; rounding to TF32 would be off by a hundred times as much.
    torch.testing.assert_close(c, expected, rtol=1e-5, atol=1e-4)


@pytest.mark.gpu
def test_a_side_stream_is_left_as_it_was_found(library: Any) -> None:
    import torch

    source, target = torch.randn(1 << 20, device="cuda"), torch.zeros(1 << 20, device="cuda")
    before, reserved = torch.cuda.current_stream(), torch.cuda.memory_allocated()
    library.copied(source, target)
    assert torch.cuda.current_stream() == before
    assert torch.equal(source, target)
    assert torch.cuda.memory_allocated() == reserved
