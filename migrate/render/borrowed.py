"""Headers that untouched files had through torch's: whoever loses the include must bring them.

``memory.cuh`` uses ``uint16_t`` and includes nothing; the kernel file's own header included torch
in front of it. That header is rewritten, ``memory.cuh`` is not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Callable, Mapping

from migrate.model.plan import Plan
from migrate.render.includes import implied
from migrate.tables.names import TORCH_HEADERS
from migrate.text.includes import Includes


def borrowed_headers(
    includes: Includes,
    plan: Plan,
    texts: dict[str, str],
    backend: Callable[[str], str],
    overloads: Mapping[str, str],
) -> dict[str, set[str]]:
    """Per rewritten file that loses a torch include: the headers to include in its place."""
    changed = {row.path for row in plan.files}
    losing = {path for path in changed if includes.brings(path, TORCH_HEADERS)}
    units = {s for m in plan.modules if m.migrated is not None for s in m.original.sources}
    rows: dict[str, set[str]] = defaultdict(set)
    for unit in sorted(units):
        closure = includes.closure(unit)
        needed: set[str] = set()
        for path in closure:
            if path not in changed and path in texts:
                named = implied(texts[path], backend(unit), overloads.get(path, ""))
                needed |= named - _provided(includes, path)
        for path in losing.intersection(closure) if needed else ():
            rows[path] |= needed
    return rows


def _provided(includes: Includes, path: str) -> set[str]:
    """What ``path`` and the in-tree files it includes bring themselves."""
    return {f"<{row.spelling}>" for file in includes.closure(path) for row in includes.by_file.get(file, ())}
