"""A call of the user's tests, made on the original here and on the migrated side in another process.

The original's result is what the test gets. The migrated side is called with a copy of the arguments as
they were before, under the same switches and random state. Where the two differ, both sides make the call
again in fresh processes, as `migrate test` would: an original that does not repeat itself is no finding.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from migrate.compare.call import Call, Value, describe
from migrate.compare.difference import Observation, differences
from migrate.compare.judge import Sides, Tally, compare_call
from migrate.compare.loading import built, device_of, migrated_of, original_of, two_workers
from migrate.compare.manifest import Entry, ModuleEntry, read_modules
from migrate.compare.process import FIRST_RUN, Reply
from migrate.compare.recorded import calls_of, operator_key
from migrate.errors import TreeError
from migrate.record.capture import Captured, NotRecordableError, capture, read
from migrate.record.hook import install
from migrate.record.targets import Targets, read_targets

_MOST_BYTES = 256 << 20
_MOST_WORKERS = 6
_SECONDS = 60.0
# These are the process's own, not the operator's.
_NOT_COMPARED = ("threads", "device random state", "current device")


@dataclass(frozen=True)
class _Case:
    module: ModuleEntry
    entry: Entry
    call: Call


class _Kept:
    """A function whose result or exception stays at hand."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._result: Any = None
        self._error: Optional[BaseException] = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            self._result = self._function(*args, **kwargs)
        except BaseException as error:
            self._error = error
            raise
        return self._result

    def outcome(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result


class Shadow:
    """All calls of one test session. It is installed for the rest of the process."""

    def __init__(self, tree: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._tree = tree
        self._found: list[str] = []
        self._lock = threading.RLock()
        self._sides: dict[str, Sides] = {}
        self._owners = _owners(tree)
        self._process = os.getpid()
        if not self._owners:
            raise TreeError(f"{tree} has no libraries of both sides", f"Run `migrate build -C {tree}`")
        for name in install(_watched(read_targets(tree), self._owners), self):
            self.counts[f"module was loaded before the shadow: {name}"] += 1

    def __call__(
        self, operator: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        torch: Any = sys.modules.get("torch")
        if torch is None or os.getpid() != self._process:  # a forked child shares the workers' pipes
            return function(*args, **kwargs)
        try:
            with torch._C.DisableTorchFunction():
                captured = capture(torch, operator, args, kwargs)
                if captured.size > _MOST_BYTES:
                    raise NotRecordableError("made with more memory than the shadow copies")
                case = self._case(torch, captured)
        except NotRecordableError as error:
            self.counts[f"calls not compared: {error}"] += 1
            return function(*args, **kwargs)
        kept = _Kept(function)
        random_state = bytes(torch.get_rng_state().numpy().tobytes())
        seen = _observed(torch, kept, case, captured, (args, kwargs))
        with self._lock:
            self._compare(case, seen, random_state)
        return kept.outcome()

    def take(self) -> list[str]:
        """The differences since the last time."""
        with self._lock:
            found, self._found = self._found, []
        return found

    def stop(self) -> None:
        for sides in self._sides.values():
            sides.original.stop()
            sides.migrated.stop()
        self._sides.clear()

    def _case(self, torch: Any, captured: Captured) -> _Case:
        module, entries = self._owners[captured.operator]
        call = read(torch, captured, _MOST_BYTES, skip=_MOST_BYTES)
        for entry in entries:
            for case in calls_of(entry, entries, [call]):
                return _Case(module, entry, case._replace(outcome=""))
        raise NotRecordableError("made with arguments of no known overload")

    def _compare(self, case: _Case, seen: Observation, random_state: bytes) -> None:
        sides = self._open(case.module)
        if isinstance(sides, str):
            self._found.append(f"{case.entry.id}: {sides}")
            return
        run = {**FIRST_RUN, "random state": random_state}
        reply = sides.migrated.call(case.entry.path, case.call, case.entry.names, [run], sides.limit)
        self.counts["compared"] += 1
        problem = _problem(seen, reply)
        if not problem:
            return
        confirmed = self._confirmed(sides, case, reply, run)
        if not confirmed:
            self.counts["calls differ, and the original differs from itself when they are repeated"] += 1
            return
        arguments = describe(case.call.with_note(""), case.entry.names)
        self._found.append(f"{case.entry.id} differs\n  {problem}\n  on {arguments}")

    def _confirmed(self, sides: Sides, case: _Case, reply: Reply, run: dict[str, Any]) -> bool:
        tally = Tally()
        compare_call(sides, case.entry, case.call, None, tally)
        if tally.difference is not None or tally.crash:
            return True
        if tally.discarded or tally.nondeterministic:
            return False
        # In fresh processes they agree: whose answer was another one before?
        again = sides.migrated.call(case.entry.path, case.call, case.entry.names, [run], sides.limit)
        both = (*reply.observations, *again.observations)
        return len(both) < 2 or next(differences(*both), None) is not None

    def _open(self, module: ModuleEntry) -> Any:
        """Both workers with the module loaded, or why that cannot be."""
        if module.name in self._sides:
            return self._sides[module.name]
        if len(self._sides) >= _MOST_WORKERS:
            oldest = self._sides.pop(next(iter(self._sides)))
            oldest.original.stop()
            oldest.migrated.stop()
        device = device_of(module)
        original, migrated = two_workers(self._tree, device, "shadow")
        sides = Sides(
            original,
            migrated,
            original_of(self._tree, module, built(self._tree, module, "original")),
            migrated_of(self._tree, module, built(self._tree, module, "bridge")),
            device,
            _SECONDS,
        )
        failure = sides.reopen()
        if failure:
            return failure
        self._sides[module.name] = sides
        return sides


def _owners(tree: Path) -> dict[str, tuple[ModuleEntry, tuple[Entry, ...]]]:
    """Per operator (``module:path`` or the dispatcher's name) its module and overloads, where both sides
    are built."""
    owners: dict[str, tuple[ModuleEntry, tuple[Entry, ...]]] = {}
    for module in read_modules(tree, ()):
        other = "bridge" if module.is_loaded_by_path else "migrated"
        sides = ("original", other) if module.migrated or module.bridge else ("original",)
        if not all(built(tree, module, side) for side in sides):
            continue
        for entry in module.operators:
            if entry.kind == "function" and entry.tier not in ("manual", "ignored"):
                siblings = tuple(row for row in module.operators if row.path == entry.path)
                owners.setdefault(operator_key(module.name, entry), (module, siblings))
    return owners


def _watched(targets: Targets, owners: Any) -> Targets:
    modules = {
        name: {path: operator for path, operator in paths.items() if operator in owners}
        for name, paths in targets.modules.items()
    }
    return Targets(modules, targets.dispatched & owners.keys())


def _observed(torch: Any, kept: _Kept, case: _Case, captured: Captured, given: Any) -> Observation:
    """The original's call, seen as a worker sees the migrated one's."""
    from migrate.compare.materialise import Arguments, Memory
    from migrate.compare.observe import observe_made

    args, kwargs = given
    names = _store_names(case)
    with torch._C.DisableTorchFunction():
        memories = [
            Memory(names[number], region.flat(torch))
            for number, region in enumerate(captured.regions)
            if region.high > region.low and number in names  # an unknown keyword's are passed to nobody
        ]
    arguments = Arguments(case.entry.names, list(args), dict(kwargs), memories)
    seen = observe_made(kept, arguments, device_of(case.module))
    seen["state"] = {name: value for name, value in seen["state"].items() if name not in _NOT_COMPARED}
    return seen


def _store_names(case: _Case) -> dict[int, str]:
    """The argument that a worker names each store after: the first one on it."""
    names: dict[int, str] = {}

    def walk(value: Value, name: str) -> None:
        if value.view is not None:
            names.setdefault(value.view.store, name)
        for index, item in enumerate(value.items):
            walk(item, f"{name}[{index // 2 if value.kind == 'dict' else index}]")

    for name, value in zip(case.entry.names, case.call.values):
        walk(value, name)
    for value in case.call.extra:
        walk(value, "extra")
    return names


def _problem(seen: Observation, reply: Reply) -> str:
    if not reply.observations:
        return f"the migrated side: {reply.died or reply.failed}"
    return str(next(differences(seen, reply.observations[0]), ""))
