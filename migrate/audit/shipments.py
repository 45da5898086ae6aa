"""A path or a package's name -> the libraries in it, and how they are labelled."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from typing import Optional

from migrate.audit.elf import MAGIC, read_binary
from migrate.errors import SourceError, UsageError
from migrate.model.binaries import Binary, Runtime, Shipment

_LIBRARY = re.compile(r".*\.(?:so(?:\.[\d.]+)?|pyd|dylib)")
_BUILT = Path(".migrate") / "build" / "migrated"


def read_shipment(subject: str) -> Shipment:
    path = Path(subject)
    if path.is_dir():
        return _folder(path)
    if path.is_file() and path.suffix == ".whl":
        return _wheel(path)
    if path.is_file():
        with path.open("rb") as stream:
            return Shipment(path.name, "file", (read_binary(path.name, stream),))
    return _package(subject)


def installed_runtime() -> Optional[Runtime]:
    """The ``libtvm_ffi.so`` of this Python. tvm_ffi is not imported: that would load torch, too."""
    spec = importlib.util.find_spec("tvm_ffi")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / "lib" / "libtvm_ffi.so"
        if path.is_file():
            with path.open("rb") as stream:
                exported = frozenset(read_binary(path.name, stream).defined)
            return Runtime(str(path), _version("apache-tvm-ffi"), exported)
    return None


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def _folder(folder: Path) -> Shipment:
    """Of a migrated tree, what `migrate build` made for it: its originals are somebody else's promise."""
    root = folder / _BUILT if (folder / ".migrate").is_dir() else folder
    paths = (Path(where, name) for where, _, names in os.walk(root) for name in names)
    binaries = _binaries((path.relative_to(folder).as_posix(), path) for path in sorted(paths))
    if not binaries and root != folder:
        raise SourceError(f"nothing is built in {folder}", f"Run `migrate build -C {folder}` first")
    return _shipment(Shipment(folder.resolve().name, "folder", binaries), str(folder))


def _wheel(path: Path) -> Shipment:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
            texts = {
                name.rpartition("/")[2]: archive.read(name).decode("utf-8", "replace")
                for name in names
                if re.fullmatch(r"[^/]+\.dist-info/(WHEEL|METADATA)", name)
            }
            members = ((name, archive.read(name)) for name in names if _LIBRARY.fullmatch(name))
            binaries = tuple(
                read_binary(name, io.BytesIO(data)) for name, data in members if data.startswith(MAGIC)
            )
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(f"{path} is not a readable wheel: {error}", "Build it again") from error
    return _labelled(path.name, "wheel", binaries, texts)


def _package(name: str) -> Shipment:
    found = _distribution(name)
    if found is None:
        raise UsageError(
            f"{name} is no file, no folder and no installed package",
            "Name a library, a wheel, or a package of this Python's environment",
        )
    files = sorted((str(file), Path(str(file.locate()))) for file in found.files or ())
    texts = {label: found.read_text(label) or "" for label in ("WHEEL", "METADATA")}
    label = f"{found.metadata['Name']} {found.version}"
    return _labelled(label, "package", _binaries(files), texts)


def _distribution(name: str) -> Optional[metadata.Distribution]:
    """By its own name, else by the name it is imported under."""
    try:
        return metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        pass
    for candidate in metadata.distributions():
        if any(str(file).startswith((f"{name}/", f"{name}.")) for file in candidate.files or ()):
            return candidate
    return None


def _labelled(name: str, kind: str, binaries: tuple[Binary, ...], texts: dict[str, str]) -> Shipment:
    wheel = Parser().parsestr(texts.get("WHEEL", ""))
    described = Parser().parsestr(texts.get("METADATA", ""))
    shipment = Shipment(
        name,
        kind,
        binaries,
        tags=tuple(str(tag).strip() for tag in wheel.get_all("Tag", [])),
        requires=tuple(str(row) for row in described.get_all("Requires-Dist", [])),
        pure=str(wheel.get("Root-Is-Purelib", "")).lower() == "true",
    )
    return _shipment(shipment, name)


def _shipment(shipment: Shipment, name: str) -> Shipment:
    if not shipment.binaries:
        raise SourceError(f"there is no library in {name}", "Name what was built")
    return shipment


def _binaries(files: Iterable[tuple[str, Path]]) -> tuple[Binary, ...]:
    return tuple(_read(files))


def _read(files: Iterable[tuple[str, Path]]) -> Iterator[Binary]:
    for label, path in files:
        if _LIBRARY.fullmatch(path.name) and path.is_file():
            with path.open("rb") as stream:
                if stream.read(len(MAGIC)) == MAGIC:
                    yield read_binary(label, stream)
