"""``migrate map API``: what a torch or pybind11 name becomes, by which rule and why."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Optional

from migrate import __version__
from migrate.model.rules import Rule, UserRules
from migrate.resources import csrc
from migrate.tables.compute import METHODS as COMPUTED
from migrate.tables.forms import COMPUTE, FORMS, REFUSALS
from migrate.tables.lookup import Tables, tables_of, torch_tail
from migrate.tables.methods import (
    ALLOCATION,
    CARRIED_CLASSES,
    CLASS_METHODS,
    HOST,
    METADATA,
    POINTERS,
    RESIZES,
    TENSOR_METHODS,
    VIEWS,
)
from migrate.tables.names import NAMESPACES
from migrate.tables.row import Row
from migrate.tables.std_headers import STD_NAMES

SCHEMA_VERSION = 1
_HEADER = re.compile(r".*(?:/|\.(?:h|hh|hpp|cuh|hxx|inc)$).*")
_MACRO = re.compile(r"(?:STABLE_)?(?:TORCH|AT|C10|PYBIND11|CAFFE2)_[A-Z0-9_]+")
_ROOTS = frozenset(name.split("::")[0] for name in NAMESPACES)
_RULES = (
    ("error.h", "checks"),
    ("exception.h", "checks"),
    ("logging.h", "checks"),
    ("warn.h", "checks"),
    ("dispatch", "dispatch"),
    ("cuda.h", "device"),
    ("cuda_stream.h", "device"),
    ("hip.h", "device"),
    ("hip_stream.h", "device"),
    ("kernel.h", "device"),
    ("device_guard.h", "device"),
    ("atomic.h", "device"),
)
_METHOD_WHY = (
    (METADATA, "it reads the tensor's metadata, which the DLPack view has"),
    (POINTERS, "the view has the pointer; byte_offset is added, and a typed access checks the dtype"),
    (VIEWS, "it makes other sizes and strides over the same memory"),
    (HOST, "it goes to the host's own service where the carried code cannot do it (runtime.h)"),
    (ALLOCATION, "memory comes from the host's allocator"),
    (RESIZES, "only memory that the operator allocated: the caller's is its host's (bridge)"),
    (COMPUTED.keys(), "the host computes it: under torch, torch's own operator (MIG321)"),
)


@dataclass(frozen=True)
class Answer:
    """``becomes`` is empty where there is no counterpart: ``tier`` is then the operator's."""

    api: str
    kind: str
    becomes: str = ""
    header: str = ""
    rule: str = ""
    why: str = ""
    tier: str = ""
    hint: str = ""

    @property
    def known(self) -> bool:
        return bool(self.becomes)


def look_up(api: str, rules: UserRules) -> Answer:
    """The answer for one name, spelled as in the source: ``at::empty``, ``x.view``, ``torch/all.h``."""
    name = _bare(api)
    tables = tables_of(rules)
    finders = (_header, _form, _macro, _method, _name, _refused)
    for find in finders:
        answer = find(name, tables)
        if answer is not None:
            return _by_user(answer, name, rules)
    return _unknown(name)


def _bare(api: str) -> str:
    """``#include <torch/all.h>`` -> ``torch/all.h``; ``at::empty(...)`` -> ``at::empty``."""
    if "<<<" in api:
        return "<<<>>>"
    text = re.sub(r"^\s*#\s*include\b", "", api).strip().strip('<>"')
    text = re.sub(r"\s+", "", text)
    return re.sub(r"[(<;].*", "", text).lstrip(":&") or text


def _header(name: str, tables: Tables) -> Optional[Answer]:
    if not _HEADER.fullmatch(name) or "::" in name:
        return None
    if name in tables.swaps:
        swap = tables.swaps[name]
        why = "what it declares keeps its names" if swap.startswith("ffi_port/") else ""
        return Answer(name, "header", f'#include "{swap}"', swap, "includes", why)
    if tables.leaves(name):
        becomes = "the carried and standard headers that the file's names need"
        return Answer(name, "header", becomes, "", "includes", "a migrated file has no torch in it")
    return Answer(name, "header", "itself", "", "includes", "it is not torch's: the include stays")


def _form(name: str, _tables: Tables) -> Optional[Answer]:
    form = FORMS.get(name) or FORMS.get(re.sub(r"^pybind11::", "py::", name))
    return Answer(name, "binding", form.becomes, form.place, "bindings", form.why) if form else None


def _macro(name: str, tables: Tables) -> Optional[Answer]:
    row = tables.macros.get(name)
    return _carried(name, "macro", row) if row is not None else None


def _method(name: str, _tables: Tables) -> Optional[Answer]:
    """``x.view``, ``.view``, ``at::Tensor::view``, ``c10::Device::index``."""
    owner, separator, method = re.sub(r"->", ".", name).rpartition(".")
    if not separator:
        owner, separator, method = name.rpartition("::")
        class_ = _class_of(owner) if separator else None
        if class_ is None:
            return None
    else:
        class_ = "at::Tensor"
    if class_ == "at::Tensor":
        return _tensor_method(name, method)
    carried, header = CARRIED_CLASSES[class_]
    if method not in CLASS_METHODS[class_]:
        return Answer(name, "method", tier=COMPUTE.tier, why=f"the carried {carried} has no {method}")
    becomes = f"ffi_port::{carried}::{method}"
    return Answer(name, "method", becomes, f"ffi_port/{header}", "names", f"the carried {carried} has it")


