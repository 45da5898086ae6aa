"""Edit a build file by byte ranges, and string lists in it (Python, TOML and JSON alike)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Collection, Optional, Sequence

from migrate.model.project import SourceFile
from migrate.model.source import Diagnostic, Edit
from migrate.render.buildfiles_codes import finding
from migrate.text.edits import apply_edits

_STRING = re.compile(
    r"#[^\n]*|[rRuUbBfF]{0,2}(?P<text>\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    r"|(?P<bracket>[\[\](){}])",
    re.S,
)


class Editor:
    """A file's text (latin-1, so that an index is a byte offset) and the edits wanted of it."""

    def __init__(self, file: SourceFile) -> None:
        self.path = file.path
        self.text = file.data.decode("latin-1")
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.diagnostics: list[Diagnostic] = []
        self._edits: dict[tuple[int, int], str] = {}

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace a range; several insertions at one place follow each other in the order made."""
        encoded = text.replace("\n", self.newline).encode("utf-8").decode("latin-1")
        earlier = self._edits.get((start, end), "") if start == end else ""
        if earlier or self.text[start:end] != encoded:
            self._edits[(start, end)] = earlier + encoded

    def insert(self, position: int, text: str) -> None:
        self.replace(position, position, text)

    def say(self, code: str, severity: str, position: int, message: str) -> None:
        line = self.text.count("\n", 0, position) + 1
        self.diagnostics.append(finding(code, severity, self.path, line, message))

    def comment_above(self, position: int, comment: str) -> None:
        """A comment on a line of its own, indented like the line at ``position``."""
        start = self.text.rfind("\n", 0, position) + 1
        line = f"{self.indent(position)}{comment}\n"
        if self._edits.get((start, start), "").find(comment) < 0:
            self.insert(start, line)

    def indent(self, position: int) -> str:
        start = self.text.rfind("\n", 0, position) + 1
        found = re.match(r"[ \t]*", self.text[start:])
        return found.group(0) if found else ""

    def changed(self) -> bool:
        return bool(self._edits)

    def result(self) -> bytes:
        edits = [Edit(self.path, start, end, text) for (start, end), text in self._edits.items()]
        return apply_edits(self.text, edits).encode("latin-1")


@dataclass(frozen=True)
class Item:
    """One string of a list: its range with quotes, and its text without."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class StringList:
    """A bracketed list: ``start`` is the opening bracket, ``end`` the place after the closing one."""

    start: int
    end: int
    items: tuple[Item, ...]


def find_list(text: str, start: int) -> Optional[StringList]:
    """The list of plain strings whose bracket opens at ``start``; None if anything else is in it."""
    items: list[Item] = []
    expected = start
    for token in _STRING.finditer(text, start):
        between = text[expected : token.start()]
        if between.strip(" \t\r\n,") and expected != start:
            return None
        bracket = token.group("bracket")
        if bracket and token.start() == start:
            expected = token.end()
            continue
        if bracket:
            return StringList(start, token.end(), tuple(items)) if bracket == "]" else None
        if token.group("text") is not None:
            quoted = token.group("text")
            width = 3 if quoted[:3] in ('"""', "'''") else 1
            items.append(Item(token.start(), token.end(), quoted[width:-width]))
        expected = token.end()
    return None


def edit_list(editor: Editor, found: StringList, drop: Collection[int], add: Sequence[str]) -> None:
    """Remove the items with these indices and append ``add`` (spelled with quotes).

    A removed item is replaced by an added one where there is one, so that the diff stays small.
    """
    gone, new = sorted(drop), list(add)
    for index in list(gone):
        if new:
            editor.replace(found.items[index].start, found.items[index].end, new.pop(0))
            gone.remove(index)
    kept = [index for index in range(len(found.items)) if index not in gone]
    if not kept:
        _refill(editor, found, new)
        return
    for index in gone:
        _remove(editor, found, index, index > kept[-1])
    if new:
        last = found.items[kept[-1]]
        lead = _lead(editor, found)
        editor.insert(last.end, "".join(f",{lead}{text}" for text in new))


def _refill(editor: Editor, found: StringList, new: Sequence[str]) -> None:
    inner = editor.text[found.start + 1 : found.end - 1]
    if "#" in inner or (found.items and not new):
        for item in found.items:
            end = item.end + len(re.match(r"[ \t]*,?", editor.text[item.end :]).group(0))  # type: ignore[union-attr]
            editor.replace(item.start, end, "")
        return
    editor.replace(found.start + 1, found.end - 1, ", ".join(new))


def _remove(editor: Editor, found: StringList, index: int, trailing: bool) -> None:
    item = found.items[index]
    start, end = item.start, found.items[index + 1].start if not trailing else item.end
    if trailing:
        start = found.items[index - 1].end
    removed = editor.text[start:end]
    comment = removed.find("#")
    if comment < 0:
        editor.replace(start, end, "")
        return
    # A comment beside or above the item stays: no comment is lost.
    comma = re.match(r"[ \t]*,?[ \t]*", editor.text[item.end :])
    editor.replace(item.start, item.end + (len(comma.group(0)) if comma else 0), "")


def _lead(editor: Editor, found: StringList) -> str:
    """What stands before an item of the list: a new line and its indent, or a blank."""
    before = editor.text[found.start + 1 : found.items[0].start]
    if "\n" not in before:
        return " "
    return "\n" + editor.indent(found.items[0].start)


def first_entry(rest: str, entry: str) -> str:
    """A dict entry for the front of a dict that is not empty; ``rest`` is what follows its bracket."""
    blank = rest[: len(rest) - len(rest.lstrip())]
    return blank.replace("\r\n", "\n") + entry + "," if "\n" in blank else entry + ", "
