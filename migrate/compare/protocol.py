"""How the driver and a worker talk: length-prefixed pickles over two pipes.

The messages, by their first word:

    greet N              once the process has started        -> greeted N
    open N LIBRARY       load a library in a fresh child     -> ready N pid seconds | failed N text
    call N NAME CALL NAMES RUNS   observe each run of a call -> done N observations LOST | failed N text LOST
    calls N NAME CALLS NAMES RUNS   the same for several    -> done N [(done, observations) | (failed, text)]
    time N NAME CALL NAMES PLAN   time a call                -> done N [times] LOST | failed N text LOST
    read N NAME          describe an enum or attribute       -> done N [observation] LOST
    close                end the child

LOST: the child can do no further call, its device is gone. Without a request:

                         the child is gone                   -> ended status
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

_HEADER = struct.Struct("<Q")
_GLANCE = 0.1  # seconds between two looks at the child while its answer is awaited


@dataclass(frozen=True)
class LoadedBy:
    """What one side of a module is loaded from.

    ``kind`` extension: the file ``path``, under the import name. ``kind`` library: the file ``path``,
    which registers dispatcher operators. ``kind`` adaptor: the package ``path``; ``root`` is the
    folder of its top package. ``search`` is added to the module path. ``beside`` is loaded before it.
    """

    kind: str
    name: str
    path: str
    root: str = ""
    search: str = ""
    beside: tuple[LoadedBy, ...] = ()


def send(descriptor: int, message: tuple[Any, ...]) -> None:
    data = pickle.dumps(message, protocol=4)
    left = memoryview(_HEADER.pack(len(data)) + data)
    while left:
        left = left[os.write(descriptor, left) :]


def receive(
    descriptor: int, deadline: Optional[float] = None, watch: Callable[[], None] = lambda: None
) -> tuple[Any, ...]:
    """The next message. EOFError: the other end is gone; TimeoutError: ``deadline`` has passed.

    ``watch`` is called while the answer is awaited; what it raises ends the waiting.
    """
    (size,) = _HEADER.unpack(_read(descriptor, _HEADER.size, deadline, watch))
    message: tuple[Any, ...] = pickle.loads(_read(descriptor, size, deadline, watch))
    return message


def _read(descriptor: int, size: int, deadline: Optional[float], watch: Callable[[], None]) -> bytes:
    parts = []
    while size:
        while deadline is not None:
            left = deadline - time.monotonic()
            if select.select([descriptor], [], [], max(0.0, min(left, _GLANCE)))[0]:
                break
            if left <= 0:
                raise TimeoutError
            watch()
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
