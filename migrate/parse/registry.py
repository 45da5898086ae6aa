"""What one function body registers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from migrate.model.bindings import Registration
from migrate.model.cpp import Function
from migrate.model.source import Span
from migrate.parse.named import Parts

NOT_A_LITERAL = "its Python name is not a literal"


@dataclass(frozen=True)
class HelperCall:
    """A call ``register_x(m)``: the callee, the submodule path handed to it, and why it is not
    known whether it happens at all (empty if it always does). ``arguments`` are those that are strings."""

    usr: str
    scope: str
    doubt: str = ""
    arguments: tuple[Optional[Parts], ...] = ()


@dataclass(frozen=True)
class Inactive:
    """A registration in a branch that the preprocessor left out. ``needs`` are the conditions
    around it, ``define`` the one macro that would bring it in, if that is known."""

    name: str
    span: Span
    needs: str
    define: str


@dataclass
class Registry:
    """All registrations of one function body. ``usr`` names the function; ``module`` is the name a
    ``PYBIND11_MODULE`` was written with, or None for a helper; ``namespace`` is where it stands,
    ``submodule_docs`` the docstring of each submodule by its path. ``computed`` are names that are put
    together, by the place of their registration."""

    usr: str
    name: str
    module: Optional[str]
    span: Span
    registrations: list[Registration] = field(default_factory=list)
    calls: list[HelperCall] = field(default_factory=list)
    lambdas: list[Function] = field(default_factory=list)
    doc: str = ""
    inactive: list[Inactive] = field(default_factory=list)
    defines: tuple[str, ...] = ()
    namespace: str = ""
    submodule_docs: dict[str, str] = field(default_factory=dict)
    computed: dict[int, Parts] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.span.file

    @property
    def start(self) -> int:
        return self.span.start

    @property
    def end(self) -> int:
        return self.span.end
