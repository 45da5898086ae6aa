"""Progress on stderr: a bar on a terminal, nothing into a pipe or a log file.

    progress.start("parsing", total=12)
    progress.step("csrc/norm.cu")      # once per item done
    progress.finish()
"""

from __future__ import annotations

import sys
from typing import Optional, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """What a room may say while it works. Calls of one room never nest."""

    def start(self, title: str, total: Optional[int] = None) -> None:
        """A phase begins; ``total`` is the number of steps, if it is known."""

    def step(self, item: str = "") -> None:
        """One item is done."""

    def finish(self) -> None:
        """The phase is over, also after a failure."""


class Silent:
    """Says nothing: the default of every room, and what pipes and tests get."""

    def start(self, title: str, total: Optional[int] = None) -> None:
        pass

    def step(self, item: str = "") -> None:
        pass

    def finish(self) -> None:
        pass


SILENT: Progress = Silent()


class Bar:
    """A transient rich bar: it leaves no line behind, so that stderr keeps only messages."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Optional[RichProgress] = None

    def start(self, title: str, total: Optional[int] = None) -> None:
        self.finish()
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[item]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._bar.add_task(title, total=total, item="")
        self._bar.start()

    def step(self, item: str = "") -> None:
        if self._bar is not None:
            task = self._bar.task_ids[0]
            self._bar.update(task, advance=1, item=item)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def progress_on_stderr(hidden: bool = False) -> Progress:
    """The progress for this process: a bar only where a person watches."""
    if hidden or not sys.stderr.isatty():
        return SILENT
    return Bar(Console(stderr=True))
