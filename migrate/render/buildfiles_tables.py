"""Edit the source lists of just-in-time build tables (JSON), in the table's own spelling."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from typing import Any, Optional, Sequence

from migrate.model.plan import BuildSpec, ModulePlan
from migrate.render.buildfiles_edits import Editor, Item, StringList, edit_list, find_list

_SUFFIXES = (".c", ".cc", ".cpp", ".cxx", ".cu", ".hip")
_WRAPPED = re.compile(r"^([rRfF]{0,2}['\"])(.*)(['\"])$")


def edit_table(editor: Editor, modules: Sequence[ModulePlan]) -> None:
    """Every row of the table that builds one of ``modules``."""
    try:
        data = json.loads(editor.text.encode("latin-1").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return
    if not isinstance(data, dict):
        return
    rows = [(key, module) for module in modules if (key := _row_of(data, module)) is not None]
    spelling = _learn(editor.text, data, rows)
    for key, module in rows:
        if module.migrated is not None:
            _edit_row(editor, key, data[key], module, module.migrated, spelling)
        for spec in (module.bridge, module.legacy):
            if spec is not None:
                message = f"build {spec.name} from: {', '.join(spec.sources)}"
                editor.say("MIG151", "manual", _value_of(editor.text, key, 0), message)


def _row_of(data: dict[str, Any], module: ModulePlan) -> Optional[str]:
    """The key of the module's row: its leaf name, with at least one source in common."""
    leaf = module.original.name.rsplit(".", 1)[-1]
    for key, row in data.items():
        named = key == leaf or (isinstance(row, dict) and _bare(str(row.get("md_name", ""))) == leaf)
        if named and isinstance(row, dict):
            entries = [one for one in row.get(_list_key(row), []) if isinstance(one, str)]
            if any(_matches(entry, path) for entry in entries for path in module.original.sources):
                return key
    return None


def _list_key(row: dict[str, Any]) -> str:
    for key in sorted(row):
        values = row[key]
        if isinstance(values, list) and any(
            isinstance(one, str) and _bare(one).endswith(_SUFFIXES) for one in values
        ):
            return key
    return ""


def _edit_row(
    editor: Editor,
    key: str,
    row: dict[str, Any],
    module: ModulePlan,
    migrated: BuildSpec,
    spelling: Spelling,
) -> None:
    place = _value_of(editor.text, key, 0)
    found = _list_in(editor.text, _list_key(row), place)
    new = [path for path in migrated.sources if found and not _has(found, path)]
    folders = [path for path in migrated.include_dirs if path not in module.original.include_dirs]
    spelled = [spelling.spell(path) for path in (*new, *folders)]
    includes = next((name for name in row if "include" in name and isinstance(row[name], list)), "")
    listed = _list_in(editor.text, includes, place) if includes else None
    if found is None or None in spelled or (folders and listed is None):
        wanted = ", ".join((*migrated.sources, *(f"-I{folder}" for folder in folders)))
        editor.say("MIG150", "manual", place, f"build {key} from: {wanted}")
        return
    texts = [text for text in spelled if text is not None]
    edit_list(editor, found, _gone(found, module.original, migrated), texts[: len(new)])
    if listed is not None and folders:
        edit_list(editor, listed, (), texts[len(new) :])
    editor.say("MIG154", "note", found.start, f"the builder of {key} must know tvm-ffi instead of pybind11")


def _has(found: StringList, path: str) -> bool:
    return any(_matches(item.value, path) for item in found.items)


def _gone(found: StringList, original: BuildSpec, migrated: BuildSpec) -> list[int]:
    """The entries that the original was built from and the migrated library is not."""
    gone = [path for path in original.sources if path not in migrated.sources]
    return [
        index for index, item in enumerate(found.items) if any(_matches(item.value, path) for path in gone)
    ]


def _value_of(text: str, key: str, start: int) -> int:
    found = re.compile(re.escape(json.dumps(key)) + r"\s*:\s*").search(text, start)
    return found.end() if found else start


def _list_in(text: str, key: str, start: int) -> Optional[StringList]:
    position = _value_of(text, key, start)
    return find_list(text, position) if text[position : position + 1] == "[" else None


def _bare(entry: str) -> str:
    found = _WRAPPED.match(entry)
    return found.group(2) if found else entry


def _tail(entry: str) -> str:
    """The part of an entry below its variable: ``f'{CSRC}/pybind/x.cu'`` gives ``pybind/x.cu``."""
    return re.sub(r"^(?:\{[^}]*\}|\$\{?\w+\}?|\.)/+", "", _bare(entry))


def _matches(entry: str, path: str) -> bool:
    return ("/" + path).endswith("/" + posixpath.normpath(_tail(entry)))


class Spelling:
    """How the table writes a path: ``csrc/ffi/a.cc`` is ``"f'{CSRC}/ffi/a.cc'"`` in a table that has
    ``"f'{CSRC}/pybind/a.cu'"`` for ``csrc/pybind/a.cu``."""

    def __init__(self) -> None:
        self._frames: Counter[tuple[str, str, str]] = Counter()

    def learn(self, item: Item, source: str) -> None:
        tail = _tail(item.value)
        at = item.value.find(tail)
        folder = source[: len(source) - len(posixpath.normpath(tail))].rstrip("/")
        self._frames[(item.value[:at], folder, item.value[at + len(tail) :])] += 1

    def spell(self, path: str) -> Optional[str]:
        """The entry for ``path`` with quotes; None where the table has no name for its folder."""
        for (prefix, folder, suffix), _ in sorted(self._frames.items(), key=lambda one: (-one[1], one[0])):
            if not folder or path.startswith(folder + "/"):
                return f'"{prefix}{path[len(folder) + 1 :] if folder else path}{suffix}"'
        return None


def _learn(text: str, data: dict[str, Any], rows: Sequence[tuple[str, ModulePlan]]) -> Spelling:
    spelling = Spelling()
    for key, module in rows:
        found = _list_in(text, _list_key(data[key]), _value_of(text, key, 0))
        for item in found.items if found else ():
            for source in module.original.sources:
                if _matches(item.value, source):
                    spelling.learn(item, source)
    return spelling
