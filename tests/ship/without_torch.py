"""The tests of shortconv_cpu for hosts without torch: NumPy arrays, and outputs the caller brings.

They run in each Python of ``make pythons`` against one installed wheel, so they import nothing of ours.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
import shortconv_cpu
from shortconv_cpu import _backend


def reference(x, weight, bias=None, states=None, silu=False):
    width = weight.shape[1]
    before = np.zeros((*x.shape[:2], width - 1), x.dtype) if states is None else states
    padded = np.concatenate([before, x], axis=2)
    out = sum(weight[None, :, w, None] * padded[:, :, w : w + x.shape[2]] for w in range(width))
    out = out if bias is None else out + bias[None, :, None]
    return out / (1 + np.exp(-out)) if silu else out


def inputs(batch=2, dim=24, seqlen=37, width=4, dtype=np.float32):
    random = np.random.default_rng(0)
    shapes = (batch, dim, seqlen), (dim, width), (dim,)
    return [random.standard_normal(shape).astype(dtype) for shape in shapes]


def test_there_is_no_torch():
    assert "torch" not in sys.modules
    with pytest.raises(ImportError):
        import torch  # noqa: F401


@pytest.mark.parametrize("silu", [False, True])
@pytest.mark.parametrize("width", [2, 3, 4])
@pytest.mark.parametrize("seqlen", [1, 2, 5, 300])
def test_forward(seqlen, width, silu):
    x, weight, bias = inputs(seqlen=seqlen, width=width)
    out = np.full_like(x, np.nan)
    assert shortconv_cpu.conv_fwd(x, weight, bias, None, out, None, silu) is None
    np.testing.assert_allclose(out, reference(x, weight, bias, silu=silu), rtol=1e-5, atol=1e-5)


def test_forward_without_bias_from_states_to_states():
    x, weight, _ = inputs(width=3)
    states = np.random.default_rng(1).standard_normal((2, 24, 2)).astype(np.float32)
    out, final = np.empty_like(x), np.empty_like(states)
    shortconv_cpu.conv_fwd(x, weight, None, states, out, final, False)
    np.testing.assert_allclose(out, reference(x, weight, states=states), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(final, x[:, :, -2:])


def test_views_are_written_in_place():
    x, weight, bias = inputs()
    buffer = np.full((2, 48, 37), 7.0, np.float32)
    shortconv_cpu.conv_fwd(x, weight, bias, None, buffer[:, 1::2], None, False)
    np.testing.assert_allclose(buffer[:, 1::2], reference(x, weight, bias), rtol=1e-5, atol=1e-5)
    assert (buffer[:, ::2] == 7).all()


def test_update_continues_forward():
    x, weight, bias = inputs(seqlen=6)
    state, outs = np.zeros((2, 24, 3), np.float32), []
    for step in range(6):
        out = np.empty((2, 24, 1), np.float32)
        piece = np.ascontiguousarray(x[:, :, step : step + 1])
        shortconv_cpu.conv_update(piece, state, weight, bias, out, silu=True)
        outs.append(out)
    want = reference(x, weight, bias, silu=True)
    np.testing.assert_allclose(np.concatenate(outs, axis=2), want, rtol=1e-5, atol=1e-5)


def test_the_function_behind_the_adaptor():
    x, weight, bias = inputs()
    out = np.empty_like(x)
    forward = _backend.bind("conv_fwd")
    forward(x, weight, bias, None, out, None, False)
    np.testing.assert_allclose(out, reference(x, weight, bias), rtol=1e-5, atol=1e-5)


def test_a_scalar_comes_back():
    assert shortconv_cpu.state_len(inputs(width=3)[1]) == 2
    assert type(shortconv_cpu.state_len(weight=inputs()[1])) is int


def test_rejections_have_the_texts_of_the_original():
    x, weight, bias = inputs()
    out = np.empty_like(x)

    def call(*arguments):
        shortconv_cpu.conv_fwd(*arguments, None, out, None, False)

    with pytest.raises(RuntimeError, match=r"weight has the wrong shape, expected \(dim, width\)"):
        call(x, weight[1:], bias)
    with pytest.raises(RuntimeError, match="width must be 2, 3 or 4, got 5"):
        call(x, np.zeros((24, 5), np.float32), None)
    with pytest.raises(RuntimeError, match="x must be float32, float16 or bfloat16, got Double"):
        call(x.astype(np.float64), weight, bias)
    with pytest.raises(RuntimeError, match=r"weight must be \(dim, width\), got 1 dimensions"):
        shortconv_cpu.state_len(bias)
    with pytest.raises(TypeError):
        shortconv_cpu.state_len("a weight")


def test_there_is_one_libtvm_ffi():
    lines = Path("/proc/self/maps").read_text().splitlines()
    names = {line.split()[-1] for line in lines if "libtvm_ffi" in line and "_testing" not in line}
    assert len(names) == 1
