"""A Python script that shows one difference, and needs nothing of this tool."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import jinja2

from migrate.compare.call import Call, Value, describe
from migrate.compare.fills import FILLS, LAYOUTS
from migrate.compare.manifest import Entry
from migrate.compare.protocol import LoadedBy
from migrate.compare.repro_stored import object_name, stored_objects, stores_text, switches
from migrate.resources import templates

FOLDER = ".migrate/repro"


@dataclass(frozen=True)
class Shown:
    """What a script shows: a call, on which device and in which situation, and in words what differs."""

    call: Call
    difference: str
    device: str = "cpu"
    situation: str = ""


def write_repro(tree: Path, entry: Entry, shown: Shown, libraries: tuple[LoadedBy, LoadedBy]) -> str:
    """Write the script; returns its path in the tree."""
    original, migrated = libraries
    call = shown.call
    lines, positional, keywords = _arguments(call, entry)
    by_path = {"original": original.path, "migrated": migrated.path} if original.kind == "library" else {}
    text = _template().render(
        title=_docstring(f"{entry.id} on {describe(call, entry.names)}"),
        difference=_docstring(shown.difference),
        libraries={side: _inside(tree, path) for side, path in by_path.items()},
        device=repr(shown.device),
        situation=repr(shown.situation),
        original=repr(_inside(tree, original.path)),
        beside={other.name: _inside(tree, other.path) for other in original.beside},
        root=repr(_inside(tree, migrated.root or migrated.path)),
        adaptor=repr(_inside(tree, migrated.path)),
        module=repr(original.name),
        arguments=lines,
        positional=", ".join(positional),
        keywords=", ".join(keywords),
        named=", ".join(f"{name}={name}" for name in _assigned(call, entry)),
        operator=entry.path if entry.is_dispatched else f"library.{entry.path}",
        stores=stores_text(call),
    )
    path = f"{FOLDER}/{re.sub(r'[^A-Za-z0-9_.-]+', '_', entry.id)}.py"
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(text, encoding="utf-8")
    return path


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(str(templates()))
    environment = jinja2.Environment(
        loader=loader, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template("repro.py.j2")


def _inside(tree: Path, path: str) -> str:
    whole = Path(path)
    return str(PurePosixPath(whole.relative_to(tree))) if tree in (whole, *whole.parents) else path


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _assigned(call: Call, entry: Entry) -> list[str]:
    pairs = zip(entry.names, call.values)
    return [name for name, value in pairs if value.kind != "absent"]


def _arguments(call: Call, entry: Entry) -> tuple[list[str], list[str], list[str]]:
    """The lines that make the arguments, and which are passed by position and by name."""
    lines, passed, absent_before = stored_objects(call), [], False
    for index, (name, value) in enumerate(zip(entry.names, call.values)):
        if value.kind == "absent":
            absent_before = True
            continue
        made = entry.names[int(value.scalar or 0)] if value.kind == "same" else _expression(value)
        lines.append(f"{name} = {made}")
        passed.append(f"{name}={name}" if absent_before or index in call.keywords else name)
    lines += switches(call)
    extra = [_expression(value) for value in call.extra]
    keywords = [part for part in passed if "=" in part] + [f"{name}=None" for name in call.unknown]
    return lines, [*(part for part in passed if "=" not in part), *extra], keywords


def _expression(value: Value) -> str:
    if value.kind == "tensor":
        return _tensor(value)
    if value.view is not None:
        return object_name(value)
    if value.kind in ("list", "tuple"):
        inside = ", ".join(_expression(item) for item in value.items)
        return f"[{inside}]" if value.kind == "list" else f"({inside},)"
    if value.kind == "dict":
        made = [_expression(item) for item in value.items]
        return f"{{{', '.join(f'{key}: {item}' for key, item in zip(made[::2], made[1::2]))}}}"
    if value.kind == "enum":
        module, enum, member = str(value.scalar).split(":")
        return f"getattr(__import__('importlib').import_module({module!r}).{enum}, {member!r})"
    special = {
        "float": f"float({str(value.scalar)!r})",
        "dtype": f"torch.{value.scalar}",
        "device": f"torch.device({value.scalar!r})",
        "numpy": "__import__('numpy').ones((2, 2), dtype='float32')",
        "numpy_int": f"__import__('numpy').int64({value.scalar!r})",
        "numpy_float": f"__import__('numpy').float32({value.scalar!r})",
    }
    return special.get(value.kind, repr(value.scalar))


def _tensor(value: Value) -> str:
    """The same expressions that the workers evaluate, with this tensor's numbers in them."""
    memory_shape, view = LAYOUTS[value.layout]
    scope = {"shape": value.shape, "n": value.numel, "slice": slice}
    behind = tuple(eval(memory_shape, {"__builtins__": {}}, dict(scope)))
    fill = FILLS[value.fill].replace("generator=g", f"generator=seeded({value.seed})")
    fill = _filled_in(fill.replace("limit", str(value.limit)), behind)
    text = f"placed(({fill}).to(torch.{value.dtype}))"
    if value.layout != "contiguous":
        text = _filled_in(view, value.shape).replace("base", text, 1)
    return text + (".requires_grad_()" if value.grad else "")


def _filled_in(text: str, shape: tuple[int, ...]) -> str:
    total = 1
    for size in shape:
        total *= size
    text = re.sub(r"\bshape\[(-?\d+)\]", lambda match: str(shape[int(match.group(1))]), text)
    # A bare `shape` or `n` only: `.reshape(shape)` keeps its name.
    text = re.sub(r"(?<![\w.])shape\b", lambda _: repr(shape), text)
    return re.sub(r"(?<![\w.])n\b", str(total), text)
