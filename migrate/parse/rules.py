"""The user's rules, as far as the parser needs them: a header in front of every unit."""

from __future__ import annotations

from pathlib import Path

from migrate.errors import UsageError
from migrate.model.rules import UserRules
from migrate.parse import clang
from migrate.parse.prelude import Prelude
from migrate.tables.stand_ins import stand_ins

_BEGIN = "#pragma clang force_cuda_host_device begin"
_END = "#pragma clang force_cuda_host_device end"


def user_declarations(rules: UserRules, prelude: Prelude, folder: Path) -> tuple[str, ...]:
    """The flags that include what the rules declare; none without such rows."""
    rows = stand_ins(rules)
    if not rows:
        return ()
    header = folder / "rules.h"
    header.write_text("\n".join([_BEGIN, *(text for text, _ in rows), _END, ""]), encoding="utf-8")
    for problem in clang.problems(clang.open_unit(header, prelude.text_flags(), {})):
        # Line 1 is the pragma; an unclosed brace is found behind the last row.
        _, row = rows[min(max(problem.line - 2, 0), len(rows) - 1)]
        key = "declare" if hasattr(row, "declare") else "define"
        what = f"{rules.file}:{row.line}: {key} of {row.title} does not parse: {problem.message}"
        raise UsageError(what, "Write C++ that stands alone, with the names it needs in full")
    return ("-include", str(header))
