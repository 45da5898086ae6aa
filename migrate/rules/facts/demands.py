"""What is known at a place of the code, and the demands found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Optional

from migrate.model.cpp import CppType
from migrate.rules.facts.terms import Term, conjuncts, implied, scalar


@dataclass
class State:
    """What is known at one place: locals, type names, and the conditions under which it is reached.

    ``known`` is False where these conditions are not understood: nothing is demanded from there.
    """

    names: dict[str, Term]
    types: dict[str, Term] = field(default_factory=dict)
    path: tuple[Term, ...] = ()
    known: bool = True

    def under(self, condition: Term) -> State:
        """The state of a branch; its locals are its own."""
        branch = replace(self, names=dict(self.names), types=dict(self.types))
        if condition is None:
            branch.known = False
        elif condition is not True:
            branch.path = (*self.path, *conjuncts(condition))
        return branch


class Demands:
    """What an operator demands. ``found`` keeps the order of the source."""

    def __init__(self, params: dict[str, CppType]) -> None:
        self.params = params
        self.found: dict[Term, None] = {}

    def require(self, term: Term, state: State) -> None:
        if not state.known:
            return
        for part in conjuncts(scalar(term)):
            fact = implied(state.path, part)
            if fact is not None and not self._known(part, state.path):
                self.found.setdefault(fact)

    def _known(self, term: Term, path: tuple[Term, ...]) -> bool:
        """Whether an earlier demand, without conditions or under the same, already says so."""
        if term in self.found:
            return True
        if not isinstance(term, tuple) or term[0] != ">=" or term[1][0] != "ndim":
            return False
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
