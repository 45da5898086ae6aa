"""What the user's rows tell the parser: C++ for names and macros that no file of the tree declares."""

from __future__ import annotations

from migrate.model.rules import Rule, UserRules


def stand_ins(rules: UserRules) -> tuple[tuple[str, Rule], ...]:
    """One line of C++ per row that has any, and the row."""
    rows: list[tuple[str, Rule]] = []
    for macro in rules.macros:
        like = f"{macro.name}(...) {macro.like}(__VA_ARGS__)" if macro.like else macro.name
        rows.append((f"#define {' '.join((macro.define or like).split())}", macro))
    rows += [(" ".join(name.declare.split()), name) for name in rules.names if name.declare]
    return tuple(rows)
