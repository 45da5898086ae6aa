"""Write torch_answers.json: what torch itself answers to the cases of cases.h.

Builds cases.h as a pybind11 torch extension (about 25 s) and runs every case. Run by hand when the
cases change or torch does: `python tests/csrc/record_torch.py`. The functions are bound by a plain
m.def: `load_inline(functions=...)` wraps them so that std::invalid_argument and its like arrive as
RuntimeError, which a library's own PYBIND11_MODULE does not.
"""

import json
import re
import tempfile
from pathlib import Path

import torch
from torch.utils.cpp_extension import load

HERE = Path(__file__).parent

SOURCE = """
#include <torch/extension.h>
#include <ATen/AccumulateType.h>
#include <ATen/Dispatch_v2.h>
#include <ATen/OpMathType.h>
#include <ATen/Parallel.h>
#include <ATen/TensorUtils.h>
#include <ATen/ceil_div.h>
#include "cases.h"
py::bytes run(const std::string& name) { return py::bytes(all_cases().at(name)()); }
std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : all_cases()) result.push_back(entry.first);
  return result;
}
PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("run", &run);
  m.def("names", &names);
}
"""


# File, line and time differ between machines; the test looks past them too.
PLACE = re.compile(r'(INTERNAL ASSERT FAILED at )"[^"]*":\d+|^\[F[^\]]*\] ')


def _plain(text: str) -> str:
    return PLACE.sub(lambda m: f"{m[1]}PLACE" if m[1] else "[F] ", text)


def main() -> None:
    source = Path(tempfile.mkdtemp()) / "answers.cc"
    source.write_text(SOURCE)
    module = load(
        "ffi_port_torch_answers",
        [str(source)],
        extra_include_paths=[str(HERE)],
        extra_cflags=["-O1", "-w"],
    )
    answers = {}
    for name in module.names():
        try:
            answers[name] = ["ok", module.run(name).decode("latin-1")]
        except Exception as error:  # the class is what is recorded
            answers[name] = [type(error).__name__, _plain(str(error))]
    body = {"torch": torch.__version__, "answers": answers}
    target = HERE / "torch_answers.json"
    target.write_text(json.dumps(body, indent=0, sort_keys=True) + "\n")
    print(f"{len(answers)} answers in {target.name}")


if __name__ == "__main__":
    main()
