"""Write torch_answers.json: what torch itself answers to the cases of cases.h.

Builds cases.h as a pybind11 torch extension (about 25 s) and runs every case. Run by hand when the
cases change or torch does: `python tests/csrc/record_torch.py`.
"""

import json
from pathlib import Path

import torch
from torch.utils.cpp_extension import load_inline

HERE = Path(__file__).parent

SOURCE = """
#include <torch/extension.h>
#include <ATen/AccumulateType.h>
#include <ATen/Dispatch_v2.h>
#include <ATen/OpMathType.h>
#include <ATen/Parallel.h>
#include <ATen/ceil_div.h>
#include "cases.h"
py::bytes run(const std::string& name) { return py::bytes(all_cases().at(name)()); }
std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : all_cases()) result.push_back(entry.first);
  return result;
}
"""


def main() -> None:
    module = load_inline(
        "ffi_port_torch_answers",
        SOURCE,
        functions=["run", "names"],
        extra_include_paths=[str(HERE)],
        extra_cflags=["-O1", "-w"],
    )
    answers = {}
    for name in module.names():
        try:
            answers[name] = ["ok", module.run(name).decode("latin-1")]
        except Exception as error:  # the class is what is recorded
            answers[name] = [type(error).__name__, str(error)]
    body = {"torch": torch.__version__, "answers": answers}
    target = HERE / "torch_answers.json"
    target.write_text(json.dumps(body, indent=0, sort_keys=True) + "\n")
    print(f"{len(answers)} answers in {target.name}")


if __name__ == "__main__":
    main()
