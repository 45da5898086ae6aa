"""Can a result, or an argument written to, come to require grad? Then the operator stays as it is:
DLPack carries no autograd history, and a caller who trains would silently lose gradients.

torch records copies and conversions (``x.contiguous()``, ``x.to(y)``) and writes (``y.copy_(x)``,
``y[0] = x``) of what an argument holds. What a kernel stores is never recorded, so a function whose
recorded copies only feed a kernel hands out results without history.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Iterator, Optional, Sequence

from migrate.model.cpp import Function, Node
from migrate.rules.results import (
    ALLOCATES,
    Values,
    assigned,
    is_fresh,
    own_returns,
    returns_only_fresh,
)

Callees = Callable[[Function], Sequence[Function]]

_COPIES = frozenset("to contiguous clone reshape flatten toType cpu cuda type_as".split())
_WRITES = frozenset(
    "copy_ add_ sub_ mul_ div_ operator= operator+= operator-= operator*= operator/=".split()
)
_WITHOUT_HISTORY = (ALLOCATES - _COPIES) | frozenset("from_blob arange detach data".split())
# A tensor of integers cannot require grad.
_INTEGRAL = frozenset(
    "kByte kChar kShort kInt kLong kBool kUInt8 kInt8 kInt16 kInt32 kInt64 kU8 kI8 kI16 kI32 kI64".split()
)
_GUARDS = ("NoGradGuard", "InferenceMode", "AutoDispatchBelow", "AutoNonVariableTypeMode")
_DEPTH = 20


@dataclass(frozen=True)
class _Scope:
    """What one function binds its variables to and writes into them."""

    function: Function
    params: frozenset[str]
    values: Values
    written: dict[str, list[tuple[str, Node]]]
    callees: dict[str, Function]


@dataclass
class History:
    """Answers per function, remembered. ``callees`` gives the in-tree functions one calls."""

    callees: Callees
    _results: dict[tuple[str, str], Optional[str]] = field(default_factory=dict)
    _writes: dict[tuple[str, str], Optional[str]] = field(default_factory=dict)
    _scopes: dict[tuple[str, str], _Scope] = field(default_factory=dict)

    def reason(self, function: Function) -> Optional[str]:
        name = self.of_result(function)
        if name is not None:
            return f"its result can require grad: torch records `{name}`"
        name = self.of_arguments(function)
        if name is not None:
            return f"an argument it writes can come to require grad: torch records `{name}`"
        return None

    def of_result(self, function: Function) -> Optional[str]:
        """The recorded operation that a returned tensor comes out of."""
        key = _key(function)
        if key not in self._results:
            self._results[key] = None  # for a function that calls itself
            self._results[key] = self._find_result(function)
        return self._results[key]

    def of_arguments(self, function: Function) -> Optional[str]:
        """The recorded operation that puts one argument's elements into another."""
        key = _key(function)
        if key not in self._writes:
            self._writes[key] = None
            self._writes[key] = self._find_write(function)
        return self._writes[key]

    def _find_result(self, function: Function) -> Optional[str]:
        if not function.returns.mentions("tensor") or not _records(function):
            return None
        scope = self._scope(function)
        found = (self._source(value, scope, 0) for value in own_returns(function))
        return next((name for name in found if name is not None), None)

    def _find_write(self, function: Function) -> Optional[str]:
        if not _records(function):
            return None
        scope = self._scope(function)
        for name in sorted(scope.params & scope.written.keys()):
            for operation, source in scope.written[name]:
                if self._may_require(source, scope):
                    return operation
        found = (self.of_arguments(callee) for callee in self.callees(function))
        return next((name for name in found if name is not None), None)

    def _scope(self, function: Function) -> _Scope:
        key = _key(function)
        if key not in self._scopes:
            body = function.body
            self._scopes[key] = _Scope(
                function,
                frozenset(p.name for p in function.params if p.type.mentions("tensor")),
                assigned(body) if body is not None else {},
                _written(body) if body is not None else {},
                {callee.usr: callee for callee in self.callees(function)},
            )
        return self._scopes[key]

    def _source(self, node: Node, scope: _Scope, depth: int) -> Optional[str]:
        """The recorded call that ``node``'s value comes out of, through views, wrappers and helpers."""
        if depth > _DEPTH:
            return None
        if node.kind == "CALL_EXPR":
            callee = scope.callees.get(node.ref)
            if callee is not None:
                return self._through(callee, node, scope, depth)
            if node.spelling in _WITHOUT_HISTORY:
                return None
            if node.spelling in _COPIES and self._is_recorded(node, scope):
                return node.spelling
        sources: Sequence[Optional[Node]] = node.children
        if node.kind == "DECL_REF_EXPR":
            if not _is_tensor(node):
                return None
            for operation, value in scope.written.get(node.spelling, ()):
                if self._may_require(value, scope):
                    return operation
            sources = scope.values.get(node.spelling, ())
        found = (self._source(s, scope, depth + 1) for s in sources if s is not None)
        return next((name for name in found if name is not None), None)

    def _through(self, callee: Function, call: Node, scope: _Scope, depth: int) -> Optional[str]:
        name = self.of_result(callee)
        if name is not None or self._is_new(callee, 0):
            return name
        # It may hand back what it was given.
        found = (self._source(argument, scope, depth + 1) for argument in call.children[1:])
        return next((name for name in found if name is not None), None)

    def _is_new(self, callee: Function, depth: int) -> bool:
        """True where all that ``callee`` returns was allocated by it, or by what it calls."""
        inner = {c.usr: c for c in self.callees(callee)}

        def calls_new(node: Node) -> bool:
            function = inner.get(node.ref)
            return function is not None and depth < _DEPTH and self._is_new(function, depth + 1)

        return returns_only_fresh(callee, calls_new)

    def _is_recorded(self, call: Node, scope: _Scope) -> bool:
        receiver = [child for part in call.children[:1] for child in part.children]
        if receiver and all(is_fresh(child, scope.values) for child in receiver):
            return False
        names = {n.spelling for argument in call.children[1:] for n in argument.walk()}
        return not names & _INTEGRAL

    def _may_require(self, node: Node, scope: _Scope, seen: frozenset[str] = frozenset()) -> bool:
        """True where ``node`` holds what a tensor argument does, and so its history."""
        if node.kind == "CALL_EXPR":
            callee = scope.callees.get(node.ref)
            if callee is not None and self.of_result(callee) is None and self._is_new(callee, 0):
                return False
            if node.spelling in _WITHOUT_HISTORY:
                return False
        flows: list[Optional[Node]] = list(node.children)
        if node.kind == "DECL_REF_EXPR" and _is_tensor(node) and node.spelling not in seen:
            if node.spelling in scope.params:
                return True
            seen |= {node.spelling}
            flows += scope.values.get(node.spelling, ())
            flows += [value for _, value in scope.written.get(node.spelling, ())]
        return any(flow is not None and self._may_require(flow, scope, seen) for flow in flows)


