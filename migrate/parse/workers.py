"""Work done in other processes: a task that kills its process costs only its own item."""

from __future__ import annotations

import gc
import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Callable, Iterator, Optional, Protocol, Sequence, TypeVar

from migrate.progress import SILENT, Progress


class Named(Protocol):
    """An item: ``path`` is what a person is shown."""

    @property
    def path(self) -> str: ...


Item = TypeVar("Item", bound=Named)
Result = TypeVar("Result")


def run_all(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int,
    lost: Callable[[Item], Result],
    progress: Progress = SILENT,
) -> list[Result]:
    """``task`` of every item, in their order; ``lost`` stands in for one that ended its process.

    Every worker takes items in their order. Ctrl-C ends the workers at once.
    """
    if not items:
        return []
    with _pool(min(workers, len(items))) as pool:
        futures = [pool.submit(task, item) for item in items]
        # Only now: a bar on the terminal is a thread, and a pool must not fork next to one.
        progress.start("parse", len(items))
        results = [_wait(future, item.path, progress) for item, future in zip(items, futures)]
    progress.finish()
    if None in results:
        results = _one_by_one(task, items, results, lost)
    return [result for result in results if result is not None]


def _wait(future: Future[Result], name: str, progress: Progress) -> Optional[Result]:
    try:
        result = future.result()
    except BrokenProcessPool:
        return None  # this item, or one that ran or waited beside it
    progress.step(name)
    return result


def _one_by_one(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    results: Sequence[Optional[Result]],
    lost: Callable[[Item], Result],
) -> list[Optional[Result]]:
    """Again what a broken pool left undone, one at a time: who ends the process now is known."""
    done = list(results)
    queue = [index for index, result in enumerate(done) if result is None]
    while queue:
        with _pool(1) as pool:
            while queue:
                index = queue.pop(0)
                try:
                    done[index] = pool.submit(task, items[index]).result()
                except BrokenProcessPool:
                    done[index] = lost(items[index])
                    break
    return done


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A pool that an exception, Ctrl-C above all, does not wait for."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, initializer=_begin)
    try:
        yield pool
    except BaseException:
        ours = set(multiprocessing.active_children()) - others
        pool.shutdown(wait=False, cancel_futures=True)
        for process in ours:
            process.terminate()
        raise
    pool.shutdown()


def _begin() -> None:
    """A worker's own settings. It has nothing to tell a person: results go back as values, and what
    libclang writes when it crashes would stand between the lines of the program."""
    gc.disable()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
