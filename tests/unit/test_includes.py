"""Which file of the tree an include means, and the folders a compiler needs for it."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import pytest

from migrate.model.project import Extension, Project, SourceFile
from migrate.text.includes import Includes, find_includes


def includes(files: dict[str, str], *folders: str) -> Includes:
    rows = tuple(
        SourceFile(path, "header" if path.endswith(".h") else "source", text.encode())
        for path, text in files.items()
    )
    extension = Extension("ext", ("src/a.cpp",), "cpu", "setup.py", "setup.py:1", folders)
    return find_includes(Project(Path(), "cpu", rows, (extension,), ()))


def target(line: str, *folders: str, **more: str) -> Optional[str]:
    files = {"src/a.cpp": line, "src/math.h": "", "src/own.h": "", "lib/include/deep/far.h": "", **more}
    (found,) = includes(files, *folders).by_file["src/a.cpp"]
    return found.target


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('#include "own.h"', "src/own.h"),
        ("#include <own.h>", "src/own.h"),
        ('#include "math.h"', "src/math.h"),
        ("#include <math.h>", None),
        ("#include <vector>", None),
        ("#include <deep/far.h>", "lib/include/deep/far.h"),
    ],
)
def test_the_file_an_include_means(line: str, path: Optional[str]) -> None:
    assert target(line) == path


def test_a_declared_folder_may_replace_a_system_header() -> None:
    assert target("#include <math.h>", "src") == "src/math.h"


def test_no_folder_is_added_for_a_system_header() -> None:
    """``-Isrc`` would put the tree's ``math.h`` in place of the compiler's."""
    found = includes({"src/a.cpp": "#include <math.h>\n#include <deep/far.h>", "src/math.h": "",
                      "lib/include/deep/far.h": ""})  # fmt: skip
    assert found.folders("src/a.cpp") == ("lib/include",)
