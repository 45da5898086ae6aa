"""The catalogue of diagnostics: permanent ids, what each means, and what to do.

Ids are never renumbered or reused. ``MIG1xx`` scan, ``MIG2xx`` parse, ``MIG3xx`` plan and tiers,
``MIG4xx`` render and write, ``MIG5xx`` build and test. A room may keep its rows beside its code;
``catalogue`` joins them, with what ``remedies`` says. ``migrate.codes_page``
prints docs/diagnostics.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Optional

from migrate.errors import UsageError
from migrate.remedies import REMEDIES, Remedy
from migrate.render.buildfiles_codes import CODES as BUILDFILE_CODES
from migrate.scan.codes import CODES as SCAN_CODES


@dataclass(frozen=True)
class Code:
    """One row. ``severity`` is the usual one; ``cause`` says why it is raised, ``hint`` what to do. The
    rest is its remedy's."""

    severity: str
    title: str
    cause: str
    hint: str
    effort: str = ""
    by_hand: str = ""
    before: str = ""
    after: str = ""


CODES: dict[str, Code] = {
    "MIG201": Code(
        "error",
        "file could not be parsed",
        "libclang gave up on the file or died of it; nothing in it was migrated, the other files were.",
        "reduce the file to what breaks the parser and report it",
    ),
    "MIG202": Code(
        "error",
        "syntax error outside functions",
        "the file does not compile for this backend and these defines, so what follows the error may be "
        "missing.",
        "make the file compile, or pass the backend or the defines it needs",
    ),
    "MIG210": Code(
        "manual",
        "bound function cannot be found",
        "the registration names a function that no file of the tree declares, or through an expression that "
        "has no single meaning.",
        "add the file that defines it to the tree, or bind a named function under a literal name",
    ),
    "MIG211": Code(
        "manual",
        "bound function is declared, not defined",
        "its body lies outside the tree, in a generated file or in a library.",
        "add the file that defines it to the tree",
    ),
    "MIG212": Code(
        "note",
        "bound function does not parse",
        "a name in its signature or body has no declaration. Around an unknown name clang drops whole "
        "statements, so the function is left alone rather than rewritten with a hole: it keeps libtorch.",
        "add the missing header to the tree, and it may leave torch too",
    ),
    "MIG213": Code(
        "note",
        "registration is not part of this configuration",
        "it stands in a branch of `#if` that is left out for this backend and these defines.",
        "scan with --define, or for the backend that includes it",
    ),
    "MIG214": Code(
        "note",
        "function has a branch that this scan leaves out",
        "the branch of `#if` holds tensor uses that were not analysed.",
        "scan for the other backend, or with --define, to see the branch",
    ),
    "MIG215": Code(
        "note",
        "a torch name stands in code that this scan leaves out",
        "the branch of `#if` tests a macro that no build file passes and no file of the tree defines. The "
        "branch is kept as it is; built with that macro, it would still need torch there.",
        "scan with --define to see the branch, or delete it if nobody builds it",
    ),
    "MIG220": Code(
        "note",
        "registration is reached by no module",
        "the code that registers it is never called from a PYBIND11_MODULE of this tree.",
        "call it from a module, or delete it",
    ),
    "MIG221": Code(
        "manual",
        "class or enum stays with pybind11",
        "py::class_ has no counterpart that keeps the same Python objects; an enum stays with the code that"
        " takes or gives its objects.",
        "keep it in the legacy module, or port it by hand",
    ),
    "MIG301": Code(
        "manual",
        "operator stays on the legacy module",
        "no tier above `manual` could be proved for it; the message says what stands in the way.",
        "port it by hand, or leave it: the adaptor calls the original",
    ),
    "MIG302": Code(
        "manual",
        "migrated operator is not verified",
        "its shim or its kernel file does not parse without torch, and the error is not the original's: a "
        "construct that no rule knows, or a fault of migrate.",
        "look at the migrated file, and report it: such an operator should have stayed manual",
    ),
    "MIG303": Code(
        "note",
        "function leaves the migrated file",
        "it needs torch, no migrated operator calls it, and no legacy or bridge library keeps the original "
        "of its file: only the original tree has it.",
        "delete it from the original, or keep it in a file of its own",
    ),
    "MIG310": Code(
        "note",
        "launch without a device guard",
        "the original launches on whatever device is current; the migrated operator does the same.",
        "the migrated operator keeps it; change it in a commit of its own",
    ),
    "MIG311": Code(
        "note",
        "launch on the default stream",
        "the original names no stream, so its work is not ordered with torch's; neither is ours.",
        "the migrated operator keeps it; change it in a commit of its own",
    ),
    "MIG312": Code(
        "note",
        "check compares a value with itself",
        "the check can never fail; most likely another operand was meant. What is migrated checks the same.",
        "the migrated operator keeps it; change it in a commit of its own",
    ),
    "MIG320": Code(
        "note",
        "host code uses names from headers outside the tree",
        "a header that it includes is in no folder of the tree: a library's, or one made at build time. "
        "Its names were read as things of which nothing is known, and the code around them was rewritten; no "
        "torch type goes in or comes out through them.",
        "build and test the operator where these headers are",
    ),
    "MIG321": Code(
        "note",
        "host code asks its caller's framework to compute",
        "the original calls operations of torch itself (a sum, a matrix product, a gather). The migrated "
        "library holds no torch: it calls back a service `compute` of its host, at the original's place and "
        "on its stream. Torch's adaptor answers with torch's own operator, gradients included, so the "
        "results are the original's. A host without that service (NumPy, C++, Rust) gets "
        "NotImplementedError with the operation's name.",
        "register `compute` through `__ffi_port_set_host` in such a host, or call the operator under torch",
    ),
    "MIG330": Code(
        "note",
        "dispatcher operator keeps its registration in C++",
        "an implementation computes with torch or is C++ autograd, or its library is loaded by path, so "
        "that Python cannot register it. The library needs libtorch and libc10, and no Python.",
        "nothing has to be done; the message says what keeps it there",
    ),
    "MIG399": Code(
        "error",
        "an operator was lost on the way",
        "migrate checks on every run that each registration it found ends with an outcome; this one did not.",
        "this is a bug in migrate: report it with the file named here",
    ),
    "MIG450": Code(
        "manual",
        "hand edit could not be merged",
        "the file in the output folder is not as migrate left it, and git cannot merge it with the new "
        "output: it is a binary file or a link, migrate did not write it, or git is missing. It was left as "
        "it is.",
        "move the edit to the source tree, or delete the file and run again",
    ),
    "MIG451": Code(
        "manual",
        "file to be removed was edited by hand",
        "migrate wrote this file in an earlier run and would now remove it, but it was edited since.",
        "move the edit elsewhere and delete the file",
    ),
    "MIG452": Code(
        "manual",
        "file lies behind a link or a file",
        "a folder on the way to it is a link, so that writing it would change a file outside the output "
        "folder, or was replaced by a file.",
        "replace the link in the source tree by a copy of the folder, or move the file away",
    ),
    "MIG453": Code(
        "manual",
        "hand edit conflicts with the new output",
        "the same lines were edited by hand and changed by migrate since its last run. Both versions stand "
        "in the file between `<<<<<<<` and `>>>>>>>`; nothing was dropped. Until the marks are gone, migrate "
        "leaves the file alone.",
        "choose between the marked versions, delete the marks, and run again",
    ),
    "MIG454": Code(
        "note",
        "hand edit merged with the new output",
        "the file was edited by hand, and its lines that migrate changed since its last run are others.",
        "look at the merged file, and build and test it again",
    ),
    "MIG455": Code(
        "note",
        "comments left with their code",
        "the code around the comments has no place in the migrated tree: a registration, a whole file that "
        "only registered, a declaration that was written anew. No written file has them any more.",
        "copy them where they still hold",
    ),
}