def _key(function: Function) -> tuple[str, str]:
    return function.usr, function.span.file


def _records(function: Function) -> bool:
    """False where there is nothing to look at, or a guard switches recording off."""
    if function.body is None:
        return False
    declared = (node.type for node in function.body.walk() if node.kind == "VAR_DECL")
    return not any(guard in type_ for type_ in declared for guard in _GUARDS)


def _is_tensor(node: Node) -> bool:
    return "Tensor" in node.type and "Accessor" not in node.type


def _written(body: Node) -> dict[str, list[tuple[str, Node]]]:
    """Per variable: the operations that write tensors into it or into a view of it."""
    rows: dict[str, list[tuple[str, Node]]] = {}
    for name, operation, value in _writes(body):
        rows.setdefault(name, []).append((operation, value))
    return rows


def _writes(body: Node) -> Iterator[tuple[str, str, Node]]:
    for node in body.walk():
        if node.kind != "CALL_EXPR" or node.spelling not in _WRITES or len(node.children) < 2:
            continue
        receiver, value = node.children[0], node.children[-1]
        target = next((n for n in receiver.walk() if n.kind == "DECL_REF_EXPR"), None)
        if target is None or not _is_tensor(value):
            continue
        binds = node.spelling == "operator=" and not any(n.kind == "CALL_EXPR" for n in receiver.walk())
        if not binds:  # `y = x` gives a variable another tensor
            yield target.spelling, node.spelling, value
