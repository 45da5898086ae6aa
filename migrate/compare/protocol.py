"""How the driver and a worker talk: length-prefixed pickles over two pipes.

The messages, by their first word:

    open N LIBRARY       load a library in a fresh child     -> ready N pid | failed N text
    call N NAME CALL NAMES RUNS   observe each run of a call -> done N observations LOST | failed N text LOST
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
from dataclasses import dataclass
from typing import Any, Optional

_HEADER = struct.Struct("<Q")


@dataclass(frozen=True)
class LoadedBy:
    """What one side of a module is loaded from.

    ``kind`` extension: the file ``path``, under the import name. ``kind`` library: the file ``path``,
    which registers dispatcher operators. ``kind`` adaptor: the package ``path``; ``root`` is the
    folder of its top package. ``search`` is added to the module path.
    """

    kind: str
    name: str
    path: str
    root: str = ""
    search: str = ""


def send(descriptor: int, message: tuple[Any, ...]) -> None:
    data = pickle.dumps(message, protocol=4)
    data = _HEADER.pack(len(data)) + data
    while data:
        data = data[os.write(descriptor, data) :]


def receive(descriptor: int, deadline: Optional[float] = None) -> tuple[Any, ...]:
    """The next message. EOFError: the other end is gone; TimeoutError: ``deadline`` has passed."""
    (size,) = _HEADER.unpack(_read(descriptor, _HEADER.size, deadline))
    message: tuple[Any, ...] = pickle.loads(_read(descriptor, size, deadline))
    return message


def _read(descriptor: int, size: int, deadline: Optional[float]) -> bytes:
    parts = []
    while size:
        if deadline is not None:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([descriptor], [], [], left)[0]:
                raise TimeoutError
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
