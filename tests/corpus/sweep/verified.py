"""How each raw or view operator is verified: by compilers, by syntax only, or not."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.plan import ModulePlan
from migrate.report import Report
from sweep.results import COMPILED, FAILED, Compilation

WAYS = ("compiled", "syntax", "no")


def verified(
    report: Report, modules: Sequence[ModulePlan], compilations: Sequence[Compilation]
) -> dict[str, int]:
    """Counts by way. ``compiled``: the shim and every kernel file of the operator. Where a compiler run
    did not happen, the report's own syntax check counts; a failed one outweighs it."""
    states = {(row.side, row.file): row.state for row in compilations}
    sources = {m.name: m.migrated.sources for m in modules if m.migrated is not None}
    module_of = {row.operator.id: m.name for m in modules for row in m.operators}
    counts = dict.fromkeys(WAYS, 0)
    for row in report.operators:
        if row.kind != "function" or row.tier not in ("raw", "view"):
            continue
        units = _units(sources.get(module_of.get(row.id, ""), ()), row.files)
        found = [states.get(unit, "") for unit in units]
        if FAILED in found:
            counts["no"] += 1
        elif units and all(state == COMPILED for state in found):
            counts["compiled"] += 1
        else:
            counts["syntax" if row.verified in ("syntax", "compiled") else "no"] += 1
    return counts


def _units(sources: Sequence[str], files: Sequence[str]) -> list[tuple[str, str]]:
    """The shim of the operator's module, and its kernel file; where its function stands in a header,
    all kernel files."""
    shims = [("shim", source) for source in sources if source.endswith("_ffi.cc")]
    kernels = [source for source in sources if not source.endswith(".cc") or source in files]
    kernels = [source for source in kernels if ("shim", source) not in shims]
    own = [source for source in kernels if source in files]
    return shims + [("migrated", source) for source in own or kernels]
