"""The tree under ``hand_made/``, laid out as ``migrate run`` would leave it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Optional

HERE = Path(__file__).parent / "hand_made"
SHIM = "csrc/ffi/soft_ffi.cc"
ADAPTOR = "soft/__init__.py"


def make_tree(folder: Path, built: Optional[Path] = None) -> Path:
    """A fresh migrated tree in ``folder``. ``built`` is a tree whose libraries it starts from."""
    shutil.copytree(HERE / "migrated", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(HERE / "original", folder / ".migrate" / "original")
    shutil.copy(HERE / "manifest.json", folder / ".migrate" / "manifest.json")
    if built is not None:
        shutil.copytree(built / ".migrate" / "build", folder / ".migrate" / "build")
    return folder


def plant(tree: Path, file: str, old: str, new: str) -> None:
    """Put one fault into the migrated side."""
    text = (tree / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    (tree / file).write_text(text.replace(old, new), encoding="utf-8")
