"""What is known at a place of the code, and the demands found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Optional

from migrate.model.cpp import CppType
from migrate.rules.facts.terms import Term, conjuncts, implied, scalar


@dataclass
class State:
    """What is known at one place: locals, type names, and the conditions under which it is reached.

    ``known`` is False where these conditions are not understood: nothing is demanded from there but
    that memory accesses lie inside. ``trial`` code is only looked at for where it leads.
    """

    names: dict[str, Term]
    types: dict[str, Term] = field(default_factory=dict)
    path: tuple[Term, ...] = ()
    known: bool = True
    trial: bool = False

    def under(self, condition: Term) -> State:
        """The state of a branch; its locals are its own."""
        branch = replace(self, names=dict(self.names), types=dict(self.types))
        if condition is None:
            branch.known = False
        elif condition is not True:
            branch.path = (*self.path, *conjuncts(condition))
        return branch

    def guarded(self, condition: Term) -> State:
        """As ``under``; a condition that is not understood may be what keeps an access inside:
        ``i + 1 < n ? a[i + 1] : 0``."""
        return self.tried() if condition is None else self.under(condition)

    def tried(self) -> State:
        """A copy that may be walked without demanding anything."""
        return replace(self.under(None), trial=True)


class TooLong(Exception):
    """There is more code than is worth walking."""


class Demands:
    """What an operator demands. ``found`` keeps the order of the source; its values say which demands
    no check makes: without them, memory is read that is not the operator's."""

    def __init__(self, params: dict[str, CppType]) -> None:
        self.params = params
        self.found: dict[Term, bool] = {}

    def require(self, term: Term, state: State, memory: bool = False) -> None:
        if not state.known:
            return
        for part in conjuncts(scalar(term)):
            fact = implied(state.path, part)
            if fact is not None and not self._known(part, state.path):
                self.found[fact] = memory and self.found.get(fact, True)

    def require_safe(self, term: Term, state: State) -> None:
        """Demand what keeps an access inside of its memory. It may happen, whatever the conditions."""
        if not state.trial:
            self.require(term, replace(state, known=True), memory=True)

    def _known(self, term: Term, path: tuple[Term, ...]) -> bool:
        """Whether an earlier demand, without conditions or under the same, already says so."""
        if term in self.found:
            return True
        if not isinstance(term, tuple) or term[0] != ">=" or term[1][0] != "ndim":
            return False
        if not isinstance(term[2], int):
            return False  # as many dimensions as an argument says
        equal = [("==", term[1], rank) for rank in range(term[2], 9)]
        return any(row in self.found or implied(path, row) in self.found for row in equal)

    def kind(self, path: str) -> str:
        type_ = self.type_of(path)
        return type_.kind if type_ is not None else ""

    def type_of(self, path: str) -> Optional[CppType]:
        root, *steps = path.split(".")
        type_ = self.params.get(root)
        for step in steps:
            if type_ is not None and type_.kind == "optional":
                type_ = type_.args[0] if type_.args else None
            args = type_.args if type_ is not None else ()
            several = type_ is not None and type_.kind in ("pair", "tuple")
            index = int(step) if several and step.isdigit() else 0
            type_ = args[index] if index < len(args) else None
        return type_

    def held(self, thing: Term, state: State) -> Term:
        """What an optional holds, which demands that it is given."""
        if isinstance(thing, tuple) and thing[0] == "param" and self.kind(thing[1]) == "optional":
            self.require(("given", thing[1]), state)
        return thing
