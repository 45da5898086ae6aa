"""Finds and loads the library once."""

import os
from pathlib import Path

import tvm_ffi

NAME = "soft"


def _library() -> Path:
    folders = [Path(os.environ["MIGRATE_BUILD_DIR"]) / NAME] if "MIGRATE_BUILD_DIR" in os.environ else []
    here = Path(__file__).resolve()
    folders += [here.parent]
    folders += [folder / ".migrate/build/migrated" / NAME for folder in here.parents]
    return next(folder / f"{NAME}.so" for folder in folders if (folder / f"{NAME}.so").exists())


tvm_ffi.register_error("NotImplementedError", NotImplementedError)
library = tvm_ffi.load_module(str(_library()))
