"""The cases of an operator, found by asking the original.

    find_cases(entry, original, rng, wanted=100) -> Cases

First a search: start from the types (and the facts read from the source), change one argument at a
time, and keep each change that reaches an error text not seen before, which is a later check; until
the original answers. Then everything around the answers, the fullest first, until there are enough.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from random import Random
from typing import Optional

from migrate.compare.call import Call
from migrate.compare.candidates import Pools, pools_for, starts
from migrate.compare.edges import at_edges, broken_at_edge, empty_sizes
from migrate.compare.fullest import fullest
from migrate.compare.manifest import Entry
from migrate.compare.mutate import Hints, mutate
from migrate.compare.overloads import between_overloads
from migrate.compare.satisfy import broken_one_by_one, satisfy
from migrate.compare.spread import bases_of, forms, in_turns
from migrate.compare.variations import around, broken, random_mixes, random_scalars

_ENOUGH_ANSWERS = 6
# Counts, not seconds, end the search: the same seed makes the same cases on a busy machine too. The
# time is for originals that take long to answer.
_MOST_TRIES = 2500
_MOST_SECONDS = 120.0
_PER_ERROR = 6
_FEW_ERRORS = 20
_MOST_EDGES = 3
_AHEAD = 16
# As torch spells them: the one that a tensor has is what the text says "got" of.
_TYPE_NAME = re.compile(
    r"\b(?:Bool|Byte|Char|Short|Int|Long|Half|Float|Double|BFloat16|Complex(?:Half|Float|Double)|"
    r"UInt\d+|Float8_\w+)\b"
)


@dataclass(frozen=True)
class Outcome:
    """What the original made of a call.

    ``kind``: answer, error, undefined (its result depends on memory outside of its arguments), died
    or unusable (the arguments could not be made). ``text`` tells errors apart.
    """

    kind: str
    text: str = ""


Oracle = Callable[[Call], Outcome]
Foresee = Callable[[Sequence[Call]], object]


@dataclass
class Cases:
    """``answers`` the original answered, ``errors`` it refused. ``discarded`` counts the rest."""

    answers: list[Call] = field(default_factory=list)
    errors: list[Call] = field(default_factory=list)
    discarded: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    last_error: str = ""

    def chosen(self, wanted: int) -> list[Call]:
        """The cases to compare: at least half of them answers, where there are that many."""
        errors = self.errors[: max(len(self.answers), _FEW_ERRORS)][:wanted]
        return [*self.answers[:wanted], *errors]


@dataclass
class _Place:
    """An error text that was reached: the call that did it, how many checks it is past, and how
    often it has been left without reaching anything new."""

    call: Call
    depth: int
    hints: Hints
    visits: int = 0


class _Collector:
    """Asks the oracle, never twice for one call, and files the outcome."""

    def __init__(self, oracle: Oracle, foresee: Foresee) -> None:
        self._oracle = oracle
        self._foresee = foresee
        self._seen: dict[Call, str] = {}
        self._errors: Counter[str] = Counter()
        self._kept: dict[str, list[Call]] = {}
        self.cases = Cases()

    def ask(self, call: Call) -> Optional[Outcome]:
        bare = call.with_note("")
        if bare in self._seen:
            return None
        self.cases.tries += 1
        outcome = self._oracle(call)
        self._seen[bare] = outcome.kind
        if outcome.kind == "answer":
            self.cases.answers.append(call)
        elif outcome.kind == "error":
            self.cases.last_error = outcome.text or self.cases.last_error
            self._errors[error_key(outcome.text)] += 1
        else:
            self.cases.discarded[outcome.kind] += 1
        return outcome

    def ahead(self, calls: Iterable[Call]) -> Iterator[Call]:
        """The same calls, a few of which the oracle hears of at a time: it answers them faster at once."""
        rest = iter(calls)
        while batch := list(islice(rest, _AHEAD)):
            self._foresee([call for call in dict.fromkeys(batch) if call.with_note("") not in self._seen])
            yield from batch

    def is_answered(self, call: Call) -> bool:
        self.ask(call)
        return self._seen[call.with_note("")] == "answer"

    def ask_and_keep(self, call: Call, most: int = _PER_ERROR, where: str = "") -> None:
        """As ``ask``; an error becomes a case too, unless there are ``most`` of its kind. The same check
        at another place, ``where``, is another kind."""
        outcome = self.ask(call)
        if outcome is None or outcome.kind != "error":
            return
        key = error_key(outcome.text)
        self._errors[where + key] += bool(where)
        if self._errors[where + key] <= most:
            self.keep(call, where + key)

    def keep(self, call: Call, kind: str) -> None:
        self._kept.setdefault(kind, []).append(call)

    def finished(self) -> Cases:
        """The cases, reordered so that the first few show every kind."""
        self.cases.answers = in_turns(forms(self.cases.answers))
        self.cases.errors = in_turns(self._kept)
        return self.cases


def error_key(text: str) -> str:
    """Texts that differ in numbers or names of types alone come from the same check."""
    line = _TYPE_NAME.sub("dtype", text.splitlines()[0] if text else "")
    return re.sub(r"\d+", "#", line)[:200]


def find_cases(entry: Entry, oracle: Oracle, rng: Random, wanted: int, foresee: Foresee = len) -> Cases:
    """``foresee`` hears of calls that the oracle will probably be asked for next; ``len`` cares for none."""
    pools = pools_for(entry, rng)
    collector = _Collector(oracle, foresee)
    deadline = time.monotonic() + _MOST_SECONDS
    places = _search(entry, collector, pools, deadline)
    bases = bases_of(collector.cases.answers)
    if not bases:
        return collector.cases
    for key, place in places.items():
        collector.keep(place.call, key)
    full = fullest(bases[0], entry, pools, collector.is_answered)
    bases = list(dict.fromkeys([full, *bases]))
    _break(full, entry, collector, pools, wanted)
    near = _inside(chain.from_iterable(around(base, entry, pools) for base in bases), entry, pools)
    first = _inside(around(full, entry, pools), entry, pools)
    _ask_all(collector, first, deadline)
    _ask_all(collector, islice(near, 8 * wanted), deadline, enough=2 * wanted)
    mixes = islice(random_mixes(bases_of(collector.cases.answers), entry, pools), 8 * wanted)
    mended = (satisfy(call, entry, pools) for call in mixes)
    _ask_all(collector, mended, deadline, enough=wanted, most=wanted)
    # Without a tensor, whose contents are endless, the usual numbers and texts may be all used up.
    others = islice(random_scalars(bases_of(collector.cases.answers), pools.rng), 8 * wanted)
    _ask_all(collector, others, deadline, enough=wanted)
    return collector.finished()


def _break(full: Call, entry: Entry, collector: _Collector, pools: Pools, wanted: int) -> None:
    """One thing wrong at a time; then also where there is nothing to do, for whoever returns early there
    must have checked the rest before."""
    for call in collector.ahead(chain(broken_one_by_one(full, entry, pools), broken(full, entry))):
        collector.ask_and_keep(call, most=wanted)
    for call in collector.ahead(between_overloads(entry, pools.rng)):
        collector.ask_and_keep(call, most=wanted)
    edges: dict[object, Call] = {}
    for edge in at_edges(full, entry, pools):
        empty = empty_sizes(edge, entry)
        if empty and empty not in edges and len(edges) < _MOST_EDGES and collector.is_answered(edge):
            edges[empty] = edge
    for edge in edges.values():
        for call in collector.ahead(broken_at_edge(edge, entry, pools)):
            collector.ask_and_keep(call, most=wanted, where=edge.note)


def _ask_all(
    collector: _Collector,
    calls: Iterable[Call],
    deadline: float,
    enough: Optional[int] = None,
    most: int = _PER_ERROR,
) -> None:
    def is_over() -> bool:
        return time.monotonic() > deadline or (
            enough is not None and len(collector.cases.answers) >= enough
        )

    for call in () if is_over() else collector.ahead(calls):  # which asks a few before the first comes
        if is_over():
            return
        collector.ask_and_keep(call, most)


def _inside(calls: Iterable[Call], entry: Entry, pools: Pools) -> Iterable[Call]:
    """The calls, mended where the original would read memory that is not its own."""
    wanted = tuple(fact.demand for fact in entry.facts if fact.memory)
    return (satisfy(call, entry, pools, wanted) for call in calls) if wanted else calls


def _search(entry: Entry, collector: _Collector, pools: Pools, deadline: float) -> dict[str, _Place]:
    rng = pools.rng
    places: dict[str, _Place] = {}
    guesses = starts(entry, pools)
    for attempt in range(_MOST_TRIES):
        answers = collector.cases.answers
        if len(answers) >= _ENOUGH_ANSWERS or time.monotonic() > deadline:
            break
        if attempt > 300 and answers:
            break
        place = None
        if places and attempt >= 5 and rng.random() < 0.85:
            place = _promising(list(places.values()), rng)
            call = place.call
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                call = mutate(call, entry, pools, place.hints)
        else:
            call = next(guesses)
        # The facts may be wrong, or not all: some calls are tried as they are.
        if entry.facts and attempt % 4 != 3:
            call = satisfy(call, entry, pools)
        outcome = collector.ask(call)
        if outcome is None or outcome.kind != "error":
            continue
        _file(places, place, call, outcome, entry, rng)
        for number in places[error_key(outcome.text)].hints.numbers if place is None else ():
            pools.learn_number(number)
    return places


def _file(
    places: dict[str, _Place],
    origin: Optional[_Place],
    call: Call,
    outcome: Outcome,
    entry: Entry,
    rng: Random,
) -> None:
    key = error_key(outcome.text)
    known = places.get(key)
    depth = origin.depth + 1 if origin is not None else 0
    if known is None:
        places[key] = _Place(call, depth, Hints(outcome.text, entry))
    elif rng.random() < 0.3:
        # Drifting among calls that fail alike finds the way past checks of two arguments at once.
        known.call = call


def _promising(places: list[_Place], rng: Random) -> _Place:
    """Mostly the place past most checks, less and less the longer nothing new is found from it."""
    best = max(places, key=lambda place: place.depth - place.visits / 60 + rng.random() * 2)
    best.visits += 1
    return best
