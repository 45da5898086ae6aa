"""One Python ``def`` per operator, or one for all overloads of a name."""

from __future__ import annotations

import keyword
from dataclasses import replace
from typing import AbstractSet, Optional, Sequence

from migrate.model.bindings import Operator, PyArg
from migrate.model.cpp import CppType, Function
from migrate.model.plan import ModulePlan
from migrate.render.contexts import AdaptorFunction
from migrate.render.docstring import docstring, overloaded_docstring
from migrate.render.enums import enum_names, enums_beside
from migrate.render.python_text import broken, default_value, docstring_literal, literal, tuple_of
from migrate.render.served import overloads_of, plan_of, returned_arguments, symbol
from migrate.render.shim import split_of
from migrate.rules.border import python_type
from migrate.rules.bridge import parameter_word, returned_functions
from migrate.rules.enums import enum_name, mentioned_enums
from migrate.rules.kinds import argument_kind, is_always_read, kind_of, needs_reading
from migrate.rules.results import is_tensor, may_come_back, returns_only_fresh

# Results that are made over inside a container.
_CONVERTED = ("string", "list", "array", "tuple", "pair")


class Definitions:
    """Renders the functions of one adaptor file: of ``module``, below ``scope``.

    ``taken`` are the names its operators have; a helper that one of them hides gets another.
    """

    def __init__(self, module: ModulePlan, scope: str, taken: frozenset[str]) -> None:
        self.module, self.taken = module, taken
        self.names = enum_names(module)
        self.beside = enums_beside(module, f"{module.name}.{scope}" if scope else module.name)

    def render(self, operators: Sequence[Operator]) -> tuple[AdaptorFunction, ...]:
        rows: list[AdaptorFunction] = []
        for operator in operators:
            overloads = overloads_of(self.module, operator)
            if len(overloads) == 1:
                name = operator.registration.name
                rows.append(self._function(operator, name, f"_{name}", docstring(operator, self.module)))
            elif operator is overloads[0]:
                rows += self._overloaded(overloads)
        return tuple(rows)

    def _overloaded(self, overloads: Sequence[Operator]) -> list[AdaptorFunction]:
        """A function for each, and the one that chooses."""
        name = overloads[0].registration.name
        rows, choices = [], []
        for number, operator in enumerate(overloads, 1):
            own = self._free(f"_{name}_{number}")
            row = self._function(operator, own, f"_ffi_{name}_{number}", "")
            rows.append(replace(row, overload_of=name))
            kinds = [literal(kind) for kind in self._kinds(operator)]
            choices.append(f"({own}, {tuple_of(kinds)})")
        bound = self._bound(name, f"_{name}")
        functions = [operator.function for operator in overloads]
        hints = {python_type(f.returns, self.beside) for f in functions if f is not None}
        helper = self._free("overloaded")
        chooser = AdaptorFunction(
            name=name,
            signature="*args: Any, **kwargs: Any",
            hints=hints.pop() if len(hints) == 1 else "Any",
            doc=docstring_literal(overloaded_docstring(overloads, self.module)),
            binding=broken([literal(name), *choices], len(bound) + 15),
            bound=bound,
            body=(f"return {bound}(*args, **kwargs)",),
            bind=helper,
            chooses=True,
        )
        return [*rows, chooser]

    def _free(self, name: str) -> str:
        return free_name(name, self.taken)

    def _bound(self, name: str, wanted: str) -> str:
        if name.startswith("_") or wanted in self.taken:
            return self._free(f"_ffi_{name}")
        return wanted

    def _function(self, operator: Operator, name: str, bound: str, doc: str) -> AdaptorFunction:
        row, function = operator.registration, operator.function
        assert function is not None
        args, names = row.args if row.has_args else (), parameter_names(operator)
        bound = self._bound(row.name, bound) if doc else self._free(bound)
        hints = python_type(function.returns, self.beside)
        plan = plan_of(self.module, operator)
        bridged = plan.tier == "bridge"
        body = _plain_body(bound, names, function) if bridged else self.body(bound, names, operator)
        return AdaptorFunction(
            name=name,
            signature=broken(self._signature(args, names, function), len(name) + len(hints) + 10),
            hints=hints,
            doc=docstring_literal(doc) if doc else "",
            binding=self._dispatched(operator, bound) if bridged else self.binding(operator, bound),
            bound=bound,
            body=tuple(body),
            bind=self._free("bridge" if bridged else "bind"),
            bridged=" ".join(plan.reason.split()) if bridged else "",
        )

    def _signature(self, args: Sequence[PyArg], names: Sequence[str], function: Function) -> list[str]:
        parts: list[str] = []
        for index, (name, param) in enumerate(zip(names, function.params)):
            text = f"{name}: {python_type(param.type, self.beside)}"
            if args:
                if args[index].keyword_only and "*" not in parts:
                    parts.append("*")
                default = args[index].python
                if default is not None:
                    text += f" = {default_value(default)}"
            parts.append(text)
            if args and args[index].positional_only and not _positional_only(args, index + 1):
                parts.append("/")
        if not args and parts:
            parts.append("/")
        return parts

    def _kinds(self, operator: Operator) -> list[str]:
        """What ``bind`` needs to know of each parameter."""
        row, function = operator.registration, operator.function
        assert function is not None
        args: Sequence[Optional[PyArg]] = row.args if row.has_args else [None] * len(function.params)
        return [argument_kind(param.type, arg, self.names) for param, arg in zip(function.params, args)]

    def binding(self, operator: Operator, bound: str) -> str:
        """The arguments of ``bind``: name, parameter kinds where there are any, GIL."""
        parts = [literal(symbol(self.module, operator))]
        kinds = self._kinds(operator) + ["optional[tensor]"] * self._output_count(operator)
        if kinds:
            parts.append(tuple_of([literal(kind) for kind in kinds]))
        if any("gil_scoped_release" in guard for guard in operator.registration.call_guards):
            parts.append("release_gil=True")
        if plan_of(self.module, operator).records:
            parts.append("records=True")
        return broken(parts, len(bound) + 9)

    def _dispatched(self, operator: Operator, bound: str) -> str:
        """The arguments of ``bridge``: name, and the parameters' types as the schema has them."""
        function, row = operator.function, operator.registration
        assert function is not None
        parts = [literal(symbol(self.module, operator))]
        if function.params:
            types = [parameter_word(param.type) for param in function.params]
            for index, arg in enumerate(row.args if row.has_args else ()):
                types[index] = types[index] if arg.none_allowed else types[index].rstrip("?")
            parts.append(tuple_of([literal(type_) for type_ in types]))
        called = [
            f"{position}: {tuple_of([literal(parameter_word(param)) for param in type_.args[1:]])}"
            for position, type_ in returned_functions(function.returns).items()
        ]
        parts += [f"called={{{', '.join(called)}}}"] if called else []
        return broken(parts, len(bound) + 11)

    def _output_count(self, operator: Operator) -> int:
        """Trailing destinations of the exported function; the adaptor leaves them to the shim."""
        cut = split_of(self.module, operator)
        return len(cut.outputs) if cut is not None else 0

    def body(self, bound: str, names: Sequence[str], operator: Operator) -> list[str]:
        """The lines that call the library and hand out what the original did.

        The call itself is all that happens where nothing has to be converted: a function in between,
        or a question about each argument, costs more than a kernel's launch leaves.
        """
        function = operator.function
        assert function is not None
        passed = [*names, *["None"] * self._output_count(operator)]
        if not passed:
            return [f"return {self._finished(f'{bound}()', names, function)}"]
        args, refusal, result = (free_name(name, {*names}) for name in ("args", "refusal", "result"))
        known = returned_arguments(self.module, operator)
        finished = _put_together(result, names, known) or self._finished(result, names, function)
        way = "return " if finished == result else f"{result} = "
        if known and None not in known:
            way = ""
        lines = [
            f"{args} = {self._arguments(bound, passed, operator)}",
            "try:",
            f"    {way}{bound}(*{args})",
            f"except (TypeError, RuntimeError) as {refusal}:",
            f"    {way}{self._free('again')}({bound}, {args}, {refusal})",
        ]
        return lines if finished == result else [*lines, f"return {finished}"]

    def _arguments(self, bound: str, passed: Sequence[str], operator: Operator) -> str:
        if any(is_always_read(kind) for kind in self._kinds(operator)):
            read = self._free("read")
            return f"{read}({broken([bound, *passed], len(read) + 40, ' ' * 4)})"
        inside = broken(passed, 40, " " * 4)
        return f"({inside}{',' if len(passed) == 1 else ''})"

    def _finished(self, value: str, names: Sequence[str], function: Function) -> str:
        if not returns_only_fresh(function):
            # As in the shim, which counts them: each tensor, and each item of what holds some.
            flat = self._free("flat")
            pairs = [(n, p.type) for n, p in zip(names, function.params) if may_come_back(p.type)]
            back = [name if is_tensor(type_) else f"*{flat}({name})" for name, type_ in pairs]
            value = f"{self._free('resolve')}({value}, {tuple_of(back)})"
        # Without a tensor among the arguments, tvm-ffi hands out tensors of its own.
        foreign = function.returns.mentions("tensor") and not _takes_tensor(function)
        if not foreign and not needs_reading(function.returns):
            return _converted(function.returns, value)
        if function.returns.kind == "enum":
            return f"{self.names[enum_name(function.returns)]}({value})"
        used = set(mentioned_enums(function))
        enums = "".join(f", {name}" for cpp, name in sorted(self.beside.items()) if cpp in used)
        kind = literal(kind_of(function.returns, self.names))
        return f"{self._free('returned')}({kind}, {value}{enums})"


