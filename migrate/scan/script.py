"""Follow a build script statement by statement and note every extension it declares.

Both branches of a condition are followed unless it is known; a branch that raises is left out.
Mutations of a list in both branches add up; a name assigned in both may have either value.
"""

from __future__ import annotations

import ast
from typing import Callable, Optional

from migrate.scan.calls import FUNCTIONS, call_method
from migrate.scan.expressions import Expressions
from migrate.scan.values import (
    UNKNOWN,
    ExtensionCall,
    Method,
    Symbol,
    UserClass,
    UserFunction,
    Value,
    alternatives,
    join,
)
from migrate.scan.world import World

_MAX_DEPTH = 12
_LOADERS = ("load", "load_inline")


class _Stop(Exception):
    """Control leaves the statement list: ``kind`` is return, raise or loop."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Script(Expressions):
    """One reading of a script. ``declared`` holds the extension calls in the order met."""

    def __init__(self, world: World, steps: int = 200_000) -> None:
        super().__init__(world, steps)
        self.declared: list[ExtensionCall] = []
        self.functions: dict[str, ast.FunctionDef] = {}
        self.called: set[ast.FunctionDef] = set()
        self._returns: list[list[Value]] = [[]]
        self._statements: dict[type, Callable[..., None]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.Expr: lambda node: self._ignore(self.evaluate(node.value)),
            ast.If: self._if,
            ast.For: self._for,
            ast.While: lambda node: self._once(node.body),
            ast.With: self._with,
            ast.Try: self._try,
            ast.FunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Return: self._return,
            ast.Raise: lambda _: self._leave("raise"),
            ast.Continue: lambda _: self._leave("loop"),
            ast.Break: lambda _: self._leave("loop"),
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
        }

    def run(self, module: ast.Module) -> None:
        """The whole module, then every function nobody called, with unknown arguments."""
        self._once(module.body)
        for node in list(self.functions.values()):
            if node not in self.called:
                self.invoke(node, (), {})

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            handler = self._statements.get(type(statement))
            if handler is not None:
                handler(statement)

    def _once(self, statements: list[ast.stmt]) -> None:
        try:
            self.body(statements)
        except _Stop:
            pass  # nothing follows that would have to be skipped

    @staticmethod
    def _ignore(_value: Value) -> None:
        return None

    @staticmethod
    def _leave(kind: str) -> None:
        raise _Stop(kind)

    def _assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value))

    def _augmented(self, node: ast.AugAssign) -> None:
        current, value = self.evaluate(node.target), self.evaluate(node.value)
        if isinstance(current, list) and isinstance(node.op, ast.Add):
            current.extend(value if isinstance(value, (list, tuple)) else [value])
        else:
            self.bind(node.target, self.combine(type(node.op), current, value))

    def _if(self, node: ast.If) -> None:
        answer = self.truth(self.evaluate(node.test))
        if answer is not None:
            self.body(node.body if answer else node.orelse)
            return
        before = dict(self.names)
        first = self._branch(node.body)
        after_first, self.names = self.names, before.copy()
        second = self._branch(node.orelse)
        if first and second:
            # Both leave: the enclosing list goes on, since either may be an early exit of a path.
            raise _Stop(first)
        if first:
            return
        self.names = after_first if second else self._merged(after_first, self.names)

    def _branch(self, statements: list[ast.stmt]) -> Optional[str]:
        try:
            self.body(statements)
        except _Stop as stop:
            return stop.kind
        return None

    @staticmethod
    def _merged(left: dict[str, Value], right: dict[str, Value]) -> dict[str, Value]:
        merged = {**left, **right}
        for name in left.keys() & right.keys():
            merged[name] = left[name] if left[name] is right[name] else join(left[name], right[name])
        return merged

    def _for(self, node: ast.For) -> None:
        for value in self.rounds(self.evaluate(node.iter)):
            self.bind(node.target, value)
            stopped = self._branch(node.body)
            if stopped in ("return", "raise"):
                raise _Stop(stopped)

    def _with(self, node: ast.With) -> None:
        for item in node.items:
            value = self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self.body(node.body)

    def _try(self, node: ast.Try) -> None:
        stopped = self._branch(node.body)
        if stopped is None:
            stopped = self._branch(node.orelse)
        if stopped == "raise" and node.handlers:
            stopped = self._branch(node.handlers[0].body)
        self.body(node.finalbody)
        if stopped:
            raise _Stop(stopped)

    def _function(self, node: ast.FunctionDef) -> None:
        self.names[node.name] = UserFunction(node)
        self.functions[node.name] = node

    def _class(self, node: ast.ClassDef) -> None:
        self.names[node.name] = UserClass(node, tuple(self.evaluate(base) for base in node.bases))
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                self.functions[f"{node.name}.{method.name}"] = method

    def _return(self, node: ast.Return) -> None:
        self._returns[-1].append(self.evaluate(node.value) if node.value else None)
        raise _Stop("return")

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            self.names[name] = Symbol(alias.name if alias.asname else name)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            dotted = f"{node.module or ''}.{alias.name}"
            fact = self.world.fact(dotted)
            self.names[alias.asname or alias.name] = Symbol(dotted) if fact is UNKNOWN else fact

    def call(self, node: ast.Call) -> Value:
        function = self.evaluate(node.func)
        arguments: list[Value] = []
        for argument in node.args:
            value = self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument)
            spread = isinstance(argument, ast.Starred) and isinstance(value, (list, tuple))
            arguments.extend(value if spread else [value])
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, dict):
                keywords.update({key: one for key, one in value.items() if isinstance(key, str)})
        results = [self._call_one(one, node, tuple(arguments), keywords) for one in alternatives(function)]
        return join(*results)

    def _call_one(
        self, function: Value, node: ast.Call, arguments: tuple[Value, ...], keywords: dict[str, Value]
    ) -> Value:
        if isinstance(function, UserFunction):
            return self.invoke(function.node, arguments, keywords)
        if isinstance(function, Method):
            return call_method(self.world, function.owner, function.name, arguments)
        constructor = self._constructor(function, node)
        if constructor:
            made = ExtensionCall(constructor, node.lineno, arguments, keywords)
            self.declared.append(made)
            return made
        if isinstance(function, Symbol):
            return self._library_call(function.dotted, arguments, keywords)
        return UNKNOWN

    @staticmethod
    def _constructor(function: Value, node: ast.Call) -> str:
        """The name of an extension's constructor, or of torch's just-in-time loaders; else empty."""
        name = ""
        if isinstance(function, Symbol):
            name = function.leaf
            if name in _LOADERS and "cpp_extension" in function.dotted:
                return name
        elif isinstance(function, UserClass):
            name = function.node.name
        elif isinstance(node.func, ast.Name):
            name = node.func.id
        return name if name.endswith("Extension") and name != "BuildExtension" else ""

    def _library_call(self, dotted: str, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
        fact = self.world.fact(dotted + "()")
        if fact is not UNKNOWN:
            return fact
        row = FUNCTIONS.get(dotted)
        if row is None:
            return UNKNOWN
        try:
            return row(self.world, *arguments, **keywords)
        except Exception:  # a call the script itself would fail on, or one no row foresees
            return UNKNOWN

    def invoke(
        self, node: ast.FunctionDef, arguments: tuple[Value, ...], keywords: dict[str, Value]
    ) -> Value:
        """Follow a function of the script; recursion and great depth give an unknown value."""
        if len(self._returns) > _MAX_DEPTH:
            return UNKNOWN
        self.called.add(node)
        outer = self.names
        self.names = {**outer, **self._bound(node, arguments, keywords)}
        self._returns.append([])
        try:
            self._once(node.body)
        finally:
            self.names = outer
            returned = self._returns.pop()
        return join(*returned) if returned else None

    def _bound(
        self, node: ast.FunctionDef, arguments: tuple[Value, ...], keywords: dict[str, Value]
    ) -> dict[str, Value]:
        bound: dict[str, Value] = {}
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults = node.args.defaults
        for argument, default in zip(positional[len(positional) - len(defaults) :], defaults):
            bound[argument.arg] = self.evaluate(default)
        for argument, keyword_default in zip(node.args.kwonlyargs, node.args.kw_defaults):
            bound[argument.arg] = self.evaluate(keyword_default) if keyword_default else UNKNOWN
        for index, argument in enumerate(positional):
            if index < len(arguments):
                bound[argument.arg] = arguments[index]
            bound.setdefault(argument.arg, UNKNOWN)
        if node.args.vararg:
            bound[node.args.vararg.arg] = tuple(arguments[len(positional) :])
        if node.args.kwarg:
            bound[node.args.kwarg.arg] = dict(keywords)
        bound.update(
            {name: value for name, value in keywords.items() if name in bound or not node.args.kwarg}
        )
        return bound
