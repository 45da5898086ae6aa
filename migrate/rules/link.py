"""What a migrated library is linked to: what its build file says, and what torch used to bring."""

from __future__ import annotations

import re
from typing import Iterable, Sequence

from migrate.tables.libraries import CALLED, CARRIED, LEFT
from migrate.text.lexer import code_tokens


def carried_link_flags(given: Sequence[str]) -> tuple[str, ...]:
    """The flags of a build file that a migrated library keeps: all but torch, Python, the runtimes."""
    return tuple(flag for flag in given if not _is_left(flag))


def _is_left(flag: str) -> bool:
    if flag.startswith(("-L", "-Wl,")):
        return "torch" in flag
    return flag.startswith("-l") and flag[2:].startswith(LEFT)


def implied_libraries(texts: Iterable[str], backend: str) -> tuple[str, ...]:
    """``-lcublas`` for sources that call cuBLAS, which an extension of torch need not say."""
    called, carried = CALLED.get(backend, {}), CARRIED.get(backend, {})
    found: set[str] = set()
    if called:
        start = re.compile(rf"({'|'.join(sorted(called, key=len, reverse=True))})[A-Z]")
        for text in texts:
            if not start.search(text) and not any(name in text for name in carried):
                continue
            tokens = code_tokens(text)
            for token, after in zip(tokens, tokens[1:]):
                match = start.match(token.text) if after.text == "(" else None
                found.update([called[match.group(1)]] if match else carried.get(token.text, ()))
    return tuple(f"-l{name}" for name in sorted(found))
