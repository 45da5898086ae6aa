"""The raw tier: cut a host function into a shim part and a launcher with raw pointers.

Before::

    torch::Tensor f(const torch::Tensor& x) {
      TORCH_CHECK(x.dim() == 2);
      auto out = torch::empty_like(x);
      AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "f", [&] { k<scalar_t>(out.data_ptr<scalar_t>()); });
      return out;
    }

After, in the kernel file, without a framework::

    void f(void* out, ffi_port::ScalarType x_dtype, ffi_port::ScalarType out_dtype) {
      FFI_DISPATCH_FLOATING_TYPES(x_dtype, "f", [&] {
        k<scalar_t>(ffi_port::typed<scalar_t>(out, out_dtype));
      });
    }

and in the shim the checks, the allocation, the call of the launcher and the return, as they stood.
The order of effects is the original's: nothing moves across another statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from migrate.model.cpp import Function, Node
from migrate.model.launcher import Split
from migrate.rules.raw.constants import constants, declarations
from migrate.rules.raw.facets import Facets, TensorVariable, find_facets
from migrate.rules.raw.outputs import allocated, find_outputs
from migrate.rules.raw.statements import Statement, split_statements
from migrate.rules.raw.stream import find_stream
from migrate.text.lexer import Token, code_tokens

_BY_VALUE = {
    "bool": "bool",
    "int": "int",
    "long": "int64_t",
    "unsigned int": "uint32_t",
    "unsigned long": "uint64_t",
    "float": "float",
    "double": "double",
    "short": "int16_t",
    "unsigned char": "uint8_t",
    "c10::ScalarType": "ffi_port::ScalarType",
}
_BY_REFERENCE = {
    "std::vector<long>": "const std::vector<int64_t>&",
    "std::vector<int>": "const std::vector<int>&",
    "std::basic_string<char>": "const std::string&",
    "std::string": "const std::string&",
}


def split(function: Function, text: str) -> Split | str:
    """The cut, or why there is none."""
    statements = split_statements(function, text)
    if statements is None:
        return "its body has preprocessor branches"
    kernel = [i for i, s in enumerate(statements) if s.reason]
    if not kernel:
        outputs = find_outputs(function, statements[:-1], statements[-1:], text)
        return Split(None, (), (), (), (), None, tuple(outputs))
    first, last = kernel[0], kernel[-1]
    before, inside, after = (
        statements[:first],
        statements[first : last + 1],
        statements[last + 1 :],
    )
    why = _control_flow(function, inside, after)
    if why:
        return why
    variables = _variables(function, before)
    start, end = inside[0].start, inside[-1].end
    tokens = tuple(
        Token(t.kind, t.text, t.start + start, t.end + start, t.directive)
        for t in code_tokens(text[start:end])
    )
    tensors = [v for v in variables if isinstance(v, TensorVariable)]
    facets = find_facets(text, tokens, tensors, _read_only(inside))
    if isinstance(facets, str):
        return facets
    why = _hidden_uses(function, inside, variables, facets) or _early_errors(
        statements, before, facets
    )
    if why:
        return why
    stream = find_stream(tokens, [p.name for p in function.params if p.type.kind == "tensor"])
    if isinstance(stream, str):
        return stream
    known = constants(function, before, text)
    scalars = _scalars(function, inside, after, [v for v in variables if v.name not in known])
    if isinstance(scalars, str):
        return scalars
    declared = declarations(function, list(_references(function, inside, set(known))), known, text)
    indent = text[text.rfind("\n", 0, start) + 1 : start]
    own = (start, start, "".join(f"{line}\n{indent}" for line in declared))
    edits = [*facets.edits, *(stream.edits if stream is not None else ()), *([own] if declared else ())]
    return Split(
        launcher=(start, end),
        facets=tuple(facets.rows.values()),
        scalars=tuple(scalars),
        edits=tuple(sorted(edits)),
        headers=tuple(sorted(h for h in facets.headers if h)),
        stream=stream,
        outputs=tuple(find_outputs(function, before, after, text)),
    )


def _read_only(inside: Sequence[Statement]) -> frozenset[int]:
    """Places of pointers that the launcher hands on as pointers to const."""
    return frozenset(
        node.start
        for statement in inside
        for node in statement.walk()
        if node.kind == "CALL_EXPR" and node.type.startswith("const ") and node.type.endswith("*")
    )


def _control_flow(
    function: Function, inside: Sequence[Statement], after: Sequence[Statement]
) -> str:
    """A return inside the launcher would only leave the launcher."""
    leaves = any(_returns(node) for statement in inside for node in statement.nodes)
    if leaves and (after or function.returns.kind != "void"):
        return "it returns from between its launches"
    if function.returns.kind != "void" and not after:
        return "its result is computed where it is returned"
    return ""


def _returns(root: Node) -> bool:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind == "RETURN_STMT":
            return True
        if node.kind != "LAMBDA_EXPR":
            stack.extend(node.children)
    return False


@dataclass(frozen=True)
class _Plain:
    """A variable that is no tensor, and its canonical type."""

    name: str
    type: str


def _variables(
    function: Function, before: Sequence[Statement]
) -> list[TensorVariable | _Plain]:
    """Parameters, and what the shim part declares at its top level."""
    rows: list[TensorVariable | _Plain] = [
        _variable(p.name, p.type.canonical) for p in function.params
    ]
    for statement in before:
        for node in statement.nodes:
            for inner in node.children if node.kind == "DECL_STMT" else ():
                if inner.kind == "VAR_DECL":
                    rows.append(_variable(inner.spelling, inner.type))
    return rows


def _variable(name: str, canonical: str) -> TensorVariable | _Plain:
    bare = _bare(canonical)
    if bare == "at::Tensor":
        return TensorVariable(name, False)
    if bare in ("std::optional<at::Tensor>", "std::optional<const at::Tensor>"):
        return TensorVariable(name, True)
    return _Plain(name, bare)


def _bare(canonical: str) -> str:
    text = canonical.rstrip("& ")
    return text[len("const ") :] if text.startswith("const ") else text


def _hidden_uses(
    function: Function,
    inside: Sequence[Statement],
    variables: Sequence[TensorVariable | _Plain],
    facets: Facets,
) -> str:
    """Uses that the text does not show: a macro body that names the caller's tensors, and names
    that are declared again."""
    names = {v.name for v in variables}
    tensors = {v.name for v in variables if isinstance(v, TensorVariable)}
    seen: set[int] = set()
    for statement in inside:
        for node in statement.walk():
            if node.kind in ("VAR_DECL", "PARM_DECL") and node.spelling in names:
                return f"`{node.spelling}` is declared again beside a launch"
            if node.kind == "DECL_REF_EXPR" and node.spelling in names:
                if node.owner == function.qualified and not node.exact:
                    return f"a macro body uses the caller's `{node.spelling}`"
                if node.spelling in tensors and node.owner == function.qualified:
                    seen.add(node.start)
    if len(seen) > facets.uses:
        return "a tensor is used where the text does not show it"
    return ""


_SHAPE = frozenset({"dim", "ndimension", "size", "sizes", "stride", "strides"})


def _early_errors(
    statements: Sequence[Statement], before: Sequence[Statement], facets: Facets
) -> str:
    """Metadata that can raise is asked for before the launcher starts: it must not raise earlier
    than a check inside would have. A shape that was already asked for, a tensor the function has
    just allocated, or an optional that it tests, cannot."""
    asked = _members(before, _SHAPE) | allocated(before)
    tested = _members(statements, frozenset({"has_value"}))
    for facet in facets.rows.values():
        name = re.split(r"\W", facet.argument, maxsplit=1)[0]
        if re.search(r"(?:\.|->)(?:size|stride)\(", facet.argument) and name not in asked:
            return f"the rank of `{name}` is not looked at before the launch"
        if "has_value()" in facet.argument and name not in tested:
            return f"`{name}` is read without a test that it is there"
    return ""


def _members(statements: Sequence[Statement], names: frozenset[str]) -> set[str]:
    """Variables on which one of the members ``names`` is used."""
    found: set[str] = set()
    for statement in statements:
        for node in statement.walk():
            if node.kind in ("MEMBER_REF_EXPR", "CALL_EXPR") and node.spelling in names:
                found |= {n.spelling for n in node.walk() if n.kind == "DECL_REF_EXPR"}
    return found


def _scalars(
    function: Function,
    inside: Sequence[Statement],
    after: Sequence[Statement],
    variables: Sequence[TensorVariable | _Plain],
) -> list[tuple[str, str]] | str:
    """Plain variables the launcher reads, as (type, name); why not when one cannot be passed."""
    plain = {v.name: v for v in variables if isinstance(v, _Plain)}
    used = _references(function, inside, set(plain))
    declared = {n.spelling for s in inside for n in s.walk() if n.kind == "VAR_DECL"}
    for name in _references(function, after, set(plain) | declared):
        if name in declared:
            return f"`{name}` is used after the launch"
        if name in used:
            return f"`{name}` may change beside the launch and is used after it"
    rows = []
    for name in used:
        type_ = _BY_VALUE.get(plain[name].type) or _BY_REFERENCE.get(plain[name].type)
        if type_ is None:
            return f"the launch uses `{name}`, a {plain[name].type}"
        rows.append((type_, name))
    return rows


def _references(
    function: Function, statements: Sequence[Statement], names: set[str]
) -> dict[str, None]:
    """The locals of ``function`` among ``names`` that ``statements`` use, in order."""
    return {
        node.spelling: None
        for statement in statements
        for node in statement.walk()
        if node.kind == "DECL_REF_EXPR"
        and node.spelling in names
        and node.owner == function.qualified
    }