# Rooms that keep their own rows: title and hint by id. The severity of the others is `note`.
_ROOM_TABLES = (SCAN_CODES, BUILDFILE_CODES)
_SEVERITIES = {
    **dict.fromkeys(("MIG100", "MIG102", "MIG104", "MIG110"), "error"),
    **dict.fromkeys(("MIG114", "MIG150", "MIG151", "MIG152", "MIG155", "MIG156"), "manual"),
}

ROOMS = {
    "1": "scan",
    "2": "parse",
    "3": "plan and tiers",
    "4": "render and write",
    "5": "build and test",
}


def catalogue() -> dict[str, Code]:
    """All rows by id, sorted."""
    rows = dict(CODES)
    for table in _ROOM_TABLES:
        for id_, (title, hint) in table.items():
            rows[id_] = Code(_SEVERITIES.get(id_, "note"), title, "", hint)
    return {id_: _with_remedy(row, REMEDIES.get(id_)) for id_, row in sorted(rows.items())}


def _with_remedy(row: Code, remedy: Optional[Remedy]) -> Code:
    if remedy is None:
        return row
    return replace(
        row,
        cause=row.cause or remedy.cause,
        effort=remedy.effort,
        by_hand=remedy.by_hand,
        before=remedy.before,
        after=remedy.after,
    )


def title_of(id_: str) -> str:
    row = catalogue().get(id_)
    return row.title if row is not None else ""


def hint_of(id_: str) -> str:
    row = catalogue().get(id_)
    return row.hint if row is not None else ""


def row_of(id_: str) -> Code:
    """The row of an id that the user typed."""
    row = catalogue().get(id_.upper())
    if row is None:
        raise UsageError(f"there is no diagnostic {id_!r}", "`migrate explain` lists them all")
    return row


def to_json(id_: Optional[str] = None) -> str:
    """All rows, or one, for other programs."""
    rows = catalogue() if id_ is None else {id_.upper(): row_of(id_)}
    return json.dumps([{"id": key, **asdict(row)} for key, row in rows.items()], indent=2) + "\n"


def explain(id_: str) -> str:
    """The page of one id as plain text."""
    row = row_of(id_)
    lines = [f"{id_.upper()}: {row.title}", ""]
    lines += [f"severity: {row.severity}", f"effort: {row.effort}", f"from: {ROOMS[id_[3]]}"]
    lines += ["", f"Why: {row.cause}", "", f"What to do: {row.hint}", "", f"By hand: {row.by_hand}"]
    for name, text in (("Before", row.before), ("After", row.after)):
        if text:
            lines += ["", f"{name}:", *(f"    {line}" for line in text.split("\n"))]
    if row.severity != "error":
        lines += ["", f"Silence one place with `// migrate: ignore[{id_.upper()}] -- reason`."]
    return "\n".join(lines) + "\n"
