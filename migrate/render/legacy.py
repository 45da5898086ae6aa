"""The copy of an original that a legacy extension is compiled from."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.model.project import SourceFile
from migrate.model.source import Edit
from migrate.text.edits import apply_edits

_REGISTERED = "#if 0  // another library of the module gives this to torch's dispatcher\n"


def render_legacy(file: SourceFile, left_out: Iterable[tuple[str, int, int]]) -> bytes:
    """The file as it was, but that the spans of it that are ``left_out`` are not compiled."""
    text = file.data.decode("latin-1")
    edits = []
    for start, end in _joined(text, sorted((a, b) for path, a, b in left_out if path == file.path)):
        line = text.rfind("\n", 0, start) + 1
        is_first = not text[line:start].strip()
        is_last = not text[end:].partition("\n")[0].strip()
        before = line if is_first else start
        edits.append(Edit(file.path, before, before, _REGISTERED if is_first else f"\n{_REGISTERED}"))
        edits.append(Edit(file.path, end, end, "\n#endif" if is_last else "\n#endif\n"))
    return apply_edits(text, edits).encode("latin-1")


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sorted ``spans``, those with nothing between them as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and (start <= found[-1][1] or not text[found[-1][1] : start].strip()):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
