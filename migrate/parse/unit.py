"""Parse one translation unit, in whatever process, into plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Container, Mapping, Optional

from migrate.model.bindings import Macro
from migrate.model.cpp import Function, Variable
from migrate.model.source import Span
from migrate.parse import clang
from migrate.parse.absent import Names, read_around
from migrate.parse.absent.names import HEADER
from migrate.parse.calls import takes_module
from migrate.parse.functions import FUNCTION_KINDS, is_device_only, read_function, uses_torch
from migrate.parse.kernels import without_kernels
from migrate.parse.library import LibraryBlock, is_static_chain, read_block, takes_library
from migrate.parse.prelude import Prelude
from migrate.parse.registrations import read_registry
from migrate.parse.registry import Registry
from migrate.parse.source import AbsentNames, Source, source_of
from migrate.parse.types import is_constant
from migrate.parse.view import Declared, View

# What stands between the brackets of a launch, and a size written as a braced list in it.
_LAUNCH = re.compile(rb"<<<[^;]*?>>>", re.DOTALL)
_BRACED = re.compile(rb"(?<=[<,(\s])\{([^{};]+)\}(?=\s*(?:,|>>>))")

_Key = tuple[str, int]


@dataclass(frozen=True)
class UnitJob:
    """All that a worker needs: paths on this machine stay inside it. ``run`` names one parse of a
    tree: what a process remembers of headers is good for that one only. ``stand_ins`` are folders of
    headers that stand for those outside the tree. ``kernels`` are the files it includes that have some.
    ``alone``: read every header's functions, also those that this process has read for another unit."""

    run: str
    root: Path
    path: str
    prelude: Prelude
    flags: tuple[str, ...]
    macros: Mapping[str, Macro]
    defines: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    kernels: tuple[str, ...] = ()
    alone: bool = False


@dataclass
class UnitFacts:
    """What one translation unit says. ``problems`` are its errors, at in-tree places; ``blocking`` those
    that keep host functions from being read, ``absent`` the headers outside the tree it includes.
    ``headers`` are the files of the tree that were read, ``skipped`` the functions of these left out
    because this process had read them for another unit."""

    path: str
    functions: list[Function] = field(default_factory=list)
    registries: list[Registry] = field(default_factory=list)
    problems: list[clang.Problem] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    blocks: list[LibraryBlock] = field(default_factory=list)
    failure: str = ""
    blocking: list[clang.Problem] = field(default_factory=list)
    absent: tuple[tuple[str, str, int], ...] = ()
    headers: tuple[str, ...] = ()
    skipped: tuple[_Key, ...] = ()


@dataclass(frozen=True)
class RereadJob:
    """A unit to be read with its absent names declared, for its ``broken`` functions."""

    unit: UnitJob
    problems: tuple[clang.Problem, ...]
    blocking: tuple[clang.Problem, ...]
    absent: tuple[tuple[str, str, int], ...]
    broken: tuple[Span, ...]

    @property
    def path(self) -> str:
        return self.unit.path


# What this process knows of the current run: header functions already read without an error, by
# (file, offset), the text of files, and what clang is given of those with kernels.
_run = ""
_done: set[_Key] = set()
_texts: dict[str, Source] = {}
_bare: dict[Path, bytes] = {}


def _begin(run: str) -> None:
    global _run
    if run != _run:
        _run = run
        _done.clear()
        _texts.clear()
        _bare.clear()


def parse_unit(job: UnitJob) -> UnitFacts:
    """Parse ``job.path``; a crash of the parser is a ``failure``, never an exception."""
    _begin(job.run)
    facts = UnitFacts(job.path)
    try:
        view = _view(job, "")
    except (OSError, clang.ParserCrash) as error:
        facts.failure = f"{type(error).__name__}: the parser could not read the file"
        return facts
    if view.problems:
        facts.blocking, facts.absent = view.blocking, view.absent_headers(job.stand_ins)
    if facts.absent:
        view.know(AbsentNames(frozenset(), frozenset(), facts.absent))
    _Reader(job, view, facts).read(skip=() if job.alone else _done)
    _done.update((f.span.file, f.span.start) for f in facts.functions if _is_known(f, job.path))
    clang.forget()
    return facts


def _is_known(function: Function, path: str) -> bool:
    return function.span.file != path and not function.errors


def reread_unit(job: RereadJob) -> UnitFacts:
    """The broken functions of a unit again, and its registrations; no facts where that fails."""
    _begin(job.unit.run)
    facts = UnitFacts(job.path)
    stand_ins = [job.unit.prelude.root / "thirdparty" / spelling for spelling, _, _ in job.absent]
    beside = [str(path) for path in dict.fromkeys(stand_ins) if path.is_file()]

    def read(names: Names) -> View:
        clang.forget()
        return _view(job.unit, names.text(str(job.unit.prelude.root / HEADER), beside))

    def text(path: str) -> str:
        return _load(job.unit.root, path).text

    bodies = [text(span.file)[span.start : span.end] for span in job.broken]
    try:
        view, names = read_around(job.blocking, job.problems, bodies, text, read)
    except (OSError, clang.ParserCrash):
        return lost_reread(job)
    view.know(AbsentNames(names.spellings(), names.macros(), job.absent), job.problems)
    _Reader(job.unit, view, facts).read(only={(span.file, span.start) for span in job.broken})
    clang.forget()
    return facts


