"""The tree's own check and dispatch macros written out, parameters put in their places."""

from __future__ import annotations

from typing import Optional, Sequence

from migrate.rules.facts.sources import Define, Sources, Tok, body_tokens, close, split

_MOST_TOKENS = 60_000


class Expander:
    """Expands macros as one file sees them. ValueError when there is too much of it."""

    def __init__(self, sources: Sources, path: str) -> None:
        self._sources = sources
        self._path = path
        self._left = _MOST_TOKENS

    def expand(self, tokens: Sequence[Tok], hidden: frozenset[str] = frozenset()) -> list[Tok]:
        rows: list[Tok] = []
        at = 0
        while at < len(tokens):
            kind, text = tokens[at]
            macro = self._macro(kind, text, hidden)
            called = at + 1 < len(tokens) and tokens[at + 1] == ("punct", "(")
            if macro is None or (macro.params is not None and not called):
                rows.append(tokens[at])
                at += 1
                continue
            body = body_tokens(macro.body)
            at += 1
            if macro.params is not None:
                end = close(tokens, at)
                body = self._substituted(macro, body, split(tokens[at + 1 : end]), hidden)
                at = end + 1
            self._left -= len(body)
            if self._left < 0:
                raise ValueError("the macros are too large")
            rows += self.expand(body, hidden | {text})
        return rows

    def _macro(self, kind: str, text: str, hidden: frozenset[str]) -> Optional[Define]:
        if kind != "name" or text in hidden:
            return None
        return self._sources.define(text, self._path)

    def _substituted(
        self, macro: Define, body: list[Tok], arguments: list[list[Tok]], hidden: frozenset[str]
    ) -> list[Tok]:
        given = _by_name(macro.params or (), arguments)
        rows: list[Tok] = []
        skip = False
        for before, token, after in zip([None, *body], body, [*body[1:], None]):
            if skip:
                skip = False
            elif token == ("punct", "#") and after is not None and after[1] in given:
                rows.append(("string", '""'))  # what a check prints says nothing about its arguments
                skip = True
            elif token == ("punct", "##"):
                rows.append(token)
            elif token[1] in given:
                pasted = ("punct", "##") in (before, after)
                rows += given[token[1]] if pasted else self.expand(given[token[1]], hidden)
            else:
                rows.append(token)
        return _pasted(rows)


def _by_name(params: tuple[str, ...], arguments: list[list[Tok]]) -> dict[str, list[Tok]]:
    named = dict(zip((name for name in params if name != "..."), arguments))
    for name in params:
        named.setdefault(name, [])
    if "..." in params:
        rest = arguments[len(params) - 1 :]
        joined: list[Tok] = []
        for index, part in enumerate(rest):
            joined += [("punct", ","), *part] if index else part
        named["__VA_ARGS__"] = joined
    return named


def _pasted(rows: list[Tok]) -> list[Tok]:
    done: list[Tok] = []
    at = 0
    while at < len(rows):
        if rows[at] == ("punct", "##") and done and at + 1 < len(rows):
            if rows[at + 1][1] != "__VA_ARGS__" and done[-1][0] == "name":
                done[-1] = ("name", done[-1][1] + rows[at + 1][1])
            else:
                done.append(rows[at + 1])
            at += 1
        elif rows[at] != ("punct", "##"):
            done.append(rows[at])
        at += 1
    return done
