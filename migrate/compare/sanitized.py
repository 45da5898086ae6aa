"""``python -m migrate.compare.sanitized FILE``: make the calls in FILE, for a sanitizer to watch."""

from __future__ import annotations

import pickle
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import torch

from migrate.compare.materialise import NO_GUARDS, materialise
from migrate.compare.sanitize import MARK
from migrate.compare.worker import load_library


def main() -> None:
    library, jobs, device = pickle.loads(Path(sys.argv[1]).read_bytes())
    module = load_library(library)
    for job in jobs:
        print(f"{MARK}{job.id}", flush=True)  # noqa: T201 the sanitizer's lines follow on the same stream
        scope: Any = torch if job.path.startswith("torch.ops.") else module
        function: Any = reduce(getattr, job.path.removeprefix("torch.").split("."), scope)
        for call in job.calls:
            arguments = materialise(call, job.names, device, NO_GUARDS)
            try:
                function(*arguments.positional, **arguments.keywords)
            except Exception:
                pass  # that it raises as the original does has been compared
            if device != "cpu":
                torch.cuda.synchronize()
    print(f"{MARK}end", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
