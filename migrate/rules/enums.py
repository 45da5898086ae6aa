"""Enums and classes of the tree that are bound to Python, and which enums can leave pybind11.

An enum becomes a Python class of its adaptor, unless something that stays on a legacy module takes or
gives its objects: pybind11 code accepts only those of the class it registered itself.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, Optional

from migrate.model.bindings import Model, Registration
from migrate.model.cpp import CppType, Function

_WORDS = re.compile(r"[\w:]+")


def enum_name(type_: CppType) -> str:
    """``const ns::E &`` -> ``ns::E``."""
    return re.sub(r"\bconst\b|[&\s]", "", type_.canonical or type_.spelling)


def mentioned_enums(function: Function) -> Iterator[str]:
    """Enums in the signature of ``function``."""
    queue = [function.returns, *(param.type for param in function.params)]
    while queue:
        type_ = queue.pop()
        queue += type_.args
        if type_.kind == "enum":
            yield enum_name(type_)


class Enums:
    """What ``py::enum_`` and ``py::class_`` bind anywhere in the tree."""

    def __init__(self, model: Model) -> None:
        rows = [operator.registration for operator in model.operators]
        self._enums: dict[str, list[Registration]] = {}
        for row in rows:
            if row.enum is not None:
                self._enums.setdefault(row.enum.cpp, []).append(row)
        self._classes = {row.cpp: row.name for row in rows if row.kind == "class" and row.cpp}
        self._in_classes = {
            word for row in rows for use in row.uses for word in _WORDS.findall(use) if word in self._enums
        }

    def unknown(self, type_: CppType) -> Optional[str]:
        """Why values of the enum cannot pass, to say after its name; None when they can."""
        rows = self._enums.get(enum_name(type_))
        if not rows:
            return ", which no py::enum_ binds"
        enum = rows[0].enum
        assert enum is not None
        return f": {enum.problem}" if enum.problem else None

    def elsewhere(self, type_: CppType, row: Registration) -> Optional[str]:
        """Why objects of the enum cannot be made next to ``row``: its class is in another module."""
        if any(bound.module == row.module for bound in self._enums[enum_name(type_)]):
            return None
        return ", which another module binds"

    def bound_class(self, type_: CppType) -> str:
        """For the reason of a parameter or result: which class of the tree keeps it."""
        name = self._classes.get(enum_name(type_).replace("*", ""))
        return f", the class that py::class_ binds as `{name}`" if name else ""

    def binding(self, cpp: str) -> Registration:
        return self._enums[cpp][0]

    def reason(self, row: Registration, legacy: Iterable[tuple[str, Function]]) -> str:
        """Why the enum that ``row`` binds stays with pybind11; ``legacy`` are the bound functions
        that do, with their names."""
        assert row.enum is not None
        if row.unresolved or row.enum.problem:
            return row.unresolved or row.enum.problem
        if not row.name.isidentifier():
            return f"no class can have the name `{row.name}`"
        if row.enum.cpp in self._in_classes:
            return "a class that stays on a legacy module uses it"
        for name, function in legacy:
            if row.enum.cpp in mentioned_enums(function):
                return f"`{name}`, which stays on a legacy module, uses it"
        return ""
