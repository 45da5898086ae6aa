"""Which bound functions the shim cannot name from its own translation unit."""

from __future__ import annotations

from migrate.model.bindings import Operator
from migrate.tables.names import HEADERS


def needs_entry(operator: Operator) -> bool:
    """True for lambdas, statics, template instances, class members and functions that a header
    defines: the file that held the module gets an entry point with a name."""
    function, row = operator.function, operator.registration
    if function is None:
        return False
    return (
        function.is_lambda
        or function.static
        or function.template
        or "<" in row.target_text
        or "@S@" in function.usr.split("#", 1)[0]
        or function.span.file.endswith(HEADERS)
    )


def entry_file(operator: Operator, module_file: str) -> str:
    """The file that can name the function: the one that binds it."""
    row = operator.registration
    return row.span.file if row.dispatch is not None else module_file
