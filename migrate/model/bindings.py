"""What the tree binds to Python: modules, registrations, operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from migrate.model.cpp import CppType, Function, Variable
from migrate.model.dispatcher import Dispatch, Library
from migrate.model.source import Diagnostic, Span


@dataclass(frozen=True)
class PyArg:
    """One ``py::arg``: its name and default, as C++ text and as a Python expression.

    ``python`` is None when the C++ default has no known Python spelling; ``shown`` is what a
    docstring prints for it where that differs. ``keyword_only`` follows a ``py::kw_only()``,
    ``positional_only`` stands before a ``py::pos_only()``; ``convert`` is False after ``.noconvert()``.
    """

    name: str
    cpp: Optional[str] = None
    python: Optional[str] = None
    keyword_only: bool = False
    none_allowed: bool = True
    positional_only: bool = False
    convert: bool = True
    shown: Optional[str] = None


@dataclass(frozen=True)
class EnumMember:
    """One ``.value("name", E::constant, "doc")``."""

    name: str
    value: int
    doc: Optional[str] = None


@dataclass(frozen=True)
class EnumBinding:
    """A ``py::enum_<E>``. ``cpp`` is E's qualified name, ``underlying`` its integer type and
    ``constants`` its definition; ``members`` is what Python sees of it. ``exported`` after
    ``export_values()``. ``problem`` says what keeps it from becoming a Python class.
    """

    cpp: str
    underlying: str
    scoped: bool
    constants: tuple[tuple[str, int], ...]
    members: tuple[EnumMember, ...]
    exported: bool = False
    arithmetic: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Registration:
    """One ``m.def``, ``py::class_``, ``py::enum_`` or ``m.attr`` of a module.

    ``kind``: function, class, enum or attribute. ``target`` is the bound function's USR (None when
    it cannot be resolved; ``unresolved`` then says why). ``target_text`` is the C++ expression that
    names it. ``span`` is the place of the registration (in a macro: the macro's use).
    ``value`` is an attribute's Python value. ``instance`` holds the types of a bound template's
    instance, the result first. ``enum`` is what an enum's binding says; ``uses`` are the types that
    a class's members mention, as text, and ``cpp`` the class's own. ``dispatch`` is set for what
    torch's dispatcher serves.
    """

    module: str
    name: str
    kind: str
    span: Span
    target: Optional[str] = None
    target_text: str = ""
    args: tuple[PyArg, ...] = ()
    has_args: bool = False
    doc: str = ""
    call_guards: tuple[str, ...] = ()
    macro: Optional[str] = None
    value: Optional[str] = None
    unresolved: str = ""
    instance: tuple[CppType, ...] = ()
    enum: Optional[EnumBinding] = None
    uses: tuple[str, ...] = ()
    cpp: str = ""
    dispatch: Optional[Dispatch] = None


@dataclass(frozen=True)
class Module:
    """One ``PYBIND11_MODULE``. ``name`` is the import name, ``span`` the whole definition.

    With ``library``, an extension that registers with torch's dispatcher instead; ``span`` is then
    its first block.
    """

    name: str
    span: Span
    doc: str
    registrations: tuple[Registration, ...]
    extension: Optional[str] = None
    files: tuple[str, ...] = ()
    submodule_docs: tuple[tuple[str, str], ...] = ()
    library: Optional[Library] = None


@dataclass(frozen=True)
class Macro:
    """A ``#define`` of the tree. ``params`` is None for an object-like macro."""

    name: str
    span: Span
    params: Optional[tuple[str, ...]]
    body: str


@dataclass(frozen=True)
class Operator:
    """One registration under its stable id, joined to the function it binds.

    A dispatcher operator has one of its ``implementations``, each an operator of its own, per C++
    function; ``function`` is the first one's.
    """

    id: str
    registration: Registration
    function: Optional[Function]
    signature: str
    implementations: tuple[Operator, ...] = ()


@dataclass(frozen=True)
class Model:
    """Everything the parser learnt of a tree.

    ``functions`` are all host functions that mention tensors or are bound, by USR, per defining
    file; ``dead`` are registrations that no module reaches; ``includes`` maps each file to the
    in-tree files it includes; ``binding_functions`` are the places of module definitions and of
    helpers that take a module, ``library_blocks`` of what registers with torch's dispatcher;
    ``variables`` are the tree's global variables that can change.
    """

    modules: tuple[Module, ...]
    operators: tuple[Operator, ...]
    functions: tuple[Function, ...]
    dead: tuple[Registration, ...]
    macros: tuple[Macro, ...]
    includes: dict[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]
    binding_functions: tuple[tuple[str, int, int], ...] = ()
    variables: tuple[Variable, ...] = ()
    library_blocks: tuple[tuple[str, int, int], ...] = ()
