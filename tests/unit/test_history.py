"""The adaptor's ``_history.py``: what torch records of a call that a library asks it to compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")
tvm_ffi = pytest.importorskip("tvm_ffi")

from migrate.render.contexts import BackendContext  # noqa: E402
from migrate.render.templates import render_template  # noqa: E402

NAMES: dict[str, Any] = {"__name__": "ops._history"}
exec(render_template("_history.py.j2", BackendContext("1", "ops", "", records=True)), NAMES)
SERVICES: dict[str, Callable[..., Any]] = NAMES["services"](torch)


def lent(tensor: Any) -> Any:
    return tvm_ffi.from_dlpack(tensor.detach())


def call(function: Callable[..., Any], *args: Any) -> tuple[Any, list[bool]]:
    told: list[bool] = []
    return NAMES["recorded"](function, told.append)(*args), told


def computed(x: Any) -> Any:
    dims, dtype = tvm_ffi.Shape((0,)), tvm_ffi.dtype("float64")
    return SERVICES["compute"]("sum", [lent(x), dims, True], {"dtype": dtype})


def copied(x: Any) -> Any:
    """Row by row into memory of the library's own."""
    fresh = torch.zeros(x.shape)
    SERVICES["known"](lent(fresh))
    for row in range(x.size(0)):
        SERVICES["copy_"](lent(fresh[row]), lent(x[row]), False)
    return fresh.t()


def test_nothing_is_recorded_where_nothing_requires_grad() -> None:
    x = torch.ones(3, 2)
    result, told = call(computed, x)
    assert (result.dtype, result.shape, result.requires_grad, told) == (torch.float64, (1, 2), False, [])
    with torch.no_grad():
        assert call(computed, x.requires_grad_())[1] == []


@pytest.mark.parametrize("function", [computed, copied])
def test_results_come_with_their_history(function: Callable[..., Any]) -> None:
    x = torch.arange(6.0).view(3, 2).requires_grad_()
    result, told = call(function, x)
    assert told == [True, False]
    weight = torch.rand(result.shape, dtype=result.dtype)
    (gradient,) = torch.autograd.grad((result * weight).sum(), x)
    expected = x.sum(0, True, dtype=torch.float64) if function is computed else x.clone().t()
    assert torch.equal(gradient, torch.autograd.grad((expected * weight).sum(), x)[0])


def test_an_argument_is_written_as_the_caller_has_it() -> None:
    x, leaf = torch.ones(3, requires_grad=True), torch.zeros(3, requires_grad=True)
    out = torch.zeros(2, 3)
    call(lambda out, x: SERVICES["copy_"](lent(out[1]), lent(x), False), out, x)
    assert torch.equal(torch.autograd.grad(out.sum(), x)[0], torch.ones(3))
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        call(lambda leaf: SERVICES["fill_"](lent(leaf), 1), leaf)


def test_what_cannot_be_told_is_refused() -> None:
    x = torch.ones(3, requires_grad=True)
    with pytest.raises(NotImplementedError, match="two tensors of one memory"):
        call(lambda x, y: computed(x), x, x.detach())
    marked = tvm_ffi.convert(["ffi_port.detached", lent(x)])
    assert not call(lambda x: SERVICES["clone"](marked), x)[0].requires_grad
    out = torch.zeros(5)
    with pytest.raises(NotImplementedError, match="the shape"):
        SERVICES["compute"]("sum", [lent(torch.ones(3, 2)), tvm_ffi.Shape((0,))], {"out": lent(out)})
