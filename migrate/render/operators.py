"""What registers a library's operators with torch's dispatcher again, from Python."""

from __future__ import annotations

import keyword
import re

from migrate import __version__
from migrate.model.bindings import Operator
from migrate.model.dispatcher import Dispatch
from migrate.model.plan import ModulePlan, OperatorPlan
from migrate.render.contexts import (
    LibraryContext,
    OperatorsContext,
    RegisteredFunction,
    RegisteredOperator,
)
from migrate.render.definitions import Definitions, free_name
from migrate.render.python_text import broken, literal
from migrate.render.served import is_left_out, symbol
from migrate.render.templates import render_template

# What the generated module calls: no implementation may take these names.
_USED = frozenset("torch again bind has load flat read resolve returned torch_dtype str tuple list".split())


def render_operators(module: ModulePlan) -> dict[str, str]:
    """Files of the adaptor package, by path relative to it; none without dispatcher operators."""
    if not module.implementations:
        return {}
    rows = sorted((row for row in module.operators if _is_registered(row)), key=_place)
    variables = _variables(rows)
    operators = tuple(_operator(module, row, variables) for row in rows)
    lines = [line for o in operators for f in o.functions for line in f.body]
    backend = ["bind"] if any(operator.functions for operator in operators) else []
    backend += ["has"] if any(f.optional for o in operators for f in o.functions) else []
    backend += [name for name in ("again", "flat", "read", "resolve") if _calls(name, lines)]
    arguments = [name for name in ("returned", "torch_dtype") if _calls(name, lines)]
    libraries = tuple((variables[name], name, "FRAGMENT") for name in sorted(variables))
    context = OperatorsContext(
        __version__,
        module.name,
        ", ".join(sorted(backend)),
        ", ".join(arguments),
        libraries,
        operators,
        _keeps_library(module),
    )
    files = {"_operators.py": render_template("operators.py.j2", context)}
    if not module.own:
        files["__init__.py"] = render_template("library.py.j2", LibraryContext(__version__, module.name))
    return files


def _calls(name: str, lines: list[str]) -> bool:
    return any(re.search(rf"(?<![\w.]){name}\(", line) for line in lines)


def _keeps_library(module: ModulePlan) -> bool:
    """True where a C++ library registers what Python does not."""
    return any(row.tier == "bridge" for row in module.implementations)


def _place(row: OperatorPlan) -> tuple[str, int]:
    span = row.operator.registration.span
    return span.file, span.start


def _is_registered(row: OperatorPlan) -> bool:
    return row.tier in ("raw", "view") and row.operator.registration.dispatch is not None


def _variables(rows: list[OperatorPlan]) -> dict[str, str]:
    """The variable of each namespace's library."""
    names = sorted({_dispatch(row.operator).namespace for row in rows})
    return {name: "_library" if len(names) == 1 else f"_library_{name}" for name in names}


def _dispatch(operator: Operator) -> Dispatch:
    dispatch = operator.registration.dispatch
    assert dispatch is not None
    return dispatch


def _operator(module: ModulePlan, row: OperatorPlan, variables: dict[str, str]) -> RegisteredOperator:
    operator, dispatch = row.operator, _dispatch(row.operator)
    assert dispatch.schema is not None
    parts = [p.operator for p in module.implementations if _implements(p.operator, operator)]
    define = [literal(dispatch.schema.text)]
    if dispatch.conservative and not any(a.alias for a in dispatch.schema.arguments):
        define.append('alias_analysis="CONSERVATIVE"')
    if dispatch.tags:
        tags = ", ".join(f"torch.Tag.{tag}" for tag in dispatch.tags)
        define.append(f"tags=({tags},)")
    return RegisteredOperator(
        library=variables[dispatch.namespace],
        name=operator.registration.name,
        define=broken(define, len(variables[dispatch.namespace]) + 9),
        functions=tuple(_function(module, part) for part in parts),
    )


def _implements(part: Operator, operator: Operator) -> bool:
    return any(part.id == own.id for own in operator.implementations)


def _function(module: ModulePlan, part: Operator) -> RegisteredFunction:
    function, dispatch = part.function, _dispatch(part)
    assert function is not None
    assert dispatch.schema is not None
    exported = symbol(module, part)
    bound = f"_{exported}"
    arguments = dispatch.schema.arguments
    names = [f"{a.name}_" if keyword.iskeyword(a.name) else a.name for a in arguments]
    definitions = Definitions(module, "", frozenset())
    body = definitions.body(bound, names, part)
    return RegisteredFunction(
        name=_def_name(exported),
        bound=bound,
        binding=definitions.binding(part, bound),
        keys=dispatch.keys,
        signature=_signature(names, dispatch, len(exported)),
        body=tuple(body),
        optional=exported if is_left_out(module, part) else "",
    )


def _def_name(exported: str) -> str:
    return free_name(f"{exported}_" if keyword.iskeyword(exported) else exported, _USED)


def _signature(names: list[str], dispatch: Dispatch, taken: int) -> str:
    assert dispatch.schema is not None
    parts: list[str] = []
    for name, argument in zip(names, dispatch.schema.arguments):
        if argument.keyword_only and "*" not in parts:
            parts.append("*")
        parts.append(name if argument.default is None else f"{name}={argument.python}")
    return broken(parts, taken + 10)
