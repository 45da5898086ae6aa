"""Every row of the tables stands on something: the carried header it names has it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from migrate.tables.macros import ASSERT_MACROS, CHECK_MACROS, COMPARE_MACROS
from migrate.tables.methods import CARRIED_CLASSES, CLASS_METHODS, TENSOR_METHODS
from migrate.tables.names import DEVICE_HEADERS, HEADER_SWAPS, MACROS, NAMES, NAMESPACES, Row
from migrate.tables.std_headers import C_NAMES, RUNTIME_PREFIXES, STD_NAMES

CSRC = Path(__file__).resolve().parents[2] / "csrc"
CONVERSIONS = {"operator="}  # the compiler's own
# A name of each header whose uses stay.
SWAPPED = [
    ("ATen/cuda/detail/KernelUtils.h", "CUDA_KERNEL_LOOP"),
    ("ATen/cuda/Atomic.cuh", "gpuAtomicAdd"),
    ("ATen/cuda/DeviceUtils.cuh", "WARP_SHFL_DOWN"),
    ("ATen/cuda/detail/TensorInfo.cuh", "TensorInfo"),
    ("ATen/cuda/detail/IndexUtils.cuh", "getTensorInfo"),
    ("THC/THCAtomics.cuh", "gpuAtomicAdd"),
]
# Spellings of the sysroot's class that the carried one has under its own name.
OWN_NAMES = {
    "TensorBase", "CUDAStream", "CUDAGuard", "OptionalCUDAGuard", "CUDAStreamGuard",
    "OptionalCUDAStreamGuard", "CUDAMultiStreamGuard", "CUDAEvent",
}  # fmt: skip


def carried(header: str) -> str:
    return (CSRC / header).read_text(encoding="utf-8")


def closure(header: str) -> str:
    """The header with the carried headers it includes."""
    texts, queue, seen = [], [header], set()
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            texts.append(carried(name))
            queue += re.findall(r'#include "(ffi_port/[^"]+)"', texts[-1])
    return "\n".join(texts)


def is_host(row: Row) -> bool:
    return row.header not in DEVICE_HEADERS


def mention(row: Row) -> str:
    """A using-declaration: it compiles for types, templates, functions and constants alike."""
    return f"using {row.target};"


@pytest.mark.skipif(shutil.which("g++") is None, reason="not run: no g++")
def test_host_names_exist(tmp_path: Path) -> None:
    rows = [row for row in NAMES.values() if is_host(row)]
    assert len(rows) > 100
    headers = sorted({row.header for row in rows})
    lines = [f"#include {h if h.startswith('<') else chr(34) + h + chr(34)}" for h in headers]
    lines += sorted({f"namespace n{i} {{ {mention(row)} }}" for i, row in enumerate(rows)})
    macros = sorted({row.target for row in MACROS.values() if is_host(row)})
    lines += sorted({f'#include "{row.header}"' for row in MACROS.values() if is_host(row)})
    # Launch bounds exist for the device compiler only, as torch's.
    lines += [
        f"#ifndef {name}\n#error {name}\n#endif" for name in macros if "LAUNCH_BOUNDS" not in name
        and "PER_BLOCK" not in name and "PER_SM" not in name
    ]  # fmt: skip
    source = tmp_path / "names.cpp"
    source.write_text("\n".join(lines) + "\n")
    command = ["g++", "-std=c++17", "-fsyntax-only", f"-I{CSRC}", str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:4000]


@pytest.mark.parametrize("name", sorted(name for name, row in NAMES.items() if not is_host(row)))
def test_device_names_exist(name: str) -> None:
    leaf = NAMES[name].target.split("::")[-1]
    assert re.search(rf"\b{leaf}\b", carried(NAMES[name].header))


@pytest.mark.parametrize("name", sorted(MACROS))
def test_macros_exist(name: str) -> None:
    row = MACROS[name]
    assert re.search(rf"^[ \t]*#[ \t]*define {row.target}\b", carried(row.header), re.MULTILINE)


@pytest.mark.parametrize("name", sorted({*CHECK_MACROS, *ASSERT_MACROS}))
def test_checks_take_the_text_of_their_condition(name: str) -> None:
    assert f"#define {MACROS[name].target}_AS(text, " in carried("ffi_port/error.h")


@pytest.mark.parametrize(("name", "operator"), COMPARE_MACROS.items())
def test_comparisons_have_their_operator(name: str, operator: str) -> None:
    line = f'#define {MACROS[name].target}(a, b) FFI_CHECK_OP_AS(#a " {operator} " #b, a, b, {operator})'
    assert line in carried("ffi_port/logging.h")


def test_host_rows_pull_no_runtime_header() -> None:
    """But through the one header that asks first whether a runtime is there."""
    for header in {row.header for row in [*NAMES.values(), *MACROS.values()]} - DEVICE_HEADERS:
        if header.startswith("<") or header == "ffi_port/device_guard.h":
            continue
        assert not re.search(r"#include <(cuda|hip/hip)_runtime.h>", closure(header)), header


@pytest.mark.parametrize(("name", "leaf"), SWAPPED)
def test_swapped_headers_have_the_names_that_stay(name: str, leaf: str) -> None:
    assert re.search(rf"\b{leaf}\(", carried(HEADER_SWAPS[name]))


def test_each_swap_is_looked_at() -> None:
    assert set(HEADER_SWAPS) == {name for name, _ in SWAPPED}


def test_namespaces_stand_longest_first() -> None:
    for index, namespace in enumerate(NAMESPACES):
        assert not any(namespace.startswith(f"{shorter}::") for shorter in NAMESPACES[:index])


def class_body(name: str, header: str) -> str:
    """The public part of a carried class."""
    text = carried(f"ffi_port/{header}")
    start = re.search(rf"^(?:class|struct) {name}\b[^;{{]*\{{$", text, re.MULTILINE)
    assert start is not None, name
    body = text[start.end() : text.index("\n};", start.end())]
    return body.split("\n private:")[0]


def assert_member(body: str, method: str, where: str) -> None:
    assert re.search(rf"(?<!\w){re.escape(method)}(?:\(|;|\[|\{{| = )", body), f"{where} has no {method}"


@pytest.mark.parametrize("method", sorted(TENSOR_METHODS - CONVERSIONS - OWN_NAMES))
def test_tensor_has(method: str) -> None:
    assert_member(class_body("Tensor", "tensor.h"), method, "Tensor")


@pytest.mark.parametrize("owner", sorted(CLASS_METHODS))
def test_other_classes_have(owner: str) -> None:
    qualified, header = CARRIED_CLASSES[owner]
    name = qualified.rpartition("::")[2]
    whole = carried(f"ffi_port/{header}")
    for method in CLASS_METHODS[owner] - CONVERSIONS - OWN_NAMES:
        # Comparisons may stand outside the class; a constructor may be the compiler's.
        scope = whole if method.startswith("operator") else class_body(name, header)
        if method != name or f"{name}(" in scope:
            assert_member(scope, method, name)


def test_no_public_method_of_tensor_is_missing_from_the_table() -> None:
    body = re.sub(r"//.*", "", class_body("Tensor", "tensor.h"))
    found = set(re.findall(r"^  (?=\w)[\w:<>&*, ]+[ &*](\w+)\(", body, re.MULTILINE))
    assert {"size", "data_ptr", "transpose"} <= found
    assert found - {"unsafeGetTensorImpl"} <= TENSOR_METHODS


def test_std_names_have_one_header() -> None:
    for name, header in {**STD_NAMES, **C_NAMES}.items():
        assert re.fullmatch(r"<[a-z_]+>", header), name


def test_runtime_prefixes_stand_longest_first() -> None:
    for rows in RUNTIME_PREFIXES.values():
        for index, (prefix, _) in enumerate(rows):
            assert not any(prefix.startswith(shorter) for shorter, _ in rows[:index]), prefix
