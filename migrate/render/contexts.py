"""What each template gets: finished strings and flags, one dataclass per template."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.render.python_text import literal, tuple_of
from migrate.rules.kinds import ALWAYS_READ


@dataclass(frozen=True)
class Declaration:
    """One declaration of a launch header, in its namespace ("" for the global one)."""

    namespace: str
    text: str
    comment: str = ""


@dataclass(frozen=True)
class HeaderContext:
    """``launch_header.h.j2``."""

    version: str
    source: str
    includes: tuple[str, ...]
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True)
class ShimFunction:
    """One exported operator: its finished C++ definition and export line. ``left_out``: not in a build
    without the device's compiler."""

    symbol: str
    cpp_name: str
    definition: str
    left_out: bool = False


@dataclass(frozen=True)
class ShimContext:
    """``module_ffi.cc.j2``."""

    version: str
    source: str
    includes: tuple[str, ...]
    header: str
    macros: tuple[str, ...]
    hosts: tuple[str, ...]
    usings: tuple[str, ...]
    functions: tuple[ShimFunction, ...]


@dataclass(frozen=True)
class AdaptorFunction:
    """One Python function: ``bound`` is what ``bind(binding)`` gave. ``bridged`` says why libtorch
    stays; ``overload_of`` is the name that it is one choice for, ``chooses`` is true of the choice."""

    name: str
    signature: str
    hints: str
    doc: str
    binding: str
    bound: str
    body: tuple[str, ...]
    bind: str = "bind"
    bridged: str = ""
    chooses: bool = False
    overload_of: str = ""

    @property
    def stub(self) -> str:
        """The signature in a ``.pyi``, which may name torch."""
        return re.sub(r'torch_dtype\("(\w+)"\)', r"torch.\1", self.signature)


@dataclass(frozen=True)
class AdaptorEnum:
    """One Python class for an enum; ``members`` and ``exported`` are finished statements."""

    name: str
    base: str
    doc: str
    members: tuple[str, ...]
    exported: tuple[str, ...]


@dataclass(frozen=True)
class AdaptorContext:
    """``adaptor.py.j2`` and ``adaptor.pyi.j2``.

    ``package`` is the relative import of the adaptor's package; ``imports`` come from its
    ``_backend``, ``bridge`` from its ``_torch``. ``legacy`` are names of the legacy extension (in its
    submodule ``legacy_scope``), and whether they were registered under a condition; ``todo`` has the
    diagnostic id and reason of each; ``early`` are those that stand before the functions. ``switched``
    are names that the legacy extension can serve, too, and ``switch`` the names that this code takes.
    """

    version: str
    module: str
    doc: str
    package: str
    imports: str
    bridge: str
    argument_imports: str
    enum_imports: str
    enums: tuple[AdaptorEnum, ...]
    early: tuple[str, ...]
    functions: tuple[AdaptorFunction, ...]
    aliases: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...]
    legacy: tuple[tuple[str, bool], ...]
    legacy_scope: str
    todo: dict[str, tuple[str, str]]
    exported: tuple[str, ...]
    submodules: tuple[str, ...]
    needs_torch_types: bool
    typing_names: tuple[str, ...]
    legacy_call: str = "legacy()"
    keywords: frozenset[str] = frozenset()
    registers: bool = False
    switched: tuple[str, ...] = ()
    switch: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class BackendContext:
    """``_backend.py.j2`` and ``_history.py.j2``. ``legacy`` is the import name of the old extension, or
    empty; ``migrated`` says whether there is a tvm-ffi library, ``gpu`` whether its functions may launch
    something, ``records`` whether the adaptor keeps what torch records of a call, ``leaves_out`` whether a
    build may lack operators; ``always`` are the kinds of argument that are read before each call."""

    version: str
    module: str
    legacy: str
    migrated: bool = True
    gpu: bool = True
    switched: bool = False
    records: bool = False
    leaves_out: bool = False
    always: str = tuple_of([literal(word) for word in ALWAYS_READ])


@dataclass(frozen=True)
class RuntimeContext:
    """``_runtime.py.j2``: the apache-tvm-ffi that the library needs."""

    version: str
    module: str
    requirement: str
    oldest: tuple[int, ...]


@dataclass(frozen=True)
class WheelLibrary:
    """The finished CMake commands for one library; ``condition`` is an option, or empty."""

    condition: str
    text: str


@dataclass(frozen=True)
class WheelCMakeContext:
    """``wheel_cmake.j2``. ``packages`` and ``licenses`` are paths in the tree."""

    version: str
    name: str
    project: str
    backends: frozenset[str]
    libraries: tuple[WheelLibrary, ...]
    packages: tuple[str, ...]
    licenses: tuple[str, ...]


@dataclass(frozen=True)
class WheelPyprojectContext:
    """``wheel_pyproject.j2``: finished TOML values. ``todo`` says what a human must fill in."""

    version: str
    requirement: str
    todo: str
    name: str
    project_version: str
    description: str
    requires_python: str
    dependencies: str


@dataclass(frozen=True)
class BridgeContext:
    """``_torch.py.j2``: the library's import name and the dispatcher's namespace; whether parameters are
    ``variants`` and results are ``functions``."""

    version: str
    module: str
    library: str
    namespace: str
    variants: bool = False
    functions: bool = False


@dataclass(frozen=True)
class RegisteredFunction:
    """One implementation: the ``def`` with ``signature`` that is registered for ``keys``. ``optional`` is
    the name it is exported as, if it may be missing in the library."""

    name: str
    bound: str
    binding: str
    keys: tuple[str, ...]
    signature: str
    body: tuple[str, ...]
    optional: str = ""


@dataclass(frozen=True)
class RegisteredOperator:
    """``define`` holds the finished arguments of ``Library.define``, ``library`` its variable."""

    library: str
    name: str
    define: str
    functions: tuple[RegisteredFunction, ...]


@dataclass(frozen=True)
class OperatorsContext:
    """``operators.py.j2``. ``libraries``: variable, namespace and kind of each; ``bridge`` if a C++
    library registers the rest."""

    version: str
    module: str
    imports: str
    argument_imports: str
    libraries: tuple[tuple[str, str, str], ...]
    operators: tuple[RegisteredOperator, ...]
    bridge: bool


@dataclass(frozen=True)
class LibraryContext:
    """``library.py.j2``."""

    version: str
    module: str


@dataclass(frozen=True)
class EquivalenceContext:
    """``templates/test_equivalence.py.j2``: the operators of a module, by id."""

    version: str
    module: str
    path: str
    operators: tuple[str, ...]
