"""What ``bench`` counts, and how it is shown; nothing is compiled here."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from migrate.build.headers import framework_includes, own_headers, platform_includes, probe
from migrate.build.library import Library, Step
from migrate.build.timed import touched_file
from migrate.model.measures import Measure, Measures, Spread, spread
from migrate.report.bench import line, measures_text, measures_to_json, times
from migrate.report.plot import measures_to_svg

ROWS = Measures(
    (
        Measure("m", "m", "build, cold", "s", spread([46.0, 48.0]), spread([2.5])),
        Measure("m", "m", "library size", "bytes", Spread(9e6, 9e6, 9e6), Spread(3e5, 3e5, 3e5)),
        Measure("m", "f", "call", "us", spread([1.0, 2.0, 9.0]), spread([2.2]), operator="m.f"),
        Measure("m", "g", "call", "us", spread([2.0]), spread([2.0])),
        Measure("m", "f", "kernel", "us", reason="not run: no GPU", operator="m.f"),
    ),
    (("gpu", "none"),),
)


def test_a_spread_keeps_median_and_ends() -> None:
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0, 3)
    assert spread([1.0, 2.0]) == Spread(1.5, 1.0, 2.0, 2)
    assert spread([]) is None


def test_ratios_come_first_and_what_was_not_run_says_why() -> None:
    text = measures_text(ROWS)
    rows = [row.split() for row in text.splitlines()]
    assert ["18.8x", "less", "build,", "cold", "47.00"] in [row[:5] for row in rows]
    assert "1.10x  call f" in text
    assert "not run: no GPU" in text
    assert "\x1b" not in text


def test_the_line_for_a_pull_request() -> None:
    assert line(ROWS, "m") == (
        "m: build 47.00 s -> 2.50 s (18.8x less), library 9.00 MB -> 0.30 MB (30.0x less), "
        "call 2.00 us -> 2.10 us (1.05x); some rows were not run"
    )
    assert line(Measures(ROWS.items[-1:]), "m").startswith("m: nothing was measured on both sides")


def test_json_keeps_every_row() -> None:
    value = json.loads(measures_to_json(ROWS))
    assert (value["schema_version"], value["machine"]) == (1, {"gpu": "none"})
    assert len(value["measures"]) == len(ROWS.items)
    assert value["operators"][0]["id"] == "m.f"
    assert [(case["case"], case["migrated"]) for case in value["operators"][0]["cases"]] == [
        ("call", 2.2),
        ("kernel", None),
    ]
    assert value["measures"][0]["original"] == {"median": 47.0, "low": 46.0, "high": 48.0, "count": 2}
    assert value["measures"][-1] == {
        **dict.fromkeys(("ratio", "original", "migrated")),
        **{"module": "m", "subject": "f", "what": "kernel", "unit": "us"},
        **{"reason": "not run: no GPU", "detail": ""},
    }


def test_the_plot_is_an_image_with_a_bar_per_ratio() -> None:
    odd = Measures((*ROWS.items, Measure("<m>", "<m>", "import", "s", reason="not run")))
    root = ElementTree.fromstring(measures_to_svg(odd))
    bars = [item.get("class") for item in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert bars == ["less", "less", "more", "less"]


def test_times_are_multiples_where_a_little_more_is_expected() -> None:
    assert [times(row) for row in ROWS.items] == ["18.8x less", "30.0x less", "1.10x", "1.00x", "-"]


def step(source: str) -> Step:
    output = f"{source}.o"
    command = ("g++", "-O2", "-MD", "-MF", f"{output}.d", "-c", source, "-o", output)
    return Step(output, (source,), command, depfile=True)


def test_the_first_kernel_is_touched() -> None:
    steps = (step("csrc/ffi/m_ffi.cc"), step("csrc/host.cpp"), step("csrc/k.cu"))
    assert touched_file(Library("m", "migrated", "m.so", steps)) == "csrc/k.cu"
    assert touched_file(Library("m", "migrated", "m.so", steps[:2])) == "csrc/host.cpp"


def test_a_probe_has_the_framework_headers_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.cu").write_text('#include "own.h"\n #  include <torch/extension.h>\n// <c10/no.h>\n')
    (tmp_path / "own.h").write_text("#include <ATen/ATen.h>\n#include <vector>\n#include <cub/cub.cuh>\n")
    (tmp_path / "ffi_port").mkdir()
    (tmp_path / "ffi_port/shim.h").write_text("#include <tvm/ffi/tvm_ffi.h>\n#include <string>\n")
    one = step("a.cu")
    found = framework_includes(tmp_path, one, ("own.h", "ffi_port/shim.h"))
    assert found == ("torch/extension.h", "ATen/ATen.h")
    assert platform_includes(tmp_path, one, ("own.h", "ffi_port/shim.h")) == ("vector",)
    command = probe(tmp_path, one, found)
    source = next(part for part in command if part.endswith("probe.cu"))
    assert (tmp_path / source).read_text().count("#include") == 2
    assert not {"a.cu", "a.cu.o", "a.cu.o.d"} & set(command)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no g++")
def test_the_preprocessor_lists_what_a_file_includes(tmp_path: Path) -> None:
    (tmp_path / "a.cc").write_text(
        '#include <vector>\n#include "in/own.h"\n#ifdef NEVER\n#include "b.h"\n#endif\n'
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in/own.h").write_text('#include "../b c.h"\n#include "d.h"\n')
    (tmp_path / "in/d.h").touch()
    (tmp_path / "b c.h").touch()
    assert own_headers(tmp_path, step("a.cc")) == ["in/own.h", "in/d.h"]  # a name with a space is left out


def test_code_of_the_runtime_is_not_a_header_but_what_it_includes_is(tmp_path: Path) -> None:
    (tmp_path / "ffi_port").mkdir()
    (tmp_path / "a.cc").write_text('#include "ffi_port/runtime.inl"\n')
    (tmp_path / "ffi_port/runtime.inl").write_text("#include <string>\n#include <tvm/ffi/function.h>\n")
    read = ("ffi_port/runtime.inl",)
    assert framework_includes(tmp_path, step("a.cc"), read) == ("tvm/ffi/function.h",)
    assert platform_includes(tmp_path, step("a.cc"), read) == ()


def test_the_librarys_function_is_called_with_what_the_adaptor_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch")
    from migrate.compare import stopwatch

    class Function:
        def __call__(self, *args: Any) -> Any:
            return args

    runtime = ModuleType("tvm_ffi")
    runtime.Function, runtime.Array = Function, list  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tvm_ffi", runtime)
    adaptor = ModuleType("adaptor_of_test")
    exec("def f(x, y=3):\n    return _f(x, y, None)\ndef bare(x):\n    return x\n", adaptor.__dict__)
    function = adaptor.__dict__["_f"] = Function()
    monkeypatch.setitem(sys.modules, adaptor.__name__, adaptor)
    direct = stopwatch._behind(adaptor.f, lambda: adaptor.f(1))
    assert direct is not None
    assert direct() == (1, 3, None)
    assert adaptor.__dict__["_f"] is function
    assert stopwatch._behind(adaptor.bare, lambda: adaptor.bare(1)) is None
