"""A shared library's dynamic section and symbols, as values. The only file that knows pyelftools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.sections import SymbolTableSection

from migrate.errors import SourceError
from migrate.model.binaries import Binary

MAGIC = b"\x7fELF"
_MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64", "EM_386": "i686", "EM_PPC64": "ppc64le"}
_BIND_NOW, _NOW = 0x8, 0x1  # DF_BIND_NOW of DT_FLAGS, DF_1_NOW of DT_FLAGS_1


def read_binary(path: str, stream: BinaryIO) -> Binary:
    """The library in ``stream``; ``path`` is what messages call it."""
    try:
        elf = ELFFile(stream)
        sections = list(elf.iter_sections())
        tags = [tag for one in sections if isinstance(one, DynamicSection) for tag in one.iter_tags()]
        symbols = list(_symbols(sections))
        versions = sorted(set(_versions(sections)))
    except (ELFError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} is not a readable library: {error}", "Name a shared library") from error
    if elf.header.e_type != "ET_DYN":
        raise SourceError(f"{path} is not a shared library", "Name what the linker made")
    names = {kind: tuple(_text(tag, kind) for tag in tags if tag.entry.d_tag == kind) for kind in _TEXTS}
    folders = ":".join((*names["DT_RPATH"], *names["DT_RUNPATH"]))
    return Binary(
        path=path,
        machine=_MACHINES.get(elf.header.e_machine, str(elf.header.e_machine)),
        soname="".join(names["DT_SONAME"]),
        needed=names["DT_NEEDED"],
        rpath=tuple(filter(None, folders.split(":"))),
        undefined=tuple(sorted({name for name, here, weak in symbols if not here and not weak})),
        defined=tuple(sorted({name for name, here, _ in symbols if here})),
        versions=tuple(versions),
        binds_now=any(_binds_now(tag.entry) for tag in tags),
    )


_TEXTS = {"DT_SONAME": "soname", "DT_NEEDED": "needed", "DT_RPATH": "rpath", "DT_RUNPATH": "runpath"}


def _text(tag: Any, kind: str) -> str:
    return str(getattr(tag, _TEXTS[kind]))


def _binds_now(entry: Any) -> bool:
    return bool(
        entry.d_tag == "DT_BIND_NOW"
        or (entry.d_tag == "DT_FLAGS" and entry.d_val & _BIND_NOW)
        or (entry.d_tag == "DT_FLAGS_1" and entry.d_val & _NOW)
    )


def _symbols(sections: list[Any]) -> Iterator[tuple[str, bool, bool]]:
    """Name, whether it is defined here, whether it may be missing."""
    for section in sections:
        if isinstance(section, SymbolTableSection) and section.name == ".dynsym":
            for symbol in section.iter_symbols():
                if symbol.name and symbol["st_info"]["bind"] != "STB_LOCAL":
                    here = symbol["st_shndx"] != "SHN_UNDEF"
                    yield symbol.name, here, symbol["st_info"]["bind"] == "STB_WEAK"


def _versions(sections: list[Any]) -> Iterator[str]:
    for section in sections:
        if isinstance(section, GNUVerNeedSection):
            for _, wanted in section.iter_versions():
                yield from (one.name for one in wanted)
