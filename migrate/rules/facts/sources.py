"""The tree's own macros, functions and constants as tokens: what a check's spelling stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Optional, Sequence

from migrate.model.project import Project
from migrate.tables.stand_ins import stand_ins
from migrate.text.includes import Includes, find_includes
from migrate.text.lexer import code_tokens, line_end

# Kind and text alone: what comes out of a macro has no place of its own.
Tok = tuple[str, str]

_DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\(([^)]*)\))?", re.MULTILINE)
_CALLED = re.compile(r"\b([A-Za-z_]\w*)[ \t\n]*\(")
_CONSTANT = re.compile(r"\bconstexpr\b[^;=(){}]*\b(\w+)\s*=\s*(\d+)\s*;")
_TEMPLATE = re.compile(r"template\s*<([^<>]*)>[^;{}]*\Z")
_CONDITIONAL = frozenset({"if", "ifdef", "ifndef", "elif", "else", "endif"})
_OPENS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Define:
    path: str
    params: Optional[tuple[str, ...]]
    body: str


@dataclass(frozen=True)
class Definition:
    """A function definition found in the text: its parameters, its template's, and its body."""

    path: str
    start: int
    params: tuple[str, ...]
    templates: tuple[str, ...]
    body: tuple[Tok, ...]


@dataclass
class Sources:
    """All C++ texts of a tree, with their definitions indexed on first use.

    ``given`` are the macros that build files define, with all their values, ``added`` those that the
    user's rules explain.
    """

    texts: dict[str, str]
    includes: Includes
    given: dict[str, set[str]]
    added: dict[str, Define] = field(default_factory=dict)
    _defines: dict[str, list[Define]] = field(default_factory=dict)
    _called: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _calling: Optional[dict[str, list[str]]] = None
    _constants: Optional[dict[str, list[tuple[str, int]]]] = None

    def __post_init__(self) -> None:
        for path, text in self.texts.items():
            for name, row in _defines_of(path, text):
                self._defines.setdefault(name, []).append(row)

    def define(self, name: str, path: str) -> Optional[Define]:
        """The macro ``name`` as ``path`` sees it; None where it has several meanings, or none."""
        if name in self.given:
            values = self.given[name]
            return Define("", None, next(iter(values))) if len(values) == 1 else None
        rows = self._defines.get(name)
        if not rows:
            return self.added.get(name)
        visible = self.includes.closure(path)
        rows = [row for row in rows if row.path in visible]
        rows = [row for row in rows if row.path == path] or rows
        same = {(row.params, " ".join(row.body.split())) for row in rows}
        return rows[0] if len(same) == 1 else None

    def functions(self, name: str, path: str) -> list[Definition]:
        """Definitions of ``name`` in the files that ``path`` includes; where these only declare it,
        in the whole tree."""
        return self._defined(name, self.includes.closure(path)) or self._defined(name, self._files(name))

    def _defined(self, name: str, files: Iterable[str]) -> list[Definition]:
        found = []
        for file in files:
            text = self.texts.get(file, "")
            for start in self._calls(file).get(name, ()):
                definition = _definition(file, text, start)
                if definition is not None:
                    found.append(definition)
        return found

    def _files(self, name: str) -> list[str]:
        """Every file in which ``name`` is followed by a parenthesis."""
        if self._calling is None:
            self._calling = defaultdict(list)
            for file in sorted(self.texts):
                for called in self._calls(file):
                    self._calling[called].append(file)
        return self._calling.get(name, [])

    def constant(self, name: str, path: str) -> Optional[int]:
        """The value of ``constexpr int NAME = 16;``."""
        if self._constants is None:
            self._constants = defaultdict(list)
            for file, text in self.texts.items():
                for match in _CONSTANT.finditer(text):
                    self._constants[match.group(1)].append((file, int(match.group(2))))
        rows = self._constants.get(name)
        if not rows:
            return None
        visible = self.includes.closure(path)
        values = {value for file, value in rows if file in visible}
        return values.pop() if len(values) == 1 else None

    def _calls(self, path: str) -> dict[str, list[int]]:
        if path not in self._called:
            rows: dict[str, list[int]] = defaultdict(list)
            for match in _CALLED.finditer(self.texts.get(path, "")):
                rows[match.group(1)].append(match.start())
            self._called[path] = rows
        return self._called[path]


