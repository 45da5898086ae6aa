"""A recorded call, made real again, is the call that was made."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.compare.call import Call
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.recorded import calls_of, case_of, went_as_recorded
from migrate.model.recorded import call_from_json, call_to_json
from migrate.record.capture import NotRecordableError, capture, form_of, outcome_of, read

torch = pytest.importorskip("torch")
NAMES = ("x", "y", "out", "scale", "flag")
PARAMS = tuple(Parameter(name, ArgType("unknown")) for name in NAMES)
ENTRY = Entry("m:op", "op", "function", "raw", "", PARAMS, path="op")


def recorded(*args: Any, limit: int = 1 << 20, **kwargs: Any) -> Any:
    call = read(torch, capture(torch, "m:op", args, kwargs), limit)
    assert call_from_json(call_to_json(call)) == call
    return call


def made(*args: Any, **kwargs: Any) -> Any:
    from migrate.compare.materialise import materialise

    return materialise(case_of(recorded(*args, **kwargs), ENTRY), NAMES, "cpu", 0xA5)


def views() -> dict[str, Any]:
    base = torch.arange(240, dtype=torch.float32).reshape(2, 10, 12)
    return {
        "contiguous": base,
        "transposed": base.transpose(1, 2),
        "slice with an offset": base[1, 3:, 2:7],
        "expanded": base[:1].expand(4, 10, 12),
        "0-d": base[1, 2, 3],
        "empty": base[:, :0],
        "odd address": base.view(torch.uint8).flatten()[3:50],
        "bfloat16": base.to(torch.bfloat16)[:, 1:],
        "bool": base > 3,
        "complex": torch.complex(base, -base),
    }


@pytest.mark.parametrize("name", views())
def test_form_address_and_contents_come_back(name: str) -> None:
    tensor = views()[name]
    (again,) = made(tensor).positional
    assert again.dtype == tensor.dtype
    assert (again.shape, again.stride()) == (tensor.shape, tensor.stride())
    assert again.storage_offset() == tensor.storage_offset()
    assert again.data_ptr() % 64 == (tensor.data_ptr() % 64 if tensor.numel() else again.data_ptr() % 64)
    assert torch.equal(again, tensor)


def test_arguments_that_share_memory_share_it_again() -> None:
    buffer = torch.zeros(100)
    x, y = buffer[10:30].view(4, 5), buffer[20:60:2]
    arguments = made(x, y, x, out_of_order := torch.ones(3))
    one, other, third, own = arguments.positional
    assert third is one
    other[0] = 7
    assert one.flatten()[10] == 7
    assert own.untyped_storage().data_ptr() != one.untyped_storage().data_ptr()
    assert [memory.name for memory in arguments.memories] == ["x", "scale"]
    assert torch.equal(own, out_of_order)


def test_lists_hold_the_same_objects() -> None:
    x = torch.ones(3)
    arguments = made(x, [x, None, (x, 2)], flag=True)
    first, (second, nothing, (third, two)) = arguments.positional
    assert first is second is third
    assert (nothing, two) == (None, 2)
    assert arguments.keywords == {"flag": True}


def test_leaves_derived_tensors_and_parameters() -> None:
    leaf = torch.ones(2, requires_grad=True)
    one, two, three = made(leaf, leaf * 2, torch.nn.Parameter(torch.ones(2))).positional
    assert (one.is_leaf, one.requires_grad) == (True, True)
    assert (two.is_leaf, two.requires_grad, two._is_view()) == (False, True, False)
    assert type(three) is torch.nn.Parameter
    assert two.tolist() == [2, 2]


def test_a_view_deep_in_a_large_buffer_keeps_its_alignment_only() -> None:
    deep = torch.zeros(1 << 20)[1 << 19 | 3 :][:4]
    call = recorded(deep)
    assert call.stores[0].size == 16
    assert call.stores[0].skipped <= (1 << 20) + 64
    (again,) = made(deep).positional
    assert again.data_ptr() % 64 == deep.data_ptr() % 64


def test_large_contents_are_stood_in_for_in_their_range() -> None:
    from migrate.compare.stored import contents

    index = torch.arange(1000).repeat_interleave(3)
    call = recorded(index, torch.rand(3000) * 5 - 1, torch.ones(3000, dtype=torch.bfloat16), limit=1000)
    whole, real, brain = (contents(store) for store in call.stores)
    assert [store.data for store in call.stores] == [None, None, None]
    numbers = whole.view(torch.int64)
    assert 0 <= numbers.min() <= numbers.max() <= 999
    assert torch.equal(numbers, numbers.sort().values)
    assert -1 <= real.view(torch.float32).min() <= real.view(torch.float32).max() <= 4
    assert brain.numel() == 6000
    assert torch.equal(contents(call.stores[1]), real)


def test_the_form_forgets_contents_and_nothing_else() -> None:
    one, other = recorded(torch.zeros(3), 1), recorded(torch.ones(3), 1)
    assert one.digest != other.digest
    assert form_of(one) == form_of(other)
    for different in ((torch.zeros(3), 2), (torch.zeros(3), 1.0), (torch.zeros(4), 1)):
        assert form_of(recorded(*different)) != form_of(one)


REASONS = {
    "FakeTensor": lambda: fake(),
    "Subclass": lambda: torch.ones(2).as_subclass(Subclass),
    "is meta": lambda: torch.ones(2, device="meta"),
    "sparse": lambda: torch.ones(2, 2).to_sparse(),
    "conjugated": lambda: torch.ones(2, dtype=torch.complex64).conj(),
    "object": object,
}


class Subclass(torch.Tensor):  # type: ignore[misc]
    pass


def fake() -> Any:
    from torch._subclasses.fake_tensor import FakeTensorMode

    return FakeTensorMode().from_tensor(torch.ones(2))


@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_be_made_again_says_why(reason: str) -> None:
    with pytest.raises(NotRecordableError, match=reason):
        recorded(REASONS[reason]())


def test_calls_of_a_tracer_or_a_dispatch_mode_are_left_out() -> None:
    from torch.utils._python_dispatch import TorchDispatchMode

    x = torch.ones(2)
    with TorchDispatchMode(), pytest.raises(NotRecordableError, match="dispatch mode"):
        recorded(x)
    with torch._C._AutoDispatchBelowAutograd(), pytest.raises(NotRecordableError, match="below autograd"):
        recorded(x)


def test_reading_a_call_leaves_no_trace() -> None:
    x = torch.rand(4, requires_grad=True)
    y = (x * 2).view(2, 2)
    before = (x._version, y._version, y.grad_fn, torch.get_rng_state().tolist())
    recorded(x, y)
    outcome_of(torch, [x, y])
    assert (x._version, y._version, y.grad_fn, torch.get_rng_state().tolist()) == before


def test_surroundings_are_recorded_and_made_again() -> None:
    from migrate.compare.surroundings import surrounded

    assert recorded(1).surroundings == ()
    with torch.no_grad():
        quiet = recorded(1)
    torch.set_default_dtype(torch.float64)
    try:
        double = recorded(1)
    finally:
        torch.set_default_dtype(torch.float32)
    with surrounded(case_of(quiet, ENTRY)):
        assert not torch.is_grad_enabled()
    with surrounded(case_of(double, ENTRY)):
        assert torch.get_default_dtype() is torch.float64
    assert (torch.is_grad_enabled(), torch.get_default_dtype()) == (True, torch.float32)


RESULTS = [
    torch.arange(6.0).reshape(2, 3).t(), torch.zeros(0), 1, True, None, "a", 0.1, float("nan"),
    (torch.ones(2), [3, 0.5]), torch.ones(2, dtype=torch.bfloat16),
]  # fmt: skip


@pytest.mark.parametrize("result", RESULTS, ids=str)
def test_an_outcome_is_known_again(result: Any) -> None:
    from migrate.compare.materialise import Arguments
    from migrate.compare.observe import observe_made

    seen = observe_made(lambda: result, Arguments(()), "cpu")
    assert went_as_recorded(Call((), outcome=outcome_of(torch, result)), seen)
    assert not went_as_recorded(Call((), outcome=outcome_of(torch, [result])), seen)
    assert not went_as_recorded(Call((), outcome="raise builtins.ValueError"), seen)


def test_a_call_belongs_to_the_overload_that_takes_it() -> None:
    def overload(name: str, *kinds: str) -> Entry:
        params = tuple(Parameter(f"p{i}", ArgType(kind)) for i, kind in enumerate(kinds))
        return Entry(name, "op", "function", "raw", "", params, path="op")

    both = (overload("of a number", "tensor", "int"), overload("of tensors", "tensor", "tensor"))
    one, other = recorded(torch.ones(2), 3), recorded(torch.ones(2), torch.ones(2))
    assert [len(calls_of(entry, both, [one, other, other])) for entry in both] == [1, 2]


def test_too_many_and_unknown_arguments_stay_so() -> None:
    call = case_of(recorded(1, 2, 3, 4, 5, 6, nothing=7, x=8), ENTRY)
    assert [value.scalar for value in call.extra] == [6]
    assert call.unknown == ("nothing", "x")
