"""What the sweep finds, as values with a JSON form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

TIERS = ("raw", "view", "bridge", "manual", "ignored")
COMPILED, FAILED, SKIPPED = "compiled", "failed", "skipped"


@dataclass(frozen=True)
class Compilation:
    """One compiler run. ``side``: shim, migrated or original. A run that did not happen is
    ``skipped`` with its reason, and never counts as a success."""

    side: str
    module: str
    file: str
    backend: str
    state: str
    reason: str = ""
    seconds: float = 0.0
    fresh: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that the audit holds against the migrated tree."""

    kind: str
    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Audit:
    """Comments and strings of all changed files, and what became of them. *Listed* are comments that
    left with their code and that the run's own report names (MIG455)."""

    files: int = 0
    comments: int = 0
    comments_moved: int = 0
    comments_listed: int = 0
    strings: int = 0
    findings: tuple[Finding, ...] = ()

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)


@dataclass(frozen=True)
class TreeResult:
    """One tree. ``broken`` says what stopped it; its figures are then those of no tree. ``asking`` are
    raw and view operators that ask the host for an operation of torch (MIG321)."""

    name: str
    commit: str
    broken: str = ""
    totals: dict[str, int] = field(default_factory=dict)
    expected: bool = False
    scan_seconds: float = 0.0
    run_seconds: float = 0.0
    rewritten_by_second_run: tuple[str, ...] = ()
    tool_lines: int = 0
    human_lines: int = 0
    todo_marks: int = 0
    audit: Audit = field(default_factory=Audit)
    compilations: tuple[Compilation, ...] = ()
    verified: dict[str, int] = field(default_factory=dict)
    asking: int = 0

    @property
    def accounts_close(self) -> bool:
        return bool(self.totals) and self.totals["found"] == sum(self.totals[tier] for tier in TIERS)

    @property
    def migrated(self) -> int:
        return self.totals.get("raw", 0) + self.totals.get("view", 0)

    @property
    def tool_share(self) -> float:
        """Of the original lines that a whole migration changes, those the tool changed."""
        whole = self.tool_lines + self.human_lines
        return self.tool_lines / whole if whole else 1.0


def tree_to_json(result: TreeResult) -> dict[str, Any]:
    return asdict(result)


def tree_from_json(value: dict[str, Any]) -> TreeResult:
    fields = dict(value)
    audit = dict(fields["audit"])
    audit["findings"] = tuple(Finding(**row) for row in audit["findings"])
    fields["audit"] = Audit(**audit)
    fields["compilations"] = tuple(Compilation(**row) for row in fields["compilations"])
    fields["rewritten_by_second_run"] = tuple(fields["rewritten_by_second_run"])
    return TreeResult(**fields)