def _defines_of(path: str, text: str) -> Iterator[tuple[str, Define]]:
    for match in _DEFINE.finditer(text):
        params = None
        if match.group(2) is not None:
            params = tuple(part.strip() for part in match.group(3).split(",") if part.strip())
        body = text[match.end() : line_end(text, match.end())]
        # Joined to one line: a `#x` that starts a line is no directive here.
        yield match.group(1), Define(path, params, re.sub(r"\\\r?\n", " ", body))


def sources_of(project: Project) -> Sources:
    texts = {
        file.path: file.data.decode("latin-1") for file in project.files if file.kind in ("source", "header")
    }
    given: dict[str, set[str]] = defaultdict(set)
    for extension in project.extensions:
        for define in extension.defines:
            name, _, value = define.partition("=")
            given[name].add(value or "1")
    added = dict(_defines_of("", "\n".join(text for text, _ in stand_ins(project.rules))))
    return Sources(texts, find_includes(project), dict(given), added)


def body_tokens(text: str) -> list[Tok]:
    """The code of a body; what stands under an ``#if`` inside it may not be there, and is left out."""
    rows: list[Tok] = []
    depth = 0
    previous = ""
    for token in code_tokens(text):
        if token.directive:
            if previous == "#" and token.text in _CONDITIONAL:
                depth += {"endif": -1, "else": 0, "elif": 0}.get(token.text, 1)
            previous = token.text
            continue
        previous = ""
        if depth <= 0:
            rows.append((token.kind, token.text))
    return rows


def close(tokens: Sequence[Tok], opening: int) -> int:
    """Index of the bracket that closes the one at ``opening``; ValueError when none does."""
    stack: list[str] = []
    for at in range(opening, len(tokens)):
        kind, text = tokens[at]
        if kind != "punct":
            continue
        if text in _OPENS:
            stack.append(_OPENS[text])
        elif text in (")", "]", "}"):
            if not stack or stack.pop() != text:
                break
            if not stack:
                return at
    raise ValueError("brackets do not match")


def split(tokens: Sequence[Tok], separator: str = ",") -> list[list[Tok]]:
    """The parts between separators that stand outside of brackets."""
    parts: list[list[Tok]] = [[]]
    depth = 0
    for kind, text in tokens:
        if kind == "punct":
            depth += text in _OPENS
            depth -= text in (")", "]", "}")
            if text == separator and depth == 0:
                parts.append([])
                continue
        parts[-1].append((kind, text))
    return [] if parts == [[]] else parts


def split_list(tokens: Sequence[Tok]) -> list[list[Tok]]:
    """As ``split`` at commas, but for those between template arguments: ``x.accessor<float, 2>(), y``."""
    parts: list[list[Tok]] = []
    for part in split(tokens):
        if parts and _is_open(parts[-1]) and any(text in (">", ">>") for _, text in part):
            parts[-1] += [("punct", ","), *part]
        else:
            parts.append(part)
    return parts


def _is_open(part: Sequence[Tok]) -> bool:
    """``x.accessor<float``: a ``<`` behind a name that nothing has closed."""
    texts = [text for _, text in part]
    return texts.count("<") > texts.count(">") + 2 * texts.count(">>")


def _definition(path: str, text: str, start: int) -> Optional[Definition]:
    opening = text.index("(", start)
    before = text[max(0, start - 200) : start].rstrip()
    if not before or not re.search(r"[\w&*>]\Z", before):
        return None  # a call: a definition has its type in front
    end = _closing(text, opening)
    brace = re.compile(r"\s*(?:const|noexcept)?\s*\{").match(text, end + 1) if end else None
    if end is None or brace is None:
        return None
    stop = _closing(text, brace.end() - 1)
    if stop is None:
        return None
    params = tuple(_last_name(part) for part in split_list(body_tokens(text[opening + 1 : end])))
    template = _TEMPLATE.search(text[max(0, start - 300) : start])
    listed = template.group(1).split(",") if template else []
    names = tuple(part.split()[-1] for part in listed if part.split())
    return Definition(path, start, params, names, tuple(body_tokens(text[brace.end() : stop])))


def _closing(text: str, opening: int) -> Optional[int]:
    left, right = text[opening], _OPENS[text[opening]]
    depth = 0
    for token in code_tokens(text[opening : opening + 20000]):
        depth += token.text == left
        depth -= token.text == right
        if depth == 0:
            return opening + token.start
    return None


def _last_name(part: Sequence[Tok]) -> str:
    before = split(part, "=")[0] if part else []
    return next((text for kind, text in reversed(before) if kind == "name"), "")
