"""One library to build, as plain commands. All paths in it are relative to the migrated tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

BUILD_DIR = ".migrate/build"


@dataclass(frozen=True)
class Step:
    """One command and the file it makes. ``depfile`` is set where the compiler writes one."""

    output: str
    inputs: tuple[str, ...]
    command: tuple[str, ...]
    depfile: bool = False

    @property
    def log(self) -> str:
        return f"{self.output}.log"

    @property
    def compiler(self) -> str:
        """The program's name, behind the variables that ``env`` sets for it."""
        return PurePosixPath(self.command[self._program]).name

    def launched(self, launcher: tuple[str, ...]) -> tuple[str, ...]:
        """The command with ``launcher`` before a compiler; linking gains nothing from one."""
        if not self.depfile:
            return self.command
        return (*self.command[: self._program], *launcher, *self.command[self._program :])

    @property
    def _program(self) -> int:
        if self.command[0] != "env":
            return 0
        return next(i for i, part in enumerate(self.command[1:], 1) if "=" not in part)


@dataclass(frozen=True)
class Library:
    """The steps that make ``output``. A library that cannot be built here has a ``reason``."""

    module: str
    side: str
    output: str
    steps: tuple[Step, ...] = ()
    reason: str = ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """What ninja is asked for: the library, or all objects where nothing is linked."""
        outputs = tuple(step.output for step in self.steps)
        return (self.output,) if self.output in outputs else outputs


def library_path(side: str, name: str, leaf: str) -> str:
    return f"{BUILD_DIR}/{side}/{name}/{leaf}.so"


def object_path(side: str, name: str, source: str) -> str:
    """Objects keep their source's path, so that equal file names in two folders do not collide."""
    parts = ["up" if part == ".." else part for part in PurePosixPath(source).parts if part != "/"]
    return f"{BUILD_DIR}/{side}/{name}/objects/{'/'.join(parts)}.o"


def carried(path: str, root: str) -> str:
    """A path of a spec, seen from the migrated tree instead of from ``root``."""
    if path.startswith("/") or root in ("", "."):
        return path
    return str(PurePosixPath(root) / path)
