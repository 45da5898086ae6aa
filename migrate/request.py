"""What the user asks for, as values; and the watch that tells how long each room took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from migrate.model.measures import PARTS
from migrate.model.project import Coexistence


@dataclass(frozen=True)
class Request:
    """What the user asks to have analysed."""

    source: Path
    backend: Optional[str] = None
    defines: tuple[str, ...] = ()
    jobs: int = 1
    cache: Optional[Path] = None
    coexistence: Optional[Coexistence] = None


@dataclass
class Stopwatch:
    """Seconds per room, for ``--timings``. It never reaches a generated file."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def room(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True)
class Comparison:
    """How ``migrate test`` compares: the operators named, the seed and the number of cases; or, to
    ``replay``, the calls that ``migrate record`` kept. ``sanitize``: on a GPU, compute-sanitizer too."""

    operators: tuple[str, ...] = ()
    seed: int = 0
    cases: int = 100
    replay: bool = False
    sanitize: bool = False


@dataclass(frozen=True)
class Session:
    """What ``migrate record`` runs: in a copy of the original tree, or ``here``."""

    command: tuple[str, ...]
    modules: tuple[str, ...] = ()
    here: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Timing:
    """How ``migrate bench`` measures: the operators named, the parts wanted (``model.measures``), and how
    often each side is built anew."""

    operators: tuple[str, ...] = ()
    parts: tuple[str, ...] = PARTS
    repeat: int = 1
