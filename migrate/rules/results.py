"""Which results are fresh tensors, and which may be an argument coming back.

A fresh tensor is handed out as it is. A parameter that is returned on every path need not cross the
border: the adaptor has the caller's object. Anything else is compared with the arguments at run time,
so that a returned argument is the same Python object, as with pybind11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Optional

from migrate.model.cpp import CppType, Function, Node, Param

ALLOCATES = frozenset(
    "empty empty_like empty_strided zeros zeros_like ones ones_like full full_like clone".split()
)
_DEPTH = 20
_VALUES = ("EXPR", "LITERAL", "OPERATOR")
_COPIES = frozenset("make_tuple tuple pair make_pair Tensor".split())
_WRAPS = _COPIES | frozenset("vector optional move forward UNEXPOSED".split())
# Members after which a variable is another tensor, or none.
_REBINDS = frozenset("reset operator= unsafeReleaseTensorImpl unsafeReleaseIntrusivePtr".split())
_TRANSPARENT = ("UNEXPOSED_EXPR", "PAREN_EXPR")

# Everything a variable is given, by its name; None stands for what the parser did not see.
Values = dict[str, list[Optional[Node]]]


def is_tensor(type_: CppType) -> bool:
    """True for a tensor and an optional one."""
    return type_.kind == "tensor" or (type_.kind == "optional" and type_.args[0].kind == "tensor")


def may_come_back(type_: CppType) -> bool:
    """True for a parameter that hands in tensors, in an order that Python can tell: not in a map."""
    if type_.kind in ("map", "variant"):
        return False
    return type_.kind == "tensor" or any(may_come_back(arg) for arg in type_.args)


def lost_identity(function: Function) -> Optional[str]:
    """Why a tensor that comes back would be another object; None when it is the caller's own."""
    hidden = [p for p in function.params if p.type.mentions("tensor") and not may_come_back(p.type)]
    if not hidden or returns_only_fresh(function):
        return None
    return f"it may return a tensor out of `{hidden[0].name}`, a `{hidden[0].type.spelling}`"


def _no_call(_: Node) -> bool:
    return False


def returns_only_fresh(function: Function, calls_new: Callable[[Node], bool] = _no_call) -> bool:
    """True when every tensor that ``function`` returns was allocated by it.

    ``calls_new`` answers for calls of the tree's own functions.
    """
    if function.body is None or not function.returns.mentions("tensor"):
        return True
    values = assigned(function.body)
    returned = own_returns(function)
    return bool(returned) and all(is_fresh(value, values, calls_new) for value in returned)


def handed_back(function: Function) -> tuple[Optional[int], ...]:
    """Per tensor of the result, the number of the parameter that it always is, None for a new tensor.

    Empty where no parameter always comes back, or where something else may come with it.
    """
    members = function.returns.args if function.returns.kind in ("tuple", "pair") else (function.returns,)
    if function.body is None or function.unseen_uses or any(m.kind != "tensor" for m in members):
        return ()
    kept = {p.name: i for i, p in enumerate(function.params) if _stays(p, function.body)}
    rows = [_members(value, len(members)) for value in own_returns(function)]
    if not kept or not rows or not all(rows):
        return ()
    values = assigned(function.body)
    found: list[Optional[int]] = []
    for sources in zip(*rows):
        numbers = {kept.get(_variable(source)) for source in sources}
        if len(numbers) > 1 or (None in numbers and not all(is_fresh(s, values) for s in sources)):
            return ()
        found += numbers
    return tuple(found) if any(number is not None for number in found) else ()


def _stays(param: Param, body: Node) -> bool:
    """True for a tensor parameter that is the caller's tensor to the end: nothing can bind it anew."""
    if param.type.kind != "tensor" or not param.name:
        return False
    if any(node.kind == "VAR_DECL" and node.spelling == param.name for node in body.walk()):
        return False  # another variable hides it
    return (param.type.reference and param.type.const) or _only_looked_at(body, param.name)


def _only_looked_at(body: Node, name: str) -> bool:
    """True when ``name`` stands where a tensor is read or copied, and nowhere else."""
    stack = [(body, body, False)]
    while stack:
        node, around, returned = stack.pop()
        if node.kind == "DECL_REF_EXPR" and node.spelling == name and not (returned or _only_reads(around)):
            return False
        if node.kind not in _TRANSPARENT:
            around = node
        # What `return std::move(x)` moves from is not used again.
        wraps = node.kind in _TRANSPARENT or (node.kind == "CALL_EXPR" and node.spelling in _WRAPS)
        returned = node.kind == "RETURN_STMT" or (returned and wraps)
        stack += [(child, around, returned) for child in node.children]
    return True


