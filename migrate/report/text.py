"""Reports as text: plain columns into a pipe, the same columns with colours on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from migrate import codes
from migrate.model.plan import TIERS
from migrate.model.source import SEVERITIES, Diagnostic
from migrate.model.verdicts import VERDICTS, Artifact, Artifacts, Verdicts
from migrate.report.rows import OperatorRow, Report
from migrate.report.schema import verdict_totals

_STYLES = {
    "raw": "green",
    "view": "green",
    "bridge": "yellow",
    "manual": "red",
    "ignored": "dim",
    "Equal": "green",
    "Close": "green",
    "Different": "bold red",
    "Crashed": "bold red",
    "NotRun": "yellow",
    "ok": "green",
    "failed": "red",
    "missing": "yellow",
}

_PLACES = 20  # of one diagnostic; a macro used everywhere would bury the rest
_PIPE_WIDTH = 10_000  # columns keep their natural width where no terminal limits them


class Page:
    """Collects renderables; ``text`` is what goes to stdout. No escape codes unless ``terminal``."""

    def __init__(self, terminal: bool) -> None:
        self._buffer = StringIO()
        self._console = Console(
            file=self._buffer,
            force_terminal=terminal,
            width=None if terminal else _PIPE_WIDTH,
            markup=False,
            highlight=False,
            emoji=False,
            soft_wrap=not terminal,
        )

    def line(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(text, style=style))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self.show(_table(columns, rows))

    def show(self, item: RenderableType) -> None:
        self._console.print(item)

    def text(self) -> str:
        lines = (line.rstrip(" ") for line in self._buffer.getvalue().split("\n"))
        return "\n".join(lines)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column.startswith("#") else "left")
    for row in rows:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    return table


def report_text(report: Report, terminal: bool = False) -> str:
    """Tables per module, the totals, the suggested order, the diagnostics."""
    page = Page(terminal)
    _operators(page, report.operators)
    if report.dead:
        page.line("reached by no module:", "bold")
        page.table(("name", "place"), [(row.name, f"{row.file}:{row.line}") for row in report.dead])
        page.line()
    page.line(totals_line(report), "bold")
    if len(report.order) > 1:
        page.line("suggested order: " + ", ".join(report.order))
    _diagnostics(page, report.diagnostics)
    return page.text()


def totals_line(report: Report) -> str:
    totals = report.totals
    if not report.operators and not report.dead:
        return "no registration found"
    parts = " + ".join(f"{totals[tier]} {tier}" for tier in TIERS)
    line = f"{totals['found']} functions = {parts}"
    if totals["other"]:
        line += f"; {totals['other']} other (classes, enums, attributes, unreached)"
    return line


def status_text(report: Report, verdicts: dict[str, str], terminal: bool = False) -> str:
    """One line per operator of a migrated tree: its tier and its last verdict."""
    page = Page(terminal)
    rows = [
        (row.module, _title(row), row.tier, row.verified, verdicts.get(row.id, "not run"))
        for row in report.operators
    ]
    page.table(("module", "operator", "tier", "verified", "last test"), rows)
    page.line()
    page.line(totals_line(report), "bold")
    return page.text()


def artifacts_text(artifacts: Artifacts, terminal: bool = False) -> str:
    page = Page(terminal)
    rows = [
        (
            item.module,
            item.side,
            "ok" if item.ok else "not built",
            f"{item.seconds:.1f}",
            item.path or item.log,
            item.reason,
        )
        for item in artifacts.items
    ]
    page.table(("module", "side", "result", "# seconds", "file", "why"), rows)
    for item in artifacts.items:
        _build_notes(page, item)
    return page.text()


def _build_notes(page: Page, item: Artifact) -> None:
    """How it was compiled, what became of the original's flags, and each error at its place."""
    if item.flags is not None:
        page.line()
        page.line(f"{item.module}: backend {item.backend}, compiled by {', '.join(item.compilers)}", "bold")
        for word in ("kept", "dropped", "added"):
            page.line(f"  flags {word}: {' '.join(getattr(item.flags, word)) or 'none'}")
    for message in item.messages:
        named = f" [{', '.join(message.operators)}]" if message.operators else ""
        place = f"{message.file}:{message.line}: " if message.file else ""
        page.line(f"  {place}{message.text}{named}", "red")
        if message.source:
            page.line(f"      {message.source}")


def verdicts_text(verdicts: Verdicts, terminal: bool = False) -> str:
    page = Page(terminal)
    items = sorted(verdicts.items, key=lambda item: (item.module, item.name, item.id))
    rows = [
        (
            item.module,
            item.name,
            item.verdict,
            str(item.cases),
            str(item.ran),
            str(item.raised_both),
            "; ".join(part for part in (item.worst, item.reason) if part),
        )
        for item in items
    ]
    page.table(("module", "operator", "verdict", "# cases", "# ran", "# raised", "worst, reason"), rows)
    totals = verdict_totals(verdicts)
    counts = ", ".join(f"{totals[name]} {name}" for name in VERDICTS)
    page.line()
    page.line(f"{totals['found']} operators: {counts}", "bold")
    return page.text()


def _operators(page: Page, operators: tuple[OperatorRow, ...]) -> None:
    for module in sorted({row.module for row in operators}):
        page.line(module, "bold")
        rows = [(_title(row), row.tier, row.reason) for row in operators if row.module == module]
        page.table(("operator", "tier", "why"), rows)
        page.line()


def _title(row: OperatorRow) -> str:
    name = row.name or "(unnamed)"
    return name if row.kind == "function" else f"{name} ({row.kind})"


def _diagnostics(page: Page, diagnostics: tuple[Diagnostic, ...]) -> None:
    """Grouped by id, the gravest first: one title and hint, then its places."""
    groups: dict[tuple[int, str, str], list[Diagnostic]] = {}
    for item in diagnostics:
        key = (-SEVERITIES.index(item.severity), item.id, item.severity)
        groups.setdefault(key, []).append(item)
    for (_, id_, severity), items in sorted(groups.items()):
        page.line()
        page.line(f"{id_} {severity}: {codes.title_of(id_) or items[0].message} ({len(items)})", "bold")
        for item in items[:_PLACES]:
            page.line(f"  {item.file}:{item.line}:{item.column}: {item.message}")
        if len(items) > _PLACES:
            page.line(f"  and {len(items) - _PLACES} more: --format json lists them all")
        for hint in sorted({item.hint or codes.hint_of(id_) for item in items} - {""}):
            page.line(f"  hint: {hint}")