def lost_reread(job: RereadJob) -> UnitFacts:
    """What is known without the declarations stays."""
    return UnitFacts(job.path, failure="not read again")


def _view(job: UnitJob, declarations: str) -> View:
    return View(_open(job, declarations), job.root, lambda path: _load(job.root, path))


def _load(root: Path, path: str) -> Source:
    known = _texts.get(path)
    if known is None:
        known = _texts[path] = source_of(path, (root / path).read_bytes())
    return known.for_next_unit()


def _open(job: UnitJob, declarations: str) -> object:
    path = job.root / job.path
    texts = {file: _without_kernels(file) for file in (job.root / name for name in job.kernels)}
    text = normalised(texts.get(path) or path.read_bytes())
    if text is not None:
        texts[path] = text
    flags = (*job.flags, *(f"-D{define}" for define in job.defines))
    if declarations:
        beside = job.prelude.root / "absent_names.h"  # lies in memory only
        texts[beside] = declarations.encode()
        flags = ("-include", str(beside), *flags)
    first, plain = job.prelude.flags(job.defines), job.prelude.text_flags()
    try:
        return clang.open_unit(path, (*first, *flags), texts)
    except clang.ParserCrash:
        if first == plain:
            raise
        return clang.open_unit(path, (*plain, *flags), texts)


def _without_kernels(path: Path) -> bytes:
    known = _bare.get(path)
    if known is None:
        known = _bare[path] = without_kernels(path.read_bytes())
    return known


def lost_unit(job: UnitJob) -> UnitFacts:
    """The facts of a unit whose parse ended its process."""
    return UnitFacts(job.path, failure="the parser crashed on this file")


def normalised(raw: bytes) -> Optional[bytes]:
    """nvcc takes ``k<< <g, b>> >(x)`` and ``k<<<{x, y, 1}, b>>>(z)``; clang does not. Same length, so
    offsets stay: ``(x, y, 1)`` is no size, but it shows the same uses."""
    if b"<< <" in raw or b">> >" in raw:
        spaced = raw.replace(b"<< <", b"<<< ").replace(b">> >(", b">>> (").replace(b">> >", b">>> ")
    else:
        spaced = raw
    text = _LAUNCH.sub(lambda launch: _BRACED.sub(rb"(\1)", launch.group()), spaced)
    return None if text == raw else text


class _Reader:
    def __init__(self, job: UnitJob, view: View, facts: UnitFacts) -> None:
        self.job, self.view, self.facts = job, view, facts

    def read(self, skip: Container[_Key] = (), only: Optional[Container[_Key]] = None) -> None:
        """Everything but the functions of ``skip``, or ``only`` some functions and all registrations."""
        self.facts.problems = self.view.problems
        self.facts.headers = self.view.headers()
        skipped: list[_Key] = []
        for row in self.view.declared:
            if row.kind in FUNCTION_KINDS and takes_module(row.cursor):
                self._registry(row)
            elif row.kind in FUNCTION_KINDS and takes_library(row.cursor):
                self._block(row)
            elif row.kind in FUNCTION_KINDS:
                key = (row.path, row.start)
                if key in skip:
                    skipped.append(key)
                elif only is None or key in only:
                    self._function(row)
            elif row.kind == "VAR_DECL" and is_static_chain(row.cursor):
                self._block(row)
            elif row.kind == "VAR_DECL" and not is_constant(row.cursor.type):
                place = self.view.source(row.path).span(row.start, row.end)
                variable = Variable(clang.usr(row.cursor), str(row.cursor.spelling), place)
                self.facts.variables.append(variable)
        self.facts.skipped = tuple(skipped)

    def _registry(self, row: Declared) -> None:
        if row.cursor.is_definition():
            registry = read_registry(row.cursor, self.view.source(row.path), self.job.macros)
            registry.defines = self.job.defines
            self.facts.registries.append(registry)

    def _block(self, row: Declared) -> None:
        if row.cursor.is_definition():
            source = self.view.source(row.path)
            self.facts.blocks.append(read_block(row.cursor, source, self.job.macros))

    def _function(self, row: Declared) -> None:
        if is_device_only(row.cursor):
            return
        source = self.view.source(row.path)
        has_torch = uses_torch(row.cursor, source.text[row.start : row.end])
        self.facts.functions.append(read_function(row.cursor, source, with_body=has_torch))
