"""What the user says in ``migrate.toml`` or ``[tool.migrate]`` of pyproject.toml: settings and rules.

docs/rules.md shows the format. Anything not understood stops the run: a row that is silently left
out would migrate something the user did not mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Optional, TypeVar

from migrate.errors import UsageError
from migrate.model.project import BACKENDS
from migrate.model.rules import NO_RULES, HeaderRule, IgnoreRule, MacroRule, NameRule, UserRules
from migrate.tables.lookup import KINDS
from migrate.tables.names import MACROS
from migrate.text.toml import TomlError, read_toml

_FILES = (("migrate.toml", ()), ("pyproject.toml", ("tool", "migrate")))
# Keys of each kind of row: True where the row must have it.
_ROWS: dict[str, dict[str, bool]] = {
    "name": {"name": True, "becomes": False, "header": False, "declare": False},
    "macro": {
        "name": True,
        "kind": True,
        "like": False,
        "define": False,
        "becomes": False,
        "header": False,
    },
    "header": {"include": True, "becomes": False},
    "ignore": {"operator": True, "reason": True},
}
# `original` says how the original is built (migrate.build reads it).
_KEYS = ("backend", "defines", "original", *_ROWS)
_QUALIFIED = re.compile(r"[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Settings:
    """The file's settings; those of the command line win over ``backend`` and add to ``defines``."""

    backend: str = ""
    defines: tuple[str, ...] = ()
    rules: UserRules = NO_RULES


def read_settings(root: Path) -> Settings:
    """The settings of the tree at ``root``. ``migrate.toml`` is the one that counts where both exist."""
    for name, keys in _FILES:
        path = root / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
            table: Any = read_toml(text)
        except (TomlError, UnicodeDecodeError, OSError) as error:
            if keys:
                return Settings()  # a build file we only look into: its own tools will say so
            raise UsageError(f"{name} cannot be read: {error}", "Correct it, then scan again") from error
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if table or not keys:
            return _Reader(name, ".".join(keys), text).settings(table)
    return Settings()


class _Reader:
    """One file's table, checked as it is read. ``prefix`` is the table's own name in the file."""

    def __init__(self, file: str, prefix: str, text: str) -> None:
        self.file, self.prefix, self.text = file, prefix, text

    def settings(self, table: object) -> Settings:
        if not isinstance(table, dict):
            self._fail(1, f"[{self.prefix}] is not a table", "Write it as a table")
        for key in table:
            if key not in _KEYS:
                self._fail(self._line_of(key), f"unknown key {key!r}", f"Known are {', '.join(_KEYS)}")
        backend = table.get("backend", "")
        if backend not in ("", *BACKENDS):
            known = f"It is one of {', '.join(BACKENDS)}"
            self._fail(self._line_of("backend"), f"backend = {backend!r} is none", known)
        defines = table.get("defines", [])
        if not _is_texts(defines):
            self._fail(self._line_of("defines"), "defines is no list of strings", 'Write ["NAME=VALUE"]')
        return Settings(backend, tuple(defines), self._rules(table))

    def _rules(self, table: dict[str, Any]) -> UserRules:
        return UserRules(
            self.file,
            names=self._rows(table, "name", NameRule, self._check_name),
            macros=self._rows(table, "macro", self._macro, self._check_macro),
            headers=self._rows(table, "header", HeaderRule),
            ignored=self._rows(table, "ignore", IgnoreRule),
        )

    def _rows(
        self,
        table: dict[str, Any],
        kind: str,
        make: Callable[..., Row],
        check: Optional[Callable[[Row, int], None]] = None,
    ) -> tuple[Row, ...]:
        found = table.get(kind, [])
        lines = self._row_lines(kind)
        if not isinstance(found, list):
            self._fail(self._line_of(kind), f"{kind} is no list of rows", f"Write {self._title(kind)}")
        rows: list[Row] = []
        seen: set[str] = set()
        for index, entry in enumerate(found):
            line = lines[index] if index < len(lines) else 1
            values = self._values(entry, kind, line)
            subject = values[next(iter(_ROWS[kind]))]
            if subject in seen:
                self._fail(line, f"{self._title(kind)} {subject!r} stands twice", "Remove one of them")
            seen.add(subject)
            row = make(**values, line=line)
            if check is not None:
                check(row, line)
            rows.append(row)
        return tuple(rows)

    def _values(self, entry: object, kind: str, line: int) -> dict[str, str]:
        title, keys = self._title(kind), _ROWS[kind]
        if not isinstance(entry, dict):
            self._fail(line, f"{title} is no table", f"Write {title} above its keys")
        for key, value in entry.items():
            if key not in keys:
                self._fail(line, f"{title} has no key {key!r}", f"Its keys are {', '.join(keys)}")
            if not isinstance(value, str):
                self._fail(line, f"{key} of {title} is not text", f'Write {key} = "..."')
        for key, needed in keys.items():
            if needed and not entry.get(key, "").strip():
                self._fail(line, f"{title} lacks {key!r}", f'Add {key} = "..."')
        return dict(entry)

    def _check_name(self, row: NameRule, line: int) -> None:
        for text in (row.name, row.becomes):
            if text is not None and not _QUALIFIED.fullmatch(text):
                self._fail(line, f"{text!r} is not a C++ name", 'Write it as in "mylib::rows"')

    def _macro(self, **values: Any) -> MacroRule:
        return MacroRule(**{**values, "like": values.get("like") or KINDS.get(values["kind"]) or ""})

    def _check_macro(self, row: MacroRule, line: int) -> None:
        if row.kind not in KINDS:
            self._fail(line, f"kind = {row.kind!r} is none", f"It is one of {', '.join(KINDS)}")
        if not _QUALIFIED.fullmatch(row.name):
            self._fail(line, f"{row.name!r} is not the name of a macro", "Write the name alone")
        if row.kind == "dispatch" and not row.like.startswith("AT_DISPATCH_"):
            wanted = 'Add like = "AT_DISPATCH_FLOATING_TYPES", or the one it resembles'
            self._fail(line, f"{row.name} dispatches over types that the row does not name", wanted)
        if row.like and row.like not in MACROS:
            wanted = f"`migrate map {row.like}` tells what is known of it"
            self._fail(line, f"like = {row.like!r} is a macro without a row", wanted)
        if row.define and not re.match(rf"{row.name}\b", row.define):
            wanted = f'Write define = "{row.name}(x) ..."'
            self._fail(line, f"define does not start with {row.name}", wanted)

    def _title(self, kind: str) -> str:
        return f"[[{self.prefix}.{kind}]]" if self.prefix else f"[[{kind}]]"

    def _row_lines(self, kind: str) -> list[int]:
        title = re.escape(self._title(kind)).replace(r"\.", r"\s*\.\s*")
        return [self._line(m.start(1)) for m in re.finditer(rf"^[ \t]*({title})", self.text, re.MULTILINE)]

    def _line_of(self, key: str) -> int:
        match = re.search(rf"^[ \t]*(\[*(?:{re.escape(self.prefix)}\.)?{re.escape(key)})\b", self.text, re.M)
        return self._line(match.start(1)) if match else 1

    def _line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def _fail(self, line: int, what: str, next_step: str) -> NoReturn:
        raise UsageError(f"{self.file}:{line}: {what}", next_step)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and _all_texts(value)


def _all_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)
