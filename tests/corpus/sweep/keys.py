"""What a compiler run depends on, as one key: results outlive the sweep that made them."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from migrate.build import toolchain

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)


def key_of(command: Sequence[str], folder: Path, root: Path, path: str) -> str:
    """``path`` below ``root``, compiled by ``command`` in ``folder``, wherever these lie."""
    digest = hashlib.sha256(_toolchain().encode())
    digest.update("\0".join(command).replace(str(folder), "").encode())
    for file in _reachable(root, path):
        digest.update(file.encode() + b"\0" + (root / file).read_bytes())
    return digest.hexdigest()


@cache
def _toolchain() -> str:
    words = []
    for program in (toolchain.cxx(), toolchain.nvcc(), toolchain.hipcc()):
        if program is not None:
            run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
            words.append(run.stdout)
    torch = toolchain.installed_torch()
    return "\n".join([*words, *(torch.include_dirs if torch is not None else ())])


def _reachable(root: Path, path: str) -> list[str]:
    """``path`` and every file that an include in it could mean: all that end in its spelling."""
    seen, queue = {path}, [path]
    while queue:
        for match in _INCLUDE.finditer((root / queue.pop()).read_bytes()):
            for target in files_ending_in(root, match.group(1).decode("latin-1")):
                if target not in seen:
                    seen.add(target)
                    queue.append(target)
    return sorted(seen)


def files_ending_in(root: Path, spelling: str) -> list[str]:
    """The files below ``root`` that an include of ``spelling`` could mean."""
    suffix = "/" + posixpath.normpath(spelling).lstrip("./")
    named = _names(root).get(posixpath.basename(spelling), ())
    return [path for path in named if f"/{path}".endswith(suffix)]


@cache
def _names(root: Path) -> dict[str, tuple[str, ...]]:
    """The files below ``root`` by name, without the tool's own folder."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in (".migrate", ".git"))
        for name in sorted(files):
            found[name].append((Path(folder) / name).relative_to(root).as_posix())
    return {name: tuple(paths) for name, paths in found.items()}
