"""What a tree registers with torch's dispatcher: schemas, and implementations by dispatch key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from migrate.model.source import Span

CATCH_ALL = "CompositeImplicitAutograd"


@dataclass(frozen=True)
class SchemaArgument:
    """One argument or result. ``type`` is as written, without the alias annotation ``alias``
    (``a!``); ``python`` is the default as a Python expression, None where ``default`` has none."""

    name: str
    type: str
    default: Optional[str] = None
    python: Optional[str] = None
    alias: str = ""
    keyword_only: bool = False


@dataclass(frozen=True)
class Schema:
    """``text`` is the schema without its namespace; ``inferred`` if torch derives it from C++."""

    name: str
    overload: str
    arguments: tuple[SchemaArgument, ...]
    returns: tuple[SchemaArgument, ...]
    text: str
    inferred: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.name}.{self.overload}" if self.overload else self.name


@dataclass(frozen=True)
class Block:
    """One place that registers: ``kind`` is def, fragment, impl, or static for a chain of
    ``RegisterOperators``."""

    kind: str
    namespace: str
    key: str
    span: Span


@dataclass(frozen=True)
class Library:
    """What makes a module a library of dispatcher operators. ``importable`` if it has a
    ``PyInit_`` function, so that an ``import`` loads it; ``python_parts`` are the places of these."""

    blocks: tuple[Block, ...]
    importable: bool
    python_parts: tuple[Span, ...] = ()
    python_module: str = ""


@dataclass(frozen=True)
class Dispatch:
    """How a registration stands with the dispatcher. ``keys`` are the dispatch keys that one C++
    function serves; an operator has those of all its implementations. ``schema`` is None where
    the tree only implements an operator that is defined elsewhere. ``spans`` are the statements
    that register it. ``conservative`` is torch's alias analysis for what has no written schema."""

    namespace: str
    schema: Optional[Schema]
    keys: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    conservative: bool = False

    @property
    def is_below_autograd(self) -> bool:
        """True where autograd has been and gone when the function is called."""
        return bool(self.keys) and all(
            key != CATCH_ALL and not key.startswith("Autograd") for key in self.keys
        )
