"""Code that no configuration of this tree compiles: what stands under a macro that nothing defines.

Before: ``#ifdef WITH_OTHER_VENDOR`` around a function that names ``pybind11::gil_scoped_release``.
After:  the same bytes, and a note. A name there does not keep the file from leaving torch.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Optional

from migrate.model.project import Project
from migrate.text.conditions import conditions_at

_DEFINES = re.compile(rb"#[ \t]*define[ \t]+([A-Za-z_]\w*)")
# Compilers and torch's headers define these, in no file of the tree.
_GIVEN = re.compile(r"_.*|(?:USE|TORCH|AT|C10|CUDA|CUDART|HIP|ROCM|CUDNN|WIN|NDEBUG)(?:_.*|\d*)|linux|unix")


class LeftOut:
    """Which macros the tree can define, and so which places it can compile."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def condition(self, text: str, offset: int) -> str:
        """The condition that leaves ``offset`` out, or "" where it may be compiled."""
        defined = self._defined
        if defined is None:
            return ""
        for condition in conditions_at(text, offset):
            name = condition.define
            if name and _GIVEN.fullmatch(name) is None and name not in defined:
                return condition.text
        return ""

    @cached_property
    def _defined(self) -> Optional[frozenset[str]]:
        # A build file that could not be read may pass anything: nothing counts as left out then.
        if not any(extension.origin != "inferred" for extension in self._project.extensions):
            return None
        given = [*self._project.defines, *(d for e in self._project.extensions for d in e.defines)]
        names = {define.split("=", 1)[0].split("(", 1)[0].strip() for define in given}
        for file in self._project.files:
            if file.kind in ("source", "header"):
                names.update(name.decode("ascii") for name in _DEFINES.findall(file.data))
        return frozenset(names)
