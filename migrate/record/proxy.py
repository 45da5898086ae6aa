"""Stand-ins for an extension module's functions, and a watch on calls of torch's dispatcher.

A stand-in must not be noticed: it shows the function's own type, text and attributes, does not bind as
a method, and is the same object under every name that the function had.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

Around = Callable[[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]


def _shown(name: str) -> Any:
    return property(lambda self: getattr(self.__wrapped__, name))


class StandIn:
    """Called like the function it stands for, by way of ``around``."""

    __slots__ = ("__weakref__", "__wrapped__", "_around", "_operator")
    # Every class has these, so that ``__getattr__`` is not asked for them.
    __class__, __doc__, __module__ = _shown("__class__"), _shown("__doc__"), _shown("__module__")

    def __init__(self, function: Callable[..., Any], operator: str, around: Around) -> None:
        object.__setattr__(self, "__wrapped__", function)
        object.__setattr__(self, "_operator", operator)
        object.__setattr__(self, "_around", around)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        return self._around(self._operator, self.__wrapped__, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__wrapped__, name, value)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)

    def __copy__(self) -> StandIn:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> StandIn:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__wrapped__.__reduce_ex__(protocol)


def replace_functions(module: ModuleType, paths: Mapping[str, str], around: Around) -> list[str]:
    """Put a stand-in for each function of ``module`` at ``paths`` (path -> operator). Returns those."""
    made: dict[int, StandIn] = {}
    found = []
    for path, operator in paths.items():
        scope: Any = module
        *outer, leaf = path.split(".")
        try:
            for part in outer:
                scope = getattr(scope, part)
            function = getattr(scope, leaf)
        except AttributeError:
            continue  # not in this build of the module
        if type(function) is StandIn or isinstance(function, type) or not callable(function):
            continue
        made.setdefault(id(function), StandIn(function, operator, around))
        setattr(scope, leaf, made[id(function)])
        found.append(operator)
    return found


def watch_dispatcher(ops: ModuleType, operators: frozenset[str], around: Around) -> None:
    """Let Python's calls of ``operators`` (``torch.ops.ns.op.overload``) go by way of ``around``.

    ``ops`` is the module ``torch._ops``. The classes' own ``__call__`` is replaced: the objects that
    hold an operator, and what torch's compilers look up by identity, stay what they are.
    """
    watched = {_qualified(operator): operator for operator in operators}
    packets = {name.split(".")[0] for name in watched}
    call_overload = ops.OpOverload.__call__
    call_packet = ops.OpOverloadPacket.__call__

    @functools.wraps(call_overload)
    def overload(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        operator = watched.get(self._name)
        if operator is None:
            return call_overload(self, *args, **kwargs)
        return around(operator, functools.partial(call_overload, self), args, kwargs)

    @functools.wraps(call_packet)
    def packet(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        if self._qualified_op_name not in packets:
            return call_packet(self, *args, **kwargs)
        name = _resolved(ops, self, args, kwargs)
        if name not in watched:
            return call_packet(self, *args, **kwargs)
        return around(watched[name], functools.partial(call_packet, self), args, kwargs)

    ops.OpOverload.__call__ = overload
    ops.OpOverloadPacket.__call__ = packet


def _qualified(operator: str) -> str:
    """``torch.ops.ns.op.default`` -> ``ns::op``; another overload stays in the name."""
    space, name, overload = operator.split(".")[2:]
    return f"{space}::{name}" + ("" if overload == "default" else f".{overload}")


def _resolved(ops: Any, packet: Any, args: Any, kwargs: Any) -> str:
    """The overload that a call of ``packet`` means, '' where torch cannot say."""
    overloads = packet.overloads()
    name: str = packet._qualified_op_name
    if len(overloads) > 1:
        try:
            overloads = [ops.torch._C._jit_resolve_packet(name, *args, **kwargs)]
        except Exception:
            return ""  # no overload takes these: the call itself says so
    return name if overloads[0] in ("", "default") else f"{name}.{overloads[0]}"
