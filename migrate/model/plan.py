"""What will be done with each operator and each file, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from migrate.model.bindings import Macro, Operator, Registration
from migrate.model.launcher import Split
from migrate.model.source import Diagnostic

# Where the project of the wheel lies: the first that the tree does not have yet.
WHEEL_FOLDERS = ("wheel", "tvm_ffi_wheel")
TIERS = ("raw", "view", "bridge", "manual", "ignored")


@dataclass(frozen=True)
class RawChoice:
    """A cut that holds, with the macros its shim part needs."""

    split: Split
    macros: tuple[Macro, ...]


@dataclass(frozen=True)
class OperatorPlan:
    """The outcome for one operator. ``reason`` says why no higher tier was taken.

    ``split`` cuts a raw operator's host function; ``macros`` are the tree's that its shim uses.
    ``records``: the adaptor keeps what torch records of the call for gradients.
    """

    operator: Operator
    tier: str
    reason: str = ""
    verified: str = "no"
    files: tuple[str, ...] = ()
    split: Optional[Split] = None
    macros: tuple[Macro, ...] = ()
    records: bool = False


@dataclass(frozen=True)
class FilePlan:
    """What happens to one original C++ file. ``action``: ``strip`` (torch leaves it) or ``delete``.

    ``removed`` are the byte ranges of functions, registrations and macros that leave the file;
    ``dropped_includes`` are in-tree headers deleted with them, ``inherited_includes`` what these
    included themselves, spelled as in an ``#include`` of this file; ``own_includes`` are those of
    the tree's, as spelled, that by their names could be torch's.
    """

    path: str
    action: str
    removed: tuple[tuple[int, int], ...] = ()
    dropped_includes: tuple[str, ...] = ()
    inherited_includes: tuple[str, ...] = ()
    own_includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fragment:
    """One operator that torch's dispatcher serves, and the module definition or helper (a byte range)
    that registered it."""

    start: int
    end: int
    module: str
    operator: Operator


@dataclass(frozen=True)
class BridgedFile:
    """An original file, copied for libraries that keep libtorch but not Python.

    ``removed`` are the byte ranges that leave it; ``fragments`` take the place of what bound them.
    """

    path: str
    copy: str
    removed: tuple[tuple[int, int], ...] = ()
    fragments: tuple[Fragment, ...] = ()


@dataclass(frozen=True)
class BuildSpec:
    """How one library is compiled: all paths are relative to the tree it lies in."""

    name: str
    sources: tuple[str, ...]
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    cxx_flags: tuple[str, ...] = ()
    device_flags: tuple[str, ...] = ()
    link_flags: tuple[str, ...] = ()
    backend: str = "cpu"
    origin: str = "inferred"

    @property
    def toolkit(self) -> str:
        """``cuda`` or ``hip`` if it takes that toolkit to compile it, else ``cpu``."""
        if self.backend == "cpu" and any(source.endswith((".cu", ".hip")) for source in self.sources):
            return "hip" if any(source.endswith(".hip") for source in self.sources) else "cuda"
        return self.backend


@dataclass(frozen=True)
class ModulePlan:
    """One module: its outcomes, and what is generated for it.

    ``original`` builds the untouched extension; ``migrated`` the torch-free library (None when no
    operator of the module leaves torch); ``bridge`` the library of those that only leave pybind11,
    registered in the dispatcher's ``namespace``; ``legacy`` the old extension that still serves the
    ``manual`` operators. ``adaptor`` is the package folder under the old import name. ``enums`` are
    the bindings of the enums its functions take or return, wherever in the tree they stand.
    ``implementations`` are the outcomes of a dispatcher library's C++ functions. ``switched`` are ids of
    migrated operators that the legacy extension can serve, too. ``asks``: one has its host compute.
    """

    name: str
    operators: tuple[OperatorPlan, ...]
    original: BuildSpec
    migrated: Optional[BuildSpec] = None
    legacy: Optional[BuildSpec] = None
    adaptor: Optional[str] = None
    legacy_files: tuple[str, ...] = ()
    stem: str = ""
    file: str = ""
    bridge: Optional[BuildSpec] = None
    namespace: str = ""
    enums: tuple[Registration, ...] = ()
    implementations: tuple[OperatorPlan, ...] = ()
    switched: tuple[str, ...] = ()
    asks: bool = False

    @property
    def ships(self) -> bool:
        """Whether it can be in a wheel for every Python: not with its old extension."""
        return self.migrated is not None and self.adaptor is not None and self.legacy is None

    @property
    def own(self) -> tuple[OperatorPlan, ...]:
        """What the module itself binds: nothing that torch's dispatcher serves."""
        return tuple(row for row in self.operators if row.operator.registration.dispatch is None)

    @property
    def bound(self) -> tuple[OperatorPlan, ...]:
        """What a C++ function stands behind, each one once: implementations, not operators."""
        return (*self.own, *self.implementations)


@dataclass(frozen=True)
class Plan:
    """All modules, and the suggested order of migration (leaves first). ``registered_anew``: what the
    copies for legacy extensions leave out, by file, since another library gives it to the dispatcher.
    """

    modules: tuple[ModulePlan, ...]
    order: tuple[str, ...]
    files: tuple[FilePlan, ...] = ()
    bridged: tuple[BridgedFile, ...] = ()
    registered_anew: tuple[tuple[str, int, int], ...] = ()
    ffi_dir: str = "ffi"
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class FileSet:
    """The migrated tree as values: ``write`` maps a path to its bytes, ``delete`` lists originals
    that are gone. Paths are relative, sorted on iteration; everything else is copied unchanged.
    ``diagnostics`` are about build files that could not be edited exactly.
    """

    write: dict[str, bytes] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Unparsed:
    """An error in a migrated file that its original does not have."""

    file: str
    line: int
    message: str


@dataclass(frozen=True)
class UnitSyntax:
    """What the syntax check says of one source of a module's migrated library; no errors: it parses
    with nothing of a framework declared."""

    module: str
    source: str
    errors: tuple[Unparsed, ...] = ()
