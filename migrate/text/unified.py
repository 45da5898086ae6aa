"""One file's part of a git patch, from bytes, with difflib."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Optional

_PLAIN = frozenset(range(0x20, 0x7F)) - {ord('"'), ord("\\")}


@dataclass(frozen=True)
class Side:
    """One side of a comparison: git's file mode and the bytes."""

    mode: str
    data: bytes


def unified_file(path: str, before: Optional[Side], after: Optional[Side]) -> bytes:
    """The patch of one file; ``before`` None means new, ``after`` None deleted.

    A change of kind (file to link) becomes a deletion and a creation, as git writes it.
    """
    if before is not None and after is not None and before.mode[:3] != after.mode[:3]:
        return unified_file(path, before, None) + unified_file(path, None, after)
    old, new = _quoted("a/", path), _quoted("b/", path)
    head = [b"diff --git " + old + b" " + new]
    if before is None and after is not None:
        head.append(b"new file mode " + after.mode.encode())
    elif after is None and before is not None:
        head.append(b"deleted file mode " + before.mode.encode())
    elif before is not None and after is not None and before.mode != after.mode:
        head += [b"old mode " + before.mode.encode(), b"new mode " + after.mode.encode()]
    body = _hunks(before.data if before else b"", after.data if after else b"")
    if body:
        # A tab ends a name that holds a space, so that no program takes the rest for a date.
        tail = b"\t" if " " in path else b""
        head.append(b"--- " + (old + tail if before else b"/dev/null"))
        head.append(b"+++ " + (new + tail if after else b"/dev/null"))
    return b"\n".join(head) + b"\n" + body


def _hunks(before: bytes, after: bytes) -> bytes:
    # Only \n ends a line for git; latin-1 maps every byte to one character and back.
    lines = list(difflib.unified_diff(_lines(before), _lines(after), lineterm="\n"))[
        2:
    ]  # without difflib's own two header lines
    out = []
    for line in lines:
        data = line.encode("latin-1")
        out.append(data if data.endswith(b"\n") else data + b"\n\\ No newline at end of file\n")
    return b"".join(out)


def _lines(data: bytes) -> list[str]:
    pieces = data.decode("latin-1").split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _quoted(prefix: str, path: str) -> bytes:
    """git's C-style quoting of names with control, quote or non-ASCII bytes."""
    raw = prefix.encode() + path.encode("utf-8", "surrogateescape")
    if all(byte in _PLAIN for byte in raw):
        return raw
    special = {ord('"'): b'\\"', ord("\\"): b"\\\\", 9: b"\\t", 10: b"\\n", 13: b"\\r"}
    pieces = (bytes([byte]) if byte in _PLAIN else special.get(byte, b"\\%03o" % byte) for byte in raw)
    return b'"' + b"".join(pieces) + b'"'
