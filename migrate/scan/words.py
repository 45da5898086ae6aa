"""The words of a compiler's command, as a build script's lists of flags give them."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.scan.values import Choice, Value, flatten

# Options of compilers whose value is the next word.
_WITH_VALUE = frozenset(
    "-gencode --generate-code -arch --gpu-architecture -code -Xcompiler -Xptxas -Xlinker -Xcudafe -Xfatbin "
    "-include -isystem -I -L -D -U -maxrregcount -diag-suppress --threads -t".split()
)
_ONCE = frozenset("-arch --gpu-architecture -code -maxrregcount --threads -t".split())


def strings(value: Value) -> tuple[str, ...]:
    """The known words. An option whose value is another word, which is not known, goes with it."""
    known: list[str] = []
    for one in flatten(value, _with_values):
        if isinstance(one, str):
            known.append(one)
        elif known and known[-1] in _WITH_VALUE:
            known.pop()
    return tuple(known)


def _with_values(words: Sequence[Value]) -> Sequence[Value]:
    """``["-gencode", <one of several>]`` with the option before each; with the first where one is all
    that the compiler takes."""
    made: list[Value] = []
    for one in words:
        option = made[-1] if made and isinstance(made[-1], str) else ""
        if isinstance(one, Choice) and option in _WITH_VALUE:
            choices = [choice for choice in one.values if isinstance(choice, str)]
            choices = choices[:1] if option in _ONCE else choices
            made[-1:] = [word for choice in choices for word in (option, choice)]
        else:
            made.append(one)
    return made
