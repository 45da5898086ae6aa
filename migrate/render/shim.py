"""``*_ffi.cc`` and the launch header: what other hosts call, and what it calls."""

from __future__ import annotations

import posixpath
import re
from typing import Mapping, Optional, Sequence

from migrate import __version__
from migrate.model.bindings import Operator
from migrate.model.cpp import CppType, Function, Param
from migrate.model.launcher import Split
from migrate.model.plan import ModulePlan
from migrate.render.contexts import Declaration, HeaderContext, ShimContext, ShimFunction
from migrate.render.conversions import converted, local_type
from migrate.render.enums import enum_definitions
from migrate.render.hosts import render_hosts
from migrate.render.lines import wrapped
from migrate.render.raw import launcher_declaration
from migrate.render.served import is_left_out, migrated_operators, plan_of, returned_arguments, symbol
from migrate.render.templates import render_template
from migrate.rules.border import cpp_spelling, returned_type, shim_type, stored_type
from migrate.rules.entries import entry_file, needs_entry
from migrate.rules.rename import rename
from migrate.rules.results import is_tensor, may_come_back, returns_only_fresh
from migrate.tables.lookup import BUILTIN, Tables
from migrate.text.edits import apply_edits

_HELPERS = ("arguments", "from_ffi", "guarded", "narrow", "result", "to_ffi")
_TYPE_HEADERS = {
    "ffi_port::Tensor": '"ffi_port/tensor.h"',
    "ffi_port::ScalarType": '"ffi_port/scalar_type.h"',
    "ffi_port::Device": '"ffi_port/device.h"',
    "ffi_port::Generator": '"ffi_port/generator.h"',
    "ffi_port::ArrayRef": '"ffi_port/array_ref.h"',
    "std::optional": "<optional>",
    "std::vector": "<vector>",
    "std::tuple": "<tuple>",
    "std::pair": "<utility>",
    "std::string": "<string>",
    "std::array": "<array>",
    "std::map": "<map>",
    "std::unordered_map": "<unordered_map>",
    "std::variant": "<variant>",
    "int64_t": "<cstdint>",
    "uint8_t": "<cstdint>",
    "uint64_t": "<cstdint>",
}


def entry_namespace(path: str) -> str:
    """One namespace per file: several extensions may compile the same binding file."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return re.sub(r"\W", "_", stem) + "_entry"


def entry_scope(function: Function) -> str:
    """A lambda's body names things as the code around it did: its entry point stands there."""
    return function.qualified.rpartition("::")[0] if function.is_lambda else ""


def entry_name(module: ModulePlan, operator: Operator) -> str:
    """Not the operator's own name, which would hide a function that a lambda's body calls."""
    return f"{symbol(module, operator)}_entry"


def target(module: ModulePlan, operator: Operator) -> tuple[str, str]:
    """Namespace and name of the function the shim calls."""
    function = operator.function
    assert function is not None
    if split_of(module, operator) is not None:
        return "host", function.name
    if needs_entry(operator):
        outer = entry_scope(function)
        own = entry_namespace(entry_file(operator, module.file))
        return (f"{outer}::{own}" if outer else own), entry_name(module, operator)
    namespace, _, name = function.qualified.rpartition("::")
    return namespace, name


def split_of(module: ModulePlan, operator: Operator) -> Optional[Split]:
    """The cut of a raw operator, None for a view one."""
    return plan_of(module, operator).split


def render_header(module: ModulePlan, source: str) -> str:
    """The launch header of a module."""
    rows: dict[tuple[str, str], Declaration] = {}
    for operator in migrated_operators(module):
        namespace, name = target(module, operator)
        cut, function = split_of(module, operator), operator.function
        if cut is not None and cut.launcher is None:
            continue
        if cut is not None and function is not None:
            namespace = function.qualified.rpartition("::")[0]
            text = launcher_declaration(function, cut) + ";"
        else:
            text = declaration(operator, name) + ";"
        rows.setdefault((namespace, text), Declaration(namespace, text))
    text = "".join(row.text for row in rows.values())
    includes = sorted({header for word, header in _TYPE_HEADERS.items() if word in text})
    context = HeaderContext(
        __version__,
        source,
        tuple(sorted(includes, key=lambda h: (h.startswith('"'), h))),
        # A function takes what is defined above it.
        (*_grouped(enum_definitions(module)), *_grouped(list(rows.values()))),
    )
    return render_template("launch_header.h.j2", context)


