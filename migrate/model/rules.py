"""What a user adds to the tables from a file: rows of their own, as read at scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Union


@dataclass(frozen=True)
class NameRule:
    """A function, type or constant: ``becomes`` None keeps its name. ``declare`` is C++ that lets
    the parser know it where no file of the tree does."""

    name: str
    becomes: Optional[str] = None
    header: str = ""
    declare: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        return f'[[name]] "{self.name}"'


@dataclass(frozen=True)
class MacroRule:
    """A macro. ``like`` is the torch macro it behaves as; without one ``define`` is its definition,
    parameters included. ``becomes`` None: what ``like`` becomes, or itself."""

    name: str
    kind: str
    like: str = ""
    define: str = ""
    becomes: Optional[str] = None
    header: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        return f'[[macro]] "{self.name}"'


@dataclass(frozen=True)
class HeaderRule:
    """An ``#include`` that leaves migrated files; ``becomes`` takes its place unless empty."""

    include: str
    becomes: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        return f'[[header]] "{self.include}"'


@dataclass(frozen=True)
class IgnoreRule:
    """Operators, by name, id or shell pattern, that stay on the legacy module because the user says so."""

    operator: str
    reason: str
    line: int = 0

    @property
    def title(self) -> str:
        return f'[[ignore]] "{self.operator}"'


Rule = Union[NameRule, MacroRule, HeaderRule, IgnoreRule]


@dataclass(frozen=True)
class UserRules:
    """All rows of one file, in its order; ``file`` is its path in the tree."""

    file: str = ""
    names: tuple[NameRule, ...] = ()
    macros: tuple[MacroRule, ...] = ()
    headers: tuple[HeaderRule, ...] = ()
    ignored: tuple[IgnoreRule, ...] = ()

    def rows(self) -> tuple[Rule, ...]:
        return (*self.names, *self.macros, *self.headers, *self.ignored)


NO_RULES = UserRules()
