"""For ``doctor``: whether the parser works here, told by a small extension."""

from __future__ import annotations

import tempfile
from pathlib import Path

from migrate import pipeline

_SOURCE = """\
#include <torch/extension.h>
/* A host function with one tensor and one default. */
torch::Tensor twice(torch::Tensor x, double scale) { return x.mul(scale); }
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("twice", &twice, "doc", py::arg("x"), py::arg("scale") = 2.0);
}
"""


def self_test() -> str:
    """Parse it in a scratch folder; what is wrong, or ''."""
    with tempfile.TemporaryDirectory(prefix="migrate-doctor-") as folder:
        (Path(folder) / "twice.cpp").write_text(_SOURCE, encoding="utf-8")
        model = pipeline.analyse(pipeline.Request(Path(folder), backend="cpu")).model
    functions = [operator.function for operator in model.operators if operator.registration.name == "twice"]
    if len(functions) != 1 or functions[0] is None:
        return "the operator of the test source was not found"
    kinds = [param.type.kind for param in functions[0].params]
    if kinds != ["tensor", "float"] or functions[0].errors:
        return f"the test source was read wrongly: {', '.join((*kinds, *functions[0].errors))}"
    return ""
