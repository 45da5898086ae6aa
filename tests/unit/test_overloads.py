"""Overloads of C's functions that only torch's headers brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.project import Project, SourceFile
from migrate.render.overloads import lost_with_python, needed_overloads, visible_in_shim, visible_overloads
from migrate.text.includes import find_includes


def project(files: dict[str, str]) -> Project:
    kinds = {path: "header" if path.endswith((".h", ".cuh")) else "source" for path in files}
    rows = tuple(SourceFile(path, kinds[path], text.encode()) for path, text in files.items())
    return Project(Path(), "cpu", rows, (), ())


@pytest.mark.parametrize(
    ("text", "visible", "header"),
    [
        ("float f(float x) { return abs(x); }", "<math.h>", "<math.h>"),
        ("float f(float x) { return abs(x); }", "<stdlib.h>", "<stdlib.h>"),
        ("float f(float x) { return abs(x); }", "", None),
        ("float f(float x) { return exp(x); }", "<math.h>", "<math.h>"),
        ("float f(float x) { return exp(x); }", "<stdlib.h>", None),
        ("float f(float x) { return std::abs(x); }", "<math.h>", None),
        ("auto f(T x) { return x.abs() + x->exp(); }", "<math.h>", None),
        ("// abs(x)\nint log = 0;", "<math.h>", None),
        ("pow(2, 3)", "<math.h>", "<math.h>"),
    ],
)
def test_what_a_text_calls(text: str, visible: str, header: str) -> None:
    assert needed_overloads(text, visible) == ({header} if header else set())


def test_what_torchs_headers_bring() -> None:
    tree = project(
        {
            "bind.cpp": '#include <torch/extension.h>\n#include "far.h"\n',
            "far.h": '#include "shared.h"\n',
            "shared.h": "",
            "plain.cpp": '#include <ATen/ATen.h>\n#include "near.h"\n#include "shared.h"\n',
            "near.h": "",
            "half.cpp": "#include <c10/util/Half.h>\n",
            "kernel.cu": '#include <torch/extension.h>\n#include "device.h"\n',
            "device.h": "",
        }
    )
    found = visible_overloads(tree, find_includes(tree))
    python = dict.fromkeys(("bind.cpp", "far.h", "shared.h"), "<math.h>")
    assert found == {**python, "plain.cpp": "<stdlib.h>", "near.h": "<stdlib.h>"}
    assert visible_in_shim(found, "plain.cpp") == "<stdlib.h>"
    assert visible_in_shim(found, "kernel.cu") == "<math.h>"  # the device compiler's own
    assert visible_in_shim(found, "half.cpp") == ""


def test_whose_python_headers_brought_them() -> None:
    files = {
        "common.h": "#include <torch/extension.h>\n",
        "loss.cpp": '#include "common.h"\n#include "loss.h"\n',
        "loss.h": "inline float loss(float x) { return exp(x); }\n",
        "bind.cpp": "#include <torch/extension.h>\n",
    }
    found = project(files)
    assert lost_with_python(found, find_includes(found), files) == {"common.h"}
