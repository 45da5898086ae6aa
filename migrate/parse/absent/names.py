"""The absent names of one unit, and the declarations that stand for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Iterator, Optional, Sequence

from migrate.parse.absent.tokens import KEYWORDS
from migrate.parse.absent.uses import Use

HEADER = "absent.h"
NAMESPACE = "migrate_absent"
_ANY = f"::{NAMESPACE}::any"
_ARGUMENT = f"::{NAMESPACE}::argument"
_MACROS = {
    "decoration": "",
    "nothing": "(...)",
    "statement": f"(...) ::{NAMESPACE}::use(__VA_ARGS__);",
    "expression": f"(...) {_ANY}()",
}
# What a name is that is used in several ways: the first of these that occurs. A type can be called,
# an object too.
_STRONGEST = (*_MACROS, "kernel", "type", "value", "function", "namespace")
# Members that absent.h declares.
_OWN_MEMBERS = frozenset("any get begin end".split())
_MOST = 2000


@dataclass
class _Name:
    """What is known of one name. ``arguments`` are those of its uses as a template."""

    kinds: set[str] = field(default_factory=set)
    arguments: list[tuple[bool, ...]] = field(default_factory=list)
    braced: set[int] = field(default_factory=set)
    below: dict[str, _Name] = field(default_factory=dict)

    def kind(self) -> str:
        found = next(kind for kind in _STRONGEST if kind in self.kinds)
        if found == "function" and self.arguments:
            return "value"  # a template with both explicit and braced arguments can only be an object
        return "type" if self.below and found not in ("type", "namespace") else found


@dataclass
class Names:
    """Grows with what the parser complains of; ``refused`` are names that clash with the tree's."""

    top: _Name = field(default_factory=_Name)
    members: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    _uses: set[Use] = field(default_factory=set)

    def add(self, uses: Iterable[Use]) -> bool:
        """Take in ``uses``; False where they say nothing new."""
        fresh = {use for use in uses if use not in self._uses and not self.refused & set(use.path)}
        if len(self._uses) + len(fresh) > _MOST:
            return False
        before = len(self.members), len(self._uses)
        for use in sorted(fresh, key=lambda use: (use.path, use.kind, use.arguments or (), use.braced)):
            if use.kind == "member":
                self.add_members([use.path[-1]] if self._is_ours(use.path[:-1]) else [])
            else:
                self._uses.add(use)
                self._declare(use)
        return (len(self.members), len(self._uses)) != before

    def add_members(self, names: Iterable[str]) -> None:
        self.members.update(set(names) - _OWN_MEMBERS - KEYWORDS)

    def refuse(self, names: Iterable[str]) -> None:
        """Forget these names: the tree declares them itself."""
        self.refused.update(names)
        kept = {use for use in self._uses if not self.refused & set(use.path)}
        self.top, self._uses = _Name(), set()
        self.add(kept)

    def spellings(self) -> frozenset[str]:
        """Every name declared, without its scope; not the namespaces."""
        return frozenset(use.path[-1] for use in self._uses if use.kind != "namespace")

    def macros(self) -> frozenset[str]:
        """Those that are macros whose arguments nobody sees."""
        return frozenset(use.path[-1] for use in self._uses if use.kind in ("nothing", "expression"))

    def text(self, header: str, beside: Sequence[str] = ()) -> str:
        """The declarations, as a file that includes ``header``, after the stand-ins ``beside``."""
        members = ", ".join(sorted(self.members - set(self.top.below)))
        lines = [f"#define MIGRATE_ABSENT_MEMBERS {members}"] if members else []
        # An absent header includes these itself, before the unit gets to them.
        lines += [f'#include "{path}"' for path in (*beside, header)]
        lines += ["#pragma clang force_cuda_host_device begin"]
        lines += _declarations(self.top, in_class=False)
        lines += ["#pragma clang force_cuda_host_device end"]
        return "\n".join([*lines, *_macros(self.top)]) + "\n"

    def _is_ours(self, scope: tuple[str, ...]) -> bool:
        """Whether a class, as the parser prints it, is one of these or what they all derive from."""
        return scope[:1] == (NAMESPACE,) or self._find(scope) is not None

    def _find(self, path: tuple[str, ...]) -> Optional[_Name]:
        entry: Optional[_Name] = self.top
        for part in path:
            entry = entry.below.get(part) if entry is not None else None
        return entry

    def _declare(self, use: Use) -> None:
        entry = self.top
        for part in use.path[:-1]:
            entry = entry.below.setdefault(part, _Name())
            entry.kinds.add("namespace")
        entry = entry.below.setdefault(use.path[-1], _Name())
        entry.kinds.add(use.kind)
        if use.arguments is not None:
            entry.arguments.append(use.arguments)
        if use.braced:
            entry.braced.add(use.braced)


def _declarations(scope: _Name, in_class: bool) -> Iterator[str]:
    # Classes first: what follows may use them.
    kinds = {name: entry.kind() for name, entry in scope.below.items()}
    for name in sorted(kinds, key=lambda name: (kinds[name] != "type", name)):
        entry, kind = scope.below[name], kinds[name]
        if kind == "namespace":
            yield f"namespace {name} {{"
            yield from _declarations(entry, in_class=False)
            yield "}"
        elif kind == "type":
            yield from _class(name, entry)
        elif kind == "kernel":
            explicit = "class... E, " if entry.arguments else ""
            yield f"template <{explicit}class... A> __global__ void {name}(A...);"
        elif kind == "value":
            storage = "static" if in_class else "inline"
            yield f"{_template(entry)}{storage} constexpr {_ANY} {name}{{}};"
        elif kind == "function":
            yield from _function(name, entry, in_class)


def _class(name: str, entry: _Name) -> Iterator[str]:
    yield f"{_template(entry)}struct {name} : {_ANY} {{"
    yield "using any::any;"
    yield from _declarations(entry, in_class=True)
    yield "};"
    if _template(entry) == "template <class...> ":
        yield f"template <class... A> {name}(A...) -> {name}<>;"


def _function(name: str, entry: _Name, in_class: bool) -> Iterator[str]:
    static = "static " if in_class else ""
    yield f"template <class... A> {static}const {_ANY} &{name}(A &&...);"
    for count in sorted(entry.braced):
        # A braced list is an argument for no template.
        yield f"{static}const {_ANY} &{name}({', '.join([_ARGUMENT] * count)});"


def _template(entry: _Name) -> str:
    """The template's head that takes all its uses, or nothing for what is none."""
    if not entry.arguments:
        return ""
    every = [kind for arguments in entry.arguments for kind in arguments]
    if not any(every):
        return "template <class...> "
    if all(every):
        return "template <auto...> "
    most = max(len(arguments) for arguments in entry.arguments)
    least = min(len(arguments) for arguments in entry.arguments)
    params = []
    for index in range(most):
        is_value = any(arguments[index] for arguments in entry.arguments if index < len(arguments))
        default = "" if index < least else " = 0" if is_value else " = void"
        params.append(f"{'auto' if is_value else 'class'}{default}")
    return f"template <{', '.join(params)}> "


def _macros(scope: _Name) -> Iterator[str]:
    for name, entry in sorted(scope.below.items()):
        macro = _MACROS.get(entry.kind())
        if macro is not None:
            yield f"#define {name}{macro}"
