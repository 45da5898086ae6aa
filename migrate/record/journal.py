"""Recorded calls on disk: each process writes files of its own, whole or not at all; reading merges them.

A file is gzipped lines of JSON: a header with what was seen and left out, then a call a line. A run that
was stopped loses the calls since its last file; the next run goes on from the files that are there.
"""

from __future__ import annotations

import atexit
import gzip
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrate.model.recorded import RecordedCall, call_from_json, call_to_json

CALLS = ".migrate/recorded"
_MOST_CALLS, _MOST_SECONDS = 256, 5.0


@dataclass(frozen=True)
class Bounds:
    """``calls`` kept per operator, of these ``alike`` that differ in the contents of tensors only;
    ``contents`` bytes of one tensor's memory that are kept as they are; ``total`` bytes on disk."""

    calls: int = 1000
    alike: int = 50
    contents: int = 1 << 20
    total: int = 256 << 20


@dataclass
class Counts:
    """Calls seen per operator, and those left out per (operator, reason)."""

    seen: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Recording:
    """All that was recorded for a tree, in a stable order."""

    calls: tuple[RecordedCall, ...]
    counts: Counts

    def rows(self) -> list[tuple[str, int, int, dict[str, int]]]:
        """Per operator: calls seen and kept, and those left out by reason. What is neither is a repeat."""
        kept = Counter(call.operator for call in self.calls)
        rows = []
        for operator in sorted(self.counts.seen):
            left_out = {why: n for (name, why), n in sorted(self.counts.left_out.items()) if name == operator}
            rows.append((operator, self.counts.seen[operator], kept[operator], left_out))
        return rows


class Journal:
    """What one process records. Safe to call from several threads and after a fork."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self._folder = folder
        self._bounds = bounds
        self._lock = threading.RLock()
        self._digests: set[str] = set()
        self._kept: Counter[str] = Counter()
        self._forms: Counter[str] = Counter()
        self._written = 0
        self._start_afresh(_MOST_CALLS)
        folder.mkdir(parents=True, exist_ok=True)
        for header in _headers(folder):
            self._digests.update(header["digests"])
            self._kept.update(header["kept"])
            self._forms.update(header["forms"])
        self._written = sum(path.stat().st_size for path in _files(folder))
        atexit.register(self.flush)
        # A forked child often ends without running exit handlers.
        os.register_at_fork(after_in_child=lambda: self._start_afresh(1))

    def _start_afresh(self, most: int) -> None:
        self._lock = threading.RLock()
        self._most = most
        self._buffer: list[dict[str, Any]] = []
        self._counts = Counts()
        self._new_forms: Counter[str] = Counter()
        self._last = time.monotonic()
        self._number = 0

    def leave_out(self, operator: str, reason: str) -> None:
        with self._lock:
            self._counts.seen[operator] += 1
            self._counts.left_out[operator, reason] += 1

    def wants(self, call: RecordedCall, form: str) -> bool:
        """Whether ``call`` is new and within the bounds; otherwise it is counted."""
        with self._lock:
            reason = self._reason(call, form)
            if reason is None:
                return True
            self._counts.seen[call.operator] += 1
            if reason:
                self._counts.left_out[call.operator, reason] += 1
            return False

    def keep(self, call: RecordedCall, form: str) -> None:
        with self._lock:
            self._counts.seen[call.operator] += 1
            if call.digest in self._digests:
                return  # by another thread, meanwhile
            self._digests.add(call.digest)
            self._kept[call.operator] += 1
            self._forms[form] += 1
            self._new_forms[form] += 1
            self._buffer.append(call_to_json(call))
            if len(self._buffer) >= self._most or time.monotonic() - self._last > _MOST_SECONDS:
                self.flush()

    def flush(self) -> None:
        with self._lock:
            if not self._counts.seen:
                return
            header = {
                "schema_version": 1,
                "digests": [row["digest"] for row in self._buffer],
                "kept": Counter(row["operator"] for row in self._buffer),
                "forms": self._new_forms,
                "seen": self._counts.seen,
                "left_out": [[*key, count] for key, count in self._counts.left_out.items()],
            }
            lines = "\n".join(json.dumps(row) for row in (header, *self._buffer))
            data = gzip.compress(lines.encode(), 1)
            name = f"{os.getpid()}-{time.time_ns():x}-{self._number}.calls"
            part = self._folder / f".{name}.part"
            part.write_bytes(data)
            part.replace(self._folder / name)
            self._written += len(data)
            number = self._number + 1
            self._start_afresh(self._most)
            self._number = number

    def _reason(self, call: RecordedCall, form: str) -> Any:
        """None: keep it. '': it is there already."""
        if call.digest in self._digests:
            return ""
        if self._written >= self._bounds.total:
            return "the recording is as large as it may be"
        if self._kept[call.operator] >= self._bounds.calls:
            return "enough calls of this operator"
        if self._forms[form] >= self._bounds.alike:
            return "enough calls that differ in the contents of tensors only"
        return None


def read_recording(tree: Path, wanted: Callable[[str], bool] = lambda _: True) -> Recording:
    """The calls that all processes recorded of the operators ``wanted``."""
    calls: dict[str, RecordedCall] = {}
    counts = Counts()
    for path in _files(tree / CALLS):
        header, *rows = gzip.decompress(path.read_bytes()).decode().splitlines()
        head = json.loads(header)
        counts.seen.update({key: count for key, count in head["seen"].items() if wanted(key)})
        for operator, reason, count in head["left_out"]:
            if wanted(operator):
                counts.left_out[operator, reason] += count
        for row in rows:
            call = call_from_json(json.loads(row))
            if wanted(call.operator):
                calls.setdefault(call.digest, call)
    order = sorted(calls.values(), key=lambda call: (call.operator, call.digest))
    return Recording(tuple(order), counts)


def forget(tree: Path) -> None:
    for path in _files(tree / CALLS):
        path.unlink()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.calls"))


def _headers(folder: Path) -> Iterator[dict[str, Any]]:
    for path in _files(folder):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            yield json.loads(stream.readline())
