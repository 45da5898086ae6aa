"""What a shared library needs of others, read from its dynamic section."""

from __future__ import annotations

from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection


def python_needs(library: Path) -> tuple[str, ...]:
    """The names that tie ``library`` to Python: libraries it asks for, symbols it leaves undefined."""
    found: set[str] = set()
    with library.open("rb") as file:
        for section in ELFFile(file).iter_sections():
            if isinstance(section, DynamicSection):
                needed = (tag.needed for tag in section.iter_tags() if tag.entry.d_tag == "DT_NEEDED")
                found |= {name for name in needed if "python" in name}
            elif isinstance(section, SymbolTableSection) and section.name == ".dynsym":
                undefined = (row.name for row in section.iter_symbols() if row["st_shndx"] == "SHN_UNDEF")
                found |= {name for name in undefined if name.startswith(("Py", "_Py"))}
    return tuple(sorted(found))
