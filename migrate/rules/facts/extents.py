"""Where statements end, and how a ``switch`` is divided."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.rules.facts.sources import Tok


def statement_end(tokens: Sequence[Tok], at: int) -> int:
    """Past the ``;`` of a simple statement, or past the brackets of a macro call without one."""
    depth = 0
    for index in range(at, len(tokens)):
        text = tokens[index][1] if tokens[index][0] == "punct" else ""
        depth += text in ("(", "[", "{")
        depth -= text in (")", "]", "}")
        if text == ";" and depth == 0:
            return index + 1
        if depth == 0 and text == ")" and _starts_anew(tokens, at, index):
            return index + 1
    return len(tokens)


def _starts_anew(tokens: Sequence[Tok], at: int, index: int) -> bool:
    """``CHECK(x)`` and the next statement: a name cannot follow a call otherwise."""
    called = tokens[at][0] == "name" and at + 1 < index and tokens[at + 1][1] == "("
    after = tokens[index + 1] if index + 1 < len(tokens) else ("", "")
    return called and after[0] == "name" and after[1] not in ("and", "or", "not") and tokens[at][1].isupper()


def sections(tokens: Sequence[Tok]) -> list[tuple[list[list[Tok]], list[Tok]]]:
    """The labels of a ``switch`` with the code behind them; no label is ``default``."""
    rows: list[tuple[list[list[Tok]], list[Tok]]] = []
    depth = at = 0
    while at < len(tokens):
        text = tokens[at][1]
        depth += text in ("(", "[", "{")
        depth -= text in (")", "]", "}")
        if depth == 0 and text in ("case", "default"):
            colon = next(i for i in range(at, len(tokens)) if tokens[i][1] == ":")
            if text == "default" or not rows or rows[-1][1] or not rows[-1][0]:
                rows.append(([], []))
            if text == "case":
                rows[-1][0].append(list(tokens[at + 1 : colon]))
            at = colon
        elif rows and text != "break":
            rows[-1][1].append(tokens[at])
        at += 1
    return rows
