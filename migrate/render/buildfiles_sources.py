"""The sources of an extension as its ``setup.py`` spells them: listed, or made from what it computes."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Optional

from migrate.model.plan import BuildSpec

RELISTED = "relisted"
_WIDTH = 90


def source_list(paths: Sequence[str], indent: Optional[str]) -> str:
    """A list literal: on one line, or one source per line below ``indent``."""
    listed = [f'"{path}"' for path in paths]
    if indent is None:
        return f"[{', '.join(listed)}]"
    inner = "".join(f"{indent}    {one},\n" for one in listed)
    return f"[\n{inner}{indent}]"


def relisted(computed: str, original: BuildSpec, spec: BuildSpec, folder: str, indent: str) -> Optional[str]:
    """The expression ``computed``, which gives the sources of ``original``, turned into those of ``spec``.
    None where they have nothing in common. Conditions in it go on to decide what is built."""
    prefix = _prefix(original, spec)
    if prefix is None:
        return None
    moved = {path: posixpath.join(prefix, path) for path in original.sources}
    without = [path for path, place in moved.items() if place not in spec.sources]
    more = [path for path in spec.sources if path not in moved.values()]
    words = [computed]
    for name, paths in (("without", without), ("more", more)):
        if paths:
            local = [posixpath.relpath(path, folder or ".") for path in paths]
            one_line = source_list(local, None)
            words.append(f"{name}={one_line if len(one_line) < _WIDTH else source_list(local, indent)}")
    if prefix:
        words.append(f'below="{posixpath.relpath(posixpath.join(prefix, folder), folder or ".")}"')
    return f"{RELISTED}({', '.join(words)})"


def relisted_each(
    computed: str, name: str, specs: Sequence[tuple[BuildSpec, BuildSpec]], folder: str, indent: str
) -> Optional[str]:
    """The same for one call that declares several extensions, each original and what becomes of it:
    ``name`` is the expression that tells them apart. None where they disagree on a file."""
    kept = {path for original, spec in specs for path in original.sources if path in spec.sources}
    without = {path for original, spec in specs for path in original.sources if path not in spec.sources}
    if kept & without:
        return None
    inner = f"{indent}    "
    rows = [f"{inner}{computed},\n"]
    if without:
        local = [posixpath.relpath(path, folder or ".") for path in sorted(without)]
        rows.append(f"{inner}without={source_list(local, inner)},\n")
    rows.append(f"{inner}more={{\n")
    for original, spec in specs:
        more = [posixpath.relpath(p, folder or ".") for p in spec.sources if p not in original.sources]
        rows.append(f'{inner}    "{original.name}": {source_list(more, f"{inner}    ")},\n')
    rows.append(f"{inner}}}[{name}],\n")
    return f"{RELISTED}(\n{''.join(rows)}{indent})"


def _prefix(original: BuildSpec, spec: BuildSpec) -> Optional[str]:
    """The folder below which ``spec`` has the sources of ``original``; "" where it has them themselves."""
    if set(original.sources) & set(spec.sources):
        return ""
    for path in original.sources:
        for place in spec.sources:
            if place.endswith("/" + path):
                return place[: -len(path) - 1]
    return None


def added_lists(original: BuildSpec, spec: BuildSpec, folder: str) -> dict[str, list[str]]:
    """Per keyword: folders of the shim, and libraries that torch brought along."""
    folders = [path for path in spec.include_dirs if path not in original.include_dirs]
    flags = [flag for flag in spec.link_flags if flag not in original.link_flags]
    return {
        "include_dirs": [posixpath.relpath(path, folder or ".") for path in folders],
        "libraries": [flag[2:] for flag in flags if flag.startswith("-l")],
    }


def added_macros(original: BuildSpec, spec: BuildSpec) -> str:
    """The entries of ``define_macros`` that only ``spec`` has."""
    new = (define.split("=", 1) for define in spec.defines if define not in original.defines)
    return ", ".join(f'("{name}", "{value}")' for name, value in new)
