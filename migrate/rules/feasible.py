"""Can a host function leave torch? The first thing that keeps it there, with its line, or None."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional

from migrate.model.bindings import Model
from migrate.model.cpp import Function, Node
from migrate.model.project import Project
from migrate.rules.absent import exchange_reason
from migrate.rules.carried import is_carried
from migrate.rules.left_out import LeftOut
from migrate.rules.rename import Unknown, rename
from migrate.rules.resize import resizes_own
from migrate.tables.lookup import BUILTIN, Tables, tables_of
from migrate.tables.methods import RESIZES, TENSOR_CLASSES
from migrate.text.lexer import code_tokens

_TORCH_OWNER = re.compile(r"(at|c10|torch|caffe2)(::|$)")
_MAY_NAME_TORCH = re.compile(
    r"\b(?:at|torch|c10|caffe2|pybind11|py)\s*(?:::|;)"
    r"|(?:TORCH|AT|C10|PYBIND11|CAFFE2|STD_CUDA)_|RECORD_[FUP]|THCudaCheck"
)
_TENSOR = re.compile(r"\bTensor\b")
# `Py_INCREF` and `PyLong_FromLong`; a class of the tree's own may be called `PyCamera`.
_PYTHON = re.compile(r"Py(?:_[A-Z]\w*|[A-Z][A-Za-z]*_[A-Z]\w*)")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\s*(?:<[^;{}()]*>\s*)?\(")
_USES = frozenset({"CALL_EXPR", "MEMBER_REF_EXPR"})
_CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else)\b", re.MULTILINE)


@dataclass
class Feasibility:
    """Answers per function, remembered; unknown torch names are found once per file."""

    project: Project
    model: Model
    _reasons: dict[tuple[str, str, int], Optional[str]] = field(default_factory=dict)
    _unknown: dict[str, tuple[Unknown, ...]] = field(default_factory=dict)
    _called: dict[tuple[str, str, int], list[Function]] = field(default_factory=dict)
    _by_usr: dict[str, list[Function]] = field(default_factory=dict)
    _by_name: dict[str, set[str]] = field(default_factory=dict)
    _left_out: dict[str, tuple[tuple[Unknown, str], ...]] = field(default_factory=dict)
    _macros: frozenset[str] = frozenset()
    _bound: frozenset[str] = frozenset()
    _tables: Tables = BUILTIN

    def __post_init__(self) -> None:
        self._macros = frozenset(macro.name for macro in self.model.macros)
        self._code = LeftOut(self.project)
        self._tables = tables_of(self.project.rules)
        for function in self.model.functions:
            if function.body_span is not None:
                self._by_usr.setdefault(function.usr, []).append(function)
                self._by_name.setdefault(function.name, set()).add(function.usr)
        self._bound = frozenset(o.function.usr for o in self.model.operators if o.function is not None)

    def reason(self, function: Function) -> Optional[str]:
        """Why ``function`` (or a function it calls) needs torch; None when it does not."""
        key = (function.usr, function.span.file, function.span.start)
        if key not in self._reasons:
            # A recursive call must not ask again; the answer of the others decides.
            self._reasons[key] = None
            self._reasons[key] = self._find(function)
        return self._reasons[key]

    def must_leave(self, function: Function) -> bool:
        """Whether a file without torch cannot hold ``function``. One that was not read, and in whose text
        no tensor and no torch name without a row stands, can: its names are renamed like all others."""
        if self.reason(function) is None:
            return False
        return not function.errors or self._shows_torch(function)

    def is_unread(self, function: Function) -> bool:
        """Whether ``function`` leaves torch although the parser did not read it whole: it is called, not
        bound, and its text has nothing of torch's that has no row."""
        if not function.errors or function.usr in self._bound or self._shows_torch(function):
            return False
        types = (function.returns, *(param.type for param in function.params))
        # Of a template, an argument of the template's own type may be a tensor.
        return not any(t.kind == "opaque" and "type-parameter-" in t.canonical for t in types)

    def _shows_torch(self, function: Function) -> bool:
        names_tensor = _TENSOR.search(self._text(function)) is not None
        return names_tensor or bool(exchange_reason(function) or self._names(function))

    def _text(self, function: Function) -> str:
        file = self.project.file(function.span.file)
        data = file.data[function.span.start : function.span.end] if file is not None else b""
        return data.decode("latin-1")

    def unknown_names(self, path: str) -> tuple[Unknown, ...]:
        """Torch names in a file that no row of the tables carries."""
        if path not in self._unknown:
            file = self.project.file(path)
            text = file.data.decode("latin-1") if file is not None else ""
            named = _MAY_NAME_TORCH.search(text) is not None
            unknown = rename(path, text, tables=self._tables).unknown if named else ()
            # The tree's own macros stay what they are; their bodies are looked at where they stand.
            unknown = tuple(name for name in unknown if name.name not in self._macros)
            places = [(name, self._code.condition(text, name.offset)) for name in unknown]
            self._unknown[path] = tuple(name for name, condition in places if not condition)
            self._left_out[path] = tuple(place for place in places if place[1])
        return self._unknown[path]

    def names_left_out(self, path: str) -> tuple[tuple[Unknown, str], ...]:
        """Torch names without a row where nothing compiles them, and the condition around each."""
        self.unknown_names(path)
        return self._left_out[path]

    def callees(self, function: Function) -> list[Function]:
        """In-tree definitions that ``function`` calls, the nearest of each. The user's rows put
        others in place of some."""
        key = (function.usr, function.span.file, function.span.start)
        if key not in self._called:
            self._called[key] = self._find_callees(function)
        return self._called[key]

    def closure(self, function: Function) -> list[Function]:
        """``function`` and all in-tree functions it reaches."""
        seen, queue = {}, [function]
        while queue:
            one = queue.pop()
            key = (one.usr, one.span.file)
            if key not in seen:
                seen[key] = one
                queue.extend(self.callees(one))
        return list(seen.values())

    def _find_callees(self, function: Function) -> list[Function]:
        rows = []
        calls = set(function.calls)
        if self.is_unread(function):  # the parser drops statements: whatever has the name counts
            calls.update(*(self._by_name.get(name, ()) for name in _CALLED.findall(self._text(function))))
        for usr in sorted(calls):
            candidates = self._by_usr.get(usr)
            if candidates and not self._tables.own_name(candidates[0].qualified.split("::")):
                rows.append(min(candidates, key=lambda f: (f.span.file != function.span.file, f.span.file)))
        return rows

    def _find(self, function: Function) -> Optional[str]:
        if function.errors and not self.is_unread(function):
            return f"the parser does not understand it: {function.errors[0]}"
        if function.captures:
            return f"the lambda captures {', '.join(function.captures)} of the module body"
        return (
            self._python_types(function)
            or exchange_reason(function)
            or self._names(function)
            or self._unseen(function)
            or self._methods(function)
            or self._callees(function)
        )

    def _python_types(self, function: Function) -> Optional[str]:
        for param in function.params:
            if param.type.mentions("python"):
                return f"parameter `{param.name}` is a Python object ({param.type.spelling})"
        if function.returns.mentions("python"):
            return f"it returns a Python object ({function.returns.spelling})"
        return None

    def _names(self, function: Function) -> Optional[str]:
        span = function.span
        for name in self.unknown_names(span.file):
            if span.start <= name.offset < span.end:
                line = self._line(span.file, name.offset)
                return f"`{name.name}` at {span.file}:{line} has no counterpart without torch"
        return self._python_names(function)

    def _python_names(self, function: Function) -> Optional[str]:
        text = self._text(function)
        for token in code_tokens(text) if _PYTHON.search(text) else ():
            if _PYTHON.fullmatch(token.text) and token.text not in self._macros:
                line = self._line(function.span.file, function.span.start + token.start)
                return f"`{token.text}` at {function.span.file}:{line} needs Python"
        return None

    def _unseen(self, function: Function) -> Optional[str]:
        if not function.unseen_uses:
            return None
        if _CONDITIONAL.search(self._text(function)):
            return None
        return f"the parser lost a tensor use: {function.unseen_uses[0]} of {function.span.file}"

    def _methods(self, function: Function) -> Optional[str]:
        if function.body is None:
            return None
        for node in function.body.walk():
            if node.kind not in _USES or _TORCH_OWNER.match(node.owner) is None:
                continue
            if not is_carried(node, self._tables) or self._resizes_other(function, node):
                line = self._line(function.span.file, node.start)
                return f"`{node.spelling}` at {function.span.file}:{line} is torch compute"
        return None

    def _resizes_other(self, function: Function, node: Node) -> bool:
        call = node.kind == "CALL_EXPR" and node.owner in TENSOR_CLASSES and node.spelling in RESIZES
        return call and not resizes_own(function, node, self._calls)

    def _calls(self, function: Function) -> Optional[list[tuple[Function, Node]]]:
        """Every call of ``function`` in the tree; None for one that Python can call, too."""
        if function.usr in self._bound or function.is_lambda:
            return None
        usr = function.usr
        return [
            (caller, node)
            for caller in self.model.functions
            if caller.body is not None and usr in caller.calls
            for node in caller.body.walk()
            if node.kind == "CALL_EXPR" and node.ref == usr
        ]

    def _callees(self, function: Function) -> Optional[str]:
        for callee in self.callees(function):
            reason = self.reason(callee)
            if reason is not None:
                return f"it calls `{callee.name}`: {reason}" if ": " not in reason else reason
        return None

    def _line(self, path: str, offset: int) -> int:
        file = self.project.file(path)
        return file.data.count(b"\n", 0, offset) + 1 if file is not None else 0
