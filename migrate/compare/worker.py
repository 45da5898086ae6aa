"""One side's process: ``python -m migrate.compare.worker SIDE DEVICE``.

It imports torch once and forks a child per library, so that a crash costs milliseconds and no two
libraries share a process. A device's runtime does not survive a fork, and importing tvm_ffi may start
it: for devices each child imports that itself. The child answers on the same pipes until it is closed
or dies; the parent then reports how it ended.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from migrate.compare.protocol import LoadedBy, receive, send

_SPARE_BYTES = 4 << 30
_BYTES_PER_THREAD = 72 << 20  # address space: a stack and glibc's arena


def main() -> None:
    side, device = sys.argv[1:]
    source, sink = _private_pipes()
    _clean_search_path()
    _import_runtime(side if device == "cpu" else "original")
    _raise_once()
    gc.freeze()  # or a collection in a child would write to, and so copy, every page of torch's objects
    while True:
        try:
            message = receive(source)
        except EOFError:
            return
        if message[0] == "greet":
            send(sink, ("greeted", message[1]))
        if message[0] != "open":
            continue  # meant for a child that died meanwhile, which has been reported
        child = os.fork()
        if child == 0:
            _serve(source, sink, message, (side, device))
        _, status = os.waitpid(child, 0)
        send(sink, ("ended", status))


def _import_runtime(side: str) -> str:
    """Import what both sides' calls need. Returns why that is not possible, or nothing."""
    try:
        importlib.import_module("migrate.compare.perform")
        if side == "migrated":
            importlib.import_module("tvm_ffi")
    except Exception as error:
        traceback.print_exc()
        return _one_line(error)
    return ""


def _raise_once() -> None:
    """The first error that passes through tvm_ffi reads the symbols of all libraries of the process,
    which takes a second beside torch. Read here, every child has them."""
    runtime: Any = sys.modules.get("tvm_ffi")
    if runtime is None:
        return

    def refuse() -> None:
        raise ValueError

    try:
        runtime.convert(refuse)()
    except ValueError:
        pass


def _private_pipes() -> tuple[int, int]:
    """The protocol's own descriptors; what an operator prints goes to the log instead."""
    source, sink = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(2, 1)
    return source, sink


def _clean_search_path() -> None:
    """Neither the working folder nor PYTHONPATH may lend a side modules of the other one; a folder
    of installed packages on PYTHONPATH is where torch or tvm_ffi may be.

    The tool's own folder goes last: it had to be there for this file to be found.
    """
    home = str(Path(__file__).resolve().parents[2])
    entries = [Path(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    given = {str(entry.resolve()) for entry in entries if not any(entry.glob("*.dist-info"))}
    given.add(str(Path.cwd()))
    sys.path[:] = [entry for entry in sys.path if entry and str(Path(entry).resolve()) not in given]
    sys.path.append(home)


def _serve(source: int, sink: int, opening: tuple[Any, ...], role: tuple[str, str]) -> NoReturn:
    side, device = role
    try:
        _, number, library = opening
        _limit_memory(device)
        missing = _import_runtime(side)
        if missing:
            send(sink, ("failed", number, missing))
            os._exit(0)
        start = time.perf_counter()
        try:
            module = load_library(library)
        except BaseException as error:
            send(sink, ("failed", number, _one_line(error)))
            os._exit(0)
        send(sink, ("ready", number, os.getpid(), time.perf_counter() - start))
        while True:
            message = receive(source)
            if message[0] == "close":
                os._exit(0)
            send(sink, (*_answer(module, message, device), _is_lost(device)))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def _answer(module: ModuleType, message: tuple[Any, ...], device: str) -> tuple[Any, ...]:
    observe: Any = sys.modules["migrate.compare.observe"]
    perform: Any = sys.modules["migrate.compare.perform"]
    word, number, name = message[:3]
    thing: Any = module
    scope: Any = None
    parts = name.split(".")
    if parts[:2] == ["torch", "ops"]:
        thing, parts = sys.modules["torch"], parts[1:]
    try:
        for part in parts:
            scope, thing = thing, getattr(thing, part)
    except AttributeError as error:
        return ("failed", number, _one_line(error))
    if word == "read":
        return ("done", number, [observe.observe_object(thing, scope)])
    _, _, _, asked, names, runs = message

    if word == "time":
        stopwatch: Any = importlib.import_module("migrate.compare.stopwatch")
        return ("done", number, [stopwatch.time_call(thing, asked, names, device, runs)])

    def answer(call: Any) -> tuple[str, Any]:
        try:
            return ("done", _observed(lambda run: perform.perform(thing, call, names, device, run), runs))
        except Exception as error:  # the arguments could not be made: no fault of the operator
            return ("failed", _one_line(error))

    if word == "calls":
        return ("done", number, [answer(call) for call in asked])
    state, what = answer(asked)
    return (state, number, what)


def _observed(perform: Callable[[Any], Any], runs: Iterable[Any]) -> list[Any]:
    """What each run shows; what is equal as one object: it is sent once, and compared once. A run that is
    wanted ``after`` another outcome than the last one's is left out."""
    told: list[Any] = []
    for run in runs:
        if "after" in run and told[-1]["outcome"] != run["after"]:
            break
        seen = perform(run)
        told.append(next((other for other in told if other == seen), seen))
    return told


def _is_lost(device: str) -> bool:
    """After an illegal access every later call in the process fails: this was the last one."""
    if device == "cpu":
        return False
    torch: Any = sys.modules["torch"]
    try:
        torch.cuda.synchronize()
    except Exception:
        return True
    return False


def load_library(library: LoadedBy) -> ModuleType:
    for other in library.beside:
        load_library(other)
    if library.search:
        sys.path.append(library.search)
    if library.kind == "library":
        torch: Any = sys.modules["torch"]
        torch.ops.load_library(library.path)
        return ModuleType(library.name)
    if library.kind == "extension":
        return _load_file(library.name, Path(library.path))
    if library.root:
        sys.path.insert(0, library.root)
        try:
            return importlib.import_module(library.name)
        except Exception:
            # The package around the adaptor may need what this machine lacks; the adaptor does not.
            traceback.print_exc()
    folder = Path(library.path)
    return _load_file(library.name, folder / "__init__.py", folder)


def _load_file(name: str, path: Path, package: Any = None) -> ModuleType:
    folders = [str(package)] if package else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _limit_memory(device: str) -> None:
    """A candidate that asks for a huge result must fail, not take the machine down."""
    if device != "cpu":
        return  # a device's driver maps address space far beyond what it uses
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    threads = os.cpu_count() or 1
    limit = pages * resource.getpagesize() + _SPARE_BYTES + threads * _BYTES_PER_THREAD
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"


if __name__ == "__main__":
    main()
