"""A Python script that shows one difference, and needs nothing of this tool."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from migrate.compare.call import Call, Value, describe
from migrate.compare.fills import FILLS, LAYOUTS
from migrate.compare.manifest import Entry
from migrate.compare.protocol import LoadedBy
from migrate.compare.repro_stored import object_name, stored_objects, stores_text, switches

FOLDER = ".migrate/repro"

_SCRIPT = '''\
"""{title}

{difference}

Run it: it calls the original and the migrated operator, each in a process of its own, and ends with
status 1 where they differ.
"""

import base64
import importlib
import importlib.util
import math
import os
import subprocess
import sys
import zlib
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]


def load(side):
    if {libraries!r}:
        torch.ops.load_library(str(TREE / dict({libraries!r})[side]))
        return None
    if side == "original":
        path, folders = TREE / {original!r}, None
    else:
        os.environ["MIGRATE_BUILD_DIR"] = str(TREE / ".migrate/build/migrated")
        os.environ["MIGRATE_BRIDGE_DIR"] = str(TREE / ".migrate/build/bridge")
        os.environ["MIGRATE_LEGACY_DIR"] = str(TREE / ".migrate/build/legacy")
        sys.path.insert(0, str(TREE / {root!r}))
        try:
            return importlib.import_module({module!r})
        except ImportError:
            path, folders = TREE / {adaptor!r} / "__init__.py", [str(TREE / {adaptor!r})]
    spec = importlib.util.spec_from_file_location({module!r}, path, submodule_search_locations=folders)
    module = sys.modules[{module!r}] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seeded(seed):
    return torch.Generator().manual_seed(seed)


{stores}def show(name, thing):
    if isinstance(thing, torch.Tensor):
        form = f"{{thing.dtype}} shape {{tuple(thing.shape)}} strides {{thing.stride()}}"
        print(f"{{name}}: {{form}} {{thing.detach().flatten().tolist()}}")
    elif isinstance(thing, (list, tuple)):
        print(f"{{name}}: {{type(thing).__name__}} of {{len(thing)}}")
        for index, item in enumerate(thing):
            show(f"{{name}}[{{index}}]", item)
    else:
        print(f"{{name}}: {{type(thing).__name__}} {{thing!r}}")


def call(operator):
{arguments}
    named = {named}
    try:
        result = operator({passed})
        show("result", result)
        print("result is", [name for name, thing in named.items() if thing is result])
    except Exception as error:
        text = str(error).split("Exception raised from")[0].strip()
        conversion = isinstance(error, TypeError) and "incompatible function arguments" in text
        print(type(error).__name__, "" if conversion else text)
    for name, thing in named.items():
        show(name, thing)


if len(sys.argv) > 1:
    import torch

    library = load(sys.argv[1])
    call({operator})
else:
    seen = {{}}
    for side in ("original", "migrated"):
        run = subprocess.run([sys.executable, __file__, side], capture_output=True, text=True)
        seen[side] = run.stdout
        if run.returncode:
            seen[side] += f"ended with {{run.returncode}}\\n{{run.stderr}}"
        print(f"--- {{side}}\\n{{seen[side]}}")
    sys.exit(seen["original"] != seen["migrated"])
'''


def write_repro(
    tree: Path, entry: Entry, call: Call, difference: str, libraries: tuple[LoadedBy, LoadedBy]
) -> str:
    """Write the script; returns its path in the tree."""
    original, migrated = libraries
    lines, passed = _arguments(call, entry)
    text = _SCRIPT.format(
        title=_docstring(f"{entry.id} on {describe(call, entry.names)}"),
        difference=_docstring(difference),
        original=_inside(tree, original.path),
        root=_inside(tree, migrated.root or migrated.path),
        adaptor=_inside(tree, migrated.path),
        module=original.name,
        stores=stores_text(call),
        arguments="\n".join(f"    {line}" for line in lines) or "    pass",
        named="{" + ", ".join(f'"{name}": {name}' for name in _assigned(call, entry)) + "}",
        passed=", ".join(passed),
        operator=entry.path if entry.path.startswith("torch.ops.") else f"library.{entry.path}",
        libraries=[(side, _inside(tree, row.path)) for side, row in zip(("original", "migrated"), libraries)]
        if original.kind == "library"
        else [],
    )
    path = f"{FOLDER}/{re.sub(r'[^A-Za-z0-9_.-]+', '_', entry.id)}.py"
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(text, encoding="utf-8")
    return path


def _inside(tree: Path, path: str) -> str:
    whole = Path(path)
    return str(PurePosixPath(whole.relative_to(tree))) if tree in (whole, *whole.parents) else path


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _assigned(call: Call, entry: Entry) -> list[str]:
    pairs = zip(entry.names, call.values)
    return [name for name, value in pairs if value.kind != "absent"]


def _arguments(call: Call, entry: Entry) -> tuple[list[str], list[str]]:
    """The lines that make the arguments, and how they are passed."""
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
    return lines, [*(part for part in passed if "=" not in part), *extra, *keywords]


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
    fill = _filled_in(FILLS[value.fill], behind).replace("generator=g", f"generator=seeded({value.seed})")
    text = f"({fill}).to(torch.{value.dtype})"
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
