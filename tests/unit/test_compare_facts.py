"""Constraints of the source, evaluated on described calls, kept, and broken one at a time."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch

from migrate.compare.call import ABSENT, NONE, Call, Value
from migrate.compare.candidates import pools_for, starts
from migrate.compare.facts import read_facts
from migrate.compare.fills import layouts
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.materialise import materialise
from migrate.compare.properties import is_contiguous, strides
from migrate.compare.satisfy import broken_one_by_one, satisfy

TENSOR = ArgType("tensor")
OPTIONAL = ArgType("optional", args=(TENSOR,))
PAIR = ArgType("pair", args=(TENSOR, ArgType("int")))


def entry(terms: list[Any], **params: ArgType) -> Entry:
    rows = read_facts([{"text": str(term), "holds": term} for term in terms])
    defaults = {"mode": "'nt'", "n": "3"}
    known = tuple(Parameter(name, kind, default=defaults.get(name)) for name, kind in params.items())
    return Entry("m:op", "op", "function", "raw", "", known, rows)


@pytest.mark.parametrize("layout", layouts(3))
@pytest.mark.parametrize("shape", [(4, 6, 5), (1, 3, 1), (2, 0, 3)])
def test_strides_are_those_of_the_tensors_made(layout: str, shape: tuple[int, ...]) -> None:
    value = Value("tensor", shape=shape, layout=layout)
    (made,) = materialise(Call((value,)), ("x",), "cpu", 0).positional
    assert isinstance(made, torch.Tensor)
    assert is_contiguous(value) == made.is_contiguous()
    if made.numel():
        mine = [step for step, size in zip(strides(value), shape) if size > 1]
        assert mine == [step for step, size in zip(made.stride(), shape) if size > 1]


X = Value("tensor", shape=(4, 6), dtype="float16")


@pytest.mark.parametrize(
    ("term", "truth"),
    [
        (["==", ["size", "x", -1], 6], True),
        (["==", ["size", "x", 2], 6], None),
        (["==", ["shape", "x"], ["list", 4, 6]], True),
        (["==", ["%", ["numel", "x"], 5], 4], True),
        (["==", ["/", ["size", "x", 1], 4], 1], True),
        (["in", ["dtype", "x"], "float16", "float32"], True),
        (["or", ["==", ["ndim", "o"], 1], ["not", ["given", "o"]]], True),
        (["and", ["==", ["ndim", "o"], 1], ["==", ["ndim", "x"], 2]], None),
        (["==", ["value", "n"], 3], True),
        (["==", ["at", "mode", 1], "t"], True),
        (["==", ["outside", "mode", "nt"], -1], True),
        (["==", ["if", ["==", ["len", "mode"], 2], ["value", "p.1"], 0], 7], True),
        (["all", "xs", ["==", ["ndim", "xs.*"], 2]], True),
    ],
)
def test_terms_on_a_call(term: list[Any], truth: object) -> None:
    kinds = {"x": TENSOR, "o": OPTIONAL, "n": ArgType("int"), "mode": ArgType("string"), "p": PAIR,
             "xs": ArgType("list", args=(TENSOR,))}  # fmt: skip
    target = entry([term], **kinds)
    pair = Value("tuple", items=(X, Value("int", scalar=7)))
    call = Call((X, NONE, ABSENT, ABSENT, pair, Value("list", items=(X, X))))
    assert target.reader(call).read(target.facts[0].holds) is truth


GEMM = [
    ["==", ["ndim", "a"], 2], ["==", ["ndim", "b"], 2], ["==", ["dtype", "a"], ["dtype", "b"]],
    ["==", ["if", ["==", ["at", "mode", 1], "t"], ["size", "b", 1], ["size", "b", 0]], ["size", "a", 1]],
    ["==", ["outside", "mode", "nt"], -1], ["==", ["len", "mode"], 2],
    ["in", ["dtype", "a"], "float32", "bfloat16"],
    ["or", ["not", ["given", "c"]], ["==", ["numel", "c"], ["*", ["size", "a", 0], 2]]],
    ["<=", ["size", "a", 0], 64], [">=", ["value", "n"], 2], ["==", ["%", ["size", "a", 1], 8], 0],
    ["contiguous", "a"],
]  # fmt: skip


def gemm() -> Entry:
    return entry(GEMM, a=TENSOR, b=TENSOR, c=OPTIONAL, mode=ArgType("string"), n=ArgType("int"))


def broken_in(call: Call, target: Entry) -> list[str]:
    reader = target.reader(call)
    return [fact.text for fact in target.facts if not reader.read(fact.holds)]


def test_any_guess_is_led_to_a_call_that_keeps_every_fact() -> None:
    target = gemm()
    pools = pools_for(target, Random(1))
    guesses = starts(target, pools)
    kept = [satisfy(next(guesses), target, pools) for _ in range(60)]
    assert sum(not broken_in(call, target) for call in kept) >= 57
    assert len({call.values[0].shape for call in kept}) > 10
    assert {call.values[0].dtype for call in kept} == {"float32", "bfloat16"}


def test_every_fact_is_broken_alone() -> None:
    target = gemm()
    pools = pools_for(target, Random(2))
    base = satisfy(next(starts(target, pools)), target, pools)
    alone = [broken_in(call, target) for call in broken_one_by_one(base, target, pools)]
    assert all(len(texts) == 1 for texts in alone)
    assert len({texts[0] for texts in alone}) >= len(GEMM) - 3


def test_contradictory_facts_come_to_an_end() -> None:
    target = entry([["==", ["ndim", "a"], 2], ["==", ["ndim", "a"], 3]], a=TENSOR)
    pools = pools_for(target, Random(0))
    assert len(broken_in(satisfy(Call((X,)), target, pools), target)) == 1


GATHER = [
    ["==", ["ndim", "x"], 2], ["==", ["ndim", "w"], 1], ["==", ["dtype", "w"], "int64"],
    ["<=", ["limit", "w"], ["size", "x", 0]],
]  # fmt: skip


def test_indices_are_kept_below_the_size_that_they_index() -> None:
    target = entry(GATHER, x=TENSOR, w=TENSOR)
    pools = pools_for(target, Random(4))
    guesses = starts(target, pools)
    for _ in range(30):
        call = satisfy(next(guesses), target, pools)
        assert not broken_in(call, target)
        x, w = materialise(call, target.names, "cpu", 0).positional
        assert w.numel() == 0 or int(w.max()) < x.shape[0]


def test_what_no_check_demands_is_not_broken() -> None:
    rows = read_facts([{"text": "w < x", "holds": GATHER[3], "memory": True}])
    target = Entry("m:op", "op", "function", "raw", "", entry([], x=TENSOR, w=TENSOR).params, rows)
    pools = pools_for(target, Random(0))
    assert list(broken_one_by_one(Call((X, X)), target, pools)) == []
