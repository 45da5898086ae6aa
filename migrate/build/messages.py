"""What a compiler said, with the operator and the line of the generated file that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from migrate.model.verdicts import Message

_PLACE = re.compile(
    r"^(?P<file>[^\s:()][^:()]*)[:(](?P<line>\d+)(?:[:)]\d*)*:? *(?:fatal )?error *:? *(?P<text>.*)"
)
_LINKER = re.compile(r"undefined reference to `(?P<name>[^'(]+)")
_HEAD = re.compile(r"^[A-Za-z_][^;#]*?\b(?P<name>\w+)\(")
_EXPORT = re.compile(r"^TVM_FFI_DLL_EXPORT_TYPED_FUNC\((?P<symbol>\w+), (?P<function>\w+)\)", re.MULTILINE)
_MOST = 20


def messages(tree: Path, log: str, sources: Sequence[str]) -> tuple[Message, ...]:
    """The errors of ``log``. ``sources`` are the library's: its shim says which operator leads to a
    function that fails to compile."""
    operators = _Operators(tree, sources)
    found: list[Message] = []
    for line in log.splitlines():
        place, linker = _PLACE.match(line), _LINKER.search(line)
        if place:
            file, number = place["file"], int(place["line"])
            lines = _lines(tree / file)
            source = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            named = operators.reaching(_enclosing(lines, number))
            found.append(Message(file, number, place["text"], named, source))
        elif linker:
            name = linker["name"].rpartition("::")[2]
            found.append(Message("", 0, f"undefined reference to {linker['name']}", operators.reaching(name)))
    return tuple(dict.fromkeys(found))[:_MOST]


class _Operators:
    """Which operators lead to a function, by the calls in the library's shims."""

    def __init__(self, tree: Path, sources: Sequence[str]) -> None:
        self._exports: dict[str, str] = {}
        self._bodies: dict[str, str] = {}
        for path in sources:
            text = "\n".join(_lines(tree / path))
            exports = {row["function"]: row["symbol"] for row in _EXPORT.finditer(text)}
            self._exports.update(exports)
            if exports:
                self._bodies.update(_functions(text.splitlines()))

    def reaching(self, name: str) -> tuple[str, ...]:
        """Exported names, sorted; none where no shim calls ``name``."""
        seen, waiting = set(), [name] if name else []
        while waiting:
            current = waiting.pop()
            seen.add(current)
            call = re.compile(rf"\b{re.escape(current)}\s*[(<]")
            callers = [caller for caller, body in self._bodies.items() if call.search(body)]
            waiting += [caller for caller in callers if caller not in seen]
        return tuple(sorted(self._exports[one] for one in seen if one in self._exports))


def _functions(lines: Sequence[str]) -> Mapping[str, str]:
    """Bodies by name: generated files and formatted sources start a definition at the first column."""
    bodies: dict[str, list[str]] = {}
    for number, line in _heads(lines):
        name, rest = line, []
        for following in lines[number:]:
            rest.append(following)
            if following.startswith("}"):
                break
        bodies.setdefault(name, []).extend(rest)
    return {name: "\n".join(rest) for name, rest in bodies.items()}


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        head = _HEAD.match(line)
        if head and not line.startswith("TVM_FFI_DLL_EXPORT"):
            yield number, head["name"]


def _enclosing(lines: Sequence[str], number: int) -> str:
    """The function that line ``number`` is in, or that an export line is about."""
    export = _EXPORT.match(lines[number - 1]) if 0 < number <= len(lines) else None
    if export:
        return export["function"]
    before = [name for at, name in _heads(lines) if at <= number]
    return before[-1] if before else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
