"""Comments that no written file has any more: each is listed, so that a reviewer can carry it over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate.model.plan import FilePlan, Plan
from migrate.model.source import Diagnostic, line_and_column
from migrate.render.strip import removals
from migrate.text.lexer import Token, tokenize

_SHOWN = 60


def left_comments(
    plan: Plan, texts: Mapping[str, str], write: Mapping[str, bytes], copies: Mapping[str, bytes]
) -> list[Diagnostic]:
    """One note per changed file, with the lines of comments that left with the code around them.

    ``copies`` are the originals that legacy and bridge libraries are compiled from: they keep what left
    for them, but nobody looks there for the comment of a migrated function."""
    changed = [row for row in plan.files if row.action in ("strip", "delete") and row.path in texts]
    if not changed:
        return []
    kept = _comments(data for path, data in write.items() if path in texts or path.startswith(plan.ffi_dir))
    copied = _comments(copies.values())
    rows = []
    for row in changed:
        gone = [token for token in _of(texts[row.path]) if token.text not in kept]
        left = [token for token in gone if token.text not in copied or not _leaves(row, texts, token)]
        rows += [_note(row.path, texts[row.path], left)] if left else []
    return rows


def _comments(files: Iterable[bytes]) -> set[str]:
    return {token.text for data in files for token in _of(data.decode("latin-1"))}


def _of(text: str) -> list[Token]:
    return [token for token in tokenize(text) if token.kind == "comment"]


def _leaves(row: FilePlan, texts: Mapping[str, str], token: Token) -> bool:
    """It stands in code that leaves for a library of its own."""
    if row.action == "delete":
        return True
    edits = removals(row.path, texts[row.path], row.removed)
    return any(edit.start <= token.start < edit.end for edit in edits)


def _note(path: str, text: str, left: list[Token]) -> Diagnostic:
    places = [line_and_column(text.encode("latin-1"), token.start) for token in left]
    lines = ", ".join(dict.fromkeys(str(line) for line, _ in places))
    said = " ".join(left[0].text.split())
    shown = said if len(said) <= _SHOWN else f"{said[: _SHOWN - 3]}..."
    message = f"comments left with the code around them, at line {lines}; the first is `{shown}`"
    return Diagnostic("MIG455", "note", path, *places[0], message, "copy them where they still hold")
