"""Headers that need Python's or pybind11's, and what takes their place where there is no Python.

A row is a prefix of the path in an ``#include``; an empty string means that the line goes.
"""

from __future__ import annotations

PYTHON_HEADERS = {
    "torch/extension.h": "<torch/all.h>",
    "torch/python.h": "<torch/all.h>",
    "torch/csrc/utils/pybind.h": "",
    "torch/csrc/api/include/torch/python.h": "<torch/all.h>",
    "pybind11/": "",
    "Python.h": "",
}
