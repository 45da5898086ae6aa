"""The search for cases, against originals that are Python functions."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from migrate.compare.call import Call, Value, describe, tensors, value_from_json, value_to_json
from migrate.compare.casefile import read_case_file
from migrate.compare.cases import Outcome, find_cases
from migrate.compare.facts import Fact, read_facts
from migrate.compare.manifest import ArgType, Entry, Parameter
from migrate.compare.shrink import shrink
from migrate.errors import UsageError

TENSOR = ArgType("tensor")


def entry(**params: ArgType) -> Entry:
    return Entry("m:op", "op", "function", "raw", "", tuple(Parameter(n, t) for n, t in params.items()))


def facts_of(*terms: list[object]) -> tuple[Fact, ...]:
    return read_facts([{"text": str(term), "holds": term} for term in terms])


def norm_like(call: Call) -> Outcome:
    """x [n, h], w [h], h a multiple of 8, one type of two, eps above zero, approximate one of two."""
    x, w, eps, mode = call.values
    if x.kind != "tensor" or w.kind != "tensor" or eps.kind not in ("float", "int") or mode.kind != "string":
        return Outcome("error", "TypeError: incompatible")
    checks = (
        (len(x.shape) == 2, "x must be 2D"),
        (x.layout == "contiguous", "x must be contiguous"),
        (len(w.shape) == 1, "w must be 1D"),
        (x.shape[-1:] == w.shape, "w must have as many entries as x has columns"),
        (bool(x.shape) and x.shape[-1] % 8 == 0, "columns must be a multiple of 8"),
        (x.dtype in ("float16", "bfloat16"), "x must be float16 or bfloat16"),
        (w.dtype == x.dtype, "w must have the type of x"),
        (mode.scalar in ("tanh", "erf"), "approximate must be 'tanh' or 'erf'"),
    )
    failed = next((text for good, text in checks if not good), None)
    return Outcome("answer") if failed is None else Outcome("error", failed)


NORM = entry(x=TENSOR, w=TENSOR, eps=ArgType("float"), approximate=ArgType("string"))


@pytest.mark.parametrize("seed", range(5))
def test_search_climbs_past_every_check_without_any_facts(seed: int) -> None:
    cases = find_cases(NORM, norm_like, Random(seed), 100)
    chosen = cases.chosen(100)
    answers = [call for call in chosen if norm_like(call).kind == "answer"]
    assert len(chosen) >= 100
    assert len(answers) >= len(chosen) // 2
    assert {call.values[0].dtype for call in answers} == {"float16", "bfloat16"}
    assert any(tensor.numel == 0 for call in answers for tensor in tensors(call))
    assert len({call.values[0].shape for call in answers}) > 5
    assert all(tensor.numel <= 4096 for call in chosen for tensor in tensors(call))
    reasons = {norm_like(call).text for call in chosen} - {""}
    assert len(reasons) >= 8


@pytest.mark.parametrize("kind", ["int", "float", "string"])
def test_numbers_and_texts_do_not_run_out(kind: str) -> None:
    def typed(call: Call) -> Outcome:
        right = [value.kind for value in call.values] == [param.type.kind for param in made.params]
        return Outcome("answer") if right else Outcome("error", "TypeError: incompatible")

    made = entry(value=ArgType(kind))
    assert len(find_cases(made, typed, Random(1), 100).answers) == 100
    made = entry(flag=ArgType("bool"))
    assert len(find_cases(made, typed, Random(1), 100).answers) < 10  # there are no more


def test_same_seed_same_cases() -> None:
    first = find_cases(NORM, norm_like, Random(3), 40).chosen(40)
    assert first == find_cases(NORM, norm_like, Random(3), 40).chosen(40)


def test_facts_lead_to_an_answer_at_once() -> None:
    facts = facts_of(
        ["==", ["ndim", "x"], 3],
        ["in", ["dtype", "x"], "int8"],
        ["==", ["ndim", "w"], 1],
        ["==", ["size", "w", 0], ["size", "x", 2]],
    )
    guided = Entry("m:op", "op", "function", "raw", "", NORM.params[:2], facts)

    def picky(call: Call) -> Outcome:
        x, w = call.values
        good = x.kind == w.kind == "tensor" and len(x.shape) == 3 and x.shape[2:] == w.shape
        return Outcome("answer") if good and x.dtype == "int8" else Outcome("error", "no")

    cases = find_cases(guided, picky, Random(0), 20)
    assert len(cases.answers) >= 10
    assert picky(cases.answers[0]).kind == "answer"
    assert cases.tries < 400


def quant_like(call: Call) -> Outcome:
    """out int8 as large as input, scale one float: types and sizes of three tensors at once."""
    out, x, scale = call.values
    if not out.kind == x.kind == scale.kind == "tensor":
        return Outcome("error", "TypeError: incompatible")
    checks = (
        (out.numel == x.numel, "out must have as many elements as input"),
        (scale.numel == 1, f"scale must have one element, got {scale.numel}"),
        (out.dtype == "int8", "expected scalar type Char but found Float"),
        (scale.dtype == "float32", "expected scalar type Float but found Half"),
        (x.dtype in ("float32", "float16"), "not implemented for 'Int'"),
    )
    failed = next((text for good, text in checks if not good), None)
    return Outcome("answer") if failed is None else Outcome("error", failed)


def test_one_element_for_one_argument_is_tried_without_facts() -> None:
    target = entry(out=TENSOR, input=TENSOR, scale=TENSOR)
    assert all(find_cases(target, quant_like, Random(seed), 20).answers for seed in range(3))


def test_crashing_candidates_are_counted_and_left_out() -> None:
    def fragile(call: Call) -> Outcome:
        (x,) = call.values
        return Outcome("died", "SIGSEGV") if x.kind == "tensor" and len(x.shape) == 1 else Outcome("answer")

    cases = find_cases(entry(x=TENSOR), fragile, Random(0), 30)
    assert cases.discarded["died"] > 0
    assert all(fragile(call).kind == "answer" for call in cases.chosen(30))


def test_operator_that_never_answers_has_no_cases() -> None:
    cases = find_cases(entry(x=TENSOR), lambda call: Outcome("error", "never"), Random(0), 10)
    assert cases.chosen(10) == []
    assert cases.last_error == "never"


def test_shrinking_keeps_what_shows_the_difference() -> None:
    call = Call((Value("tensor", (64, 32), layout="sliced", seed=9), Value("int", scalar=32)))
    target = entry(x=TENSOR, n=ArgType("int"))
    small = shrink(call, target, lambda c: c.values[0].layout == "sliced" and c.values[0].shape[0] >= 2)
    assert small.values[0].shape == (2, 1)
    assert small.values[0].layout == "sliced"
    assert describe(small, target.names) == "x float32[2, 1] sliced ones, n 1"


@pytest.mark.parametrize(
    "data",
    [3, 1.5, True, None, "gelu", [1, 2], {"tuple": [1, None]}, {"dtype": "float16"}, {"float": "nan"},
     {"shape": [2, 3], "dtype": "int8", "layout": "transposed", "fill": "index", "seed": 4, "grad": False}],
)  # fmt: skip
def test_case_file_values_survive_a_round_trip(data: object) -> None:
    value = value_from_json(data)
    assert repr(value_from_json(json.loads(json.dumps(value_to_json(value))))) == repr(value)


def test_case_file_mistakes_are_usage_errors(tmp_path: Path) -> None:
    path = tmp_path / "tests/cases/m.json"
    path.parent.mkdir(parents=True)
    for text in ('{"operators": {"op": {"cases": [{"args": {"nope": 1}}]}}}', "{", "[]",
                 '{"operators": {"op": {"tolerance": {"absolute": 1}}}}'):  # fmt: skip
        path.write_text(text)
        with pytest.raises(UsageError):
            read_case_file(tmp_path, "m", NORM)
