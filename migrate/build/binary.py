"""What ``bench`` counts in a built library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile


@dataclass(frozen=True)
class Binary:
    """``size`` in bytes; ``needed`` are the libraries that the loader looks for."""

    size: int
    needed: tuple[str, ...]


def read_binary(path: Path) -> Binary:
    with path.open("rb") as stream:
        sections = ELFFile(stream).iter_sections()
        needed = tuple(
            str(tag.needed)
            for section in sections
            if isinstance(section, DynamicSection)
            for tag in section.iter_tags()
            if tag.entry.d_tag == "DT_NEEDED"
        )
    return Binary(path.stat().st_size, needed)
