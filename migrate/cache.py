"""What an earlier call worked out, on disk under what it followed from.

A key holds everything that a value depends on, this program's own files included, so an entry is
never stale, only unused. An entry that cannot be read is the same as none. Entries are pickles of our
own frozen values; nothing else is ever loaded from one, since a migrated tree may come from anybody.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import platform
import sys
import zlib
from contextlib import suppress
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Callable, Optional, TypeVar

from migrate.resources import csrc, templates

VARIABLE = "MIGRATE_CACHE"
_LIMIT = 512 << 20
_SOURCES = ("*.py", "*.h", "*.inl", "*.cuh", "*.cc", "*.j2")

Value = TypeVar("Value")


class Cache:
    """A folder of entries; ``None`` keeps nothing. ``sound`` turns False where a value depends on
    something that no key holds: then what follows from it must not be kept either."""

    def __init__(self, folder: Optional[Path]) -> None:
        self.folder = folder
        self.sound = True

    def load(self, key: str, kind: type[Value]) -> Optional[Value]:
        """The value of ``key``, None if there is none or it is damaged."""
        if self.folder is None:
            return None
        place = self._place(self.folder, key)
        try:
            data = place.read_bytes()
            value = _unpacked(data)
            os.utime(place)
        except Exception:  # whatever a damaged file makes of zlib and pickle: it is worked out again
            return None
        return value if isinstance(value, kind) else None

    def store(self, key: str, value: object) -> None:
        """Keep ``value``. A cache that cannot be written is no reason to fail."""
        if self.folder is None:
            return
        place = self._place(self.folder, key)
        part = place.with_name(f"{place.name}.{os.getpid()}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_packed(value))
            part.replace(place)
        except OSError:
            with suppress(OSError):
                part.unlink()

    def remembered(self, key: Callable[[], str], kind: type[Value], work_out: Callable[[], Value]) -> Value:
        """The value of ``key``, worked out if there is none, and kept if all it depends on is known."""
        if self.folder is None:
            return work_out()
        name = key()
        value = self.load(name, kind)
        if value is None:
            value = work_out()
            if self.sound:
                self.store(name, value)
            self.trim()
        return value

    def trim(self, limit: int = _LIMIT) -> None:
        """Drop the entries that were used the longest ago, until the rest fits."""
        if self.folder is None:
            return
        with suppress(OSError):  # another process trims, too
            entries = [(path.stat(), path) for path in self.folder.glob("*/*") if path.is_file()]
            total = sum(status.st_size for status, _ in entries)
            for status, path in sorted(entries, key=lambda row: (row[0].st_mtime_ns, row[1])):
                if total <= limit:
                    break
                path.unlink()
                total -= status.st_size

    @staticmethod
    def _place(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


NO_CACHE = Cache(None)


def chosen_folder(named: Optional[str], usual: Optional[Path]) -> Optional[Path]:
    """The folder that was ``named``, or that ``MIGRATE_CACHE`` names, or the ``usual`` one. An empty
    name means none."""
    name = named if named is not None else os.environ.get(VARIABLE)
    if name is None:
        return usual
    return Path(name) if name else None


def user_folder() -> Optional[Path]:
    """Where ``scan`` keeps its entries, for all trees of a user."""
    base, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")
    if not base and not home:
        return None
    return (Path(base) if base else Path(home or "") / ".cache") / "tvm-ffi-migrate"


def key_of(*parts: object) -> str:
    """The key of what follows from ``parts``, whose ``repr`` says all that matters, and from this
    program."""
    digest = hashlib.sha256(_program().encode())
    for part in parts:
        text = repr(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(text))
        digest.update(text)
    return digest.hexdigest()


@cache
def _program() -> str:
    """A digest of all that this program is made of: a version number would not change with a patch."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        parser = version("libclang")
    except PackageNotFoundError:
        parser = "unknown"
    digest = hashlib.sha256(f"{parser} {sys.version} {platform.machine()}".encode())
    for root in (Path(__file__).resolve().parent, csrc(), templates()):
        for path in sorted(path for pattern in _SOURCES for path in root.rglob(pattern)):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _packed(value: object) -> bytes:
    payload = zlib.compress(pickle.dumps(value, protocol=5), 1)
    return hashlib.sha256(payload).digest() + payload


def _unpacked(data: bytes) -> object:
    digest, payload = data[:32], data[32:]
    if hashlib.sha256(payload).digest() != digest:
        raise ValueError("damaged")
    return _Values(io.BytesIO(zlib.decompress(payload))).load()


class _Values(pickle.Unpickler):
    """Loads dataclasses of this package and nothing else: no entry can run code."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("migrate.") else None
        if not (isinstance(found, type) and is_dataclass(found)):
            raise pickle.UnpicklingError(f"{module}.{name} is no value")
        return found
