"""C++ expressions of host code as trees. What is not understood is a ValueError, never a guess."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Optional, Sequence

from migrate.rules.facts.sources import Tok, close, split, split_list

_SPELLED = {"and": "&&", "or": "||", "not": "!"}
_LEVELS: dict[str, int] = {}
for _level, _operators in enumerate(
    ("= += -= *= /= %= |= &=", "?", "||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<<", "+ -", "* / %")
):
    for _operator in _operators.split():
        _LEVELS[_operator] = _level
_ARITHMETIC = frozenset(
    "int long short char unsigned signed float double bool auto size_t int8_t int16_t int32_t int64_t "
    "uint8_t uint16_t uint32_t uint64_t void const".split()
)
_TEMPLATE_TOKENS = frozenset({"::", "<", ">", ",", "*", "&"})
_SPECIFIERS = frozenset({"mutable", "noexcept", "constexpr"})


@dataclass(frozen=True)
class Expr:
    """``op``: number, string, char, name, member, call, index, list, lambda, ``?``, ``u-`` and other
    unary operators, or a binary operator. ``text`` is a name or literal, ``types`` its template
    arguments or a lambda's parameters, ``body`` a lambda's code."""

    op: str
    text: str = ""
    args: tuple[Expr, ...] = ()
    types: tuple[str, ...] = ()
    body: tuple[Tok, ...] = ()


def parse(tokens: Sequence[Tok]) -> Expr:
    """The whole of ``tokens`` as one expression."""
    reader = _Reader(tokens)
    tree = reader.binary(0)
    if reader.at < len(tokens):
        raise ValueError(f"{tokens[reader.at][1]} is not expected")
    return tree


class _Reader:
    def __init__(self, tokens: Sequence[Tok]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def operator(self) -> str:
        kind = self.tokens[self.at][0] if self.at < len(self.tokens) else ""
        text = self.peek()
        if text in _SPELLED:
            return _SPELLED[text]
        return text if kind == "punct" else ""

    def take(self, text: str) -> None:
        if self.peek() != text:
            raise ValueError(f"{text} is expected")
        self.at += 1

    def binary(self, lowest: int) -> Expr:
        left = self.unary()
        while True:
            word = self.operator()
            level = _LEVELS.get(word, -1)
            if level < lowest:
                return left
            self.at += 1
            if word == "?":
                middle = self.binary(1)
                self.take(":")
                left = Expr("?", args=(left, middle, self.binary(1)))
            else:
                left = Expr(word, args=(left, self.binary(level + (level > 0))))

    def unary(self) -> Expr:
        word = self.operator()
        if word in ("!", "-", "+", "*", "&", "~", "++", "--"):
            self.at += 1
            return Expr(f"u{word}", args=(self.unary(),))
        if word == "(" and self._is_cast():
            self.at = close(self.tokens, self.at) + 1
            return self.unary()
        return self.postfix(self.primary())

    def _is_cast(self) -> bool:
        end = close(self.tokens, self.at)
        inside = self.tokens[self.at + 1 : end]
        return bool(inside) and all(text in _ARITHMETIC or text == "*" for _, text in inside)

    def primary(self) -> Expr:
        if self.at >= len(self.tokens):
            raise ValueError("an expression is expected")
        kind, text = self.tokens[self.at]
        if text == "(":
            end = close(self.tokens, self.at)
            inner = parse(self.tokens[self.at + 1 : end])
            self.at = end + 1
            return inner
        if text == "[":
            return self._lambda()
        if text == "{":
            return Expr("list", args=self.arguments())
        if kind in ("number", "char"):
            self.at += 1
            return Expr(kind, text)
        if kind == "string":
            return Expr("string", self._strings())
        if kind == "name" or text == "::":
            return self._name()
        raise ValueError(f"{text} is not expected")

    def _strings(self) -> str:
        parts = []
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "string":
            try:
                parts.append(str(ast.literal_eval(self.tokens[self.at][1])))
            except (ValueError, SyntaxError):
                parts.append("")
            self.at += 1
        return "".join(parts)

    def _name(self) -> Expr:
        parts: list[str] = []
        types: tuple[str, ...] = ()
        while True:
            if self.peek() == "::":
                self.at += 1
            if self.at >= len(self.tokens) or self.tokens[self.at][0] != "name":
                raise ValueError("a name is expected")
            parts.append(self.peek())
            self.at += 1
            types = self._template() or ()
            if self.peek() != "::":
                return Expr("name", "::".join(parts), types=types)

    def _template(self) -> Optional[tuple[str, ...]]:
        """Template arguments, where what stands here can be nothing else."""
        if self.peek() != "<":
            return None
        depth = 0
        for at in range(self.at, len(self.tokens)):
            kind, text = self.tokens[at]
            if kind not in ("name", "number") and text not in _TEMPLATE_TOKENS:
                return None
            depth += (text == "<") - (text == ">")
            if depth == 0:
                after = self.tokens[at + 1][1] if at + 1 < len(self.tokens) else ""
                if after not in ("(", "{", "::"):
                    return None
                inside = self.tokens[self.at + 1 : at]
                self.at = at + 1
                return tuple("".join(text for _, text in part) for part in split(inside))
        return None

    def _lambda(self) -> Expr:
        self.at = close(self.tokens, self.at) + 1
        names: tuple[str, ...] = ()
        if self.peek() == "(":
            end = close(self.tokens, self.at)
            names = tuple(part[-1][1] for part in split(self.tokens[self.at + 1 : end]) if part)
            self.at = end + 1
        while self.peek() in _SPECIFIERS:
            self.at += 1
        if self.peek() == "->":
            while self.peek() not in ("{", ""):
                self.at += 1
        if self.peek() != "{":
            raise ValueError("a lambda's body is expected")
        end = close(self.tokens, self.at)
        body = tuple(self.tokens[self.at + 1 : end])
        self.at = end + 1
        return Expr("lambda", types=names, body=body)

    def arguments(self) -> tuple[Expr, ...]:
        end = close(self.tokens, self.at)
        inside = self.tokens[self.at + 1 : end]
        self.at = end + 1
        return tuple(_argument(part) for part in split_list(inside))

    def postfix(self, left: Expr) -> Expr:
        while True:
            word = self.peek()
            if word in (".", "->"):
                self.at += 1
                if self.peek() == "template":
                    self.at += 1
                name = self._name()
                left = Expr("member", name.text, (left,), name.types)
            elif word == "(" or (word == "{" and left.op == "name"):
                left = Expr("call", left.text, (left, *self.arguments()), left.types)
            elif word == "[":
                end = close(self.tokens, self.at)
                index = parse(self.tokens[self.at + 1 : end])
                self.at = end + 1
                left = Expr("index", args=(left, index))
            elif word in ("++", "--"):
                self.at += 1
                left = Expr(f"u{word}", args=(left,))
            else:
                return left


def _argument(tokens: Sequence[Tok]) -> Expr:
    """One argument; a dispatch macro's may be several calls in a row, or a type."""
    try:
        return parse(tokens)
    except ValueError:
        return Expr("tokens", body=tuple(tokens))