def _grouped(rows: list[Declaration]) -> list[Declaration]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row.namespace, []).append(row.text)
    return [Declaration(namespace, "\n".join(texts)) for namespace, texts in groups.items()]


def declaration(operator: Operator, name: str) -> str:
    """``ffi_port::Tensor f(const ffi_port::Tensor &x, double eps)``."""
    function = operator.function
    assert function is not None
    params = [_param_text(param, index) for index, param in enumerate(function.params)]
    return wrapped(f"{cpp_spelling(function.returns)} {name}(", params, ")")


def _param_text(param: Param, index: int) -> str:
    text = cpp_spelling(param.type)
    name = param.name or f"arg{index}"
    return f"{text}{name}" if text.endswith(("&", "*")) else f"{text} {name}"


def render_entries(
    path: str, rows: Mapping[str, Operator], texts: dict[str, str], tables: Tables = BUILTIN
) -> tuple[str, frozenset[str]]:
    """Entry points by name for lambdas, statics and template instances, and the headers they need.

    ``path`` bound them; ``texts`` are the original files, for the bodies of lambdas.
    """
    blocks: dict[str, list[str]] = {}
    headers: set[str] = set()
    for name, operator in rows.items():
        function = operator.function
        assert function is not None
        head = declaration(operator, name)
        if function.is_lambda and function.body_span is not None:
            span = function.body_span
            body = texts[span.file][span.start : span.end]
            renames = rename(span.file, body, tables=tables)
            headers |= renames.headers
            text = f"{head} {_dedented(apply_edits(body, renames.edits))}"
        else:
            text = f"{head} {{\n  {_forward(operator, function, tables)}\n}}"
        blocks.setdefault(entry_scope(function), []).append(text)
    own = entry_namespace(path)
    pieces = ["// Entry points for the tvm-ffi shim: what the module definition here used to bind."]
    for outer, texts_there in sorted(blocks.items()):
        namespace = f"{outer}::{own}" if outer else own
        inner = "\n\n".join(texts_there)
        pieces.append(f"namespace {namespace} {{\n\n{inner}\n\n}}  // namespace {namespace}\n")
    return "\n".join(pieces), frozenset(headers)


def _forward(operator: Operator, function: Function, tables: Tables) -> str:
    names = [param.name or f"arg{index}" for index, param in enumerate(function.params)]
    text = operator.registration.target_text
    renamed = apply_edits(text, rename("", text, tables=tables).edits)
    # Qualified from the top: the entry point itself may have the same name.
    call = renamed if renamed.startswith("::") else f"::{renamed}"
    start = "" if function.returns.kind == "void" else "return "
    return f"{start}{call}({', '.join(names)});"


def _dedented(body: str) -> str:
    """A lambda's body, moved to the left by what its closing brace was indented."""
    lines = body.split("\n")
    if len(lines) == 1:
        return body
    margin = len(lines[-1]) - len(lines[-1].lstrip())
    return "\n".join([lines[0], *(re.sub(rf"^ {{0,{margin}}}", "", line) for line in lines[1:])])


def render_shim(module: ModulePlan, source: str, texts: dict[str, str], tables: Tables = BUILTIN) -> str:
    """The module's ``*_ffi.cc``; ``texts`` are the original files."""
    hosts = render_hosts(module, texts, tables)
    functions = [_shim_function(module, o) for o in migrated_operators(module)]
    used = "\n".join(f.definition for f in functions)
    names = ("Any", "Array", "Map", "Optional", "String", "Tensor", "TensorView", "Tuple", "Variant")
    usings = [f"tvm::ffi::{n}" for n in names if re.search(rf"(?<![:\w]){n}\b", used)]
    usings += [f"ffi_port::{n}" for n in _HELPERS if re.search(rf"(?<![:\w]){n}\b", used)]
    maps = ('"ffi_port/maps.h"',) if any(_has_map(o) for o in migrated_operators(module)) else ()
    context = ShimContext(
        version=__version__,
        source=source,
        includes=(*hosts.includes, *maps),
        header=f"{module.stem}.h",
        macros=hosts.macros,
        hosts=hosts.functions,
        usings=tuple(usings),
        functions=tuple(functions),
    )
    return render_template("module_ffi.cc.j2", context)


