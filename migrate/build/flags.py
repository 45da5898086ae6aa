"""Flags by origin and by name: what a build system adds silently, and what must carry over."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable, Sequence

# The lowest standard that the installed torch's own build machinery asks for.
TORCH_STANDARD = "-std=c++20"
MIGRATED_STANDARD = "-std=c++17"

_KEPT_FROM_PYTHON = ("-O", "-DNDEBUG", "-fwrapv", "-fno-strict", "-ffp", "-m")
_NOT_CARRIED = ("-fvisibility", "-fPIC", "-fpic", "-flto", "-fdiagnostics", "-fopenmp")
_CARRIED = ("-O", "-m", "-f", "--use_fast_math", "-use_fast_math", "--fmad", "-fmad")
_CARRIED_DEVICE = ("--ftz", "-ftz", "--prec-div", "-prec-div", "--prec-sqrt", "-prec-sqrt")


def silent_flags(origin: str) -> tuple[str, ...]:
    """What the original's build system passes without being told.

    setuptools compiles with the flags of the Python it runs in; CMake's release build with -O3;
    torch's just-in-time loader with none at all.
    """
    if origin == "setup.py":
        flags = str(sysconfig.get_config_var("CFLAGS") or "-O3").split()
        return _unique(flag for flag in flags if flag.startswith(_KEPT_FROM_PYTHON))
    if origin == "jit":
        return ()
    return ("-O3", "-DNDEBUG")


def defines(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value if value.startswith("-D") else f"-D{value}" for value in values)


def carried_flags(original: Sequence[str]) -> tuple[str, ...]:
    """The original's flags that can change a result, for the migrated library."""
    wanted = _CARRIED + _CARRIED_DEVICE
    return tuple(flag for flag in original if flag.startswith(wanted) and not flag.startswith(_NOT_CARRIED))


def standard(lists: Sequence[Sequence[str]], default: str) -> str:
    """The last ``-std=`` of the first list that has one; ``default`` without any."""
    for flags in lists:
        found = [flag for flag in flags if flag.startswith("-std=")]
        if found:
            return found[-1]
    return default


def without_standard(flags: Sequence[str]) -> tuple[str, ...]:
    return tuple(flag for flag in flags if not flag.startswith("-std="))


def at_least(flag: str, floor: str) -> str:
    """The newer of two standards: the installed torch may need a newer one than the project."""
    return flag if _year(flag) >= _year(floor) else floor


def _year(flag: str) -> int:
    digits = flag.rpartition("+")[2]
    drafts = {"1z": 17, "2a": 20, "2b": 23, "2c": 26}
    return drafts.get(digits) or (int(digits) if digits.isdigit() else 0)


def _unique(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))
