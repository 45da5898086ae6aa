"""Diagnostics of the scan room (MIG100 to MIG149): id -> (title, hint)."""

from __future__ import annotations

from typing import Optional

from migrate.model.source import Diagnostic

CODES: dict[str, tuple[str, str]] = {
    "MIG100": (
        "file cannot be read",
        "fix the permissions or remove the file, then scan again",
    ),
    "MIG101": (
        "source is not UTF-8",
        "nothing to do: bytes outside the edits are kept; convert the file to UTF-8 to see its text",
    ),
    "MIG102": (
        "source holds NUL bytes",
        "it looks like a binary file under a source suffix: rename it, or remove the NUL bytes",
    ),
    "MIG103": (
        "symbolic link is not followed",
        "nothing to do if its target is scanned elsewhere; else replace the link by the files",
    ),
    "MIG104": ("folder cannot be listed", "fix its permissions, then scan again"),
    "MIG110": (
        "build file cannot be parsed",
        "fix its syntax; the extensions it declares are unknown until then",
    ),
    "MIG111": (
        "sources of an extension are not fully known",
        "list them as string literals, or check that the listed files exist",
    ),
    "MIG112": (
        "extension has no known source",
        "list its sources as string literals in the build file",
    ),
    "MIG113": (
        "extension is declared but not taken for this backend",
        "scan with another --backend to see it, or list it outside the condition",
    ),
    "MIG114": (
        "extension is built from inline source text",
        "move the text to a file and list it under sources",
    ),
    "MIG115": (
        "extension is declared twice",
        "nothing to do; the first declaration counts",
    ),
    "MIG116": (
        "module is in no build file",
        "check the sources assumed for it, or declare it in setup.py",
    ),
    "MIG117": (
        "two extensions share a name",
        "scan one of their folders alone if their operators are to be told apart",
    ),
    "MIG120": ("backend chosen", "pass --backend to choose another"),
    "MIG130": (
        "row of the rule file matches nothing",
        "correct its spelling, or remove it",
    ),
    "MIG131": (
        "suppression answers nothing",
        "remove the comment, or correct its id",
    ),
    "MIG132": (
        "suppression has no reason",
        "say why: `// migrate: ignore[ID] -- reason`",
    ),
    "MIG122": ("no extension found", "check that the folder holds C++, CUDA or HIP sources"),
}


def finding(
    code: str,
    severity: str,
    file: str,
    message: str,
    line: int = 1,
    hint: Optional[str] = None,
) -> Diagnostic:
    """A diagnostic of this room with the catalogue's hint, unless a better one is at hand."""
    return Diagnostic(code, severity, file, line, 1, message, CODES[code][1] if hint is None else hint)