def _has_map(operator: Operator) -> bool:
    function = operator.function
    assert function is not None
    return any(type_.mentions("map") for type_ in (function.returns, *(p.type for p in function.params)))


def _shim_function(module: ModulePlan, operator: Operator) -> ShimFunction:
    function = operator.function
    assert function is not None
    name = symbol(module, operator)
    cpp_name = f"{name}_ffi"
    names = [param.name or f"arg{index}" for index, param in enumerate(function.params)]
    params = [f"{shim_type(p.type)} {n}" for p, n in zip(function.params, names)]
    cut = split_of(module, operator)
    outputs = [output.parameter for output in cut.outputs] if cut is not None else []
    params += [f"Optional<Tensor> {name}" for name in outputs]
    known = returned_arguments(module, operator)
    fresh = bool(known) or returns_only_fresh(function)
    returns = _exported_type(function.returns, known) if fresh else "Any"
    head = wrapped(f"{returns} {cpp_name}(", params, ")")
    lines = [f"{head} {{", "  return guarded([&] {"]
    arguments = []
    borrowed = []
    for param, arg in zip(function.params, names):
        value = converted(param.type, arg)
        by_reference = param.type.reference and not param.type.const
        watched = not fresh and may_come_back(param.type)
        if by_reference or watched:
            # Not `arg_`: a name that ends in an underscore already would become reserved.
            local = f"{arg.rstrip('_')}_tensor"
            while local in names:
                local = f"{local}_in"
            lines.append(f"    {local_type(param.type)} {local} = {value};")
            value = local
        if watched:
            borrowed.append(value)
        arguments.append(value)
    arguments += [f"from_ffi({name})" for name in outputs]
    namespace, target_name = target(module, operator)
    called = f"{namespace}::{target_name}" if namespace else f"::{target_name}"
    plain = all(is_tensor(p.type) for p in function.params if may_come_back(p.type))
    back = f"{{{', '.join(borrowed)}}}" if plain else f"arguments({', '.join(borrowed)})"
    if known:
        lines += [f"    {line}" for line in _new_ones(called, arguments, known)]
    else:
        lines.append("    " + _call(called, arguments, function, fresh, back))
    lines += ["  });", "}"]
    definition = _qualified("\n".join(lines), names)
    return ShimFunction(name, cpp_name, definition, is_left_out(module, operator))


def _exported_type(type_: CppType, known: tuple[Optional[int], ...]) -> str:
    """What the function hands out: of a result of which parameters are known to come back, the rest."""
    if not known:
        return returned_type(type_)
    count = known.count(None)
    return "Array<Any>" if count > 1 else "Tensor" if count else "void"


def _new_ones(called: str, arguments: list[str], known: tuple[Optional[int], ...]) -> list[str]:
    """The call, and the tensors it made. The adaptor has the others: they are arguments."""
    places = [index for index, parameter in enumerate(known) if parameter is None]
    if not places:
        return [wrapped(f"{called}(", arguments, ");", 4)]
    if len(places) == 1:
        return [wrapped(f"return to_ffi(std::get<{places[0]}>({called}(", arguments, ")));", 4)]
    made = ", ".join(f"std::get<{index}>(made)" for index in places)
    return [wrapped(f"auto made = {called}(", arguments, ");", 4), f"return to_ffi(std::tuple({made}));"]


def _qualified(definition: str, names: Sequence[str]) -> str:
    """Helpers that a parameter hides, called by their full name."""
    for helper in set(_HELPERS) & set(names):
        definition = re.sub(rf"(?<![\w:]){helper}(?=[(<])", f"ffi_port::{helper}", definition)
    return definition


def _call(called: str, arguments: list[str], function: Function, fresh: bool, back: str) -> str:
    if function.returns.kind == "void":
        return wrapped(f"{called}(", arguments, ");", 4)
    if not fresh:
        tail = f"), {back});"
        return wrapped(f"return result({called}(", arguments, tail, 4)
    if function.returns.kind in ("int", "float", "bool", "enum"):
        type_ = stored_type(function.returns)
        if type_ in ("bool", "double") and function.returns.bits in (8, 64):
            return wrapped(f"return {called}(", arguments, ");", 4)
        return wrapped(f"return static_cast<{type_}>({called}(", arguments, "));", 4)
    return wrapped(f"return to_ffi({called}(", arguments, "));", 4)
