"""C++ as plain values: types, syntax nodes, functions. No libclang object leaves the parser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Optional

from migrate.model.source import Span


@dataclass(frozen=True)
class CppType:
    """A C++ type, reduced to what a binding needs.

    ``kind``: void, bool, int, char, float, scalar, string, tensor, scalar_type, device, generator,
    optional, list, array, tuple, pair, variant, map, function, python (a ``py::`` object), pointer, enum
    or opaque. ``args`` are the template arguments that count (the element of an optional or list, the
    members of a tuple, the result and the parameters of a function, the target of a pointer).
    ``bits``/``signed`` describe int and float.
    """

    kind: str
    spelling: str
    args: tuple[CppType, ...] = ()
    bits: int = 0
    signed: bool = True
    const: bool = False
    reference: bool = False
    canonical: str = ""

    def mentions(self, kind: str) -> bool:
        return self.kind == kind or any(arg.mentions(kind) for arg in self.args)


@dataclass(frozen=True)
class Node:
    """One syntax node of a host function.

    ``kind`` is libclang's cursor kind name (``CALL_EXPR``); ``start``/``end`` are byte offsets in the
    function's file; ``exact`` is False where the tokens come out of a macro body, so that the node
    cannot be edited at its use. ``ref`` names the declaration a reference resolves to, ``owner`` the
    class or namespace that declares it (``at::Tensor``), ``type`` the canonical type.
    """

    kind: str
    start: int
    end: int
    exact: bool
    spelling: str
    type: str
    ref: str
    owner: str
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in source order, without recursion."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack.extend(node.children[::-1])


@dataclass(frozen=True)
class Variable:
    """A variable that outlives calls and can change: a global, or a static member of a class."""

    usr: str
    name: str
    span: Span


@dataclass(frozen=True)
class Param:
    name: str
    type: CppType
    span: Span
    default: Optional[str] = None


@dataclass(frozen=True)
class Opaque:
    """A name that comes from a header outside the tree. ``headers`` are those it may come from:
    spelling, including file and line. ``exchanges`` says which framework type goes in or comes out
    through it, and where; empty if none does."""

    name: str
    headers: tuple[tuple[str, str, int], ...]
    exchanges: str = ""


@dataclass(frozen=True)
class Function:
    """A host function or bound lambda, defined (``body`` set) or only declared (``body`` None).

    ``usr`` joins declarations to definitions; ``qualified`` is the name with its namespaces.
    ``errors`` are parser errors inside the signature or body; ``static`` is true for internal
    linkage, ``template`` for function templates. ``condition`` names an inactive ``#if`` in the body
    that holds tensor uses, if there is one. ``opaque`` are the names it uses of which nothing is known.
    """

    usr: str
    name: str
    qualified: str
    span: Span
    params: tuple[Param, ...]
    returns: CppType
    body: Optional[Node]
    body_span: Optional[Span]
    static: bool = False
    template: bool = False
    is_lambda: bool = False
    captures: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    unseen_uses: tuple[str, ...] = ()
    opaque: tuple[Opaque, ...] = ()
