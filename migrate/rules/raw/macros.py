"""The tree's own macros that a shim part uses: they come along, since the shim includes no kernel file."""

from __future__ import annotations

from typing import Optional, Sequence

from migrate.model.bindings import Macro
from migrate.text.lexer import code_tokens


def needed_macros(
    text: str, path: str, macros: Sequence[Macro], visible: Sequence[str], defines: Sequence[str]
) -> Optional[list[Macro]]:
    """Macros that ``text`` of ``path`` uses, in the order they must stand; None when one is defined
    in more than one way among the ``visible`` files."""
    given = {define.split("=", 1)[0] for define in defines}
    found: dict[str, Macro] = {}
    queue = [text]
    while queue:
        names = {t.text for t in code_tokens(queue.pop()) if t.kind == "name"}
        for name in sorted(names - set(found) - given):
            rows = [m for m in macros if m.name == name and m.span.file in visible]
            own = [m for m in rows if m.span.file == path] or rows
            if not own:
                continue
            if len({(m.params, " ".join(m.body.split())) for m in own}) > 1:
                return None
            found[name] = own[0]
            queue.append(own[0].body)
    return list(reversed(found.values()))
