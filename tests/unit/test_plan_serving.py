"""Which sources the migrated library is compiled from."""

from __future__ import annotations

from pathlib import Path

from migrate import pipeline

FILES = {
    "setup.py": """
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CppExtension
setup(name="pkg", ext_modules=[CppExtension("pkg._C", [
    "csrc/bind.cpp", "csrc/ops.cpp", "csrc/table.cpp", "csrc/spread.cpp",
    "csrc/engine_step.cpp", "csrc/log.cpp",
])], cmdclass={"build_ext": BuildExtension})
""",
    "csrc/bind.cpp": """
#include <torch/extension.h>
#include "engine.h"
#include "ops.h"
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("rows", &rows);
  m.def("cols", [](torch::Tensor x) { return x.size(1); });
  py::class_<Engine>(m, "Engine").def(py::init<>()).def("step", &Engine::step);
}
""",
    "csrc/ops.h": "#pragma once\n#include <torch/extension.h>\nint64_t rows(torch::Tensor x);\n",
    "csrc/table.h": "#pragma once\nstruct Table {\n  long lookup(long i) const;\n};\n",
    "csrc/engine.h": '#pragma once\n#include "log.h"\nstruct Engine {\n  void step();\n};\n',
    "csrc/log.h": "#pragma once\nvoid log_step(int n);  // rows\n",
    "csrc/ops.cpp": """
#include "ops.h"
#include "table.h"
void spread(const float* from, long n);
int64_t rows(torch::Tensor x) {
  spread(x.data_ptr<float>(), x.numel());
  return Table().lookup(x.size(0));
}
""",
    # A class by its header, a function by its declaration alone, and two files that serve the class alone.
    "csrc/table.cpp": '#include "table.h"\nlong Table::lookup(long i) const { return i; }\n',
    "csrc/spread.cpp": "template <typename T> void each(T*, long) {}\nvoid spread(const float*, long) {}\n",
    "csrc/engine_step.cpp": '#include "engine.h"\nvoid Engine::step() { log_step(1); }\n',
    "csrc/log.cpp": '#include "log.h"\nvoid log_step(int n) {}\n',
}


def test_what_only_a_class_that_stays_uses_stays_with_it(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (module,) = pipeline.analyse(pipeline.Request(tmp_path)).plan.modules
    assert module.migrated is not None
    kept = [path for path in module.migrated.sources if not path.startswith("csrc/ffi/")]
    assert sorted(kept) == ["csrc/bind.cpp", "csrc/ops.cpp", "csrc/spread.cpp", "csrc/table.cpp"]
