"""The tables as one value: our rows, and those a user added. Rules ask it, nothing changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Mapping, Optional, Sequence

from migrate.model.rules import MacroRule, NameRule, UserRules
from migrate.tables.macros import ASSERT_MACROS, CHECK_MACROS, COMPARE_MACROS
from migrate.tables.names import HEADER_SWAPS, MACROS, NAMES, NAMESPACES, TORCH_HEADERS
from migrate.tables.row import Row

# What a macro of a kind is like when the row does not say; None: the row must say it.
KINDS: dict[str, Optional[str]] = {
    "check": "TORCH_CHECK",
    "dispatch": None,
    "launch": "C10_CUDA_KERNEL_LAUNCH_CHECK",
    "plain": "",
}


@dataclass(frozen=True)
class Tables:
    """``names`` are tails of torch names, ``own`` qualified names outside torch's namespaces, by
    their parts; ``like`` says which torch macro a user's macro prints its condition as."""

    names: Mapping[str, Row] = field(default_factory=lambda: NAMES)
    macros: Mapping[str, Row] = field(default_factory=lambda: MACROS)
    own: Mapping[tuple[str, ...], Row] = field(default_factory=dict)
    like: Mapping[str, str] = field(default_factory=dict)
    swaps: Mapping[str, str] = field(default_factory=lambda: HEADER_SWAPS)
    gone: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roots", frozenset(parts[0] for parts in self.own))

    @property
    def own_roots(self) -> frozenset[str]:
        roots: frozenset[str] = self.__dict__["_roots"]
        return roots

    def torch_name(self, parts: Sequence[str]) -> Optional[tuple[int, Row]]:
        """How many names of ``at::cuda::X::y`` a row covers, and the row."""
        for namespace in NAMESPACES:
            prefix = namespace.split("::")
            size = len(prefix)
            if list(parts[:size]) != prefix:
                continue
            for count in range(len(parts), size, -1):
                row = self.names.get("::".join(parts[size:count]))
                if row is not None:
                    return count, row
        return None

    def own_name(self, parts: Sequence[str]) -> Optional[tuple[int, Row]]:
        """The same for a name that is not torch's."""
        for count in range(len(parts), 0, -1):
            row = self.own.get(tuple(parts[:count]))
            if row is not None:
                return count, row
        return None

    def printed_as(self, macro: str) -> str:
        """The torch macro whose way of printing its condition ``macro`` has; '' for none."""
        name = self.like.get(macro, macro)
        return name if name in _PRINTING else ""

    def leaves(self, include: str) -> bool:
        """Whether an ``#include`` leaves a migrated file."""
        return include in self.gone or include.startswith(TORCH_HEADERS)


_PRINTING = frozenset({*CHECK_MACROS, *ASSERT_MACROS, *COMPARE_MACROS, "TORCH_CHECK_WITH"})
BUILTIN = Tables()


@lru_cache(maxsize=8)
def tables_of(rules: UserRules) -> Tables:
    """Our rows with the user's, which win."""
    if not (rules.names or rules.macros or rules.headers):
        return BUILTIN
    names, own = dict(NAMES), {}
    for name in rules.names:
        tail = torch_tail(name.name)
        if tail:
            names[tail] = _name_row(name)
        else:
            own[tuple(name.name.split("::"))] = _name_row(name)
    return Tables(
        names=names,
        macros={**MACROS, **{macro.name: _macro_row(macro) for macro in rules.macros}},
        own=own,
        like={macro.name: macro.like for macro in rules.macros if macro.becomes is None and macro.like},
        swaps={**HEADER_SWAPS, **{h.include: h.becomes for h in rules.headers if h.becomes}},
        gone=frozenset(header.include for header in rules.headers),
    )


def torch_tail(name: str) -> str:
    """``empty`` for ``at::empty``; '' for a name that is not in a namespace of torch's."""
    for namespace in NAMESPACES:
        if name.startswith(f"{namespace}::"):
            return name[len(namespace) + 2 :]
    return ""


def _name_row(rule: NameRule) -> Row:
    return Row(rule.becomes or rule.name, rule.header)


def _macro_row(rule: MacroRule) -> Row:
    like = MACROS.get(rule.like)
    if rule.becomes is None and like is not None:
        return Row(like.target, rule.header or like.header)
    return Row(rule.becomes or rule.name, rule.header)
