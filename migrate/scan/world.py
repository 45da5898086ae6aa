"""What a build script would see of its machine: the tree's files, and a usual Linux box.

Conditions such as ``torch.cuda.is_available()`` are answered for the backend being scanned, so that
a script yields the extensions that backend would build. Rows are (dotted name, answer).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from migrate.scan.values import UNKNOWN, Value

ROOT = "/migrate-tree"  # stands for the tree in absolute paths, whatever it is called on disk


@dataclass(frozen=True)
class World:
    """One machine a script is read for. ``environment`` False: variables may have any value."""

    backend: str
    folder: str
    script: str
    files: frozenset[str]
    folders: frozenset[str]
    environment: bool = True

    def fact(self, dotted: str) -> Value:
        """The value of a library's attribute, by its dotted name or by its last part."""
        row = _FACTS.get(dotted, _FACTS.get("*." + dotted.rsplit(".", 1)[-1]))
        if row is None:
            return UNKNOWN
        return row.get(self.backend, row.get("*")) if isinstance(row, dict) else row

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(ROOT, self.folder, path))

    def relative(self, path: str) -> str:
        """Relative to the tree (``.`` is the tree itself); empty for a path outside of it."""
        full = self.absolute(path)
        if full == ROOT:
            return "."
        return full[len(ROOT) + 1 :] if full.startswith(ROOT + "/") else ""

    def exists(self, path: str) -> Value:
        inside = self.relative(path)
        return self.is_file(path) or inside == "." or inside in self.folders if inside else UNKNOWN

    def is_file(self, path: str) -> bool:
        return self.relative(path) in self.files

    def is_folder(self, path: str) -> bool:
        inside = self.relative(path)
        return inside == "." or inside in self.folders

    def glob(self, pattern: str, recursive: bool = False) -> list[str]:
        """As ``glob.glob``: relative to the script's folder where the pattern is relative."""
        wanted = self.relative(pattern)
        if not wanted:
            return []
        expression = re.compile(_glob_expression(wanted, recursive))
        found = sorted(path for path in (*self.files, *self.folders) if expression.fullmatch(path))
        return [self.like(pattern, path) for path in found]

    def like(self, model: str, path: str) -> str:
        """``path`` (relative to the tree) spelled as ``model`` is: absolute, or from the folder."""
        if model.startswith("/"):
            return f"{ROOT}/{path}"
        return posixpath.relpath(path, self.folder or ".")

    def listdir(self, path: str) -> list[str]:
        inside = self.relative(path)
        prefix = "" if inside == "." else inside + "/"
        below = (name[len(prefix) :] for name in (*self.files, *self.folders) if name.startswith(prefix))
        return sorted({name for name in below if name and "/" not in name})

    def walk(self, top: str) -> Iterator[tuple[str, list[str], list[str]]]:
        stack = [top]
        while stack:
            folder = stack.pop()
            names = self.listdir(folder)
            subfolders = [name for name in names if self.is_folder(posixpath.join(folder, name))]
            yield folder, subfolders, [name for name in names if name not in subfolders]
            stack.extend(posixpath.join(folder, name) for name in reversed(subfolders))


def all_folders(files: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in files:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return frozenset(found)


def _glob_expression(pattern: str, recursive: bool) -> str:
    parts = []
    for part in pattern.split("/"):
        if part == "**" and recursive:
            parts.append("(?:[^/]+/)*")
        else:
            translated = re.escape(part).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
            parts.append(re.sub(r"\\\[(!?)(.*?)\\\]", _character_class, translated) + "/")
    expression = "".join(parts)
    return expression[:-1] if expression.endswith("/") else expression + "[^/]*"


def _character_class(found: re.Match[str]) -> str:
    return f"[{'^' if found.group(1) else ''}{found.group(2)}]"


_GPU: dict[str, Value] = {"cpu": False, "*": True}
_FACTS: dict[str, Value] = {
    "*.CUDA_HOME": {"cuda": "/toolkit/cuda", "*": None},
    "*.ROCM_HOME": {"hip": "/toolkit/rocm", "*": None},
    "*.HIP_HOME": {"hip": "/toolkit/rocm", "*": None},
    "*.IS_HIP_EXTENSION": {"hip": True, "*": False},
    "torch.version.cuda": {"cuda": "12.8", "*": None},
    "torch.version.hip": {"hip": "6.4.0", "*": None},
    "torch.__version__": "2.8.0",
    "torch.cuda.is_available()": _GPU,
    "torch.cuda._is_compiled()": _GPU,
    "torch.backends.cuda.is_built()": _GPU,
    "torch.xpu.is_available()": False,
    "torch.backends.mps.is_available()": False,
    "torch.compiled_with_cxx11_abi()": True,
    "torch._C._GLIBCXX_USE_CXX11_ABI": True,
    "torch.__config__.parallel_info()": "ATen parallel backend: OpenMP",
    "sys.platform": "linux",
    "sys.argv": ["setup.py"],
    "os.name": "posix",
    "os.sep": "/",
    "os.path.sep": "/",
    "os.pathsep": ":",
    "os.curdir": ".",
    "os.path.curdir": ".",
    "platform.system()": "Linux",
    "platform.machine()": "x86_64",
}
