"""An audit as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Optional

from migrate import __version__
from migrate.audit import symbols
from migrate.model.binaries import Audit, Binary
from migrate.model.verdicts import Wheel
from migrate.report.text import Page

_ANSWER = {True: "yes", False: "no", None: "unknown"}
_STYLE = {"yes": "green", "no": "bold red", "unknown": "yellow"}


def to_text(audit: Audit, terminal: bool = False) -> str:
    page = Page(terminal)
    tags = f" ({', '.join(audit.shipment.tags)})" if audit.shipment.tags else ""
    page.line(f"{audit.shipment.kind} {audit.shipment.name}{tags}", "bold")
    page.line()
    page.table(
        ("library", "#operators", "needs", "RPATH", "#Python", "#torch", "#tvm-ffi", "glibc"),
        [
            (
                binary.path,
                str(len(symbols.operators(binary))),
                " ".join(binary.needed) or "-",
                ":".join(binary.rpath) or "-",
                *(str(len(symbols.undefined(binary, owner))) for owner in ("python", "torch", "tvm_ffi")),
                _glibc(binary) or "-",
            )
            for binary in audit.shipment.binaries
        ],
    )
    page.line()
    width = max(len(promise.title) for promise in audit.promises)
    for promise in audit.promises:
        answer = _ANSWER[promise.kept]
        lead = f"{promise.title:{width}}  {answer}"
        page.line(f"{lead}: {promise.reasons[0]}" if promise.reasons else lead, _STYLE[answer])
        for reason in promise.reasons[1:]:
            page.line(f"{'':{width}}  {reason}")
    for note in audit.notes:
        page.line(f"note: {note}", "dim")
    return page.text()


def to_json(audit: Audit, wheel: Optional[Wheel] = None) -> str:
    """``wheel`` is how the shipment was made, where that was done just now."""
    shipment = audit.shipment
    value: dict[str, Any] = {
        "schema_version": 1,
        "tool": {"name": "migrate", "version": __version__},
        "subject": {
            "name": shipment.name,
            "kind": shipment.kind,
            "tags": list(shipment.tags),
            "requires": list(shipment.requires),
        },
        "libraries": [_library(binary) for binary in shipment.binaries],
        "promises": [
            {"id": one.id, "kept": one.kept, "reasons": list(one.reasons)} for one in audit.promises
        ],
        "notes": list(audit.notes),
        "kept": audit.kept,
    }
    if wheel is not None:
        value["wheel"] = asdict(wheel)
    return json.dumps(value, indent=2) + "\n"


def _library(binary: Binary) -> dict[str, Any]:
    return {
        "path": binary.path,
        "machine": binary.machine,
        "soname": binary.soname,
        "needed": list(binary.needed),
        "rpath": list(binary.rpath),
        "binds_now": binary.binds_now,
        "operators": list(symbols.operators(binary)),
        "undefined": {
            owner: list(symbols.undefined(binary, owner)) for owner in ("python", "torch", "tvm_ffi")
        },
        "lowest_glibc": _glibc(binary),
        "registers_with_dispatcher": symbols.registers_with_dispatcher(binary),
    }


def _glibc(binary: Binary) -> Optional[str]:
    lowest = symbols.lowest_glibc(binary)
    return None if lowest is None else ".".join(map(str, lowest))
