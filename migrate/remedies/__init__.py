"""What a person does about each diagnostic: the second half of the catalogue, as rows.

``codes`` joins them with titles and severities. One file per room that raises the ids.
"""

from __future__ import annotations

from migrate.remedies import output, parse, plan, scan
from migrate.remedies.remedy import EFFORTS, Remedy

REMEDIES: dict[str, Remedy] = {**scan.REMEDIES, **parse.REMEDIES, **plan.REMEDIES, **output.REMEDIES}

__all__ = ["EFFORTS", "REMEDIES", "Remedy"]
