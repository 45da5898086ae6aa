"""The driver's end of one worker: calls with a time limit, and a crash as an ordinary answer."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Optional

from migrate.compare.call import Call
from migrate.compare.protocol import LoadedBy, receive, send

_START_SECONDS = 180.0
_END_SECONDS = 10.0
# How much more memory than after loading its library a child may come to hold.
_MOST_BYTES = 2 << 30
# A pipe takes the answers to several calls at once, and who gives them goes on: as much as Linux allows.
_PIPE_BYTES = 1 << 20
# Two byte patterns for memory that nobody has written: an operator whose result depends on which
# one it is does not compute a function of its arguments.
FIRST_PATTERN, SECOND_PATTERN = 0xA5, 0x3C
FIRST_RUN = {"pattern": FIRST_PATTERN, "stream": "default"}
OTHER_MEMORY_RUN = {"pattern": SECOND_PATTERN, "stream": "default"}
SIDE_STREAM_RUN = {"pattern": FIRST_PATTERN, "stream": "side"}
# glibc fills fresh memory with a pattern only outside its per-thread cache and its mappings. Threads
# that wait must sleep: two processes that spin on the same cores make every small call slow.
_MALLOC = ("tcache_count=0", "mmap_threshold=1073741824", "trim_threshold=1073741824")
_SURROUNDINGS = {
    "MALLOC_PERTURB_": str(FIRST_PATTERN ^ 0xFF),
    "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{setting}" for setting in _MALLOC),
    "OMP_WAIT_POLICY": "PASSIVE",
}


class _TooMuchMemory(Exception):
    pass


@dataclass(frozen=True)
class Reply:
    """What a call led to: observations, one per run, or why there are none.

    ``died`` says how the process ended; ``failed`` that it answered, but could not do the call.
    """

    observations: tuple[dict[str, Any], ...] = ()
    died: str = ""
    failed: str = ""


class Worker:
    """One side's process. It is started on first use and started again whenever it is lost."""

    def __init__(self, side: str, device: str, folder: Path, environment: dict[str, str]) -> None:
        self._arguments = (side, device)
        self._folder = folder
        self._environment = environment
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._library: Optional[LoadedBy] = None
        self._child = 0
        self._number = 0
        self._stopped = False
        self._most_bytes = 0
        self.load_seconds = 0.0

    def begin_start(self) -> None:
        """Start the process, which takes seconds, so that others can start at the same time."""
        self._start()
        if not self._child:
            self._number += 1
            self._send(("greet", self._number))

    def end_start(self) -> None:
        if not self._child:
            self._receive(_START_SECONDS)

    def open(self, library: LoadedBy) -> str:
        """Load ``library`` in a fresh child. Returns why it cannot be loaded, or nothing."""
        self.begin_open(library)
        return self.end_open()

    def begin_open(self, library: LoadedBy) -> None:
        """Ask for it, so that the other side can load its own at the same time; ``end_open`` answers."""
        self._library = library
        self._start()
        if self._child:
            self._send(("close",))
        self._number += 1
        self._send(("open", self._number, library))

    def end_open(self) -> str:
        if self._child:
            self._receive(_END_SECONDS)
            self._child = 0
        if self._process is None and self._library is not None and not self._stopped:
            return self.open(self._library)  # the child did not end, so that all had to
        message = self._receive(_START_SECONDS)
        if message[0] == "ready":
            self._child, self.load_seconds = message[2:4]
            self._most_bytes = _resident_bytes(self._child) + _MOST_BYTES
            return ""
        if message[0] == "failed":
            self._receive(_END_SECONDS)  # the child ends after it
            return str(message[2])
        return f"loading it ended the process: {message[1]}"

    def call(self, name: str, call: Call, names: tuple[str, ...], runs: Sequence[Any], limit: float) -> Reply:
        self.begin(name, call, names, runs)
        return self.end(limit)

    def begin(self, name: str, call: Call, names: tuple[str, ...], runs: Sequence[Any]) -> None:
        """Ask for a call, so that the other side can work at the same time; ``end`` answers."""
        self._request("call", name, call, names, tuple(runs))

    def begin_all(
        self, name: str, calls: Sequence[Call], names: tuple[str, ...], runs: Sequence[Any]
    ) -> None:
        """Ask for several calls at once: most of a small call's time is the way there and back."""
        self._request("calls", name, tuple(calls), names, tuple(runs))

    def end_all(self, limit: float) -> tuple[Reply, ...]:
        """The answers to ``begin_all``; none where the child did not live to give them all."""
        reply = self.end(limit)
        rows: Any = reply.observations
        return tuple(
            Reply(observations=tuple(what)) if word == "done" else Reply(failed=what) for word, what in rows
        )

    def time(
        self, name: str, call: Call, names: tuple[str, ...], plan: dict[str, Any], limit: float
    ) -> Reply:
        """How long the call takes, see ``stopwatch``."""
        self._request("time", name, call, names, plan)
        return self.end(limit)

    def read(self, name: str, limit: float) -> Reply:
        self._request("read", name)
        return self.end(limit)

    def end(self, limit: float) -> Reply:
        if not self._child:
            return Reply(died="its library cannot be loaded again")
        message = self._receive(limit)
        if message[0] == "ended":
            self._child = 0
            return Reply(died=message[1])
        if message[3]:
            self.close()
        if message[0] == "failed":
            return Reply(failed=message[2])
        return Reply(observations=tuple(message[2]))

    def close(self) -> None:
        """End the child; the process stays for the next library."""
        if self._child:
            self._send(("close",))
            self._receive(_END_SECONDS)
            self._child = 0

    def stop(self) -> None:
        """End everything, for good: whatever is asked of it from now on has died."""
        self._stopped = True
        self._end_process()

    def _end_process(self) -> None:
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            if self._child:
                _kill(self._child)
            self._process.kill()
            self._process.wait()
        self._process, self._child = None, 0

    def _request(self, word: str, *rest: Any) -> None:
        if not self._child and (self._library is None or self.open(self._library)):
            return
        self._number += 1
        self._send((word, self._number, *rest))

    def _send(self, message: tuple[Any, ...]) -> None:
        try:
            send(_descriptor(self._process.stdin if self._process else None), message)
        except OSError:
            pass  # the process is gone, which the next receive reports

    def _receive(self, limit: float) -> tuple[Any, ...]:
        """The answer to the last request, or ``("ended", how)``."""
        source = _descriptor(self._process.stdout if self._process else None)
        deadline = time.monotonic() + limit
        try:
            while True:
                message = receive(source, deadline, self._watch_memory)
                if message[0] == "ended":
                    return ("ended", _status_text(message[1]))
                if message[1] == self._number:
                    return message
        except TimeoutError:
            self._end_child(source)
            return ("ended", f"time limit of {limit:g} s")
        except _TooMuchMemory:
            self._end_child(source)
            return ("ended", f"memory limit of {_MOST_BYTES >> 20} MiB")
        except Exception as error:  # EOF, or bytes that are no message
            self._end_process()
            return ("ended", f"the worker broke off ({type(error).__name__})")

    def _watch_memory(self) -> None:
        """An operator that allocates without end is stopped before the machine is out of memory."""
        if self._child and _resident_bytes(self._child) > self._most_bytes:
            raise _TooMuchMemory

    def _end_child(self, source: int) -> None:
        if self._child:
            _kill(self._child)
            try:
                while receive(source, time.monotonic() + _END_SECONDS)[0] != "ended":
                    pass
                self._child = 0
                return
            except Exception:  # the process itself hangs: it is replaced below
                pass
        self._end_process()

    def _start(self) -> None:
        if self._stopped or (self._process is not None and self._process.poll() is None):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        home = str(Path(__file__).resolve().parents[2])
        search = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        log = self._folder / f"{self._arguments[0]}.log"
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "migrate.compare.worker", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=self._folder,
                env={**os.environ, **_SURROUNDINGS, **self._environment, "PYTHONPATH": search},
            )
        _widen(_descriptor(self._process.stdout))


def _descriptor(stream: Optional[IO[bytes]]) -> int:
    return stream.fileno() if stream is not None and not stream.closed else -1


def _widen(pipe: int) -> None:
    resize = getattr(fcntl, "F_SETPIPE_SZ", None)
    if resize is not None:
        try:
            fcntl.fcntl(pipe, resize, _PIPE_BYTES)
        except OSError:
            pass  # the user has as many pages in pipes as allowed


def _resident_bytes(child: int) -> int:
    try:
        pages = Path(f"/proc/{child}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0  # it has just ended, or this system does not say
    return int(pages) * resource.getpagesize()


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself


def _status_text(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        try:
            return f"killed by {signal.Signals(number).name}"
        except ValueError:
            return f"killed by signal {number}"
    return f"exited with status {os.WEXITSTATUS(status)}"
