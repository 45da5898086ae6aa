"""In the user's process: every call of the operators asked for goes by way of one function.

Modules are met when their loader runs them, before anyone holds one of their functions; so every name
and alias that user code makes later leads to the stand-in.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

from migrate.model.recorded import RecordedCall
from migrate.record import capture
from migrate.record.journal import Bounds, Journal
from migrate.record.proxy import Around, replace_functions, watch_dispatcher
from migrate.record.targets import Targets

SETTINGS = "MIGRATE_RECORD"
_TORCH_OPS = "torch._ops"


def install(targets: Targets, around: Around) -> list[str]:
    """Watch ``targets``, also in modules that are loaded already; returns these modules' names."""
    leaves = [name.rpartition(".")[2] for name in targets.modules]
    # A module that is built and loaded on first use often has no package in its name.
    names = {leaf: name for leaf, name in zip(leaves, targets.modules) if leaves.count(leaf) == 1}
    names.update({name: name for name in targets.modules})

    def loaded(module: ModuleType) -> None:
        paths = targets.modules.get(names.get(module.__name__, ""))
        if paths:
            replace_functions(module, paths, around)

    def started(module: ModuleType) -> None:
        if module.__name__ == _TORCH_OPS:
            watch_dispatcher(module, targets.dispatched, around)

    late = [name for name in targets.modules if name in sys.modules]
    for name in late:
        loaded(sys.modules[name])
    if _TORCH_OPS in sys.modules:
        started(sys.modules[_TORCH_OPS])
    _after(importlib.machinery.ExtensionFileLoader, loaded)
    _after(importlib.machinery.SourceFileLoader, started)
    return late


def _after(loader: Any, act: Callable[[ModuleType], None]) -> None:
    execute = loader.exec_module

    def exec_module(self: Any, module: ModuleType) -> None:
        __tracebackhide__ = True  # a failing import is the user's own
        execute(self, module)
        act(module)

    loader.exec_module = exec_module


class Recorder:
    """``Around`` that calls the operator and writes the call down. It never fails a call."""

    def __init__(self, journal: Journal, bounds: Bounds) -> None:
        self._journal = journal
        self._bounds = bounds

    def __call__(
        self, operator: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        torch: Any = sys.modules.get("torch")
        call = self._begin(torch, operator, args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        form = capture.form_of(call)
        if not self._journal.wants(call, form):
            return function(*args, **kwargs)
        call = replace(call, test=os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0])
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            raised = f"raise {type(error).__module__}.{type(error).__qualname__}"
            self._journal.keep(replace(call, outcome=raised), form)
            raise
        self._end(torch, call, form, result)
        return result

    def _begin(self, torch: Any, operator: str, args: Any, kwargs: Any) -> Optional[RecordedCall]:
        reason = "made without torch"
        try:
            if torch is not None:
                with torch._C.DisableTorchFunction():
                    captured = capture.capture(torch, operator, args, kwargs)
                    return capture.read(torch, captured, self._bounds.contents)
        except capture.NotRecordableError as error:
            reason = str(error)
        except Exception as error:  # of ours, or of an argument that is not what it seems
            reason = f"could not be read: {type(error).__name__}"
        self._journal.leave_out(operator, reason)
        return None

    def _end(self, torch: Any, call: RecordedCall, form: str, result: Any) -> None:
        try:
            with torch._C.DisableTorchFunction():
                outcome = capture.outcome_of(torch, result)
        except Exception as error:
            outcome = f"result that could not be read: {type(error).__name__}"
        self._journal.keep(replace(call, outcome=outcome), form)


def record_here() -> None:
    """Called at the start of every Python process below ``migrate record``."""
    settings = json.loads(Path(os.environ[SETTINGS]).read_text(encoding="utf-8"))
    bounds = Bounds(**settings["bounds"])
    targets = Targets(settings["modules"], frozenset(settings["dispatched"]))
    install(targets, Recorder(Journal(Path(settings["folder"]), bounds), bounds))
