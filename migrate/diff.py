"""The patch from the original to the migrated tree, for ``git apply``.

git itself writes it where it is installed (its hunks read best, and it can express binary files);
``migrate.text.unified`` writes the same form otherwise. Everything is bytes: a source that is not
UTF-8 or has CRLF line ends must come out of ``git apply`` exactly as it is in the tree.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from migrate.entries import STATE_FOLDER, Entry, entry_at, read_folder
from migrate.errors import ToolchainError, TreeError
from migrate.text.unified import Side, unified_file

_PRODUCTS = (".so", ".o", ".a", ".pyc", ".pyd")


@dataclass(frozen=True)
class Patch:
    """``text`` is the patch; ``files`` are the paths it touches."""

    text: bytes
    files: tuple[str, ...]


def diff(tree: Path, only: Optional[Collection[str]] = None, git: Optional[str] = "git") -> Patch:
    """Original -> migrated. ``only`` limits it to some paths; ``git`` None means do without git."""
    original = tree / STATE_FOLDER / "original"
    if not original.is_dir():
        raise TreeError(f"{tree} has no copy of its original", "Run `migrate run SRC --out DIR` again")
    before = read_folder(original, everything=True)
    after = _migrated(tree, before)
    paths = [
        path
        for path in sorted(before.keys() | after.keys())
        if (only is None or path in only) and _differ(before.get(path), after.get(path))
    ]
    program = shutil.which(git) if git is not None else None
    if program is not None:
        return Patch(_by_git(program, paths, before, after), tuple(paths))
    return Patch(b"".join(_by_hand(path, before, after) for path in paths), tuple(paths))


def _migrated(tree: Path, before: dict[str, Entry]) -> dict[str, Entry]:
    """The migrated side, files added by hand included; what a build left there is no part of it."""
    found = {path: entry for path, entry in read_folder(tree).items() if not path.endswith(_PRODUCTS)}
    for path in before:
        entry = entry_at(tree / path)
        if entry is not None and entry.digest != "other":
            found[path] = entry
    return found


def _differ(before: Optional[Entry], after: Optional[Entry]) -> bool:
    if before is None or after is None:
        return True
    return before.digest != after.digest or _git_mode(before) != _git_mode(after)


def _git_mode(entry: Entry) -> str:
    if entry.link is not None:
        return "120000"
    return "100755" if entry.mode & 0o100 else "100644"


def _by_hand(path: str, before: dict[str, Entry], after: dict[str, Entry]) -> bytes:
    sides = [_side(entries.get(path)) for entries in (before, after)]
    if any(b"\0" in side.data for side in sides if side is not None):
        raise ToolchainError(f"{path} is binary and differs", "Install git, which can write it as a patch")
    return unified_file(path, sides[0], sides[1])


def _side(entry: Optional[Entry]) -> Optional[Side]:
    return None if entry is None else Side(_git_mode(entry), entry.read())


def _by_git(
    program: str, paths: list[str], before: dict[str, Entry], after: dict[str, Entry]
) -> bytes:
    """Copies of the differing files in two folders ``a`` and ``b``: their names are the prefixes."""
    with tempfile.TemporaryDirectory(prefix="migrate-diff-") as folder:
        here = Path(folder)
        for side, entries in (("a", before), ("b", after)):
            (here / side).mkdir()
            for path in paths:
                if path in entries:
                    _lay(here / side / path, entries[path])
        run = subprocess.run(
            [
                program, "-c", "core.autocrlf=false", "-c", "core.quotepath=true",
                "diff", "--no-index", "--no-prefix", "--no-color", "--no-ext-diff", "--no-textconv",
                "--no-renames", "--binary", "--diff-algorithm=histogram", "a", "b",
            ],
            cwd=here,
            env=_quiet_git(here),
            capture_output=True,
            check=False,
        )  # fmt: skip
    if run.returncode not in (0, 1):
        raise ToolchainError(
            f"git diff failed: {run.stderr.decode(errors='replace').strip()}", "Check the git installation"
        )
    return b"\n".join(map(_both_prefixes, run.stdout.split(b"\n")))


def _lay(place: Path, entry: Entry) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if entry.link is not None:
        place.symlink_to(entry.link)
        return
    place.write_bytes(entry.read())
    place.chmod(0o755 if entry.mode & 0o100 else 0o644)


def _quiet_git(folder: Path) -> dict[str, str]:
    """The user's configuration (external diff tools, prefixes, attributes) must not change a patch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "LC_ALL": "C",
    }


def _both_prefixes(line: bytes) -> bytes:
    """``diff --git b/new b/new`` -> ``diff --git a/new b/new``: git names a new file twice alike.

    A line of a file never starts like this: inside a hunk it is one character further right.
    """
    if not line.startswith(b"diff --git "):
        return line
    names = line[len(b"diff --git ") :]
    half = len(names) // 2
    first, second = names[:half], names[half + 1 :]
    if first != second:
        return line
    quote = b'"' if first.startswith(b'"') else b""
    path = first[len(quote) + 2 :]
    return b"diff --git " + quote + b"a/" + path + b" " + quote + b"b/" + path
