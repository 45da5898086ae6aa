"""Parse one translation unit, in whatever process, into plain values."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Optional

from migrate.model.bindings import Macro
from migrate.model.cpp import Function, Variable
from migrate.parse import clang
from migrate.parse.calls import takes_module
from migrate.parse.clang import Cursor
from migrate.parse.functions import (
    FUNCTION_KINDS,
    is_device_only,
    mentions_torch,
    read_function,
)
from migrate.parse.library import LibraryBlock, is_static_chain, read_block, takes_library
from migrate.parse.prelude import Prelude
from migrate.parse.registrations import read_registry
from migrate.parse.registry import Registry
from migrate.parse.source import Source, source_of
from migrate.parse.types import is_constant

# What stands between the brackets of a launch, and a size written as a braced list in it.
_LAUNCH = re.compile(rb"<<<[^;]*?>>>", re.DOTALL)
_BRACED = re.compile(rb"(?<=[<,(\s])\{([^{};]+)\}(?=\s*(?:,|>>>))")
_SCOPES = ("NAMESPACE", "LINKAGE_SPEC", "UNEXPOSED_DECL", "CLASS_DECL", "STRUCT_DECL")


@dataclass(frozen=True)
class UnitJob:
    """All that a worker needs: paths on this machine stay inside it. ``run`` names one parse of a
    tree: what a process remembers of headers is good for that one only."""

    run: str
    root: Path
    path: str
    prelude: Prelude
    flags: tuple[str, ...]
    macros: Mapping[str, Macro]
    defines: tuple[str, ...] = ()


@dataclass
class UnitFacts:
    """What one translation unit says. ``problems`` are its errors, at in-tree places."""

    path: str
    functions: list[Function] = field(default_factory=list)
    registries: list[Registry] = field(default_factory=list)
    problems: list[clang.Problem] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    blocks: list[LibraryBlock] = field(default_factory=list)
    failure: str = ""


# What this process knows of the current run: header functions already read without an error, by
# (file, offset), and the text of files.
_run = ""
_done: set[tuple[str, int]] = set()
_texts: dict[str, Source] = {}


def _begin(run: str) -> None:
    global _run
    if run != _run:
        _run = run
        _done.clear()
        _texts.clear()


def parse_unit(job: UnitJob) -> UnitFacts:
    """Parse ``job.path``; a crash of the parser is a ``failure``, never an exception."""
    _begin(job.run)
    facts = UnitFacts(job.path)
    try:
        unit = _open(job)
    except (OSError, clang.ParserCrash) as error:
        facts.failure = f"{type(error).__name__}: the parser could not read the file"
        return facts
    _Reader(job, unit, facts).read()
    clang.forget()
    return facts


def _open(job: UnitJob) -> object:
    path = job.root / job.path
    text = _normalised(path.read_bytes())
    flags = (*job.flags, *(f"-D{define}" for define in job.defines))
    first, plain = job.prelude.flags(job.defines), job.prelude.text_flags()
    try:
        return clang.open_unit(path, text, (*first, *flags))
    except clang.ParserCrash:
        if first == plain:
            raise
        return clang.open_unit(path, text, (*plain, *flags))


def lost_unit(job: UnitJob) -> UnitFacts:
    """The facts of a unit whose parse ended its process."""
    return UnitFacts(job.path, failure="the parser crashed on this file")


def _normalised(raw: bytes) -> Optional[bytes]:
    """nvcc takes ``k<< <g, b>> >(x)`` and ``k<<<{x, y, 1}, b>>>(z)``; clang does not. Same length, so
    offsets stay: ``(x, y, 1)`` is no size, but it shows the same uses."""
    if b"<< <" in raw or b">> >" in raw:
        spaced = raw.replace(b"<< <", b"<<< ").replace(b">> >(", b">>> (").replace(b">> >", b">>> ")
    else:
        spaced = raw
    text = _LAUNCH.sub(lambda launch: _BRACED.sub(rb"(\1)", launch.group()), spaced)
    return None if text == raw else text


class _Reader:
    def __init__(self, job: UnitJob, unit: object, facts: UnitFacts) -> None:
        self.job, self.unit, self.facts = job, unit, facts
        self.prefix = str(job.root) + os.sep
        self.sources: dict[str, Source] = {}

    def read(self) -> None:
        for problem in clang.problems(self.unit):
            relative = self._relative(problem.file)
            if relative is not None:
                named = clang.Problem(relative, problem.offset, problem.line, problem.column, problem.message)
                self.facts.problems.append(named)
                self._source(relative).errors.append(named)
        stack: list[Cursor] = clang.children(self.unit.cursor)[::-1]  # type: ignore[attr-defined]
        while stack:
            cursor = stack.pop()
            relative = self._relative(clang.file_of(cursor))
            if relative is None:
                continue
            kind = clang.kind_name(cursor)
            if kind in _SCOPES:
                stack.extend(reversed(clang.children(cursor)))
            elif kind in FUNCTION_KINDS and not clang.is_instantiation(cursor):
                self._function(cursor, relative)
            elif kind == "VAR_DECL" and is_static_chain(cursor):
                source = self._source(relative)
                self.facts.blocks.append(read_block(cursor, source, self.job.macros))
            elif kind == "VAR_DECL" and not is_constant(cursor.type):
                place = self._source(relative).span(*clang.extent(cursor))
                variable = Variable(str(cursor.get_usr()), str(cursor.spelling), place)
                self.facts.variables.append(variable)

    def _function(self, cursor: Cursor, relative: str) -> None:
        source = self._source(relative)
        start, end = clang.extent(cursor)
        key = (relative, start)
        if key in _done:
            return
        if takes_module(cursor):
            if cursor.is_definition():
                registry = read_registry(cursor, source, self.job.macros)
                registry.defines = self.job.defines
                self.facts.registries.append(registry)
            return
        if takes_library(cursor):
            if cursor.is_definition():
                self.facts.blocks.append(read_block(cursor, source, self.job.macros))
            return
        text = source.text[start:end]
        if is_device_only(cursor):
            return
        function = read_function(cursor, source, with_body=mentions_torch(text))
        self.facts.functions.append(function)
        if relative != self.job.path and not function.errors:
            _done.add(key)

    def _relative(self, name: str) -> Optional[str]:
        if not name.startswith(self.prefix):
            return None
        return os.path.normpath(name[len(self.prefix) :]).replace(os.sep, "/")

    def _source(self, relative: str) -> Source:
        source = self.sources.get(relative)
        if source is None:
            known = _texts.get(relative)
            if known is None:
                raw = (self.job.root / relative).read_bytes()
                known = _texts[relative] = source_of(relative, raw)
            source = self.sources[relative] = known.for_next_unit()
        return source
