"""Where ``templates/`` and ``csrc/`` lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from migrate.errors import ToolchainError

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of Jinja templates."""
    return _folder("templates")


def csrc() -> Path:
    """The folder of the parse sysroot and of the headers that migrated projects carry."""
    return _folder("csrc")


def sysroot() -> Path:
    """Our own declarations of torch, pybind11 and the runtimes, for parsing."""
    return csrc() / "sysroot"


def _folder(name: str) -> Path:
    # The wheel's copy first: a checkout has none, and an installed package must never pick up
    # a folder that happens to lie beside it in site-packages.
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise ToolchainError(
        f"the folder {name}/ of this installation of migrate is missing",
        "Install tvm-ffi-migrate again",
    )
