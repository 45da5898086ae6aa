"""Built libraries as they are shipped, and what can be promised of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Binary:
    """What a shared library says of itself. ``undefined`` are the symbols it cannot be loaded without,
    ``versions`` the ones it asks of system libraries (``GLIBC_2.17``)."""

    path: str
    machine: str
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    defined: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    binds_now: bool = False


@dataclass(frozen=True)
class Shipment:
    """A file, a folder, a wheel or an installed package; the last two have ``tags`` and ``requires``,
    and are ``pure`` if they say that nothing in them was compiled."""

    name: str
    kind: str
    binaries: tuple[Binary, ...]
    tags: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    pure: bool = False


@dataclass(frozen=True)
class Runtime:
    """A ``libtvm_ffi.so``: where it lies, the version of its package, what it exports."""

    path: str
    version: str
    exported: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Promise:
    """One thing a user may rely on. ``kept`` is None where it could not be looked into."""

    id: str
    title: str
    kept: Optional[bool]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """The verdicts on a shipment; ``notes`` are worth knowing and break no promise."""

    shipment: Shipment
    promises: tuple[Promise, ...]
    notes: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return all(promise.kept for promise in self.promises)