def _class_of(owner: str) -> Optional[str]:
    tail = torch_tail(owner) or owner
    if tail in ("Tensor", "TensorBase"):
        return "at::Tensor"
    return next((name for name in CLASS_METHODS if name.rpartition("::")[2] == tail), None)


def _tensor_method(name: str, method: str) -> Answer:
    if method in TENSOR_METHODS or method in COMPUTED:
        why = next((text for names, text in _METHOD_WHY if method in names), "the carried Tensor has it")
        return Answer(name, "method", f"the same method of ffi_port::Tensor: .{method}()",
                      "ffi_port/tensor.h", "names", why)  # fmt: skip
    refusal = next((row for row in REFUSALS if row.pattern.fullmatch(method)), COMPUTE)
    return Answer(
        name,
        "method",
        tier=refusal.tier,
        why=refusal.why,
        hint=_row_for(f"at::{method}"),
    )


def _name(name: str, tables: Tables) -> Optional[Answer]:
    parts = name.split("::")
    found = tables.torch_name(parts) or tables.own_name(parts)
    if found is None and len(parts) == 1 and name in tables.names:
        found = 1, tables.names[name]
    if found is None:
        return None
    count, row = found
    rest = "".join(f"::{part}" for part in parts[count:])
    return _carried(name, "name", Row(row.target + rest, row.header))


def _refused(name: str, _tables: Tables) -> Optional[Answer]:
    for row in REFUSALS:
        if row.pattern.fullmatch(name):
            return Answer(name, "name", tier=row.tier, why=row.why)
    if _MACRO.fullmatch(name):
        why = "no row carries the macro; one that the tree defines itself is rewritten where it is defined"
        return Answer(name, "macro", tier=COMPUTE.tier, why=why, hint=_row_for(name))
    if name.split("::")[0] in _ROOTS and "::" in name:
        return Answer(name, "name", tier=COMPUTE.tier, why=COMPUTE.why, hint=_row_for(name))
    return None


def _unknown(name: str) -> Answer:
    if name.startswith("std::"):
        return Answer(name, "name", "itself", STD_NAMES.get(name[5:], ""), "names", "it is not torch's")
    why = "it is not a name of torch's or pybind11's that has a row"
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        hint = f'[[macro]]\nname = "{name}"\nkind = "check"'
        return Answer(name, "macro", why=f"{why}; a macro that the tree defines needs none", hint=hint)
    return Answer(name, "name", why=f"{why}; a function of the tree needs none", hint=_row_for(name))


def _row_for(name: str) -> str:
    if _MACRO.fullmatch(name):
        return f'[[macro]]\nname = "{name}"\nkind = "plain"\nbecomes = "MY_{name}"\nheader = "mylib/ffi.h"'
    last = name.rpartition("::")[2]
    return f'[[name]]\nname = "{name}"\nbecomes = "mylib_ffi::{last}"\nheader = "mylib/{last}_ffi.h"'


def _carried(name: str, kind: str, row: Row) -> Answer:
    return Answer(name, kind, row.target, row.header, _rule_of(row.header), header_subject(row.header))


def _rule_of(header: str) -> str:
    return next((rule for part, rule in _RULES if part in header), "names")


def header_subject(header: str) -> str:
    """The first sentence of a carried header's opening comment."""
    if not header.startswith("ffi_port/"):
        return "the standard library has it" if header.startswith("<") else ""
    path = csrc() / header
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return re.split(r"(?<=[a-z)])[.:] ", " ".join(lines) + " ")[0].strip().rstrip(".")


def _by_user(answer: Answer, name: str, rules: UserRules) -> Answer:
    """The same answer, with the user's row as its rule where one decides."""
    spelled = {name, torch_tail(name)} - {""}
    row = next((row for row in rules.rows() if spelled & {_subject(row), torch_tail(_subject(row))}), None)
    if row is None or not answer.known:
        return answer
    return Answer(**{**asdict(answer), "rule": f"{rules.file}:{row.line}", "why": f"your row {row.title}"})


def _subject(row: Rule) -> str:
    return str(getattr(row, "name", "") or getattr(row, "include", ""))


def to_text(answer: Answer) -> str:
    place = "in" if answer.kind == "binding" else "header"
    rows = ((place, answer.header), ("rule", answer.rule), ("why", answer.why))
    if answer.known:
        head = f"{answer.api} -> {answer.becomes}"
    elif answer.tier:
        head = f"{answer.api}: no counterpart; the operator becomes {answer.tier}"
    else:
        head = f"{answer.api}: unknown"
    lines = [head, *(f"  {label:7} {text}" for label, text in rows if text)]
    if answer.hint:
        if answer.kind == "method":
            last = answer.api.replace("->", ".").rpartition(".")[2].rpartition("::")[2]
            lines.append(f"  write it as a function, at::{last}(x) for x.{last}(): rows are for functions")
        lines.append("  if you have something that does it, add to migrate.toml:")
        lines += [f"    {line}" for line in answer.hint.splitlines()]
    return "\n".join(lines) + "\n"


def to_json(answer: Answer) -> str:
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "migrate", "version": __version__},
        "known": answer.known,
        **asdict(answer),
    }
    return json.dumps(value, indent=1) + "\n"
