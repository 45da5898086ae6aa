"""Names from headers that the tree lacks: declared for the parser as things that take every use, so that
the host code around them is read as it stands.

Only where a unit includes such a header, and only what keeps a host function from being read. Each
declared name is told to the planner (``Opaque``), and what is still not understood stays an error.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, Protocol, Sequence, TypeVar

from migrate.parse.absent.names import Names
from migrate.parse.absent.uses import Use, declares, uses_at
from migrate.parse.clang import Problem

__all__ = ["Names", "read_around"]

# A chain such as `lib::Plan().params` shows one link more each time; what takes longer is not worth it.
_ROUNDS = 4
_MEMBER = re.compile(r"(?:\.|->)\s*([A-Za-z_]\w*)")
_CLASH = re.compile(r"redefinition|redeclar|ambiguous|conflict|different kind|different types")
_NAME = re.compile(r"\w+")
_QUOTED = re.compile(r"'(?:\w+::)*(\w+)'")


class Reading(Protocol):
    """One reading of a unit. ``blocking`` are the errors that keep its host functions from being read,
    and those outside of all functions that may be their cause; none where it is read whole."""

    @property
    def problems(self) -> Sequence[Problem]: ...

    @property
    def blocking(self) -> Sequence[Problem]: ...


R = TypeVar("R", bound=Reading)


def read_around(
    blocking: Sequence[Problem],
    known: Iterable[Problem],
    functions: Iterable[str],
    text: Callable[[str], str],
    read: Callable[[Names], R],
) -> tuple[R, Names]:
    """Read a unit with its absent names declared, until no host function lacks one.

    ``blocking`` is what the first reading complained of among the ``known`` errors, ``functions`` are
    the texts it could not read, ``text`` gives that of a file.
    """
    before = {problem.message for problem in known}
    files = sorted({problem.file for problem in known})

    def uses(problems: Sequence[Problem]) -> list[Use]:
        found = [use for problem in problems for use in uses_at(problem, text(problem.file))]
        return [use for use in found if not _is_own(use, map(text, files))]

    names = Names()
    names.add(uses(blocking))
    names.add_members(found for body in functions for found in _MEMBER.findall(body))
    reading = read(names)
    for _ in range(_ROUNDS - 1):
        new = [problem for problem in reading.problems if problem.message not in before]
        clashes = {name for problem in new for name in _clash(problem, names, text(problem.file))}
        names.refuse(clashes)
        if not names.add(uses(reading.blocking)) and not clashes:
            break
        reading = read(names)
    return reading, names


def _is_own(use: Use, texts: Iterable[str]) -> bool:
    return len(use.path) == 1 and any(declares(text, use.path[0]) for text in texts)


def _clash(problem: Problem, names: Names, text: str) -> Iterable[str]:
    """Names declared in vain: the tree declares them as something else."""
    if not _CLASH.search(problem.message):
        return ()
    declared = names.spellings()
    here = _NAME.match(text, problem.offset)
    if here is not None and here.group() in declared:
        return (here.group(),)
    return declared & set(_QUOTED.findall(problem.message))
