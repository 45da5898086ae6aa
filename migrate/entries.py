"""A folder on disk as values: what ``write`` copies and ``diff`` compares.

Left out are version control, caches, virtual environments and build products: they belong to the
machine, not to the library.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

STATE_FOLDER = ".migrate"
ORIGINAL = f"{STATE_FOLDER}/original"
CACHE = f"{STATE_FOLDER}/cache"  # of `run`; it belongs to the machine, too

_SKIPPED = frozenset(
    (".git", ".hg", ".svn", ".migrate", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache",
     ".hypothesis", ".tox", ".nox", ".eggs", "node_modules", "site-packages")
)  # fmt: skip
_BUILD_FOLDERS = frozenset(("build", "dist"))
_BUILD_SIGNS = ("CMakeCache.txt", "build.ninja", "temp.", "lib.", "bdist.")
_BUILD_PRODUCTS = (".whl", ".tar.gz", ".egg")


@dataclass(frozen=True)
class Entry:
    """One file or link. ``source`` is where its bytes lie, unless ``data`` holds them.

    ``digest`` identifies kind and contents; a link's contents are its target.
    """

    digest: str
    mode: int = 0o644
    link: Optional[str] = None
    source: Optional[Path] = None
    data: Optional[bytes] = None

    def read(self) -> bytes:
        if self.link is not None:
            return os.fsencode(self.link)
        if self.source is not None:
            return self.source.read_bytes()
        return self.data or b""


def entry_of_bytes(data: bytes, mode: int = 0o644) -> Entry:
    return Entry(hashlib.sha256(data).hexdigest(), mode, data=data)


def entry_at(path: Path) -> Optional[Entry]:
    """The entry at a path, None if there is none; a folder or device has the digest ``other``."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(status.st_mode):
        target = str(path.readlink())
        return Entry("link:" + hashlib.sha256(os.fsencode(target)).hexdigest(), link=target)
    if not stat.S_ISREG(status.st_mode):
        return Entry("other")
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return Entry(digest.hexdigest(), stat.S_IMODE(status.st_mode), source=path)


def read_folder(root: Path, everything: bool = False) -> dict[str, Entry]:
    """All files and links below ``root`` by relative path, sorted. ``everything`` skips nothing."""
    found: dict[str, Entry] = {}
    for path in _walk(root, everything):
        entry = entry_at(path)
        if entry is not None and entry.digest != "other":
            found[path.relative_to(root).as_posix()] = _kept_link(entry, path, root)
    return dict(sorted(found.items()))


def _walk(root: Path, everything: bool) -> Iterator[Path]:
    for folder, folders, files in os.walk(root, onerror=_raise):
        here = Path(folder)
        # os.walk lists links to folders among the folders and does not enter them.
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [
            name for name in folders if name not in links and (everything or not _left_out(here / name))
        ]
        for name in files + links:
            if everything or name not in _SKIPPED:  # a submodule's `.git` is a file
                yield here / name


def _left_out(folder: Path) -> bool:
    if folder.name in _SKIPPED or (folder / "pyvenv.cfg").exists():
        return True
    if folder.name.endswith(".egg-info"):
        return True
    if folder.name not in _BUILD_FOLDERS:
        return False
    # A folder of sources may be called build/: it is left out only if it shows a build's products.
    names = [path.name for path in folder.iterdir()]
    return any(name.startswith(_BUILD_SIGNS) or name.endswith(_BUILD_PRODUCTS) for name in names)


def _kept_link(entry: Entry, path: Path, root: Path) -> Entry:
    """A relative link that leaves the tree would point elsewhere from a copy: make it absolute."""
    if entry.link is None or Path(entry.link).is_absolute():
        return entry
    target = Path(os.path.normpath(path.parent / entry.link))
    if root in (target, *target.parents):
        return entry
    absolute = str(target.absolute())
    return Entry("link:" + hashlib.sha256(os.fsencode(absolute)).hexdigest(), link=absolute)


def _raise(error: OSError) -> None:
    raise error
