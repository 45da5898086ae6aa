"""Built libraries -> what can be promised of them: any Python, any torch, one tvm-ffi.

Nothing that is audited is loaded or imported.
"""

from __future__ import annotations

from migrate.audit.judge import judge
from migrate.audit.pages import to_json, to_text
from migrate.audit.shipments import installed_runtime, read_shipment
from migrate.model.binaries import Audit

__all__ = ["audit", "to_json", "to_text"]


def audit(subject: str) -> Audit:
    """``subject`` is the path of a library, wheel or folder, or the name of an installed package."""
    return judge(read_shipment(subject), installed_runtime())
