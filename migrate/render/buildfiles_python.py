"""Places in a Python build script: statements, calls and arguments as byte ranges."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Iterator, Optional, Union

from migrate.model.project import SourceFile
from migrate.render.buildfiles_edits import StringList, find_list

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
Placed = Union[ast.expr, ast.stmt, ast.keyword, ast.alias]


class Script:
    """A parsed script whose nodes have byte offsets. ``ValueError`` if it cannot be parsed."""

    def __init__(self, file: SourceFile) -> None:
        self.path = file.path
        self.text = file.data.decode("latin-1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file.data.decode("utf-8")  # ast counts columns in UTF-8: other encodings have no offsets
            self.tree = ast.parse(file.data)
        self._lines = [match.start() for match in _LINE.finditer(file.data)]
        self._bom = 3 if file.data.startswith(b"\xef\xbb\xbf") else 0
        self.parents: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

        self._aliases = dict(self._placed_aliases())

    def _placed_aliases(self) -> Iterator[tuple[ast.alias, tuple[int, int]]]:
        """Offsets of imported names on Python 3.9, whose ``ast`` does not keep them."""
        for statement in ast.walk(self.tree):
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                continue
            position = self.text.index("import", self.start(statement))
            for alias in statement.names:
                if hasattr(alias, "lineno"):
                    return
                name = re.escape(alias.name) + (rf"\s+as\s+{alias.asname}" if alias.asname else "")
                match = re.compile(rf"(?<![\w.]){name}(?![\w.])").search(self.text, position)
                if match is not None:
                    yield alias, match.span()
                    position = match.end()

    def start(self, node: Placed) -> int:
        if isinstance(node, ast.alias) and node in self._aliases:
            return self._aliases[node][0]
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: Placed) -> int:
        if isinstance(node, ast.alias) and node in self._aliases:
            return self._aliases[node][1]
        assert node.end_lineno is not None  # ast.parse always sets it
        return self._offset(node.end_lineno, node.end_col_offset or 0)

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column + (self._bom if line == 1 else 0)

    def source(self, node: Placed) -> str:
        return self.text[self.start(node) : self.end(node)]

    def calls(self) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def uses(self, name: str) -> list[ast.Name]:
        """All places that read ``name``, in order."""
        found = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        ]
        return sorted(found, key=self.start)

    def members(self, name: str) -> list[ast.Attribute]:
        """All places that read ``name`` out of a module, ``cpp_extension.name``, but to derive a class."""
        found = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute)
            and node.attr == name
            and not isinstance(self.parents[node], ast.ClassDef)
        ]
        return sorted(found, key=self.start)

    def string_list(self, node: Optional[ast.expr]) -> Optional[StringList]:
        """A list of string literals: written here, or in the one assignment of a name read once."""
        if isinstance(node, ast.Name):
            node = self._only_value(node.id)
        if not isinstance(node, ast.List):
            return None
        if not all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in node.elts):
            return None
        found = find_list(self.text, self.start(node))
        return found if found is not None and len(found.items) == len(node.elts) else None

    def _only_value(self, name: str) -> Optional[ast.expr]:
        assigned = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        ]
        if len(assigned) != 1 or len(self.uses(name)) != 1:
            return None
        statement = self.parents[assigned[0]]
        return statement.value if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None


def unpacking(node: ast.expr) -> tuple[str, str]:
    """What stands before and behind an expression whose items are taken: some need brackets."""
    loose = isinstance(node, (ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda, ast.NamedExpr))
    return ("*(", ")") if loose else ("*", "")


def called(call: ast.Call) -> str:
    """The last part of the called name."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def argument(call: ast.Call, name: str, position: int = -1) -> Optional[ast.expr]:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if 0 <= position < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args):
        return call.args[position]
    return None


def constant(node: Optional[ast.expr]) -> Optional[str]:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
