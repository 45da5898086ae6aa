"""Flags of the original and of what was run for the migrated library: kept, dropped, added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate.build import flags
from migrate.build.library import Library
from migrate.model.plan import BuildSpec
from migrate.model.verdicts import FlagLedger

# Where files are, not how they are compiled.
_PLACES = ("-I", "-isystem", "-o", "-c", "-MD", "-MF", "-x", "-L")
_WITH_VALUE = ("-isystem", "-o", "-c", "-MF", "-x")
_PASSED_ON = ("-Xcompiler", "-Xlinker")


def ledger(original: BuildSpec, library: Library) -> FlagLedger:
    """What ``original`` asked for, against the commands of ``library``."""
    asked = (*original.cxx_flags, *original.device_flags, *original.link_flags)
    wanted = _unique((*flags.defines(original.defines), *_plain(asked)))
    used = _unique(flag for step in library.steps for flag in _plain(step.command[1:]))
    return FlagLedger(
        kept=tuple(flag for flag in wanted if flag in used),
        dropped=tuple(flag for flag in wanted if flag not in used),
        added=tuple(flag for flag in used if flag not in wanted),
    )


def _plain(command: Iterable[str]) -> Iterator[str]:
    """The flags of a command line, those passed on to another program as that program's."""
    parts = iter(command)
    for part in parts:
        if part in _PASSED_ON:
            yield from next(parts, "").split(",")
        elif part in _WITH_VALUE:
            next(parts, "")
        elif part.startswith("-") and not part.startswith(_PLACES):
            yield part


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
