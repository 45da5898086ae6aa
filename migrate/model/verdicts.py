"""Results of building and comparing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

VERDICTS = ("Equal", "Close", "Different", "Crashed", "NotRun")


@dataclass(frozen=True)
class Message:
    """One error of a compiler or linker: ``operators`` are those whose code leads there, ``source`` is
    the line itself."""

    file: str
    line: int
    text: str
    operators: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class FlagLedger:
    """What became of the original's flags in the migrated library, and what it got besides."""

    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Artifact:
    """One built (or not built) library. ``path`` is relative to the migrated tree; ``reason`` says
    why ``ok`` is false; ``seconds`` is the wall time of its build. ``compilers`` ran for it."""

    module: str
    side: str
    ok: bool
    path: str = ""
    seconds: float = 0.0
    reason: str = ""
    log: str = ""
    backend: str = ""
    compilers: tuple[str, ...] = ()
    flags: Optional[FlagLedger] = None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Artifacts:
    items: tuple[Artifact, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The comparison of one operator. ``cases`` were planned, ``ran`` ran on both sides,
    ``raised_both`` of these raised the same exception; ``worst`` describes the worst difference."""

    id: str
    name: str
    module: str
    verdict: str
    cases: int = 0
    ran: int = 0
    raised_both: int = 0
    worst: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Verdicts:
    items: tuple[Verdict, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class LeftOut:
    """A module, or operators of one, that a wheel does not have."""

    module: str
    reason: str


@dataclass(frozen=True)
class Wheel:
    """One built wheel, and what is in it."""

    path: str
    modules: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float