def _only_reads(user: Node) -> bool:
    """A member access, a copy, or what takes values and constant references."""
    if user.kind == "CALL_EXPR" and user.spelling not in _COPIES:
        callee = next((child.type for child in user.children if _is_callee(child, user)), "")
        return "at::Tensor &" not in callee.replace("const at::Tensor &", "") and "(" in callee
    if user.kind == "MEMBER_REF_EXPR":
        return user.spelling not in _REBINDS
    return user.kind == "CALL_EXPR" or user.type == "const at::Tensor &"


def _members(node: Node, count: int) -> tuple[Node, ...]:
    """The tensors of a returned value, none where it is not written out."""
    if count == 1:
        return (node,)
    while node.kind in (*_TRANSPARENT, "INIT_LIST_EXPR") or node.spelling in _COPIES - {"Tensor"}:
        operands = _operands(node)
        if len(operands) == count:
            return tuple(operands)
        if len(operands) != 1:
            return ()
        node = operands[0]
    return ()


def _variable(node: Node) -> str:
    """The variable that a value is a copy of, or ''."""
    while node.kind in _TRANSPARENT or (node.kind == "CALL_EXPR" and node.spelling in ("Tensor", "move")):
        operands = _operands(node)
        if len(operands) != 1:
            return ""
        node = operands[0]
    return node.spelling if node.kind == "DECL_REF_EXPR" else ""


def own_returns(function: Function) -> list[Node]:
    """What the function itself returns, not lambdas inside it."""
    if function.body is None:
        return []
    return [child for statement in _returns(function.body) for child in statement.children]


def is_fresh(node: Node, values: Values, calls_new: Callable[[Node], bool] = _no_call) -> bool:
    """True for a tensor, or a container of such, that only allocations flow into."""
    return _Fresh(values, calls_new).holds(node, 0)


def _returns(body: Node) -> Iterator[Node]:
    """Return statements of the function itself, not of lambdas inside it."""
    stack = [body]
    while stack:
        node = stack.pop()
        if node.kind == "RETURN_STMT":
            yield node
        elif node.kind != "LAMBDA_EXPR":
            stack.extend(node.children)


def assigned(body: Node) -> Values:
    """Everything each local variable is initialised or assigned with, by name."""
    values: Values = {}
    for node in body.walk():
        if node.kind == "VAR_DECL":
            sources = [c for c in node.children if c.kind.endswith(_VALUES)]
            values.setdefault(node.spelling, []).extend(sources[-1:])
        if node.kind == "CALL_EXPR" and node.spelling == "operator=" and len(node.children) >= 2:
            target = next((n for n in node.children[0].walk() if n.kind == "DECL_REF_EXPR"), None)
            if target is not None:
                values.setdefault(target.spelling, []).append(node.children[-1])
        if node.kind == "CALL_EXPR" and node.spelling in ("push_back", "emplace_back"):
            target = next((n for n in node.walk() if n.kind == "DECL_REF_EXPR"), None)
            if target is not None:
                values.setdefault(target.spelling, []).extend(node.children[1:])
    return values


@dataclass(frozen=True)
class _Fresh:
    values: Values
    calls_new: Callable[[Node], bool]

    def holds(self, node: Node, depth: int) -> bool:
        if depth > _DEPTH:
            return False
        if node.kind == "CALL_EXPR" and (node.spelling in ALLOCATES or self.calls_new(node)):
            return True
        if node.kind == "CALL_EXPR" and node.spelling and node.spelling not in _WRAPS:
            return False
        if node.kind == "DECL_REF_EXPR":
            return "Tensor" not in node.type or self._variable(node.spelling, depth)
        if node.kind.endswith(("EXPR", "OPERATOR")):  # such as `c ? a : b`
            return all(self.holds(child, depth + 1) for child in _operands(node))
        return True

    def _variable(self, name: str, depth: int) -> bool:
        sources = self.values.get(name, [])
        return bool(sources) and all(s is not None and self.holds(s, depth + 1) for s in sources)


def _operands(node: Node) -> list[Node]:
    """What goes into the value: neither types nor the name of the function that is called."""
    return [c for c in node.children if not c.kind.endswith("_REF") and not _is_callee(c, node)]


def _is_callee(child: Node, node: Node) -> bool:
    return node.kind == "CALL_EXPR" and child.kind == "DECL_REF_EXPR" and child.ref == node.ref != ""