def _put_together(result: str, names: Sequence[str], known: Sequence[Optional[int]]) -> str:
    """New tensors from the library, and the caller's own, in the original's order; '' if none is known."""
    made = known.count(None)
    new = iter([result] if made == 1 else [f"{result}[{index}]" for index in range(made)])
    parts = [next(new) if number is None else names[number] for number in known]
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})" if parts else ""


def _plain_body(bound: str, names: Sequence[str], function: Function) -> list[str]:
    """The dispatcher hands out the kinds of object that pybind11 did."""
    call = f"{bound}({broken(names, len(bound) + 20, ' ' * 4)})"
    return [call] if function.returns.kind == "void" else [f"return {call}"]


def free_name(name: str, taken: AbstractSet[str]) -> str:
    """A helper's name in the module: not one that an operator has."""
    while name in taken:
        name += "_"  # in front, it would be what an operator's function is bound to
    return name


def _takes_tensor(function: Function) -> bool:
    return any(param.type.kind == "tensor" for param in function.params)


def _positional_only(args: Sequence[PyArg], index: int) -> bool:
    return index < len(args) and args[index].positional_only


def parameter_names(operator: Operator) -> list[str]:
    """What the adaptor's function calls its parameters."""
    row, function = operator.registration, operator.function
    assert function is not None
    args, names = row.args if row.has_args else (), []
    for index in range(len(function.params)):
        name = args[index].name if args else f"arg{index}"
        names.append(f"{name}_" if keyword.iskeyword(name) else name)
    return names


def _converted(type_: CppType, value: str) -> str:
    """The kind of object pybind11 returned: a tuple, a list, a ``str``."""
    if type_.kind == "string":
        return f"str({value})"
    if type_.kind in ("tuple", "pair"):
        if all(arg.kind not in _CONVERTED for arg in type_.args):
            return f"tuple({value})"
        inner = [_converted(arg, f"r[{i}]") for i, arg in enumerate(type_.args)]
        return f"(lambda r: ({', '.join(inner)},))({value})"
    if type_.kind in ("list", "array"):
        if type_.args[0].kind in _CONVERTED:
            return f"[{_converted(type_.args[0], 'item')} for item in {value}]"
        return f"list({value})"
    return value
