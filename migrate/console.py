"""The edge to the terminal: data to stdout, messages to stderr, failures to exit codes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, Callable, NoReturn, Optional, Union

import click

from migrate.errors import FatalError

_GRACE = 2.0  # seconds between Ctrl-C and giving up on an orderly end
_said_interrupted = threading.Event()


def emit(data: Union[str, bytes]) -> bool:
    """Data to stdout, byte for byte. False if the reader went away, which is no failure."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard(sys.stdout.fileno())
        return False
    return True


def say(message: str) -> None:
    """A message to stderr."""
    try:
        sys.stderr.write(message.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        _discard(sys.stderr.fileno())


def colours() -> bool:
    """Whether stdout may carry colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def guarded(command: Callable[[], Any]) -> NoReturn:
    """Run a command and end the process: one line and an exit code for whatever happens."""
    _said_interrupted.clear()
    signal.signal(signal.SIGINT, _interrupt_of(os.getpid()))
    try:
        code = command()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except FatalError as error:
        say(f"migrate: {error}")
        code = 2
    except (click.Abort, KeyboardInterrupt):
        _say_interrupted()
        code = 130
    except (BrokenPipeError, SystemExit):
        # Help and version texts: click writes them itself, and exits by itself under a closed pipe.
        _discard(1)
        code = 0
    except Exception as error:
        if os.environ.get("MIGRATE_DEBUG"):
            raise
        say(f"migrate: {type(error).__name__}: {error}. This is a bug in migrate: report it with what")
        say("MIGRATE_DEBUG=1 shows.")
        code = 2
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout.fileno())
    sys.exit(code)


def _interrupt_of(owner: int) -> Callable[[int, Optional[FrameType]], None]:
    """Ctrl-C reaches every process of the terminal. Workers inherit this handler and end silently, so
    that only the program itself speaks."""

    def interrupt(_number: int, _frame: Optional[FrameType]) -> None:
        if os.getpid() != owner:
            os._exit(130)
        threading.excepthook = _no_thread_traces
        watchdog = threading.Timer(_GRACE, _give_up)
        watchdog.daemon = True
        watchdog.start()
        raise KeyboardInterrupt

    return interrupt


def _no_thread_traces(_: object) -> None:
    """A pool's own thread stumbles over workers that are gone: after Ctrl-C that is no news."""


def _give_up() -> None:
    """A pool whose workers died may wait for them for ever. What is being written is safe to leave:
    the journal lets the next run repair it."""
    _say_interrupted()
    os._exit(130)


def _say_interrupted() -> None:
    if not _said_interrupted.is_set():
        _said_interrupted.set()
        say("migrate: interrupted; nothing is half written")


def _discard(descriptor: int) -> None:
    """What is still buffered goes nowhere, so that the interpreter does not complain on exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, descriptor)
    os.close(null)
