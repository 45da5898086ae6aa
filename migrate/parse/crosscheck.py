"""The text of a module body against what the tree shows of it: an error must not make an operator
vanish, and what the preprocessor left out is no operator, but is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Iterator, Mapping, Optional

from migrate.model.bindings import Macro, Registration
from migrate.parse.registry import Inactive, Registry
from migrate.parse.source import Source
from migrate.text.conditions import Condition, conditions_at
from migrate.text.lexer import Token, closing, code_tokens

_TEXT_DEF = re.compile(r'\.\s*def\s*\(\s*"((?:\\.|[^"\\])*)"')
_STRING = re.compile(r'[^"]*"((?:\\.|[^"\\])*)"')


@dataclass
class Seen:
    """What the tree shows: ``places`` are offsets of names given to Python, ``methods`` names of
    members of classes."""

    places: set[int] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Expected:
    """A registration in the text: its name, the statement's range, the macro whose use it is."""

    name: str
    place: int
    end: int
    macro: Optional[str] = None


def cross_check(registry: Registry, source: Source, macros: Mapping[str, Macro], seen: Seen) -> None:
    """Add to ``registry`` what stands in its text and not in the tree."""
    found = {row.name for row in registry.registrations}
    starts = {row.span.start for row in registry.registrations}
    for expected in _expected(registry, source, macros):
        if expected.macro is not None:
            _name_macro(registry, expected)
        if expected.place in seen.places or expected.place in starts:
            continue
        conditions = conditions_at(source.text, expected.place)
        if expected.name in found or expected.name in seen.methods:
            continue
        broken = any(expected.place <= problem.offset < expected.end for problem in source.errors)
        if conditions and not broken:
            registry.inactive.append(_inactive(expected, source, conditions))
        else:
            registry.registrations.append(_dropped(expected, source, broken))


def _dropped(expected: _Expected, source: Source, broken: bool) -> Registration:
    near = "after an error nearby"
    far = "since its target or an argument has an error elsewhere"
    return Registration(
        module="",
        name=expected.name,
        kind="function",
        span=source.span(expected.place, expected.place + len(expected.name)),
        macro=expected.macro,
        unresolved=f"the parser dropped it {near if broken else far}",
    )


def _inactive(expected: _Expected, source: Source, conditions: tuple[Condition, ...]) -> Inactive:
    span = source.span(expected.place, expected.place + len(expected.name))
    needs = " and ".join(condition.text for condition in conditions)
    define = conditions[0].define if len(conditions) == 1 else ""
    return Inactive(expected.name, span, needs, define)


def _name_macro(registry: Registry, expected: _Expected) -> None:
    for index, row in enumerate(registry.registrations):
        if row.name == expected.name and row.span.start == expected.place:
            registry.registrations[index] = replace(row, macro=expected.macro)


def _expected(registry: Registry, source: Source, macros: Mapping[str, Macro]) -> Iterator[_Expected]:
    tokens = code_tokens(source.text[registry.start : registry.end])
    for index, token in enumerate(tokens):
        if token.kind != "name" or token.directive:
            continue
        place = registry.start + token.start
        macro = macros.get(token.text)
        if macro is not None:
            names = (row.group(1) for row in _TEXT_DEF.finditer(macro.body))
            end = registry.start + token.end
            yield from (_Expected(name, place, end, macro.name) for name in names if "#" not in name)
        name_token = _defined_name(tokens, index)
        if name_token is not None:
            literal = _STRING.match(name_token.text)
            last = closing(tokens, index + 1)
            end = registry.end if last is None else registry.start + tokens[last].end
            if literal is not None:
                yield _Expected(literal.group(1), registry.start + name_token.start, end)


def _defined_name(tokens: tuple[Token, ...], index: int) -> Optional[Token]:
    """The first string of ``.def("name"`` with ``def`` at ``index``."""
    if tokens[index].text != "def" or not 0 < index < len(tokens) - 2:
        return None
    before, bracket, name = tokens[index - 1], tokens[index + 1], tokens[index + 2]
    if before.text not in (".", "->") or bracket.text != "(" or name.kind != "string":
        return None
    return name
