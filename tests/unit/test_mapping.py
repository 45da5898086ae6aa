"""``migrate map``: every kind of name has an answer, and what has none says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate.cli import commands
from migrate.mapping import look_up
from migrate.model.rules import NO_RULES
from migrate.tables.forms import REFUSALS, Refusal
from migrate.tables.names import MACROS, NAMES


@pytest.mark.parametrize(
    ("api", "becomes", "header", "rule"),
    [
        ("at::empty", "ffi_port::empty", "ffi_port/factory.h", "names"),
        ("torch::empty({1})", "ffi_port::empty", "ffi_port/factory.h", "names"),
        ("::at::kFloat", "ffi_port::kFloat", "ffi_port/scalar_type.h", "names"),
        ("at::ScalarType::Half", "ffi_port::ScalarType::Half", "ffi_port/scalar_type.h", "names"),
        ("c10::optional", "std::optional", "<optional>", "names"),
        ("empty", "ffi_port::empty", "ffi_port/factory.h", "names"),
        ("TORCH_CHECK", "FFI_CHECK", "ffi_port/error.h", "checks"),
        ("c10::cuda::CUDAGuard", "ffi_port::CUDAGuard", "ffi_port/cuda.h", "device"),
        (
            "AT_DISPATCH_FLOATING_TYPES",
            "FFI_DISPATCH_FLOATING_TYPES",
            "ffi_port/dispatch.h",
            "dispatch",
        ),
        ("x.contiguous", "the same method of ffi_port::Tensor: .contiguous()", "ffi_port/tensor.h", "names"),
        ("at::Tensor::size", "the same method of ffi_port::Tensor: .size()", "ffi_port/tensor.h", "names"),
        ("c10::Device::index", "ffi_port::Device::index", "ffi_port/device.h", "names"),
        ("ATen/cuda/Atomic.cuh", '#include "ffi_port/atomic.h"', "ffi_port/atomic.h", "includes"),
        (
            "#include <torch/extension.h>",
            "the carried and standard headers that the file's names need",
            "",
            "includes",
        ),
        ("mylib/kernels.cuh", "itself", "", "includes"),
        ("std::vector", "itself", "<vector>", "names"),
        ("kernel<<<grid, block>>>(x)", "itself", "the kernel file", "bindings"),
    ],
)
def test_known_names(api: str, becomes: str, header: str, rule: str) -> None:
    answer = look_up(api, NO_RULES)
    assert (answer.becomes, answer.header, answer.rule) == (becomes, header, rule)
    assert answer.known
    assert answer.why


@pytest.mark.parametrize(
    ("api", "tier", "why", "hint"),
    [
        ("at::diff", "bridge", "torch computes it", 'name = "at::diff"'),
        ("x.var", "bridge", "torch computes it", 'name = "at::var"'),
        ("torch::randn", "bridge", "torch draws the numbers", ""),
        ("at::cuda::getCurrentCUDASparseHandle", "bridge", "torch owns the library's handle", ""),
        ("py::object", "manual", "Python objects", ""),
        ("py::class_", "manual", "is no function", ""),
        ("AT_DISPATCH_NEVER", "bridge", "no row carries the macro", "[[macro]]"),
    ],
)
def test_names_without_a_counterpart_say_the_tier_and_why(
    api: str, tier: str, why: str, hint: str
) -> None:
    answer = look_up(api, NO_RULES)
    assert not answer.known
    assert answer.tier == tier
    assert why in answer.why
    assert hint in answer.hint


def test_every_row_of_the_tables_has_an_answer() -> None:
    for name in [*(f"at::{tail}" for tail in NAMES), *MACROS]:
        answer = look_up(name, NO_RULES)
        assert answer.known, name
        assert answer.why, name


def test_rules_of_a_tree_answer_first(tmp_path: Path) -> None:
    (tmp_path / "migrate.toml").write_text(
        '[[name]]\nname = "at::cumsum"\nbecomes = "my::cumsum"\nheader = "my/cumsum.h"\n'
        '[[macro]]\nname = "MY_CHECK"\nkind = "check"\n[[header]]\ninclude = "my/torch.h"\n'
    )
    lines = []
    for api in ("torch::cumsum", "MY_CHECK", "my/torch.h"):
        result = CliRunner().invoke(commands, ["map", api, "-C", str(tmp_path)], standalone_mode=False)
        assert result.return_value == 0, result.output
        lines.append(result.output)
    assert "torch::cumsum -> my::cumsum" in lines[0]
    assert "migrate.toml:1" in lines[0]
    assert "MY_CHECK -> FFI_CHECK" in lines[1]
    assert 'your row [[macro]] "MY_CHECK"' in lines[1]
    assert "migrate.toml:8" in lines[2]


def test_exit_codes_and_json() -> None:
    known = CliRunner().invoke(commands, ["map", "at::empty", "--format", "json"], standalone_mode=False)
    assert known.return_value == 0
    value = json.loads(known.output)
    assert (value["schema_version"], value["known"], value["header"]) == (1, True, "ffi_port/factory.h")
    unknown = CliRunner().invoke(commands, ["map", "nonsense"], standalone_mode=False)
    assert unknown.return_value == 1
    assert "nonsense: unknown" in unknown.output


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row.examples[0])
def test_the_examples_of_a_refusal_are_refused_by_it(row: Refusal) -> None:
    for name in row.examples:
        assert look_up(name, NO_RULES).why == row.why, name
