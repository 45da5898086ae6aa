"""What is tried around the fullest call: sizes, strides, edges, overloads, ties and wide numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from migrate.compare.call import NONE, Call, Value, tensors
from migrate.compare.candidates import pools_for
from migrate.compare.cases import Cases, Outcome, find_cases
from migrate.compare.edges import at_edges, broken_at_edge
from migrate.compare.facts import read_facts
from migrate.compare.fullest import fullest
from migrate.compare.manifest import ArgType, Entry, Parameter, read_modules
from migrate.compare.overloads import between_overloads
from migrate.compare.properties import strides
from migrate.compare.variations import around, broken

TENSOR = ArgType("tensor")
INT = ArgType("int")
FLOAT = ArgType("float")
OPTIONAL = ArgType("optional", args=(TENSOR,))
FACTS = (
    ["==", ["ndim", "x"], 3],
    ["or", ["not", ["given", "state"]], ["==", ["ndim", "state"], 3]],
    ["or", ["not", ["given", "state"]], ["==", ["size", "state", 0], ["size", "x", 0]]],
    ["or", ["not", ["given", "state"]], ["==", ["size", "state", 1], ["size", "x", 1]]],
    ["or", ["not", ["given", "state"]], ["==", ["dtype", "state"], ["dtype", "x"]]],
)


def conv(facts: tuple[Any, ...] = FACTS) -> Entry:
    params = (Parameter("x", TENSOR), Parameter("state", OPTIONAL), Parameter("width", INT, default="4"))
    rows = read_facts([{"text": str(term), "holds": term} for term in facts])
    return Entry("m:conv", "conv", "function", "raw", "", params, rows, path="conv")


def conv_like(call: Call) -> Outcome:
    """``state`` is looked at after nothing is left to do, but before anything is done."""
    x, state, width = call.values
    if x.kind != "tensor" or state.kind not in ("tensor", "none") or width.kind not in ("int", "absent"):
        return Outcome("error", "TypeError: incompatible")
    good = state.kind == "none" or (state.dtype == x.dtype and state.shape[:2] == x.shape[:2])
    checks = (
        (len(x.shape) == 3, "x must be 3D"),
        (state.kind == "none" or len(state.shape) == 3, "state must be 3D"),
        (good, "state must fit x"),
    )
    failed = next((text for passed, text in checks if not passed), None)
    return Outcome("answer") if failed is None else Outcome("error", failed)


def full_of(target: Entry, base: Call, oracle: Callable[[Call], Outcome], seed: int = 0) -> Call:
    pools = pools_for(target, Random(seed))
    return fullest(base, target, pools, lambda call: oracle(call).kind == "answer")


POOR = Call((Value("tensor", shape=(1, 1, 0), fill="zeros"), NONE, Value("int", scalar=77)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("facts", [FACTS, ()])
def test_in_the_fullest_call_everything_is_given_and_no_stride_is_another(
    seed: int, facts: tuple[Any, ...]
) -> None:
    x, state, width = full_of(conv(facts), POOR, conv_like, seed).values
    assert width.scalar == 4
    assert x.fill == "normal"
    assert min(x.shape) > 1
    if facts:  # without them, an optional argument is found by luck
        assert state.kind == "tensor"
        assert min(state.shape) > 1
        assert len(set(strides(state))) == 3
        assert len(set(state.shape[:2])) == 2


def test_what_the_original_refuses_is_not_full() -> None:
    def picky(call: Call) -> Outcome:
        fine = call.values[1] == NONE and call.values[0].shape[0] == 1
        return conv_like(call) if fine else Outcome("error", "one row, and no state")

    x, state, _ = full_of(conv(), POOR, picky).values
    assert state == NONE
    assert x.shape[0] == 1
    assert min(x.shape[1:]) > 1


def cases(target: Entry, oracle: Callable[[Call], Outcome], seed: int = 0) -> Cases:
    return find_cases(target, oracle, Random(seed), 100)


@pytest.mark.parametrize("seed", range(3))
def test_the_first_hundred_show_every_layout_of_the_fullest_call(seed: int) -> None:
    chosen = cases(conv(), conv_like, seed).answers[:100]
    shown = {call.values[1].layout for call in chosen if call.values[1].kind == "tensor"}
    assert {"contiguous", "transposed", "inner", "reversed", "channels_last", "sliced"} <= shown


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("facts", [FACTS, ()])
def test_wrong_optional_argument_is_met_where_there_is_nothing_to_do(
    seed: int, facts: tuple[Any, ...]
) -> None:
    target = conv(facts)
    full = full_of(conv(), POOR, conv_like, seed)
    pools = pools_for(target, Random(seed))
    edges = [edge for edge in at_edges(full, target, pools) if conv_like(edge).kind == "answer"]
    assert {0, 1} <= {edge.values[0].shape.index(0) for edge in edges if 0 in edge.values[0].shape}
    texts = set()
    for edge in edges:
        for call in broken_at_edge(edge, target, pools):
            assert any(tensor.numel == 0 for tensor in tensors(call))
            texts.add(conv_like(call).text)
    assert {"state must be 3D", "state must fit x"} <= texts


@pytest.mark.parametrize("seed", range(3))
def test_wrong_calls_at_edges_are_cases(seed: int) -> None:
    errors = cases(conv(), conv_like, seed).errors[:100]
    empty = [call for call in errors if call.values[0].kind == "tensor" and call.values[0].numel == 0]
    assert "state must fit x" in {conv_like(call).text for call in empty}


def scalars(kind: ArgType, base: Value) -> list[Value]:
    params = (Parameter("n", kind),)
    target = Entry("m:f", "f", "function", "raw", "", params, path="f")
    return [call.values[0] for call in around(Call((base,)), target, pools_for(target, Random(0)))]


def test_numbers_that_lose_their_upper_half_are_good_ones() -> None:
    cut = {value.scalar & 0xFFFFFFFF for value in scalars(INT, Value("int", scalar=9)) if _is_wide(value)}
    assert {9, 0, 1, 1 << 31} <= cut
    assert not any(_is_wide(value) for value in scalars(ArgType("int", bits=32), Value("int", scalar=9)))


def _is_wide(value: Value) -> Any:
    return value.kind == "int" and isinstance(value.scalar, int) and value.scalar >= 1 << 31


def test_a_number_that_wraps_to_a_good_one_is_a_wrong_one() -> None:
    params = (Parameter("n", ArgType("int", bits=32)),)
    target = Entry("m:f", "f", "function", "raw", "", params, path="f")
    wrong = [call.values[0].scalar for call in broken(Call((Value("int", scalar=9),)), target) if call.values]
    assert {1 << 31, -(1 << 31) - 1, (1 << 32) + 1} <= set(wrong)


def test_a_number_to_convert_stands_beside_none() -> None:
    base = Call((Value("tensor", shape=(2, 3, 4)), Value("tensor", shape=(2, 3, 4)), Value("int", scalar=4)))
    target = conv()
    calls = list(around(base, target, pools_for(target, Random(0))))
    assert any(call.values[1] == NONE and call.values[2].kind == "tensor" for call in calls)


def test_no_call_is_asked_twice_under_two_notes() -> None:
    asked: list[Call] = []

    def oracle(call: Call) -> Outcome:
        asked.append(call.with_note(""))
        return conv_like(call)

    chosen = cases(conv(), oracle).chosen(100)
    assert len(set(asked)) == len(asked)
    assert len({call.with_note("") for call in chosen}) == len(chosen) >= 150


@pytest.mark.parametrize("seed", range(3))
def test_the_first_hundred_have_sizes_of_every_magnitude(seed: int) -> None:
    chosen = cases(conv(), conv_like, seed).answers[:100]
    magnitudes = {max(tensor.numel for tensor in tensors(call)).bit_length() for call in chosen}
    assert len(magnitudes) >= 10


def test_strings_are_also_long_and_of_more_bytes_than_letters() -> None:
    texts = [str(value.scalar) for value in scalars(ArgType("string"), Value("string", scalar="x"))]
    assert any(len(text) > 24 for text in texts)
    assert any(len(text.encode()) > len(text) for text in texts)


def test_halves_lie_beside_ones() -> None:
    params = (Parameter("x", TENSOR), Parameter("scale", TENSOR))
    target = Entry("m:f", "f", "function", "raw", "", params, path="f")
    base = Call((Value("tensor", shape=(2, 3)), Value("tensor", shape=(1,))))
    fills = [[v.fill for v in call.values] for call in around(base, target, pools_for(target, Random(0)))]
    assert ["halves", "ones"] in fills


SCALE = ((TENSOR, FLOAT), (FLOAT, FLOAT), (INT, INT))


def overloaded(own: tuple[ArgType, ...]) -> Entry:
    params = tuple(Parameter(f"arg{index}", kind) for index, kind in enumerate(own))
    return Entry("m:scale#2", "scale", "function", "raw", "", params, path="scale", overloads=SCALE)


def test_overloads_are_called_with_what_several_of_them_take() -> None:
    calls = list(between_overloads(overloaded(SCALE[1]), Random(0)))
    kinds = {tuple(value.kind for value in call.values) for call in calls}
    assert {("numpy_float", "int"), ("int", "float"), ("bool", "numpy_int"), ("tensor", "tensor")} <= kinds
    assert list(between_overloads(conv(), Random(0))) == []


def test_the_manifest_tells_overloads_of_each_other(tmp_path: Path) -> None:
    def operator(number: int, name: str, *kinds: str) -> dict[str, Any]:
        params = [{"name": f"arg{index}", "type": {"kind": kind}} for index, kind in enumerate(kinds)]
        return {"id": f"m:{name}#{number}", "name": name, "params": params}

    rows = [operator(1, "f", "int"), operator(2, "f", "float", "bool"), operator(1, "g", "int")]
    place = tmp_path / ".migrate/manifest.json"
    place.parent.mkdir()
    place.write_text(json.dumps({"modules": [{"name": "m", "operators": rows}]}), encoding="utf-8")
    first, second, alone = read_modules(tmp_path, ())[0].operators
    assert first.overloads == second.overloads == ((INT,), (FLOAT, ArgType("bool")))
    assert alone.overloads == ()


def test_many_mixes_of_overloads_are_a_sample() -> None:
    wide = Entry("m:f", "f", "function", "raw", "", overloaded((INT,) * 4).params, overloads=((INT,) * 4,))
    calls = list(between_overloads(wide, Random(0)))
    assert len(calls) == 120
    assert len({call.values[0] for call in calls}) == len({call.values[3] for call in calls}) > 5


def first_of(call: Call) -> Outcome:
    """Floats before whole numbers, as they were registered; NumPy's floats are neither's first choice."""
    if any(value.kind not in ("int", "float", "numpy_float", "numpy_int") for value in call.values):
        return Outcome("error", "TypeError: incompatible")
    return Outcome("answer")


def test_calls_that_tell_overloads_apart_are_cases() -> None:
    chosen = cases(overloaded(SCALE[2]), first_of).answers[:100]
    assert ("numpy_float", "int") in {tuple(value.kind for value in call.values) for call in chosen}
