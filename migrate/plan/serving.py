"""Which sources of an extension serve its migrated operators, and which only what stays with torch.

Calls that the parser follows are not all there is to a link: classes, variables and explicit
instantiations lie in other units. But what one unit uses of another it names, and has a declaration
of, in a header that both include or in itself. So names are followed from the first sources on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from migrate.plan.reach import Reach

_WORD = re.compile(rb"[A-Za-z_]\w*")
_TYPE = re.compile(rb"\b(?:class|struct|union)\s+(?:__\w+\s*(?:\([^()]*\))?\s*)*(\w+)\s*(?:final\s*)?[{:;]")
_EXTERN = re.compile(rb"\bextern\b([^;{}]*);")


class Serving:
    """Grows from ``first``, the sources that define what migrated operators call. ``text`` is what is
    left of a file when torch has left it."""

    def __init__(
        self, reach: Reach, first: Iterable[str], sources: Sequence[str], text: Callable[[str], bytes]
    ) -> None:
        self._reach, self._text = reach, text
        self._taken: set[str] = set()
        self._live: set[str] = set()
        self._around: set[str] = set()
        self._absent: set[str] = set()
        self._words: set[bytes] = set()
        self._declared: dict[str, set[bytes]] = {}
        more = list(first)
        while more:
            for source in more:
                self._take(source)
            self._enliven()
            more = [source for source in sources if source not in self._taken and self._is_used(source)]

    def takes(self, source: str) -> bool:
        return source in self._taken

    def _take(self, source: str) -> None:
        self._taken.add(source)
        self._live.add(source)
        self._around.update(self._reach.includes.closure(source))
        self._absent |= self._absent_from(source)
        self._words.update(_WORD.findall(self._text(source)))

    def _enliven(self) -> None:
        """Headers that declare a name in use; what they name is then in use, too."""
        while more := [path for path in self._around - self._live if self._names(path) & self._words]:
            self._live.update(more)
            for path in more:
                self._words.update(_WORD.findall(self._text(path)))

    def _is_used(self, source: str) -> bool:
        if self._absent & self._absent_from(source):
            return True  # nobody knows what such a header declares
        words = set(_WORD.findall(self._reach.data(source))) & self._words
        shared = self._live.intersection(self._reach.includes.closure(source))
        return any(self._names(path) & words for path in (*shared, *self._taken))

    def _names(self, path: str) -> set[bytes]:
        """What ``path`` declares and another unit may define. Of a class, its name alone."""
        if path not in self._declared:
            data = self._text(path)
            found = set(_TYPE.findall(data))
            for declaration in _EXTERN.findall(data):
                found.update(_WORD.findall(declaration))
            for function in self._reach.functions[path]:
                scope = function.qualified.rpartition("::")[0].rpartition("::")[2]
                if function.body_span is None and scope.encode() not in found:
                    found.add(function.name.encode())
            self._declared[path] = found
        return self._declared[path]

    def _absent_from(self, source: str) -> set[str]:
        includes = self._reach.includes
        rows = (row for path in includes.closure(source) for row in includes.by_file.get(path, ()))
        return {row.spelling for row in rows if row.quoted and row.target is None}
