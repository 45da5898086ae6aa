"""What each template gets: finished strings and flags, one dataclass per template."""

from __future__ import annotations

from dataclasses import dataclass


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
    """One exported operator: its finished C++ definition and export line."""

    symbol: str
    cpp_name: str
    definition: str


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
    """One Python function: ``bound`` is what ``bind(binding)`` gave. ``bridged`` says why libtorch stays."""

    name: str
    signature: str
    hints: str
    doc: str
    binding: str
    bound: str
    body: tuple[str, ...]
    bind: str = "bind"
    bridged: str = ""


@dataclass(frozen=True)
class AdaptorContext:
    """``adaptor.py.j2`` and ``adaptor.pyi.j2``.

    ``package`` is the relative import of the adaptor's package; ``imports`` come from its
    ``_backend``, ``bridge`` from its ``_torch``. ``legacy`` are names of the legacy extension (in its
    submodule ``legacy_scope``), and whether they were registered under a condition; ``todo`` has the
    diagnostic id and reason of each.
    """

    version: str
    module: str
    doc: str
    package: str
    imports: str
    bridge: str
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


@dataclass(frozen=True)
class BackendContext:
    """``_backend.py.j2``. ``legacy`` is the import name of the old extension, or empty; ``migrated``
    says whether there is a tvm-ffi library."""

    version: str
    module: str
    legacy: str
    migrated: bool


@dataclass(frozen=True)
class BridgeContext:
    """``_torch.py.j2``: the library's import name and the dispatcher's namespace."""

    version: str
    module: str
    library: str
    namespace: str


@dataclass(frozen=True)
class RegisteredFunction:
    """One implementation: ``name`` is what is registered for ``keys``. Without ``body`` that is the
    library's function itself, else a ``def`` with ``signature``."""

    name: str
    bound: str
    symbol: str
    keys: tuple[str, ...]
    signature: str
    body: tuple[str, ...]


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
    libraries: tuple[tuple[str, str, str], ...]
    operators: tuple[RegisteredOperator, ...]
    bridge: bool


@dataclass(frozen=True)
class LibraryContext:
    """``library.py.j2``."""

    version: str
    module: str
